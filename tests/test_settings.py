"""Parameters that a caller writes as text: read by their type, and refused where a slip would change what is asked."""

import datetime as dt
from typing import Any

import pytest

from riskgate.lifecycle import Lifecycle
from riskgate.plan.settings import convert
from riskgate.text import Text
from riskgate.vocabulary import Field

NO_NODES = Lifecycle((), {}, {})
WORDS = Field("of", "string", Text.of("of"))


def field(kind: Any) -> Field:
    return Field("p", kind, Text.of("p"), of=WORDS if kind == "list" else None)


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("number", "1.5", 1.5),
        ("number", " -2e3 ", -2000.0),
        ("number", ".5", 0.5),
        ("integer", "+7", 7),
        ("boolean", "是", True),
        ("date", "2026-05-01", dt.datetime(2026, 5, 1, tzinfo=dt.UTC)),
        ("date", dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC), dt.datetime(2026, 5, 1, tzinfo=dt.UTC)),
        ("list", "济南, 青岛", ["济南", "青岛"]),
        ("list", ["济南，历下", "青岛"], ["济南，历下", "青岛"]),
    ],
)
def test_a_value_is_read_by_its_type(kind: str, written: object, value: object) -> None:
    assert convert(field(kind), written, NO_NODES) == value


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        *(("number", text) for text in ["", "1_0", "１", "0x10", "nan", "inf", "1e400", "1,5", "1 0"]),
        *(("integer", text) for text in ["1.0", "1_0", "２", str(2**63), "true"]),
        *(("date", text) for text in ["20260501", "2026-W18-5", "2026-05-01T09:00:00+08:00", "2026-5-1", "2026-02-30"]),
        *(("list", text) for text in ["", "济南，青岛", "济南、青岛", "济南；青岛", '["济南"]', "[济南]", "“济南”"]),
        ("boolean", "1"),
        ("datetime", "2026-05-01T09:00:00"),
    ],
)
def test_a_slip_in_a_value_is_refused(kind: str, written: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        convert(field(kind), written, NO_NODES)
    assert len(caught.value.args) == len(Text._fields)


@pytest.mark.parametrize(
    ("low", "high", "value", "said"),
    [(0, None, "-1", "at least 0"), (None, 9, "10", "at most 9"), (0, 9, "10", "between 0 and 9")],
)
def test_limits_are_said_as_they_are(low: int | None, high: int | None, value: str, said: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        convert(Field("p", "number", Text.of("p"), minimum=low, maximum=high), value, NO_NODES)
    assert caught.value.args[1] == said
