"""The columns of the list of risks that come back filled in, and the words of the result: one place for the workbook
that goes out and for the one that comes back."""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

from riskgate.text import Text

Result = Literal["not_started", "in_progress", "mended", "passed", "failed", "not_mended"]
Filled = Literal["responsible", "due_on", "result", "done_on", "remark"]
Known = Literal["id", "rule", "address"]
Name = Literal["responsible", "due_on", "result", "done_on", "remark", "id", "rule", "address"]

RESULTS: Mapping[Result, Text] = MappingProxyType(
    {
        "not_started": Text("未开始", "not started"),
        "in_progress": Text("整改中", "in progress"),
        "mended": Text("已整改", "mended"),
        "passed": Text("复验通过", "re-inspection passed"),
        "failed": Text("复验不通过", "re-inspection failed"),
        "not_mended": Text("不整改（申请豁免）", "not mended (waiver asked for)"),
    }
)
"""What became of a risk, in the words of the drop-down list. Only `passed` closes it."""
MENDED: frozenset[Result] = frozenset({"mended", "passed"})
"""Whoever was to mend it has done so: the date can no longer be missed."""

HEADERS: Mapping[Name, Text] = MappingProxyType(
    {
        "responsible": Text("整改责任人", "Person responsible"),
        "due_on": Text("整改期限", "Due date"),
        "result": Text("整改结果", "Result"),
        "done_on": Text("完成日期", "Done on"),
        "remark": Text("备注", "Remarks"),
        "id": Text("风险编号", "Risk ID"),
        "rule": Text("规则", "Rule"),
        "address": Text("地址", "Address"),
    }
)
FILLED: tuple[Filled, ...] = get_args(Filled)
DATES: frozenset[Name] = frozenset({"due_on", "done_on"})

PROJECT, AS_OF, SHA256 = "riskgate project", "riskgate as of", "riskgate snapshot sha256"
"""The properties of the workbook by which it is known again."""
LONGEST_PROPERTY = 120
"""A property of a workbook has room for 255 units of UTF-16; a character may take two."""

_SPACE = re.compile(r"[\s*:]+")


def plain(text: str) -> str:
    """A word as it is compared: width of characters, case, blanks, stars and colons make no difference."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()


BY_HEADER: Mapping[str, Name] = MappingProxyType({plain(word): name for name, text in HEADERS.items() for word in text})
BY_RESULT: Mapping[str, Result] = MappingProxyType(
    {plain(word): name for name, text in RESULTS.items() for word in (*text, name)}
)
