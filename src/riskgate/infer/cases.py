"""Runs the cases of derive rules: facts as a pack writes them, and the groups for which the rule is to conclude."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from riskgate.errors import InferenceError, Problem
from riskgate.infer import Engine, Fact, infer
from riskgate.infer.values import type_of
from riskgate.pack import Derive, DeriveCase
from riskgate.text import Text


@dataclass(frozen=True, slots=True)
class DeriveCaseResult:
    """One case and what came of it: the groups for which the rule alone concluded, sorted."""

    derive: str
    number: int  # from 1, in the order of the file
    case: DeriveCase
    found: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Groups that the case expects and the rule did not conclude for."""
        return tuple(sorted(set(self.case.expect) - set(self.found)))

    @property
    def unexpected(self) -> tuple[str, ...]:
        """Groups that the rule concluded for and the case does not expect."""
        return tuple(sorted(set(self.found) - set(self.case.expect)))

    @property
    def passed(self) -> bool:
        return not self.missing and not self.unexpected


def run_derive_cases(derives: Iterable[Derive], *, engine: Engine = "auto") -> tuple[DeriveCaseResult, ...]:
    """Run every case of every rule. A rule is tested alone: what other rules would conclude is written in the case as
    a `risk` fact that names their id. Facts of a case have the fields that it writes, no others.

    Raises InferenceError that lists every value of a case that is no text, number or boolean, and every bad rule.
    """
    rules = tuple(derives)
    problems = [problem for derive in rules for case in derive.cases for problem in _problems(derive, case)]
    if problems:
        raise InferenceError(problems)
    return tuple(
        DeriveCaseResult(derive.id, number, case, _groups(derive, case, engine))
        for derive in rules
        for number, case in enumerate(derive.cases, 1)
    )


def _groups(derive: Derive, case: DeriveCase, engine: Engine) -> tuple[str, ...]:
    facts = [
        Fact(kind, {name: value for name, value in fields.items() if value is not None}) for kind, fields in case.facts
    ]
    return tuple(derived.group for derived in infer([derive], facts, {}, engine=engine))


def _problems(derive: Derive, case: DeriveCase) -> Sequence[Problem]:
    return [
        Problem(
            "bad-case",
            Text(
                f"派生规则 `{derive.id}` 的用例：`{name}` 应为文字、数字或 true/false",
                f"case of derive rule `{derive.id}`: `{name}` must be a text, a number or a boolean",
            ),
            case.place,
        )
        for _, fields in case.facts
        for name, value in fields.items()
        if value is not None and not type_of(value)
    ]
