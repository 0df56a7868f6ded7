"""The sheet 汇总: the answer, what makes it special, who has how much to do, and how to fill the workbook in."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from riskgate.pack import SEVERITIES
from riskgate.rectification.columns import FILLED, HEADERS, RESULTS
from riskgate.render.escape import visible
from riskgate.render.wording import Wording
from riskgate.render.words import LISTED, SEVERITY_WORDS, count, state_of
from riskgate.render.xlsx.book import Book, Value, cell_text, set_up_page
from riskgate.render.xlsx.charts import Block, bars, chart
from riskgate.render.xlsx.listing import Tag, lines_of
from riskgate.render.xlsx.risks import TITLE as RISKS
from riskgate.render.xlsx.styles import PALE_AMBER, PALE_BLUE, PALE_RED, VERDICT
from riskgate.render.xlsx.tallies import Tally, by_department, by_node, by_severity, by_theme
from riskgate.report import Report
from riskgate.scope import Scope
from riskgate.text import Text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

TITLE = Text("汇总", "Summary")
_LABEL, _NUMBER, _STATE = 34.0, 10.0, 16.0
_COLUMNS = 8
"""The label, six numbers, the state of a node."""
_WIDE = _LABEL + 6 * _NUMBER + _STATE
_LINE = 16.5
"""Height of a line of text, in points."""
_CHART, _PIXELS = 280, 20
"""The least height of a chart, and the height of a row, in pixels."""
_HEADS = (
    Text("阻断", "Blocking"),
    Text("重要", "Major"),
    Text("一般", "Minor"),
    Text("待整改", "To mend"),
    Text("已豁免", "Waived"),
    Text("资料缺口", "Gaps"),
)
_NONE = Text("（未定）", "(none)")


class Summary:
    """Writes the sheet from the top down; knows the next row."""

    def __init__(self, book: Book, report: Report, scope: Scope, wording: Wording) -> None:
        self._book = book
        self._report = report
        self._scope = scope
        self._wording = wording
        self._sheet: Worksheet = book.workbook.add_worksheet(book.say(TITLE))
        self._row = 0

    def write(self) -> None:
        sheet = self._sheet
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, _LABEL)
        sheet.set_column(1, 6, _NUMBER)
        sheet.set_column(7, 7, _STATE)
        sheet.set_column(8, 8, 3)
        set_up_page(self._book, sheet, TITLE, self._report, repeat=False)
        self._top()
        self._facts()
        first = self._row
        self._severities()
        departments = self._tally(Text("按责任部门", "By department"), self._departments())
        themes = self._tally(Text("按客户主题", "By customer theme"), self._themes())
        self._tally(Text("按节点", "By node"), self._nodes(), last=Text("状态", "State"))
        self._how()
        titles = (
            Text("各部门待整改的风险", "Risks to mend by department"),
            Text("各主题待整改的风险", "Risks to mend by theme"),
        )
        self._charts(first, zip((departments, themes), titles, strict=True))
        sheet.activate()

    def _charts(self, top: int, drawn: Iterable[tuple[Block | None, Text]]) -> None:
        """Beside the tables, one below the other."""
        for block, title in drawn:
            if block is not None and any(map(any, block.numbers)):
                height = max(_CHART, 90 + 26 * len(block.labels))
                chart(self._book, self._sheet, block, title, (top, _COLUMNS + 1), (620, height))
                top += height // _PIXELS + 2

    def _top(self) -> None:
        book, report, wording = self._book, self._report, self._wording
        self._sheet.set_row(0, 30)
        title = Text(f"{wording.project()} · 客户风险清单", f"{wording.project()} · customer risks")
        book.put(self._sheet, 0, 0, book.say(title), "title")
        self._sheet.set_row(1, 30)
        verdict = book.made(VERDICT[report.verdict])
        self._sheet.write_string(1, 0, wording.verdict(), verdict)
        self._row = 1
        self._across(wording.summary(), "said", columns=(1, _COLUMNS - 1), height=30)
        self._row = 3

    def _facts(self) -> None:
        report, wording = self._report, self._wording
        packs = wording.say(LISTED).join(f"{visible(pack.pack)} {visible(pack.version)}" for pack in report.packs)
        self._fact(Text("检查日期", "As of"), report.as_of)
        self._fact(Text("规则包", "Packs"), packs or wording.say(_NONE))
        self._fact(Text("快照 SHA-256", "Snapshot SHA-256"), report.sha256)
        self._fact(Text("含义", "Meaning"), wording.exit())
        elsewhere = self._elsewhere()
        if elsewhere is not None:
            self._fact(Text("其他节点", "Other nodes"), wording.say(elsewhere))
        for warning in wording.warnings():
            self._across(f"! {warning}", "warning")
        self._row += 1

    def _fact(self, name: Text, value: str) -> None:
        self._book.put(self._sheet, self._row, 0, self._book.say(name), "fact")
        self._across(value, "value", columns=(1, _COLUMNS - 1))

    def _elsewhere(self) -> Text | None:
        scope = self._scope
        if not scope.other_risks and not scope.other_gaps:
            return None
        risks = count(len(scope.other_risks), "项风险", "risk")
        gaps = count(sum(gap.count for gap in scope.other_gaps), "处资料缺口", "gap")
        return Text(
            f"没有问到的节点另有 {risks.zh}、{gaps.zh}，不在本工作簿里",
            f"at nodes that were not asked for: {risks.en} and {gaps.en}, not in this workbook",
        )

    def _severities(self) -> None:
        heads = (Text("待整改", "To mend"), Text("已豁免", "Waived"), Text("资料缺口", "Gaps"))
        rows: list[list[Value | Tag]] = []
        totals = [0, 0, 0]
        for severity, *numbers in by_severity(self._scope):
            rows.append([Tag(self._book.say(SEVERITY_WORDS[severity]), severity), *numbers])
            totals = [total + number for total, number in zip(totals, numbers, strict=True)]
        self._section(Text("按等级", "By severity"))
        self._heads(heads)
        for row in rows:
            self._line(row)
        self._total(totals)
        self._row += 1

    def _departments(self) -> list[tuple[str, Tally, Tag | None]]:
        view = self._wording.view
        return [(view.departments((one.key,)), one, None) for one in by_department(self._report, self._scope)]

    def _themes(self) -> list[tuple[str, Tally, Tag | None]]:
        labels = self._wording.reader.labels
        return [(self._wording.data(labels.theme(one.key)), one, None) for one in by_theme(self._report, self._scope)]

    def _nodes(self) -> list[tuple[str, Tally, Tag | None]]:
        nodes, wording = {node.id: node for node in self._report.nodes}, self._wording
        found = [(nodes[one.key], one) for one in by_node(self._report, self._scope)]
        return [(wording.node(node), one, Tag(wording.state(node), state_of(node))) for node, one in found]

    def _tally(
        self, title: Text, rows: Sequence[tuple[str, Tally, Tag | None]], *, last: Text | None = None
    ) -> Block | None:
        """A table of counts; where it stands, for a chart. None if there is nothing to count."""
        if not rows:
            return None
        self._section(title)
        self._heads(_HEADS if last is None else (*_HEADS, last))
        first = self._row
        for label, one, state in rows:
            name = label or self._book.say(_NONE)
            counted = (one.blocking, one.major, one.minor, one.open, one.waived, one.gaps)
            self._line([name, *counted, *([] if state is None else [state])])
        labels = [cell_text(label) or self._book.say(_NONE) for label, _, _ in rows]
        series = [[one.of(severity) for _, one, _ in rows] for severity in SEVERITIES]
        block = Block(first, self._row - 1, labels, series)
        for column, colour in ((1, PALE_RED), (4, PALE_AMBER), (6, PALE_BLUE)):
            bars(self._sheet, block, column, colour)
        self._row += 1
        return block

    def _how(self) -> None:
        """How to fill the workbook in, and how it comes back."""
        columns = Text(*(self._joined([HEADERS[name].to(lang) for name in FILLED], lang) for lang in ("zh", "en")))
        words = Text(*(self._joined([text.to(lang) for text in RESULTS.values()], lang) for lang in ("zh", "en")))
        self._section(Text("怎样填写", "How to fill it in"))
        for line in (
            Text(
                f"1. 在“{RISKS.zh}”里填写黄色的列：{columns.zh}。整改结果从列表里选：{words.zh}。",
                f"1. On the sheet {RISKS.en}, fill in the yellow columns: {columns.en}. "
                f"Choose the result from the list: {words.en}.",
            ),
            Text(
                "2. 可以筛选、整行排序、删行、移动列、加自己的列；不要改风险编号，不要用公式，不要合并单元格。",
                "2. You may filter, sort whole rows, delete rows, move columns and add your own. "
                "Leave the risk ids as they are; write no formulas; merge no cells.",
            ),
            Text(
                "3. 填好后发回；用 riskgate import rectification 读取，会列出逾期、复验通过和填错的地方。",
                "3. Send it back: `riskgate import rectification` lists what is overdue, closed or not right.",
            ),
        ):
            self._across(self._book.say(line), "value")

    @staticmethod
    def _joined(words: Sequence[str], lang: str) -> str:
        return (LISTED.zh if lang == "zh" else LISTED.en).join(words)

    # -- rows

    def _section(self, title: Text) -> None:
        for column in range(_COLUMNS):
            self._book.put(self._sheet, self._row, column, self._book.say(title) if not column else None, "section")
        self._row += 1

    def _heads(self, heads: Sequence[Text]) -> None:
        self._book.put(self._sheet, self._row, 0, None, "head")
        for column, head in enumerate(heads, 1):
            self._book.put(self._sheet, self._row, column, self._book.say(head), "head")
        self._row += 1

    def _line(self, values: Sequence[Value | Tag]) -> None:
        if isinstance(values[0], str):
            self._sheet.set_row(self._row, _LINE * lines_of(cell_text(values[0]), _LABEL))
        for column, value in enumerate(values):
            if isinstance(value, Tag):
                self._book.put(self._sheet, self._row, column, value.text, value.style)
            else:
                self._book.put(self._sheet, self._row, column, value, "number" if column else "body")
        self._row += 1

    def _total(self, numbers: Sequence[int]) -> None:
        self._book.put(self._sheet, self._row, 0, self._book.say(Text("合计", "Total")), "total label")
        for column, number in enumerate(numbers, 1):
            self._book.put(self._sheet, self._row, column, number, "total")
        self._row += 1

    def _across(
        self, text: str, style: str, *, columns: tuple[int, int] = (0, _COLUMNS - 1), height: float = 0
    ) -> None:
        """A text over several columns; its row is as high as it needs, because programs do not see to that here."""
        wide = _WIDE if columns[0] == 0 else _WIDE - _LABEL
        self._sheet.set_row(self._row, max(height, _LINE * lines_of(cell_text(text), wide)))
        self._book.across(self._sheet, self._row, columns, text, style)
        self._row += 1
