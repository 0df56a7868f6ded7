"""What fuzzing once found stays found: every input of fuzz/corpus is taken or refused, and crashes nothing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from fuzz.importers import INTO, options
from fuzz.parts import workbook_of
from fuzz.seeds import CORPUS
from fuzz.targets import TARGETS, run_one

from riskgate.cli.main import COMMAND

FOUND = sorted(path for path in CORPUS.glob("*/*") if path.is_file())
LEDGERS = [path for path in FOUND if path.parent.name in {"csv", "ledger"}]


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("path", FOUND, ids=named)
def test_what_crashed_once_is_refused_now(path: Path) -> None:
    target = TARGETS[path.parent.name]
    if not target.ready:
        pytest.skip(f"{target.needs} is not installed")
    run_one(target, path.read_bytes())


@pytest.mark.parametrize("path", LEDGERS, ids=named)
def test_the_command_writes_a_whole_snapshot_or_leaves_what_was_there(path: Path, tmp_path: Path) -> None:
    said, rest = options(path.read_bytes())
    into, made = tmp_path / "into.json", tmp_path / "made.json"
    into.write_text(json.dumps(INTO), encoding="utf-8")
    made.write_text("before", encoding="utf-8")
    is_csv = path.parent.name == "csv"
    source = tmp_path / f"ledger.{'csv' if is_csv else 'xlsx'}"
    source.write_bytes(rest if is_csv else workbook_of(rest))
    said.setdefault("entity", "prices")
    words = [f"--{name}={said[name]}" for name in ("entity", "project", "encoding", "delimiter") if name in said]
    words += [f"--into={into}"] if "into" in said else []
    words += [f"--at={kind}={ident}" for kind, ident in said.get("at", {}).items()]
    done = CliRunner().invoke(
        COMMAND, ["snapshot", "from-csv" if is_csv else "from-xlsx", str(source), *words, "-o", str(made)]
    )
    assert done.exit_code in {0, 2}, done.stderr
    assert "Traceback" not in done.stderr
    left = made.read_text(encoding="utf-8")
    assert (left == "before") is (done.exit_code == 2)
    assert done.exit_code == 2 or json.loads(left)["riskgate"] == 1
