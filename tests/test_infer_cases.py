"""Cases of derive rules."""

import pytest

from riskgate.errors import InferenceError
from riskgate.infer.cases import run_derive_cases
from riskgate.pack import Conclusion, Derive, DeriveCase, FactCondition, Given
from riskgate.text import Text

LEAK = ("risk", {"rule": "JA-WTR-001", "theme": "leak", "group": "b3", "rate": 0.08})
OPEN = ("node", {"node": "joint-acceptance", "status": "in_progress"})


def systemic(*cases: DeriveCase) -> Derive:
    given = (
        Given("risk", "leak", (FactCondition("theme", "eq", "leak"), FactCondition("rate", "gte", 0.05))),
        Given("node", "acceptance", (FactCondition("status", "neq", "passed"),)),
    )
    return Derive("JA-DRV-001", Text.of("t"), given, Conclusion("blocking", ("n",), theme="leak"), cases=cases)


def test_a_case_passes_where_the_rule_concludes_for_the_expected_groups() -> None:
    passing = systemic(
        DeriveCase((LEAK, OPEN), ("b3",)),
        DeriveCase((LEAK,), ()),
        DeriveCase((("risk", {**LEAK[1], "rate": None}), OPEN), ()),
    )
    results = run_derive_cases([passing])
    assert [(result.number, result.passed, result.found) for result in results] == [
        (1, True, ("b3",)),
        (2, True, ()),
        (3, True, ()),
    ]


def test_a_failing_case_says_which_groups_are_missing_and_which_are_too_many() -> None:
    (result,) = run_derive_cases([systemic(DeriveCase((LEAK, OPEN), ("b4", "b5")))])
    assert not result.passed
    assert (result.missing, result.unexpected) == (("b4", "b5"), ("b3",))


def test_a_rule_is_tested_alone_and_a_derived_risk_is_written_as_a_fact() -> None:
    first = systemic()
    derived = ("risk", {"rule": "JA-DRV-001", "group": "b3"})
    second = Derive(
        "JA-DRV-002",
        Text.of("t"),
        (Given("risk", "a", (FactCondition("rule", "eq", "JA-DRV-001"),)),),
        Conclusion("major", ("n",)),
        cases=(DeriveCase((LEAK, OPEN), ()), DeriveCase((derived,), ("b3",))),
    )
    assert all(result.passed for result in run_derive_cases([first, second]))


def test_values_that_no_fact_can_have_are_errors_all_of_them() -> None:
    bad = systemic(DeriveCase((("risk", {"rule": ["a"], "theme": {}}),), ()), DeriveCase((("node", {"x": b""}),), ()))
    with pytest.raises(InferenceError) as error:
        run_derive_cases([bad])
    assert [problem.code for problem in error.value.problems] == ["bad-case"] * 3
