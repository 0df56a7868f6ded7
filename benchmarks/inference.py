"""Inference alone: both engines chain the same facts; their answers are compared before they are timed."""

import sys
from collections.abc import Callable

from measure import Candidate, interleaved
from rows import BOTH, Row
from subject import FLAT

from riskgate.gate import Gate
from riskgate.infer import Derived, Engine, Fact, infer

GROUP_COUNT = 50
RULE_COUNT = 195
THEMES = ("leak", "child_safety", "daylight_air", "noise", "smell")
NAMES = {"plain": ("纯 Python", "plain Python"), "durable": ("durable-rules", "durable-rules")}


def facts_of_a_project() -> tuple[list[Fact], dict[str, int]]:
    """About 10,000 facts: risks of many rules in fifty buildings, their themes, a node; and the flats per building."""
    groups = [f"phases[1]/buildings[{number:02d}]" for number in range(GROUP_COUNT)]
    facts = [Fact("node", {"node": "joint-acceptance", "stage": "S10", "status": "in_progress"})]
    for number in range(RULE_COUNT):
        for place, group in enumerate(groups):
            units = (number * 7 + place) % 9
            name = f"BM-{number:03d}"
            facts.append(
                Fact(
                    "risk",
                    {
                        "rule": name,
                        "theme": THEMES[number % len(THEMES)],
                        "severity": "major",
                        "group": group,
                        "count": units + 1,
                        "units": units,
                        "rate": units / 100,
                    },
                    (f"{name}-{place}",),
                )
            )
    facts += [
        Fact("theme", {"theme": theme, "group": group, "rules": 3, "count": 9, "units": 5, "rate": 0.05})
        for theme in THEMES
        for group in groups
    ]
    return facts, dict.fromkeys(groups, 100)


def inference(rounds: int) -> list[Row]:
    derives = [derive for pack in Gate.load(FLAT).library.packs for derive in pack.derives]
    facts, units = facts_of_a_project()

    def run(engine: Engine) -> Callable[[object], tuple[Derived, ...]]:
        return lambda _: infer(derives, facts, units, engine=engine)

    engines: list[Engine] = ["plain", "durable"] if sys.version_info < (3, 13) else ["plain"]
    answers = [run(engine)(None) for engine in engines]
    assert all(answer == answers[0] for answer in answers), "the engines disagree"
    shown = []
    for collector, on in BOTH:
        times = interleaved({engine: Candidate(run(engine)) for engine in engines}, rounds=rounds, on=on)
        for engine in engines:
            zh, en = NAMES[engine]
            zh, en = f"推理 {len(facts):,} 条事实，{zh}", f"inference, {len(facts):,} facts, {en}"
            detail = f"{len(derives)} derive rules, {len(answers[0])} conclusions"
            shown.append(Row(zh, en, collector, times.median(engine) * 1000, "ms", detail=detail))
    return shown
