"""An expression knows where each of its characters stands in the file, however the text was written."""

import pytest

from load_company import unmark
from riskgate.load.expressions import read_expression
from riskgate.load.reader import read
from riskgate.load.shape import Sheet
from riskgate.load.tree import Entries


@pytest.mark.parametrize(
    "marked",
    [
        "when: room.a == ▲b",
        "when: 'room.a == ▲b'",
        'when: "room.a == ▲b"',
        "when: 'it''s == ▲b'",
        'when: "\\"x\\" == ▲b"',
        'when: "\\u53a8 == ▲b"',
        'when: "x\\n  + ▲b"',
        'when: "x \\\n   + ▲b"',
        "when: room.a\n  && x == ▲b",
        "when: 'room.a\n\n  && x == ▲b'",
        "when: |\n  room.a &&\n    x == ▲b\n",
        "when: |\n\n  room.a &&\n    x == ▲b\n",
        "when: |2\n    room.a &&\n  x == ▲b\n",
        "when: >-\n  room.a &&\n  x == ▲b\n",
        "when: >\n  room.a &&\n\n    x == ▲b\n  && c\n",
        "r: [{when: '厨房 == ▲b', x: 1}]",
        "when: |\r\n  room.a &&\r\n    x == ▲b\r\n",
    ],
)
def test_places(marked: str) -> None:
    text, ((line, column),) = unmark(marked)
    document, problems = read(text.encode(), "x.yaml")
    assert document is not None
    assert not problems
    sheet = Sheet(document)
    root = document.root
    if text.startswith("r:"):
        assert isinstance(root, Entries)
        root = root.values["r"].nodes[0]  # type: ignore[union-attr]  # the text above has a list there
    assert isinstance(root, Entries)
    expression = read_expression(sheet, root.values["when"])
    assert expression is not None
    place = expression.place(expression.text.rindex("b"))
    assert (place.line, place.column) == (line, column)
    assert expression.starts[0][0] >= 1
    assert len(expression.starts) == expression.text.count("\n") + 1
