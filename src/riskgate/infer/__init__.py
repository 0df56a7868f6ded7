"""Inference: derive rules chain facts forward and add risks that show only across entities.

What a derive rule concludes, and both engines give exactly this:

- A rule concludes for group g when there is a combination of facts, one for each `given` line in order (one fact may
  serve several lines), each meeting its line's conditions. g is the `group` of the first line's fact that has one,
  `project` if none has.
- A condition compares a field with a constant (`eq neq gt gte lt lte in`), or by `eq` with a field of an earlier
  line's fact. It is false where a field is missing, `neq` too. Values compare within their type only: texts by code
  point, numbers (int and double alike) exactly, booleans with false before true; across types, and for NaN, every
  comparison is false.
- There is one conclusion for each rule and group. `because` holds the ids of the risks behind all combinations that
  conclude it: of an evaluated fact its risks, of a derived risk its own id (never the conclusion's own). `facts` is the
  first combination: given facts before derived ones, then by their fields in the order of names, line by line.
- A conclusion is a `risk` fact for every rule: `rule` is the derive rule, `theme` and `severity` are the conclusion's,
  `group` is g, `count` is 1. Its `units` are the sale units behind it in its own group (through derived risks too), its
  `rate` their share. These two grow while the chain runs, so they answer `gt` and `gte` only; any other condition on
  them, and a join, is false. Nothing else about a fact ever changes: `theme` facts count evaluated risks only.

So conclusions are only ever added, more facts never remove one, the order of facts and rules cannot matter, and the
chain ends: there are at most rules × groups conclusions. Work is bounded by the facts, the rules and fixed limits
(`step_limit` partial combinations; the default grows with facts × lines up to a million); beyond them inference is an
error, never a partial answer. Limits are reckoned before an engine works, so they do not depend on the engine.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from riskgate.infer import durable
from riskgate.infer.chain import Chain, Joiner, Waived
from riskgate.infer.facts import PROJECT, Derived, Fact, Finding, declared_facts, node_facts, risk_facts
from riskgate.infer.plain import PlainJoiner
from riskgate.pack import Derive

__all__ = [
    "PROJECT",
    "Derived",
    "Engine",
    "Fact",
    "Finding",
    "declared_facts",
    "infer",
    "node_facts",
    "risk_facts",
]

Engine = Literal["auto", "durable", "plain"]


def infer(
    derives: Sequence[Derive],
    facts: Sequence[Fact],
    units_per_group: Mapping[str, int],
    *,
    engine: Engine = "auto",
    step_limit: int | None = None,
    waived: Waived | None = None,
) -> tuple[Derived, ...]:
    """Everything that the derive rules conclude, ordered by rule and group.

    `waived` says of a derive rule and a group whether its risk is waived: it is concluded, but is a fact for no rule.
    `auto` is durable-rules where it can be imported (Python before 3.13), the plain engine elsewhere.
    Raises InferenceError for a rule that cannot be chained, beyond a limit, and if the engine refuses anything.
    """
    if not derives:
        return ()
    chain = Chain(derives, facts, units_per_group, step_limit, waived)
    use_durable = engine == "durable" or (engine == "auto" and durable.available())
    joiner: Joiner = durable.DurableJoiner(chain.rules) if use_durable else PlainJoiner([len(r) for r in chain.rules])
    try:
        return chain.run(joiner)
    finally:
        joiner.close()
