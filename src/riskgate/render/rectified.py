"""What a filled-in workbook says, for people and for other systems."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from riskgate.rectification import RESULTS, Change, Entry, Matching, Rectification
from riskgate.rectification.columns import HEADERS
from riskgate.render.escape import visible
from riskgate.render.page import Page
from riskgate.render.words import BETWEEN, SEVERITY_MARKS, SEVERITY_STYLES, SEVERITY_WORDS, count
from riskgate.report import Risk
from riskgate.text import Text

VERSION = 1
"""Of the JSON."""
LINES = 50
"""So many lines of a list are shown; the JSON has all."""
_EMPTY = "-"
_NO_RESULT = Text("未填结果", "no result")


@dataclass(frozen=True)
class Answer:
    """A filled-in workbook, the day for which it is read, and what it was set beside."""

    rectification: Rectification
    as_of: dt.date
    matching: Matching | None = None
    changes: Sequence[Change] | None = None

    @property
    def overdue(self) -> tuple[Entry, ...]:
        return self.rectification.overdue(self.as_of)

    @property
    def clean(self) -> bool:
        """Nothing is overdue, and the rows agree with the report."""
        return not self.overdue and (self.matching is None or self.matching.clean)


def rectification_values(answer: Answer, version: str) -> dict[str, Any]:
    """The answer as JSON values; all rows that were filled in, all else by id."""
    said, origin = answer.rectification, answer.rectification.origin
    tally = said.tally()
    return {
        "rectification": VERSION,
        "riskgate": version,
        "file": said.file,
        "as_of": answer.as_of.isoformat(),
        "origin": None
        if origin is None
        else {"project": origin.project, "as_of": origin.as_of, "sha256": origin.sha256},
        "rows": len(said.entries),
        "results": {**{name: tally.get(name, 0) for name in RESULTS}, "none": tally.get(None, 0)},
        "entries": [entry.as_dict() for entry in said.filled],
        "closed": [entry.id for entry in said.closed],
        "overdue": [entry.id for entry in answer.overdue],
        "changes": None if answer.changes is None else [change.as_dict() for change in answer.changes],
        "report": None if answer.matching is None else answer.matching.as_dict(),
    }


def show_rectification(page: Page, answer: Answer) -> None:
    """How things stand in one line, then what somebody must see to."""
    said, matching = answer.rectification, answer.matching
    _head(page, answer)
    _entries(page, Text("逾期未整改", "Overdue"), answer.overdue, _Late(page, answer.as_of), "bad")
    if matching is not None:
        _risks(page, Text("报告里有、工作簿里没有的风险", "Risks of the report without a row"), matching.without_row)
        _entries(page, Text("报告里没有的行", "Rows that are not in the report"), matching.unknown, _Tell(page), "bad")
        _entries(
            page,
            Text("填了复验通过，报告里仍有", "Said to have passed re-inspection, but still in the report"),
            matching.still_there,
            _Tell(page),
            "bad",
        )
        _entries(page, Text("报告里已不再有的", "No longer in the report"), matching.gone, _Tell(page), "good")
    if answer.changes is not None:
        _changes(page, answer.changes)
    else:
        late = frozenset(answer.overdue)
        moving = [entry for entry in said.filled if not entry.closed and entry not in late]
        _entries(page, Text("已填，未逾期", "Filled in, not overdue"), moving, _Due(page), "")
    closed = said.closed if answer.changes is None else _newly_closed(answer.changes)
    _entries(page, Text("复验通过，关闭", "Closed: re-inspection passed"), closed, _Tell(page), "good")


def _newly_closed(changes: Iterable[Change]) -> tuple[Entry, ...]:
    return tuple(change.entry for change in changes if change.name == "result" and change.after == "passed")


def _head(page: Page, answer: Answer) -> None:
    said = answer.rectification
    rows, filled = count(len(said.entries), "行", "row"), count(len(said.filled), "行已填", "row", "rows")
    lead = Text(f"{rows.zh}，{filled.zh}，", f"{rows.en}, {len(said.filled):,} filled in; ")
    late = len(answer.overdue)
    state = Text(f"{late:,} 行逾期", f"{late:,} overdue") if late else Text("没有逾期", "none overdue")
    sign, style = ("✓", "good") if answer.clean else ("✗", "bad")
    page.line(f"{sign} {page.say(lead)}{page.say(state)}", style, hang=2)
    tally = said.tally()
    words: list[tuple[Text, int]] = [(text, tally.get(name, 0)) for name, text in RESULTS.items()]
    words.append((_NO_RESULT, tally.get(None, 0)))
    results = page.say(BETWEEN).join(f"{page.say(text)} {number:,}" for text, number in words if number)
    origin = said.origin
    rest = [
        (page.say(Text("工作簿", "workbook")), visible(said.file)),
        (page.say(Text("截至", "as of")), answer.as_of.isoformat()),
        (page.say(HEADERS["result"]), results or _EMPTY),
    ]
    if origin is not None:
        written = Text(
            f"{visible(origin.project)}，{visible(origin.as_of)} 的检查",
            f"the check of {visible(origin.project)} on {visible(origin.as_of)}",
        )
        rest.insert(1, (page.say(Text("来自", "written from")), page.say(written)))
    page.grid(rest, indent=2)


def _entries(page: Page, title: Text, entries: Sequence[Entry], tell: "_Tell", style: str) -> None:
    if not entries:
        return
    _title(page, title, len(entries))
    rows = [[*tell(entry), visible(entry.responsible or _EMPTY), _rule(entry)] for entry in entries[:LINES]]
    page.grid(rows, styles=[style] * len(rows), indent=2)
    _more(page, len(entries))


class _Tell:
    """The first cells of a line about a row: where, what became of it, when it was done."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def __call__(self, entry: Entry) -> list[str]:
        day = entry.done_on.isoformat() if entry.done_on is not None else _EMPTY
        return [visible(entry.cell("result")), self.result(entry), day]

    def result(self, entry: Entry) -> str:
        return self.page.say(RESULTS[entry.result] if entry.result is not None else _NO_RESULT)


class _Due(_Tell):
    """Where, by when, how far."""

    def __call__(self, entry: Entry) -> list[str]:
        due = entry.due_on.isoformat() if entry.due_on is not None else _EMPTY
        return [visible(entry.cell("result")), due, self.result(entry)]


class _Late(_Tell):
    """Where, by when, how late, how far."""

    def __init__(self, page: Page, as_of: dt.date) -> None:
        super().__init__(page)
        self.as_of = as_of

    def __call__(self, entry: Entry) -> list[str]:
        due = entry.due_on or self.as_of
        late = count((self.as_of - due).days, "天", "day")
        return [
            visible(entry.cell("due_on")),
            due.isoformat(),
            self.page.say(Text(f"逾期 {late.zh}", f"{late.en} late")),
            self.result(entry),
        ]


def _rule(entry: Entry) -> str:
    return visible(" ".join(part for part in (entry.rule, entry.address) if part) or entry.id)


def _risks(page: Page, title: Text, risks: Sequence[Risk]) -> None:
    if not risks:
        return
    _title(page, title, len(risks))
    rows = [
        [
            f"{SEVERITY_MARKS[risk.severity]} {page.say(SEVERITY_WORDS[risk.severity])}",
            visible(risk.rule),
            visible(page.say(risk.entity.label)),
            risk.id,
        ]
        for risk in risks[:LINES]
    ]
    page.grid(rows, styles=[SEVERITY_STYLES[risk.severity] for risk in risks[:LINES]], indent=2)
    _more(page, len(risks))


def _changes(page: Page, changes: Sequence[Change]) -> None:
    if not changes:
        page.heading(page.say(Text("与先前的工作簿相同", "Nothing differs from the earlier workbook")))
        return
    _title(page, Text("与先前的工作簿不同", "Different from the earlier workbook"), len(changes))
    rows = [
        [
            visible(change.entry.cell(change.name)),
            page.say(HEADERS[change.name]),
            f"{_shown(page, change, change.before)} → {_shown(page, change, change.after)}",
            _rule(change.entry),
        ]
        for change in changes[:LINES]
    ]
    page.grid(rows, indent=2)
    _more(page, len(changes))


def _shown(page: Page, change: Change, value: str | None) -> str:
    if value is None:
        return _EMPTY
    word = next((text for name, text in RESULTS.items() if change.name == "result" and name == value), None)
    return page.say(word) if word is not None else visible(value)


def _title(page: Page, title: Text, number: int) -> None:
    page.heading(page.say(Text(f"{title.zh}（{number:,}）", f"{title.en} ({number:,})")))


def _more(page: Page, number: int) -> None:
    more = number - LINES
    if more > 0:
        page.line(
            page.say(Text(f"……另有 {more:,} 行，见 --format json", f"… and {more:,} more: see --format json")), indent=2
        )
