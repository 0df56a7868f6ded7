"""The generated parts of docs/benchmarks.md, between its markers, and the plots beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from plots import Bars, Plot, svg
from rows import Row, markdown_table

PAGE, PLOTS = "benchmarks.md", "plots"
PARTS = ("facts", "table", "plots")


class MarkerError(Exception):
    """The page does not have the markers of a part."""


def markers(part: str) -> tuple[str, str]:
    return f"<!-- benchmark {part}: begin -->", f"<!-- benchmark {part}: end -->"


def write(
    folder: Path,
    facts: Sequence[tuple[str, str]],
    sections: Mapping[tuple[str, str], Sequence[Row]],
    plots: Sequence[Plot | Bars],
) -> None:
    """Put everything into the page of this folder; the rest of the page stays as it is. Plots of before go."""
    listed = "\n".join(f"- {zh} / {en}" if zh != en else f"- {zh}" for zh, en in facts)
    tables = [f"### {zh} / {en}\n\n{markdown_table(rows)}" for (zh, en), rows in sections.items() if rows]
    shown = "\n\n".join(f"![{plot.zh} / {plot.en}]({PLOTS}/{plot.name}.svg)" for plot in plots)
    page = folder / PAGE
    text = page.read_text(encoding="utf-8")
    for part, block in zip(PARTS, (listed, "\n\n".join(tables), shown), strict=True):
        text = between(text, *markers(part), block)
    drawn = folder / PLOTS
    drawn.mkdir(exist_ok=True)
    for old in drawn.glob("*.svg"):
        old.unlink()
    for plot in plots:
        (drawn / f"{plot.name}.svg").write_text(svg(plot), encoding="utf-8")
    page.write_text(text, encoding="utf-8")


def between(text: str, begin: str, end: str, block: str) -> str:
    """The text with the block between the markers. Raises MarkerError where there are none."""
    head, found, rest = text.partition(begin)
    _, closed, tail = rest.partition(end)
    if not (found and closed):
        raise MarkerError(f"no markers `{begin}`")
    return f"{head}{begin}\n\n{block}\n\n{end}{tail}"
