"""The rules of a SARIF log: what a viewer shows beside every result of a rule."""

from collections.abc import Iterable
from typing import Any

from riskgate.render.entries import UNSHOWN, Entry
from riskgate.render.escape import visible
from riskgate.render.markup import plain
from riskgate.render.wording import Wording
from riskgate.text import Text

TAGS = 10
"""GitHub shows so many tags of a rule, and refuses a file with twice as many."""
LEVELS = {"blocking": "error", "major": "warning", "minor": "note"}
_PROBLEM = {"blocking": "error", "major": "warning", "minor": "recommendation"}
_UNSHOWN = Text("节点未核实", "A node is not verified")
_UNSHOWN_HELP = Text(
    "没有一条规则在这个节点真正检查到对象，或快照声明自己不完整，或没有规则把关：不算通过。",
    "No rule looked at anything for this node, or the snapshot says that it is incomplete, or no rule gates the node: "
    "that is no pass.",
)


def rules_of(entries: Iterable[Entry], wording: Wording) -> list[dict[str, Any]]:
    """The rules that the entries name, by id."""
    named = {entry.rule: entry for entry in entries}
    return [
        _unshown(wording) if name == UNSHOWN and named[name].node is not None else _rule(name, wording)
        for name in sorted(named)
    ]


def _unshown(wording: Wording) -> dict[str, Any]:
    text = {"text": wording.say(_UNSHOWN_HELP)}
    return {
        "id": UNSHOWN,
        "shortDescription": {"text": wording.say(_UNSHOWN)},
        "fullDescription": text,
        "help": text,
        "defaultConfiguration": {"level": "warning"},
    }


def _rule(name: str, wording: Wording) -> dict[str, Any]:
    info = wording.info(name)
    title = wording.title(name) or visible(name)
    parts = [
        (Text("为什么", "why"), wording.importance(name)),
        (Text("措施", "remedy"), wording.remedy(name)),
        (Text("责任部门", "owner"), wording.owners(name)),
        (Text("来源", "source"), wording.sources(name)),
    ]
    told = [(head, value) for head, value in parts if value]
    marked = [wording.labelled(_bold(head), plain(value)) for head, value in told]
    return {
        "id": visible(name),
        "shortDescription": {"text": title},
        "fullDescription": {"text": wording.importance(name) or title},
        "help": {
            "text": "\n".join(wording.labelled(head, value) for head, value in told) or title,
            "markdown": "\n\n".join(marked) or plain(title),
        },
        "defaultConfiguration": {"level": LEVELS[info.severity]},
        "properties": {
            "severity": info.severity,
            "problem.severity": _PROBLEM[info.severity],
            "theme": visible(info.theme or ""),
            "customerSensitivity": info.customer_sensitivity,
            "operatorWeight": info.operator_weight,
            "owners": [visible(owner) for owner in info.owners],
            "sources": [
                {"ref": visible(s.ref), "clause": visible(s.clause), "certainty": s.certainty} for s in info.sources
            ],
            "waivableBy": info.waivable_by,
            "pack": visible(info.pack),
            "file": visible(info.file),
            "line": info.line,
            "tags": _tags(name, wording),
        },
    }


def _bold(text: Text) -> Text:
    return Text(f"**{text.zh}**", f"**{text.en}**")


def _tags(name: str, wording: Wording) -> list[str]:
    """What a viewer can filter by: severity, theme, customer sensitivity, pack, sources."""
    info = wording.info(name)
    tags = [info.severity, *([info.theme] if info.theme else [])]
    if info.customer_sensitivity is not None:
        tags.append(f"customer-sensitivity-{info.customer_sensitivity}")
    tags += [info.pack, *(source.ref for source in info.sources)]
    return list(dict.fromkeys(map(visible, tags)))[:TAGS]
