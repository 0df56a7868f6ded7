"""A small company folder, and the marking of places in texts, for the tests of the loader."""

import shutil
from pathlib import Path

from riskgate.errors import Problem
from riskgate.load.library import Library, read_library

DATA = Path(__file__).parent / "data" / "load"
MARK = "▲"
Spot = tuple[int, int]


def unmark(text: str) -> tuple[str, list[Spot]]:
    """The text without its marks, and the line and column of each."""
    spots = []
    plain = ""
    for part in text.split(MARK)[:-1]:
        plain += part
        spots.append((plain.count("\n") + 1, len(plain) - plain.rfind("\n")))
    return text.replace(MARK, ""), spots


def company(folder: Path, **files: str) -> Path:
    """A copy of the company's files, with some written anew."""
    target = folder / "company"
    shutil.copytree(DATA / "company", target)
    for name, text in files.items():
        (target / f"{name}.yaml").write_text(text, encoding="utf-8")
    return target


def problems_of(folder: Path) -> list[Problem]:
    return read_library([folder])[1]


def load(folder: Path) -> Library:
    library, problems = read_library([folder])
    assert not problems, "\n".join(problem.render() for problem in problems)
    return library


def found(problems: list[Problem]) -> list[tuple[str, int, int]]:
    return sorted((p.code, p.place.line, p.place.column) for p in problems)
