"""An expression knows where each of its characters stands in the file, however the text was written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


WORDS = st.sampled_from(["a", "&&", "room.b", "==", "厨房", "1.5", "x'", '"y"', "\\n"])
GAPS = st.sampled_from([" ", "   ", "\n", "\n  ", "\n\n"])


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(WORDS, GAPS), min_size=1, max_size=8), st.sampled_from(["", ">-\n  ", "|\n  ", ">\n\n  "]))
def test_every_character_of_a_text_over_several_lines_stands_where_it_is_said_to(
    words: list[tuple[str, str]], style: str
) -> None:
    written = "".join(word + gap.replace("\n", "\n  ") for word, gap in words[:-1]) + words[-1][0]
    text = f"when: {style}r {written}\n"
    document, problems = read(text.encode(), "x.yaml")
    assert document is not None
    assert not problems
    assert isinstance(document.root, Entries)
    expression = read_expression(Sheet(document), document.root.values["when"])
    assert expression is not None
    lines = text.split("\n")
    for offset, character in enumerate(expression.text):
        if not character.isspace():
            place = expression.place(offset)
            assert lines[place.line - 1][place.column - 1] == character
