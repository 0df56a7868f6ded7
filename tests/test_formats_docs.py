"""docs/formats.md: a section for each format, and steps for CI servers whose commands run."""

import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from riskgate.cli.main import COMMAND
from riskgate.cli.output import STDOUT, pair
from riskgate.render.csv import COLUMNS
from riskgate.render.formats import FORMATS

PAGE = (Path(__file__).parent.parent / "docs" / "formats.md").read_text(encoding="utf-8")
HOME = re.search(r"^```json title=\"home\.json\"\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def commands(steps: Any) -> list[str]:
    """Everything that begins with `riskgate check` in a workflow or job."""
    if isinstance(steps, str):
        return [steps] if steps.startswith("riskgate check") else []
    items = steps.values() if isinstance(steps, dict) else steps if isinstance(steps, list) else ()
    return [command for item in items for command in commands(item)]


STEPS = [
    command
    for block in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for command in commands(yaml.safe_load(block))
]


def test_the_overview_names_every_format() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE[: PAGE.index("What they have in common")], re.MULTILINE) == list(FORMATS)


@pytest.mark.parametrize("name", ["markdown", "sarif", "junit", "github", "gitlab", "html", "csv"])
def test_every_format_has_its_section(name: str) -> None:
    assert re.search(f"^## `{name}`: ", PAGE, re.MULTILINE)


def test_there_are_steps() -> None:
    assert len(STEPS) == 3


@pytest.mark.parametrize("step", STEPS)
def test_the_steps_of_the_page_run(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert HOME is not None
    monkeypatch.chdir(tmp_path)
    Path("snapshot.json").write_text(HOME[1], encoding="utf-8")
    words = shlex.split(step)[1:]
    told = CliRunner().invoke(COMMAND, words)
    assert told.exit_code in (1, 3), told.output
    pairs: list[Any] = [(a[2:], b) for a, b in pairwise(words) if a in ("--format", "--output")]
    for rendering in pair(pairs):
        if rendering.target != STDOUT:
            assert Path(rendering.target).stat().st_size > 0


def test_every_column_of_the_csv_is_explained() -> None:
    part = PAGE[PAGE.index("## `csv`") :]
    cells = re.findall(r"^\| (.*?) \| (.*?) \|", part, re.MULTILINE)
    named = [name for english, _ in cells for name in english.split(", ")]
    chinese = [name for _, row in cells for name in row.split("、")]
    assert [head.en for head, _ in COLUMNS] == [name for name in named if name not in ("column", "---")]
    assert [head.zh for head, _ in COLUMNS] == [name for name in chinese if name not in ("列", "---")]
