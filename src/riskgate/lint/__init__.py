"""Weak spots of packs that load: what a careful colleague would point out to a rule author.

Loading refuses what is wrong; lint names what is not yet good: rules nobody could test, texts that do not say why,
numbers that stand in a text and not in the condition, facts that nothing reads, nodes that nothing blocks. Each finding
has a stable code.
"""

from riskgate.errors import LoadError
from riskgate.lint.conditions import CONDITION_CHECKS, same_conditions
from riskgate.lint.coverage import unblocked_nodes, unused_fields
from riskgate.lint.existence import unnoticed_absences
from riskgate.lint.finding import Finding
from riskgate.lint.numbers import NUMBER_CHECKS
from riskgate.lint.packs import derive_findings, direction_findings, parameter_findings
from riskgate.lint.writing import WRITING_CHECKS
from riskgate.load.library import Library
from riskgate.plan.bind import bind_facts, bind_rules

__all__ = ["Finding", "lint"]


def lint(library: Library) -> tuple[Finding, ...]:
    """All findings of all packs and of what they stand on, by file and line.

    Raises LoadError if an expression cannot be compiled.
    """
    rules, problems = bind_rules(library)
    facts, more = bind_facts(library)
    if problems or more:
        raise LoadError([*problems, *more])
    found: list[Finding] = []
    for rule in rules:
        for check in (*WRITING_CHECKS, *CONDITION_CHECKS):
            found.extend(check(rule))
        for numbered in NUMBER_CHECKS:
            found.extend(numbered(rule, library.packs[rule.pack]))
    for index, pack in enumerate(library.packs):
        of_pack = [rule for rule in rules if rule.pack == index]
        found.extend(parameter_findings(pack, of_pack, [fact for fact in facts if fact.pack == index]))
        for derived in pack.derives:
            found.extend(derive_findings(derived))
    found.extend(direction_findings(library))
    found.extend(same_conditions(rules))
    found.extend(unnoticed_absences(rules))
    found.extend(unused_fields(library, rules, facts))
    found.extend(unblocked_nodes(library))
    return tuple(sorted(found, key=lambda finding: (finding.place, finding.code, finding.message.en)))
