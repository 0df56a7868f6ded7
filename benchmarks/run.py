"""Print the speed tables: figures are ratios measured in one process, side by side, and stand beside their targets.

    python benchmarks/run.py [--quick] [--only GROUP]… [--write [FOLDER]]

`--quick` is a smoke run on a tenth of the project; its figures mean little. `--write` puts everything into
docs/benchmarks.md and the plots beside it, or those of another folder with such a page; into docs goes a whole run
only. Rows without a target are for information.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from document import write
from groups import GROUPS
from plots import Bars, Plot
from rows import Measured, Options, Row, text_table
from workload import Size

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
QUIET = 0.4
"""Load on the machine (average over a minute) beyond which a run is warned that it will measure others' work, too."""


class GroupError(Exception):
    """A group could not be measured; the text is what it wrote."""


def measured(name: str, options: Options) -> Measured:
    """One group, measured in a fresh process."""
    command = [sys.executable, str(HERE / "groups.py"), name]
    command += ["--rounds", str(options.rounds), "--units", str(options.units)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603 - our own script
    if done.returncode:
        raise GroupError(done.stderr[-2000:])
    return Measured.from_dict(json.loads(done.stdout))


def machine() -> str:
    return (
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}"
    )


def tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def all_of(names: Sequence[str], options: Options) -> tuple[dict[str, Measured], list[str]]:
    """What each group gives, and the names of those that failed."""
    found: dict[str, Measured] = {}
    failed = []
    for name in names:
        start = time.perf_counter()
        try:
            found[name] = measured(name, options)
        except GroupError as error:
            tell(f"{name} failed: {error}")
            failed.append(name)
        else:
            tell(f"{name}: {time.perf_counter() - start:.0f} s")
    return found, failed


def in_sections(found: dict[str, Measured]) -> dict[tuple[str, str], list[Row]]:
    sections: dict[tuple[str, str], list[Row]] = {}
    for name, each in found.items():
        sections.setdefault(GROUPS[name].section, []).extend(each.rows)
    return sections


def main() -> None:
    parser = argparse.ArgumentParser(description="Print the speed tables.")
    parser.add_argument("--quick", action="store_true", help="a smoke run: a tenth of the project, three rounds")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", action="append", choices=GROUPS, metavar="GROUP", help=", ".join(GROUPS))
    parser.add_argument(
        "--write", type=Path, nargs="?", const=DOCS, metavar="FOLDER", help="put tables and plots into docs"
    )
    given = parser.parse_args()
    if given.write == DOCS and (given.quick or given.only):
        parser.error("only a whole run is written into docs; give --write another folder that has the page")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if load > QUIET:
        tell(f"warning: the machine is busy (load {load:.1f}); figures will be off")
    options = Options(3, Size.units // 10) if given.quick else Options(given.rounds, Size.units)
    found, failed = all_of(given.only or [*GROUPS], options)
    sections = in_sections(found)
    rows = [row for listed in sections.values() for row in listed]
    plots: list[Plot | Bars] = [plot for each in found.values() for plot in each.plots]
    rounds = f"{options.rounds} 轮（曲线更少） / {options.rounds} rounds, fewer for curves"
    facts = [(f"{machine()}，{rounds}",) * 2, *(fact for each in found.values() for fact in each.facts)]
    print("\n".join(en for _, en in facts))
    print(text_table(rows))
    missed = sum(row.verdict == "missed" for row in rows)
    print(f"{sum(row.verdict == 'met' for row in rows)} met, {missed} missed, in {len(rows)} rows")
    if failed:
        raise SystemExit(f"not measured: {', '.join(failed)}")
    if given.write:
        write(given.write, facts, sections, plots)


if __name__ == "__main__":
    main()
