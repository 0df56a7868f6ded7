"""What is left of the page where no script runs: a list to read of what blocks, and of what is not verified."""

from collections.abc import Iterable, Iterator
from html import escape

from riskgate.render.escape import visible
from riskgate.render.formats import Reader
from riskgate.render.page import Page
from riskgate.render.table import exit_line, reason, summary_of, verdict_of, warnings_of
from riskgate.render.view import View
from riskgate.render.words import SIGNS, STATES, state_of
from riskgate.report import Report, Risk
from riskgate.text import Text

_QUIET = ("clear", "ungated")


def plain_list(report: Report, reader: Reader) -> str:
    """The content of `noscript`: HTML with every text from data escaped."""
    view = View(Page(reader.lang), report, reader.labels)
    name = visible(report.project_name or report.project_id)
    parts = [
        _tag("h1", f"{view.say(verdict_of(report))} · {name}"),
        *(_tag("p", view.say(text)) for text in (summary_of(report), exit_line(report))),
        _tag("p", visible(report.as_of)),
        *(_tag("p", f"! {view.say(text)}") for text in warnings_of(report)),
        _tag("h2", view.say(Text("没有通过的节点", "Nodes that do not pass"))),
        _list("ul", _nodes(report, view)),
        _tag("h2", view.say(Text("阻断风险", "Blocking risks"))),
        *_risks(report, view),
        _tag("p", view.say(Text("打开脚本可看全部内容。", "With scripts allowed, this page shows everything."))),
    ]
    return f"<div>{''.join(parts)}</div>"


def _nodes(report: Report, view: View) -> Iterator[str]:
    for node in report.selected:
        state = state_of(node)
        if state not in _QUIET or (state == "ungated" and report.selection.named):
            why = view.say(reason(view, node))
            yield f"{SIGNS[state]} {view.say(STATES[state])} {visible(node.code)} {view.data(node.title)}: {why}"


def _risks(report: Report, view: View) -> Iterator[str]:
    """A heading for each rule with who mends it and how, then its places."""
    groups: dict[str, list[Risk]] = {}
    for risk in report.risks:
        if risk.severity == "blocking" and risk.waiver is None:
            groups.setdefault(risk.rule, []).append(risk)
    for rule, risks in groups.items():
        info = report.rules[rule]
        owners = f" → {view.departments(info.owners)}" if info.owners else ""
        yield _tag("h3", f"✗ {view.data(info.title)} ({visible(rule)}) {view.codes(risks[0].nodes)}{owners}")
        if info.remedy is not None:
            yield _tag("p", view.data(info.remedy))
        yield _list("ul", (f"{view.data(risk.entity.label)}: {view.data(risk.message)}" for risk in risks))


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _list(name: str, items: Iterable[str]) -> str:
    return f"<{name}>{''.join(_tag('li', item) for item in items)}</{name}>"
