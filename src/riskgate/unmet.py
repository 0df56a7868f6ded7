"""Rules that met no entity: a list that is there and empty is a fact, but a rule that looked at nothing is named."""

from collections.abc import Iterable, Iterator

from riskgate.evaluate import Evaluation
from riskgate.report import Gap, ReportNote
from riskgate.text import Text

CODE = "rules-met-nothing"


def unmet(evaluation: Evaluation, gaps: Iterable[Gap], nodes: Iterable[str]) -> Iterator[ReportNote]:
    """A note for each kind of entity of which the snapshot has none, with the rules about it that gate the nodes.

    Rules with a gap are left out: that the kind is absent is said there.
    """
    open_ = {gap.rule for gap in gaps}
    chosen = set(nodes)
    kinds: dict[str, list[str]] = {}
    for bound in evaluation.plan.rules:
        met = evaluation.met.get(bound.entity.name) or bound.rule.id in open_
        if not met and not chosen.isdisjoint(bound.rule.nodes):
            kinds.setdefault(bound.entity.name, []).append(bound.rule.id)
    entities = evaluation.plan.library.vocabulary.entities
    for name, rules in sorted(kinds.items()):
        title, ids = entities[name].title, sorted(rules)
        message = Text(
            f"快照里没有{title.zh}（{name}），这些规则无可检查：{'、'.join(ids)}",
            f"the snapshot has no {title.en} ({name}), so these rules looked at nothing: {', '.join(ids)}",
        )
        yield ReportNote(CODE, message)
