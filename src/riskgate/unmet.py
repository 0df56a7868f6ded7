"""Rules that met no entity: a list that is there and empty is a fact, but a rule that looked at nothing is named."""

from collections.abc import Iterable, Iterator

from riskgate.evaluate import Evaluation
from riskgate.report import Gap, ReportNote
from riskgate.text import Text

CODE = "rules-met-nothing"


def unmet(evaluation: Evaluation, gaps: Iterable[Gap]) -> Iterator[ReportNote]:
    """A note for each kind of entity of which the snapshot has none, with the rules about it.

    Rules with a gap are left out: that the kind is absent is said there.
    """
    open_ = {gap.rule for gap in gaps}
    kinds: dict[str, list[str]] = {}
    for bound in evaluation.plan.rules:
        if not evaluation.met.get(bound.entity.name) and bound.rule.id not in open_:
            kinds.setdefault(bound.entity.name, []).append(bound.rule.id)
    entities = evaluation.plan.library.vocabulary.entities
    for name, rules in sorted(kinds.items()):
        title, ids = entities[name].title, sorted(rules)
        message = Text(
            f"快照里没有{title.zh}（{name}），这些规则无可检查：{'、'.join(ids)}",
            f"the snapshot has no {title.en} ({name}), so these rules looked at nothing: {', '.join(ids)}",
        )
        yield ReportNote(CODE, message)
