"""The report as a table for spreadsheets: a row for each risk and gap (docs/formats.md)."""

import io
import re
from collections.abc import Callable, Mapping
from csv import writer
from types import MappingProxyType
from typing import NamedTuple

from riskgate.errors import Place
from riskgate.render.entries import Entry, entries_of, pointers_of, what_of
from riskgate.render.escape import visible
from riskgate.render.formats import Reader
from riskgate.render.lines import Lines
from riskgate.render.scope import scope_of
from riskgate.render.wording import Wording
from riskgate.render.words import LISTED
from riskgate.report import Report
from riskgate.text import Text

BOM = "\ufeff"
"""Excel takes a file without it for the system's own encoding, and garbles Chinese."""
_FORMULA = re.compile("(^|;)(?=[=+\\-@＝＋－＠\t\r])")
_KINDS: Mapping[str, Text] = MappingProxyType(
    {"risk": Text("风险", "risk"), "gap": Text("资料缺口", "gap"), "node": Text("节点", "node")}
)
_YES, _NO = Text("是", "yes"), Text("否", "no")


class _Row(NamedTuple):
    entry: Entry
    place: Place
    wording: Wording


def _of_rule(tell: Callable[[Wording, str], str | int | None]) -> Callable[[_Row], str | int | None]:
    """A column that is the rule's; empty where there is none."""
    return lambda row: tell(row.wording, row.entry.rule) if row.entry.node is None else ""


def _title(row: _Row) -> str:
    return row.wording.title(row.entry.rule) if row.entry.node is None else row.wording.node(row.entry.node)


def _message(row: _Row) -> str:
    known = row.wording.say(Text("基线已有：", "known to the baseline: ")) + row.wording.baseline()
    what = what_of(row.entry, row.wording)
    return f"{what} [{known}]" if row.entry.known else what


COLUMNS: tuple[tuple[Text, Callable[[_Row], str | int | None]], ...] = (
    (Text("类别", "kind"), lambda row: row.wording.say(_KINDS[row.entry.kind])),
    (Text("等级", "severity"), lambda row: row.wording.severity(row.entry.severity) if row.entry.node is None else ""),
    (Text("影响退出码", "exit code"), lambda row: row.entry.exit_code),
    (Text("已豁免", "waived"), lambda row: row.wording.say(_NO if row.entry.waiver is None else _YES)),
    (Text("规则", "rule"), lambda row: visible(row.entry.rule)),
    (Text("名称", "title"), _title),
    (Text("节点", "nodes"), lambda row: row.wording.codes(row.entry.nodes)),
    (Text("位置", "place"), lambda row: row.wording.data(row.entry.entity.label) if row.entry.entity else ""),
    (Text("处数", "times"), lambda row: row.entry.times),
    (Text("说明", "message"), _message),
    (Text("依据", "evidence"), lambda row: row.wording.all_evidence(row.entry.risk) if row.entry.risk else ""),
    (Text("责任部门", "owners"), _of_rule(lambda wording, rule: wording.owners(rule))),
    (Text("整改措施", "remedy"), _of_rule(lambda wording, rule: wording.remedy(rule))),
    (Text("客户主题", "theme"), _of_rule(lambda wording, rule: wording.theme(rule))),
    (Text("客户敏感度", "customer sensitivity"), _of_rule(lambda told, rule: told.info(rule).customer_sensitivity)),
    (Text("运营权重", "operator weight"), _of_rule(lambda told, rule: told.info(rule).operator_weight)),
    (Text("来源", "sources"), _of_rule(lambda wording, rule: wording.sources(rule))),
    (Text("豁免说明", "waiver"), lambda row: row.wording.waiver(row.entry.waiver) if row.entry.waiver else ""),
    (Text("地址", "address"), lambda row: visible(row.entry.entity.address) if row.entry.entity else ""),
    (Text("文件", "file"), lambda row: visible(row.place.file)),
    (Text("行", "line"), lambda row: row.place.line or ""),
    (
        Text("由此推出", "because"),
        lambda row: row.wording.say(LISTED).join(row.entry.risk.because) if row.entry.risk else "",
    ),
    (Text("编号", "id"), lambda row: row.entry.id),
)
"""Head and content of each column. New ones come at the end, so that a reader by position goes on working."""


def csv(report: Report, reader: Reader) -> bytes:
    """The format `csv`: RFC 4180, UTF-8 with a byte order mark."""
    wording = Wording(report, reader)
    entries = list(entries_of(report, scope_of(report)))
    lines = Lines(report, reader.source, pointers_of(entries))
    text = io.StringIO()
    sheet = writer(text, lineterminator="\r\n")
    sheet.writerow([wording.say(head) for head, _ in COLUMNS])
    for entry in entries:
        row = _Row(entry, lines.at(entry.entity.pointer) if entry.entity else Place(lines.name), wording)
        sheet.writerow([_cell(tell(row)) for _, tell in COLUMNS])
    return (BOM + text.getvalue()).encode()


def _cell(value: str | int | None) -> str | int:
    """The value, with an apostrophe before what a spreadsheet would take for a formula: at the start, and behind a
    semicolon, which separates columns where the decimal sign is a comma."""
    if value is None:
        return ""
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value
