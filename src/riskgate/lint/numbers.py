"""Whether the numbers in the texts of a rule are those of its conditions, so that the two cannot drift apart."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from riskgate.describe import PLACEHOLDER
from riskgate.lint.finding import Finding, about
from riskgate.lint.trees import days, deciding_trees, numbers, parameters, placeholders
from riskgate.pack import Pack
from riskgate.plan.bind import BoundRule
from riskgate.text import Text

_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_NAME = re.compile(r"(?<![A-Za-z])[A-Z]{1,6}(?:/[A-Z])?[ -]?\d[\w.-]*|(?<![\d.])\d+(?:\.\d+){2,}")
"""Numbers that are names: N10, GB 50096-2011, B1-036, a clause 5.5.2."""
_NUMBER = re.compile(
    r"(?<![A-Za-z\d.])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"\s*(?P<unit>%|per ?cent|‰|mm|cm2|cm|m2|㎡|m\b)?"
)
_SCALES: dict[str | None, Sequence[Decimal]] = {
    "%": (Decimal("0.01"),),
    "per cent": (Decimal("0.01"),),
    "percent": (Decimal("0.01"),),
    "‰": (Decimal("0.001"),),
    "mm": (Decimal("0.001"),),
    "cm": (Decimal("0.01"), Decimal(10)),
    "m": (Decimal(1000),),
    "m2": (Decimal(10_000),),
    "㎡": (Decimal(10_000),),
    "cm2": (Decimal("0.0001"),),
}
"""Factors that turn a number with this unit into the unit a condition may have."""
_RATIO = re.compile(r"(?<![\d.])1\s*[/:：∶]\s*(\d+(?:\.\d+)?)")
_PER_TEN_THOUSAND = re.compile(r"万分之\s*(\d+(?:\.\d+)?)")


def _number_findings(bound: BoundRule, pack: Pack) -> Iterator[Finding]:
    rule = bound.rule
    known = _known(bound, pack)
    for name, text in (("title", rule.title), ("message", rule.message), ("remedy", rule.remedy), ("why", rule.why)):
        if text is None:
            continue
        said = [list(_said(one)) for one in text]
        for lang, found in zip(("zh", "en"), said, strict=True):
            for shown, meant in found:
                if not meant & known:
                    message = Text(
                        f"`{name}` 的 {lang} 文字里有 {shown}，条件和参数里没有",
                        f"the {lang} text of `{name}` says {shown}, which neither the condition nor a parameter has",
                    )
                    yield about(rule, "number-not-in-condition", message)


def _known(bound: BoundRule, pack: Pack) -> set[Decimal | str]:
    """The numbers and days of the conditions, of the values that texts show, and of the parameters of both."""
    shown = placeholders(rule_texts(bound))
    trees = [tree for tree, _ in deciding_trees(bound)]
    trees += [checked.tree for checked in bound.values.values()]
    read = {name for tree in trees for name in parameters(tree)}
    read |= {name.split(".")[1] for name in shown if name.startswith("params.")}
    known: set[Decimal | str] = {abs(number) for tree in trees for number in numbers(tree)}
    known |= {day for tree in trees for day in days(tree)}
    for name in read & pack.parameters.keys():
        known |= set(_flat(pack.parameters[name].default))
    return known


def rule_texts(bound: BoundRule) -> Text:
    """All texts of a rule, one after the other."""
    rule = bound.rule
    found = [text for text in (rule.title, rule.message, rule.remedy, rule.why) if text is not None]
    return Text("\n".join(text.zh for text in found), "\n".join(text.en for text in found))


def _flat(value: object) -> Iterator[Decimal | str]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _flat(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield Decimal(repr(value))
    elif hasattr(value, "isoformat"):
        yield str(value)[:10]


def _said(text: str) -> Iterator[tuple[str, set[Decimal | str]]]:
    """(number as it is written, what it may be in a condition) for each number in a text."""
    rest = PLACEHOLDER.sub(" ", text)
    for match in _DAY.finditer(rest):
        yield match[0], {match[0]}
    rest = _DAY.sub(" ", rest)
    for match in _PER_TEN_THOUSAND.finditer(rest):
        number = Decimal(match[1])
        yield match[0], {number, number / 10_000, number / 100}
    for match in _RATIO.finditer(rest):
        yield match[0], {Decimal(match[1])}
    rest = _NAME.sub(" ", _RATIO.sub(" ", _PER_TEN_THOUSAND.sub(" ", rest)))
    for match in _NUMBER.finditer(rest):
        number = Decimal(match["number"].replace(",", ""))
        unit = match["unit"]
        yield match[0].strip(), {number, *(number * scale for scale in _SCALES.get(unit, ()))}


NUMBER_CHECKS: Sequence[Callable[[BoundRule, Pack], Iterable[Finding]]] = (_number_findings,)
