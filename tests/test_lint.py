"""Lint: a library that is in order has no finding; one change gives the finding for it, and no other."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from riskgate.lint import Finding, lint
from riskgate.load.library import read_library

DATA = Path(__file__).parent / "data" / "lint"
SOURCE = Path(__file__).resolve().parents[1] / "src" / "riskgate" / "lint"
TABLE: list[dict[str, Any]] = yaml.safe_load((DATA / "table.yaml").read_text(encoding="utf-8"))
CODE = re.compile(r'"([a-z]+(?:-[a-z]+)+)"')


def found(folder: Path) -> tuple[Finding, ...]:
    library, problems = read_library([folder])
    assert problems == [], "\n".join(problem.render() for problem in problems)
    return lint(library)


def changed(entry: dict[str, Any], folder: Path) -> Path:
    """A copy of the library with the change of one entry."""
    for path in (DATA / "rules").iterdir():
        text = path.read_text(encoding="utf-8")
        edits: dict[str, str] = dict(entry.get("change", {})) if path.name == "rooms.yaml" else {}
        if path.name == entry.get("file", "rooms.yaml"):
            edits[entry["old"]] = entry["new"]
        for old, new in edits.items():
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
            text = text.replace(old, new)
        if entry.get("strip"):
            text = text.replace(entry["strip"], entry["strip"].splitlines()[-1])
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder


def test_a_library_in_order_has_no_finding() -> None:
    assert found(DATA / "rules") == ()


@pytest.mark.parametrize("entry", TABLE, ids=[f"{number}-{entry['code']}" for number, entry in enumerate(TABLE)])
def test_one_change_gives_its_finding(entry: dict[str, Any], tmp_path: Path) -> None:
    findings = found(changed(entry, tmp_path))
    assert {finding.code for finding in findings} == {entry["code"], *entry.get("also", [])}
    ours = [finding for finding in findings if finding.code == entry["code"]]
    assert len(ours) == entry.get("count", 1)
    for finding in ours:
        assert finding.place.file.endswith(entry.get("at", entry.get("file", "rooms.yaml")))
        assert finding.place.line > 1
        assert finding.message.zh != finding.message.en


def codes() -> set[str]:
    """The codes in lint's own source; three are put together from a key."""
    written = {code for path in SOURCE.glob("*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))}
    made = {"no-pass-case", "no-risk-case", "no-message", "no-remedy", "no-why", "no-theme", "no-owners"}
    return written | made | {"no-customer-sensitivity", "no-operator-weight"}


def test_every_code_is_tried() -> None:
    assert {entry["code"] for entry in TABLE} == codes()


def test_the_bundled_packs_have_no_finding() -> None:
    library, problems = read_library()
    assert problems == []
    assert [finding.message.en for finding in lint(library)] == []
