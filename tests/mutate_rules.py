"""Would the cases of rules notice a wrong condition? python -m tests.mutate_rules [--prefix ID] [--count N] [--seed N]

Each mutation is one small slip of an author: a comparison turned round or off by its limit, a number, date or parameter
one step beside, `&&` made `||`, a negation or a whole `when` dropped. Only the rule's own cases may notice it.
"""

import argparse
import datetime as dt
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from riskgate.cases import CaseResult, run_cases
from riskgate.cel.lex import Token, tokens_of
from riskgate.load.library import Library, read_library
from riskgate.pack import Expression, Pack, Rule
from riskgate.plan.plan import make_plan

COMPARISONS = {
    "<": (">", "<="),
    "<=": (">=", "<"),
    ">": ("<", ">="),
    ">=": ("<=", ">"),
    "==": ("!=",),
    "!=": ("==",),
}
LOGIC = {"&&": "||", "||": "&&"}
NAMES = {"at_least": "at_most", "at_most": "at_least", "exists": "all", "all": "exists"}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Mutation:
    """A rule with one slip in it, and the slip in words."""

    pack: Pack
    rule: Rule
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule.id} {self.kind}: {self.text}"

    def noticed(self, library: Library) -> bool:
        """Whether a case of the rule gives another outcome than it expects, or the rule does not even load."""
        return bool(self.failing(library))

    def failing(self, library: Library) -> Sequence[str]:
        """What notices it: the problems of loading, else the numbers of the cases."""
        pack = replace(self.pack, rules=(self.rule,), derives=(), facts={})
        plan, problems = make_plan(replace(library, packs=(pack,)))
        if problems:
            return [problem.code for problem in problems]
        results: Iterable[CaseResult] = run_cases(plan)
        return [str(result.index) for result in results if not result.passed]


def mutations(pack: Pack, rule: Rule) -> Iterator[Mutation]:
    """Every mutation of one rule."""
    for kind, shown, changed in _slips(rule.require, pack):
        yield Mutation(pack, replace(rule, require=changed), kind, f"require: {shown}")
    if rule.when is not None:
        for kind, shown, changed in _slips(rule.when, pack):
            yield Mutation(pack, replace(rule, when=changed), kind, f"when: {shown}")
        yield Mutation(pack, replace(rule, when=None), "when dropped", rule.when.text)
    for name in _deciding(rule):
        for kind, shown, changed in _slips(rule.values[name], pack):
            yield Mutation(pack, replace(rule, values={**rule.values, name: changed}), kind, f"{name}: {shown}")


def _deciding(rule: Rule) -> list[str]:
    """The named values that the conditions use; those that only a message shows decide nothing."""
    wanted: set[str] = set()
    for expression in filter(None, (rule.when, rule.require)):
        wanted |= {token.text for token in tokens_of(expression) if token.kind == "name"}
    for name in reversed(tuple(rule.values)):  # a value may use those above it
        if name in wanted:
            wanted |= {token.text for token in tokens_of(rule.values[name]) if token.kind == "name"}
    return [name for name in rule.values if name in wanted]


def _slips(expression: Expression, pack: Pack) -> Iterator[tuple[str, str, Expression]]:
    """(kind, what was changed, the changed expression) for each slip in one expression."""
    text = expression.text
    tokens = tokens_of(expression)
    for number, token in enumerate(tokens):
        for kind, new in _instead(token, tokens[:number], tokens[number + 1 :], pack):
            around = f"{text[max(0, token.start - 30) : token.start]}[{token.text} -> {new}]{text[token.end :][:30]}"
            changed = text[: token.start] + new + text[token.end :]
            yield kind, " ".join(around.split()), replace(expression, text=changed)


def _instead(token: Token, before: Sequence[Token], after: Sequence[Token], pack: Pack) -> Iterator[tuple[str, str]]:
    """What may stand in place of a token."""
    if token.kind == "operator":
        for other in COMPARISONS.get(token.text, ()):
            yield "comparison", other
        if token.text in LOGIC:
            yield "logic", LOGIC[token.text]
        if token.text == "!":
            yield "negation dropped", ""
    elif token.kind in ("int", "double"):
        yield from (("threshold", moved) for moved in _moved(token.text))
    elif token.kind == "string" and DAY.fullmatch(token.text):
        day = dt.date.fromisoformat(token.text)
        yield from (("threshold", f'"{day + dt.timedelta(days=step)}"') for step in (-1, 1))
    elif token.kind == "name":
        called = bool(after) and after[0].text == "("
        if called and token.text in NAMES:
            yield "comparison" if token.text.startswith("at_") else "quantifier", NAMES[token.text]
        owner = [part.text for part in before[-2:]]
        if owner == ["params", "."] and token.text in pack.parameters:
            default = pack.parameters[token.text].default
            if isinstance(default, int | float) and not isinstance(default, bool):
                yield from (("threshold", f"{token.text} {sign} {_step(str(default))}") for sign in "-+")


def _moved(number: str) -> Iterator[str]:
    step = Decimal(_step(number))
    for moved in (Decimal(number) - step, Decimal(number) + step):
        yield f"({moved})" if moved < 0 else str(moved)


def _step(number: str) -> str:
    """One unit of the last digit that is written."""
    decimals = len(number.partition(".")[2])
    return f"{Decimal(1).scaleb(-decimals):f}" if decimals else "1"


def chosen(library: Library, prefixes: tuple[str, ...] = ("",)) -> list[Mutation]:
    """Every mutation of every rule whose id begins with one of these."""
    rules = [(pack, rule) for pack in library.packs for rule in pack.rules if rule.id.startswith(prefixes)]
    return [mutation for pack, rule in rules for mutation in mutations(pack, rule)]


def sample(every: Sequence[Mutation], count: int, seed: int) -> list[Mutation]:
    """As many of them, chosen by chance."""
    rng = random.Random(seed)  # noqa: S311 (a seed is wanted)
    return rng.sample(every, min(count, len(every)))


def main() -> None:
    parser = argparse.ArgumentParser(description="Try slips in conditions and see whether the rules' cases notice.")
    parser.add_argument("--prefix", action="append", help="only rules whose ids begin so (repeatable)")
    parser.add_argument("--count", type=int, default=100, help="how many; 0 for all")
    parser.add_argument("--seed", type=int, default=68)
    given = parser.parse_args()
    library, problems = read_library()
    if problems:
        raise SystemExit("\n".join(str(problem) for problem in problems))
    every = chosen(library, tuple(given.prefix or ("",)))
    tried = sample(every, given.count or len(every), given.seed)
    missed = [mutation for mutation in tried if not mutation.noticed(library)]
    for mutation in missed:
        print(f"not noticed: {mutation}")
    print(f"{len(tried) - len(missed)} of {len(tried)} mutations noticed (of {len(every)}; seed {given.seed})")


if __name__ == "__main__":
    main()
