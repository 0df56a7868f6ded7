"""The parts of a report as single lines of text in the reader's language, for formats that are no pages: verdict,
place, evidence, what is missing, who mends it. Nothing in them can act or hide; a format escapes its own marks itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from riskgate.render.escape import visible
from riskgate.render.findings import place_text, value_text, what_text
from riskgate.render.formats import Reader
from riskgate.render.page import Page
from riskgate.render.table import exit_line, reason, summary_of, verdict_of, warnings_of
from riskgate.render.view import View, citation
from riskgate.render.waivers import UNCONFIRMED
from riskgate.render.words import BETWEEN, GAP_REASONS, LISTED, SEVERITY_WORDS, SIGNS, STATES, state_of
from riskgate.report import EntityRef, Evidence, Gap, NodeResult, Report, Risk, RuleInfo
from riskgate.text import Text

_T = TypeVar("_T")
COLON = Text("：", ": ")


class Wording:
    """What is said of a report. Texts of rules are made once, because many risks share them."""

    def __init__(self, report: Report, reader: Reader) -> None:
        self.report = report
        self.reader = reader
        self.view = View(Page(reader.lang), report, reader.labels)
        self._known: dict[tuple[str, str], Any] = {}

    def say(self, text: Text) -> str:
        """A fixed text."""
        return text.to(self.reader.lang)

    def data(self, text: Text) -> str:
        """A text from data, on one line and made visible."""
        return visible(text.to(self.reader.lang))

    def labelled(self, name: Text, value: str) -> str:
        return self.say(name) + self.say(COLON) + value

    def joined(self, parts: Sequence[Text]) -> str:
        """Fixed texts in one line."""
        return self.say(BETWEEN).join(map(self.say, parts))

    def listed(self, parts: Sequence[str]) -> str:
        return self.say(LISTED).join(parts)

    def more(self, number: int) -> str:
        """How many are not shown."""
        return self.say(Text(f"……另有 {number:,} 处", f"… and {number:,} more"))

    # -- the whole

    def verdict(self) -> str:
        return self.say(verdict_of(self.report))

    def project(self) -> str:
        name, key = self.report.project_name, visible(self.report.project_id)
        return f"{visible(name)} ({key})" if name else key

    def summary(self) -> str:
        return self.say(summary_of(self.report))

    def exit(self) -> str:
        return self.say(exit_line(self.report))

    def baseline(self) -> str:
        """The baseline of the check by name and day; nothing if there is none."""
        known = self.report.baseline
        return "" if known is None else f"{visible(known.name)} ({visible(known.as_of)})".strip()

    def warnings(self) -> list[str]:
        return [self.say(text) for text in warnings_of(self.report)]

    # -- nodes

    def codes(self, names: tuple[str, ...]) -> str:
        return self.view.codes(names)

    def node(self, node: NodeResult) -> str:
        return f"{visible(node.code)} {self.data(node.title)}"

    def state(self, node: NodeResult) -> str:
        state = state_of(node)
        return f"{SIGNS[state]} {self.say(STATES[state])}"

    def why(self, node: NodeResult) -> str:
        return self.say(reason(self.view, node))

    # -- rules

    def info(self, rule: str) -> RuleInfo:
        return self.report.rules[rule]

    def title(self, rule: str) -> str:
        return self._once("title", rule, lambda info: self.data(info.title))

    def name(self, rule: str, title: Text | None = None) -> str:
        """Id and title of a rule; the title must be given of one that the report does not speak of."""
        return f"{visible(rule)} {self.title(rule) if title is None else self.data(title)}"

    def owners(self, rule: str) -> str:
        return self._once("owners", rule, lambda info: self.view.departments(info.owners))

    def remedy(self, rule: str) -> str:
        return self._once("remedy", rule, lambda info: self.data(info.remedy) if info.remedy else "")

    def importance(self, rule: str) -> str:
        """Why the customer cares."""
        return self._once("why", rule, lambda info: self.data(info.why) if info.why else "")

    def theme(self, rule: str) -> str:
        return self._once("theme", rule, self._theme)

    def sources(self, rule: str) -> str:
        return self._once("sources", rule, self._sources)

    def severity(self, severity: str) -> str:
        return self.say(SEVERITY_WORDS[severity])

    # -- risks and gaps

    def place(self, entity: EntityRef) -> str:
        return place_text(self.view, entity)

    def evidence(self, item: Evidence) -> str:
        origin = f" ({visible(item.origin)})" if item.origin else ""
        return f"{visible(item.name)} = {value_text(self.view, item.value)}{origin}"

    def all_evidence(self, risk: Risk) -> str:
        return self.say(BETWEEN).join(map(self.evidence, risk.evidence))

    def gap(self, gap: Gap) -> str:
        """Why a rule cannot be decided, and what is missing."""
        what = what_text(self.view, gap)
        return self.labelled(GAP_REASONS[gap.reason], what) if gap.missing or gap.reason != "missing" else what

    def waiver(self, waiver: Mapping[str, Any]) -> str:
        """Why a risk is waived, by whom and until when."""
        parts = [(name, self._value(waiver.get(key))) for key, name in _WAIVER.items()]
        told = [self.labelled(name, value) for name, value in parts if value]
        if waiver.get("confirmed") is False:
            told.append(self.say(UNCONFIRMED))
        return self.say(BETWEEN).join(told)

    def _value(self, value: object) -> str:
        if isinstance(value, Text):
            value = value.to(self.reader.lang)
        elif isinstance(value, Mapping):
            value = value.get(self.reader.lang)
        return "" if value is None else visible(str(value))

    def _theme(self, info: RuleInfo) -> str:
        return self.data(self.reader.labels.theme(info.theme)) if info.theme else ""

    def _sources(self, info: RuleInfo) -> str:
        return self.say(BETWEEN).join(citation(self.view.page, source) for source in info.sources)

    def _once(self, kind: str, rule: str, make: Callable[[RuleInfo], _T]) -> _T:
        if (kind, rule) not in self._known:
            self._known[kind, rule] = make(self.info(rule))
        found: _T = self._known[kind, rule]
        return found


_WAIVER: Mapping[str, Text] = {
    "reason": Text("理由", "reason"),
    "approved_by": Text("批准人", "approved by"),
    "expires_on": Text("有效期至", "until"),
}
