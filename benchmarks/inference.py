"""Inference alone: both engines chain the same facts; their answers are compared before they are timed."""

from collections.abc import Callable, Sequence

from measure import Candidate, interleaved
from plots import Plot, Point
from rows import BOTH, Measured, Options, Row
from subject import FLAT

from riskgate.gate import Gate
from riskgate.infer import Derived, Engine, Fact, infer
from riskgate.infer.durable import available
from riskgate.pack import Derive

GROUP_COUNT = 50
RULE_COUNT = 195
THEMES = ("leak", "child_safety", "daylight_air", "noise", "smell")
NAMES = {"plain": ("纯 Python", "plain Python"), "durable": ("durable-rules", "durable-rules")}


def facts_of_a_project(group_count: int = GROUP_COUNT) -> tuple[list[Fact], dict[str, int]]:
    """About 200 facts for each building: risks of many rules, their themes; a node; and the flats per building."""
    groups = [f"phases[1]/buildings[{number:02d}]" for number in range(group_count)]
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


def inference(options: Options) -> Measured:
    """Both engines on about 10,000 facts."""
    derives = _derives()
    candidates, answer, count = _engines(derives, GROUP_COUNT)
    shown = []
    for collector, on in BOTH:
        times = interleaved(candidates, rounds=options.rounds, on=on)
        for engine in candidates:
            zh, en = NAMES[engine]
            names = (f"推理 {count:,} 条事实，{zh}", f"inference, {count:,} facts, {en}")
            detail = f"{len(derives)} derive rules, {len(answer)} conclusions"
            shown.append(Row.of(names, collector, times.of(engine).times(1000), unit="ms", detail=detail))
    return Measured(shown)


def by_facts(options: Options) -> Measured:
    """From 1,000 facts to 40,000, those of 200 buildings; fewer in a smaller run."""
    derives = _derives()
    lines: dict[str, list[Point]] = {}
    for share in (400, 200, 80, 40, 20, 10):
        groups = max(options.units // share, 1)
        candidates, _, count = _engines(derives, groups)
        times = interleaved(candidates, rounds=options.rounds, on=True)
        for engine in candidates:
            lines.setdefault(NAMES[engine][1], []).append((count, *times.of(engine).times(1000)))
    title = ("推理：事实数与用时", "inference: time by facts")
    return Measured(plots=[Plot("inference", *title, "事实数 / facts", "毫秒 / ms", lines, log=True)])


def _derives() -> Sequence[Derive]:
    return [derive for pack in Gate.load(FLAT).library.packs for derive in pack.derives]


def _engines(derives: Sequence[Derive], groups: int) -> tuple[dict[str, Candidate], tuple[Derived, ...], int]:
    """The engines that work here, what each of them answers, and the number of facts."""
    facts, units = facts_of_a_project(groups)

    def run(engine: Engine) -> Callable[[object], tuple[Derived, ...]]:
        return lambda _: infer(derives, facts, units, engine=engine)

    engines: list[Engine] = ["plain", "durable"] if available() else ["plain"]
    answers = [run(engine)(None) for engine in engines]
    assert all(answer == answers[0] for answer in answers), "the engines disagree"
    return {engine: Candidate(run(engine)) for engine in engines}, answers[0], len(facts)
