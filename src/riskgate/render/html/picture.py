"""The lifecycle as a picture: where each stage and node stands, and how their titles break into lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskgate.lifecycle import Lifecycle
from riskgate.render.cells import cells, wrap
from riskgate.render.escape import visible
from riskgate.report import Report
from riskgate.text import Text

WIDTH, HEIGHT = 92, 64
"""Of the box of a node, in the picture's own units: pixels at full size."""
ACROSS, DOWN = 101, 74
"""From one box to the next."""
HEAD = 46
"""The height of the titles of the stages."""
COLUMNS = {"zh": 14, "en": 15}
"""What fits into a line of a box: seven Chinese characters, or so many narrow ones."""
LINES = 3
HEAD_LINES = 2


@dataclass(frozen=True)
class Picture:
    """Sizes, the stages from left to right and, by node, where its box stands; a column for each stage."""

    width: int
    height: int
    stages: list[dict[str, Any]]
    boxes: Mapping[str, dict[str, Any]]


def picture_of(report: Report, lifecycle: Lifecycle | None) -> Picture:
    """The stages in the order of their first nodes, the nodes of each from the top."""
    columns: dict[str, list[str]] = {}
    titles = {}
    for node in report.nodes:
        columns.setdefault(node.stage, []).append(node.id)
        titles[node.id] = node.title
    stages, boxes = [], {}
    for column, (stage, names) in enumerate(columns.items()):
        known = lifecycle.stages.get(stage) if lifecycle is not None else None
        stages.append({"x": column * ACROSS, "lines": _both(known.title if known else Text.of(stage), HEAD_LINES)})
        for row, name in enumerate(names):
            boxes[name] = {"x": column * ACROSS, "y": HEAD + row * DOWN, "lines": _both(titles[name], LINES)}
    tallest = max(map(len, columns.values()), default=0)
    return Picture(max(len(columns) * ACROSS - (ACROSS - WIDTH), 0), HEAD + tallest * DOWN, stages, boxes)


def size() -> dict[str, int]:
    return {"width": WIDTH, "height": HEIGHT}


def _both(title: Text, most: int) -> list[list[str]]:
    return [_lines(title.zh, COLUMNS["zh"], most), _lines(title.en, COLUMNS["en"], most)]


def _lines(text: str, width: int, most: int) -> list[str]:
    """The title in so many lines at most; one that is too long ends in `…`, and is whole beside the picture."""
    broken = [line.strip() for line in wrap(visible(text), width)]
    if len(broken) <= most:
        return broken
    last = broken[most - 1]
    while cells(last) > width - 2:
        last = last[:-1]
    return [*broken[: most - 1], last.rstrip(" ，、（(,;") + "…"]
