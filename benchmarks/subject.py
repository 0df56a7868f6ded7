"""riskgate as the benchmark calls it: load a pack, evaluate alone, and turn the outcome into comparable findings."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from findings import Findings
from workload import AS_OF

from riskgate.evaluate import Evaluation, evaluate
from riskgate.gate import Gate
from riskgate.plan.settings import settings_of
from riskgate.snapshot import Snapshot

HERE = Path(__file__).parent
ROOT = HERE.parent
FLAT = HERE / "pack"
NESTED = HERE / "nested.yaml"
DAY = datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC)


def evaluator(gate: Gate) -> Callable[[Snapshot], Evaluation]:
    """Evaluation alone: all rules on a validated snapshot, three outcomes, no inference and no report."""
    settings = settings_of(gate.library.packs, gate.library.lifecycle)
    return lambda snapshot: evaluate(gate.plan, snapshot, settings, DAY)


def findings_of(evaluation: Evaluation) -> Findings:
    """What an evaluation found, in the form of the hand-written candidates."""
    rules = evaluation.plan.rules
    found = [(rule.rule.id, ordinal) for rule in rules for ordinal in evaluation.risks[rule.index]]
    gaps: Counter[str] = Counter()
    for group in evaluation.gaps:
        gaps[group.rule.rule.id] += len(group.ordinals)
    return Findings(found, gaps)


def checks_of(evaluation: Evaluation) -> int:
    """How many times a rule met an entity."""
    return sum(evaluation.met[rule.entity.name] for rule in evaluation.plan.rules)
