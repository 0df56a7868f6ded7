"""Every format of a report with 20,000 risks."""

from measure import Candidate, interleaved
from rows import Measured, Options, Row
from subject import FLAT
from workload import Size, snapshot_bytes

from riskgate.gate import Gate
from riskgate.render.formats import FORMATS, Reader, Source, render

ROUNDS = 3


def formats(options: Options) -> Measured:
    """Milliseconds and size of each."""
    gate = Gate.load(FLAT)
    data = snapshot_bytes(Size(max(options.units * 5 // 3, 1)))
    report = gate.check(data)
    reader = Reader(lifecycle=gate.library.lifecycle, source=Source("snapshot.json", data), packs=gate.library.packs)
    found: list[Row] = []
    for name in FORMATS:
        size = len(render(report, name, reader)) / 1e6
        times = interleaved(
            {name: Candidate(lambda _, name=name: render(report, name, reader))},  # type: ignore[misc]  # bound at once
            rounds=min(options.rounds, ROUNDS),
            on=True,
            warm=0,
        )
        names = (f"输出 {name}，{len(report.risks):,} 条风险", f"format {name}, {len(report.risks):,} risks")
        found.append(Row.of(names, "on", times.of(name).times(1000), unit="ms", detail=f"{size:,.1f} MB"))
    return Measured(found)
