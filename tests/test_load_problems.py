"""What a wrong file leads to: the problem's code, and the line and column that an author has to look at."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from load_company import DATA, MARK, company, found, problems_of, unmark
from riskgate.load.reader import read

Case = dict[str, Any]


def cases(name: str) -> list[Any]:
    entries = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(entry, id=entry["name"]) for entry in entries]


def codes(case: Case) -> list[str]:
    written = case["code"]
    return [written] if isinstance(written, str) else list(written)


def check(case: Case, got: list[tuple[str, int, int]], expected: list[tuple[str, int, int]]) -> None:
    for code in case.get("also", []):
        first = next((entry for entry in got if entry[0] == code and entry not in expected), None)
        assert first is not None, (code, got)
        got.remove(first)
    if case.get("column_free"):
        got = [(code, line, 0) for code, line, _ in got]
        expected = [(code, line, 0) for code, line, _ in expected]
    assert got == sorted(expected)


@pytest.mark.parametrize("case", cases("scanner"))
def test_a_file_that_yaml_reads_otherwise_is_explained(case: Case) -> None:
    text, spots = unmark(case["text"])
    _, problems = read(text.encode(), "x.yaml")
    expected = [(code, *spot) for code, spot in zip(codes(case), spots, strict=True)]
    if "alternative" in case:
        expected = [(case["alternative"], *found(problems)[0][1:])]
    check(case, found(problems), expected)
    assert all(p.message.zh and p.message.en and p.place.file == "x.yaml" for p in problems)


def rule_with(case: Case) -> str:
    """The company's pack with some lines of its rule replaced, removed or added."""
    lines = (DATA / "company" / "pack.yaml").read_text(encoding="utf-8").split("\n")
    start, end = lines.index("rules:") + 1, lines.index("derive:")
    rule = lines[start:end]
    for key, value in case.get("line", {}).items():
        at = next(i for i, line in enumerate(rule) if line[4:].startswith(f"{key}:"))
        written = None if value is None else value.replace("{digits}", "9" * 5000)
        if written is not None and case.get("quote"):
            written = f"'{written}'"
        rule[at] = "" if written is None else f"{rule[at][:4]}{key}: {written}"
    rule += [f"    {case['add']}"] if "add" in case else []
    return "\n".join([*lines[:start], *(line for line in rule if line), *lines[end:]])


@pytest.mark.parametrize("case", cases("rules"))
def test_a_wrong_rule_is_reported_where_it_is_wrong(tmp_path: Path, case: Case) -> None:
    marked = rule_with(case)
    if case.get("quote"):
        marked = marked.replace(f"'{MARK}", f"'{MARK}")
    text, spots = unmark(marked)
    head = (text.split("\n").index("rules:") + 2, 5)
    expected = []
    for code in codes(case):
        name, _, where = code.partition("@")
        expected.append((name, *(head if where else spots.pop(0))))
    check(case, found(problems_of(company(tmp_path, pack=text))), expected)


@pytest.mark.parametrize("case", cases("heads"))
def test_a_wrong_company_file_is_reported_where_it_is_wrong(tmp_path: Path, case: Case) -> None:
    folder = company(tmp_path)
    if case["file"] == "other.yaml":  # beside the company's own pack, in a folder of packs
        (folder / "own").mkdir()
        (folder / "pack.yaml").rename(folder / "own" / "pack.yaml")
        original = ""
    else:
        original = (folder / case["file"]).read_text(encoding="utf-8")
    assert case["old"] in original or case["old"] == "*"
    changed = case["new"] if case["old"] in {"", "*"} else original.replace(case["old"], case["new"], 1)
    if "at" in case:
        changed = changed.replace(case["at"], MARK + case["at"], 1)
    text, spots = unmark(changed)
    (folder / case["file"]).write_text(text, encoding="utf-8")
    problems = problems_of(folder)
    if case.get("either"):
        assert [p.code for p in problems] == codes(case)
        return
    mine = [p for p in problems if p.place.file.endswith(case["file"])]
    check(case, found(mine), [(code, *spot) for code, spot in zip(codes(case), spots, strict=True)])
