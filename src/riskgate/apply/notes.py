"""What overlays took away, for the notes of a report: nothing is switched off or loosened in silence."""

from collections.abc import Iterator

from riskgate.apply.words import shown
from riskgate.overlay import LEVEL_WORDS, Applied, Changed
from riskgate.report import ReportNote
from riskgate.text import Text

DISABLED = "rule-disabled"
LOOSENED = "loosened"


def overlay_notes(applied: Applied) -> Iterator[ReportNote]:
    """A note for each disabled rule, then for each loosened rule or parameter, by their names."""
    for one in applied.disabled:
        title = one.rule.title
        what = Text(f"规则 {one.rule.id}（{title.zh}）已停用", f"the rule {one.rule.id} ({title.en}) is disabled")
        yield ReportNote(DISABLED, _said(what, one.by))
    loosened = [(f"{pack}.{name}", one) for (pack, name), history in applied.settings.items() for one in history]
    loosened += [(name, one) for name, history in applied.rules.items() for one in history]
    for name, change in sorted((pair for pair in loosened if pair[1].loosens), key=lambda pair: pair[0]):
        if change.key == "disabled":
            continue
        key = "" if change.key == "value" else f" {change.key}"
        what = Text(
            f"{name}{key} 由 {shown(change.before)} 放宽为 {shown(change.value)}",
            f"{name}{key} is loosened from {shown(change.before)} to {shown(change.value)}",
        )
        yield ReportNote(LOOSENED, _said(what, change))


def _said(what: Text, by: Changed) -> Text:
    word = LEVEL_WORDS[by.level]
    return Text(
        f"{what.zh}：{by.reason}（{word.zh}覆盖文件 {by.overlay}，{by.origin}）",
        f"{what.en}: {by.reason} (overlay {by.overlay}, {by.origin})",
    )
