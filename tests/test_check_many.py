"""Many snapshots over processes: the same reports in the same order, whatever happens to one of them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from riskgate import ChoiceError, Gate, LoadError, Report, SnapshotError
from riskgate.gate import Plain

EXAMPLES = Path(__file__).parent.parent / "examples"
DUPLEX = EXAMPLES / "duplex.json"

PACK = """
pack: company
version: 1.0.0
title: {zh: 公司, en: company}
parameters: {least_m2: {type: number, default: 3.5}}
rules:
  - id: A-001
    title: {zh: 厨房太小, en: Kitchen too small}
    entity: room
    when: room.kind == "kitchen"
    require: room.usable_area_m2 >= params.least_m2
    severity: blocking
    nodes: [N10]
"""


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    folder = tmp_path_factory.mktemp("company")
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    return Gate.load(folder)


def snapshot(number: int) -> bytes:
    room = {"id": "K", "kind": "kitchen", "usable_area_m2": 3.0 + number % 2}
    unit = {"id": "0101", "rooms": [room]}
    project = {"id": f"p{number}"}
    phase = {"id": "1", "buildings": [{"id": "1", "stair_units": [{"id": "1", "units": [unit]}]}]}
    return json.dumps({"riskgate": 1, "as_of": "2026-11-20", "project": {**project, "phases": [phase]}}).encode()


@pytest.mark.parametrize("processes", [1, 2])
def test_results_are_those_of_single_checks_in_the_order_of_the_snapshots(gate: Gate, processes: int) -> None:
    sources: list[Plain] = [*(snapshot(number) for number in range(7)), DUPLEX]
    params = {"least_m2": 3.2}
    done: list[int] = []
    found = list(gate.check_many(sources, processes=processes, params=params, progress=done.append))
    assert [one.source for one in found] == sources
    assert [one.json for one in found] == [gate.check(one, params=params).to_json() for one in sources]
    assert [one.report.project_id for one in found[:7]] == [f"p{number}" for number in range(7)]
    assert isinstance(found[0].report, Report)
    assert done[-1] == len(sources)
    assert done == sorted(set(done))


@pytest.mark.parametrize("processes", [1, 2])
def test_a_snapshot_that_cannot_be_used_does_not_stop_the_others(gate: Gate, processes: int, tmp_path: Path) -> None:
    sources: list[Plain] = [
        snapshot(1),
        b'{"riskgate": 1, "project": {"id": 7}}',
        tmp_path / "no-such.json",
        snapshot(2),
    ]
    found = list(gate.check_many(sources, processes=processes))
    assert [one.error is None for one in found] == [True, False, False, True]
    for one in found[1:3]:
        with pytest.raises(SnapshotError) as alone:
            gate.check(one.source)
        assert isinstance(one.error, SnapshotError)
        assert one.error.problems == alone.value.problems
        with pytest.raises(SnapshotError):
            _ = one.report
        assert one.json == b""


def test_what_is_wrong_with_all_of_them_is_said_before_anything_starts(gate: Gate) -> None:
    with pytest.raises(ChoiceError):
        gate.check_many([DUPLEX], nodes=["no-such"])
    with pytest.raises(ChoiceError):
        gate.check_many([DUPLEX], as_of="20 May")
    with pytest.raises(ChoiceError):
        gate.check_many([DUPLEX], processes=0)
    with pytest.raises(LoadError):
        gate.check_many([DUPLEX], waivers=b"waivers: 7")


def test_waivers_are_read_once_and_stand_in_every_process(gate: Gate) -> None:
    waivers = {
        "waivers": [
            {
                "rule": "A-001",
                "entity": "phases[1]/*",
                "reason": "r",
                "approved_by": "z",
                "approved_on": "2026-10-01",
                "expires_on": "2026-12-31",
            }
        ]
    }
    sources = [snapshot(0), snapshot(2), snapshot(4)]
    found = list(gate.check_many(sources, processes=2, waivers=waivers, approvers={"z": "group"}))
    expected = [gate.check(one, waivers=waivers, approvers={"z": "group"}).to_json() for one in sources]
    assert [one.json for one in found] == expected
    assert found[0].report.risks[0].waiver is not None


@pytest.mark.parametrize("processes", [1, 2])
def test_snapshots_are_taken_as_they_are_needed_and_the_rest_is_dropped(gate: Gate, processes: int) -> None:
    taken = 0

    def sources() -> Iterator[bytes]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield snapshot(number)

    results = gate.check_many(sources(), processes=processes)
    next(results)
    results.close()  # type: ignore[attr-defined]  # it is a generator
    assert taken <= 4 * processes


INTERRUPTED = """
import itertools, sys
from riskgate import Gate

if __name__ == "__main__":
    gate = Gate.load(sys.argv[1])
    data = open(sys.argv[2], "rb").read()
    try:
        for one in gate.check_many(itertools.repeat(data), processes=2):
            print(one.error, flush=True)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals to groups of processes")
def test_an_interrupt_ends_the_workers_without_tracebacks(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "one.json").write_bytes(snapshot(1))
    script = tmp_path / "script.py"
    script.write_text(INTERRUPTED)
    command = [sys.executable, str(script), str(tmp_path / "pack.yaml"), str(tmp_path / "one.json")]
    running = subprocess.Popen(  # noqa: S603 - our own script
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "None\n"
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does
    out, err = running.communicate(timeout=60)
    assert out.endswith("interrupted\n")
    assert err == ""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.killpg(running.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    else:
        pytest.fail("a worker is left")
