"""The type checker: what it accepts with which type, and each mistake with its code, column and help."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from cel_vocabulary import ENVIRONMENT, VARIABLES, VOCABULARY
from riskgate.cel.check import Checked, check, field_type, member_types
from riskgate.cel.functions import FUNCTIONS
from riskgate.cel.overloads import FUNCTIONS_OF, METHODS_OF
from riskgate.cel.parse import parse
from riskgate.cel.syntax import Binary, Constant, Expr, children
from riskgate.cel.types import BOOL, EntityOf, ListOf, TextOf
from riskgate.pack import Expression
from riskgate.text import Text
from riskgate.vocabulary import Field

DATA = Path(__file__).parent / "data" / "cel_check"


def _cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["expr"]) for case in yaml.safe_load((DATA / name).read_text("utf-8"))]


def _check(text: str, *, condition: bool = False) -> Checked:
    rows = tuple((10 + row, 1) for row in range(text.count("\n") + 1))
    source = Expression(text, "rules/x.yaml", rows)
    return check(parse(text), ENVIRONMENT, source, expect=BOOL if condition else None)


def _nodes(tree: Expr) -> list[Expr]:
    return [tree, *(node for part in children(tree) for node in _nodes(part))]


@pytest.mark.parametrize("case", _cases("fine.yaml"))
def test_accepts(case: dict[str, str]) -> None:
    checked = _check(case["expr"])
    assert checked.problems == ()
    assert str(checked.type) == case["type"]
    assert all(id(node) in checked.types for node in _nodes(checked.tree))


@pytest.mark.parametrize("case", _cases("faults.yaml"))
def test_refuses(case: dict[str, Any]) -> None:
    problems = _check(case["expr"], condition=True).problems
    assert [f"{problem.code}@{problem.place.column}" for problem in problems] == case["problems"]
    hint = problems[0].help
    assert case.get("help", "") in (hint.en if hint else "")
    assert case.get("says", "") in problems[0].message.en
    for problem in problems:
        assert problem.message.zh
        assert problem.excerpt.endswith("^")
        assert problem.place.file == "rules/x.yaml"


def test_every_function_has_a_type() -> None:
    assert {(name, False) for name in FUNCTIONS_OF} | {(name, True) for name in METHODS_OF} == set(FUNCTIONS)


def test_overloads_take_as_many_arguments_as_the_functions() -> None:
    for (name, member), function in FUNCTIONS.items():
        for overload in (METHODS_OF if member else FUNCTIONS_OF)[name]:
            assert function.accepts(len(overload.params) - member), name


def test_node_codes_become_ids_and_the_tree_keeps_its_types() -> None:
    checked = _check('project.current_node in ["N10", "opening"] && room.doors > 1')
    values = [node.value for node in _nodes(checked.tree) if isinstance(node, Constant)]
    assert values == ["drawing-review", "opening", 1]
    assert all(id(node) in checked.types for node in _nodes(checked.tree))


def test_node_codes_are_found_through_macro_variables() -> None:
    checked = _check('["N10"].exists(n, n in project.passed)')
    assert checked.problems == ()
    assert "drawing-review" in [node.value for node in _nodes(checked.tree) if isinstance(node, Constant)]


def test_a_text_that_is_no_node_elsewhere_stays() -> None:
    checked = _check('project.current_node == "N10" && unit.note == "N10"')
    values = [node.value for node in _nodes(checked.tree) if isinstance(node, Constant)]
    assert values == ["drawing-review", "N10"]


def test_line_and_column_of_a_later_line() -> None:
    (problem,) = _check('unit.is_sold\n  && room.kindd == "kitchen"', condition=True).problems
    assert (problem.place.line, problem.place.column) == (11, 11)
    assert problem.excerpt == '  && room.kindd == "kitchen"\n          ^'


def test_a_row_of_thousands_of_operators() -> None:
    checked = _check(" && ".join(["unit.is_sold"] * 600), condition=True)
    assert checked.problems == ()


def test_members_of_an_entity() -> None:
    members = member_types(VOCABULARY, "project")
    assert members["buildings"] == ListOf(EntityOf("building"))
    assert members["site"] == EntityOf("site")
    assert members["sales_mode"] == TextOf("enum", "project.sales_mode", ("presale", "ready_sale"))
    assert member_types(VOCABULARY, "unit")["owner"] == TextOf("ref", "unit.owner", to="person")


def test_field_types_say_where_free_text_comes_from() -> None:
    field = Field("name", "string", Text.of("name"))
    assert field_type(field) == TextOf("free", "name")
    assert field_type(field, "room.name") == TextOf("free", "room.name")


def test_operators_keep_their_types() -> None:
    checked = _check("room.doors + 1 == 2")
    assert isinstance(checked.tree, Binary)
    assert str(checked.types[id(checked.tree.left)]) == "int"
    assert "short_m2" in VARIABLES
