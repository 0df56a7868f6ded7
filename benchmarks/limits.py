"""Time and memory of each refusal, as a table in docs/limits.md: python benchmarks/limits.py [--write].

Each input beyond a limit (tests/limit_cases.py) is given to a process of its own; its time is that of the call, its
memory what the peak of the process grew by during the call, the input itself included.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "limits.md"
MARK = "<!-- measured -->"


def main() -> None:
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    from limit_cases import LIMITS  # noqa: PLC0415 - found on the path just set

    rows = ["| beyond | refused in | memory |", "|---|---|---|"]
    for number, limit in enumerate(LIMITS):
        command = [sys.executable, __file__, "--one", str(number)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603 - this script
        seconds, megabytes = json.loads(done.stdout)
        rows.append(f"| {limit.name} | {seconds * 1000:,.0f} ms | {megabytes:.0f} MB |")
        print(rows[-1], flush=True)
    if "--write" in sys.argv:
        head, _, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
        PAGE.write_text(head + MARK + "\n\n" + "\n".join(rows) + "\n", encoding="utf-8")


def measure(number: int) -> tuple[float, float]:
    from limit_cases import LIMITS  # noqa: PLC0415 - found on the path just set
    from riskgate.errors import RiskgateError  # noqa: PLC0415 - the same

    limit = LIMITS[number]
    limit.at()  # everything is imported and warm
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    try:
        limit.beyond()
    except RiskgateError:
        spent = time.perf_counter() - start
        return spent, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    raise AssertionError(f"{limit.name} was taken")


if __name__ == "__main__":
    main()
