"""Expression text to syntax tree: what is refused, where and in which words; limits; places; shapes of trees."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskgate.cel.parse import parse
from riskgate.cel.paths import dotted_name, path_of
from riskgate.cel.syntax import Binary, Constant, Expr, Has, Ident, Macro, Select, Ternary, Unary, children
from riskgate.errors import ExpressionError, Place, Problem
from riskgate.pack import Expression

REFUSED = json.loads((Path(__file__).parent / "data/cel/refused/parse.json").read_text(encoding="utf-8"))


def refusal(text: str, source: Expression | None = None) -> Problem:
    with pytest.raises(ExpressionError) as raised:
        parse(text, source)
    (problem,) = raised.value.problems
    return problem


def depth(tree: Expr) -> int:
    return 1 + max((depth(part) for part in children(tree)), default=0)


@pytest.mark.parametrize("case", REFUSED, ids=[case["text"] for case in REFUSED])
def test_refusal_has_code_and_place(case: dict[str, Any]) -> None:
    problem = refusal(case["text"])
    assert (problem.code, problem.place) == (case["code"], Place("", case["line"], case["column"]))
    assert problem.message.zh != problem.message.en
    assert problem.excerpt.endswith("^")


def test_refusal_names_the_place_in_the_file() -> None:
    source = Expression("a &&\n  b = 3", "pack.yaml", ((7, 12), (8, 5)))
    problem = refusal(source.text, source)
    assert problem.place == Place("pack.yaml", 8, 9)
    assert problem.excerpt == "  b = 3\n    ^"


def test_caret_stands_below_wide_characters() -> None:
    assert refusal("'厨房' = a").excerpt == "'厨房' = a\n       ^"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("a ≥ 1", "`>=`"),
        ("a ＝ 1", "`==`"),
        ("a = 1", "`==`"),
        ("a == “x”", '`"`'),
        ("a， b", "`,`"),
        ("a and b", "`&&`"),
        ("不 a", "`!`"),
        ("a 不低于 3", "`>=`"),
        ("a <> b", "`!=`"),
        ("'a”", "`'`"),
        ("厨房", '"厨房"'),
        ("'\\d'", 'r"…"'),
        ("x.exists(y)", "list.exists(x, x > 0)"),
        ("if", "condition ? value : other"),
    ],
)
def test_help_says_what_to_write(text: str, advice: str) -> None:
    problem = refusal(text)
    assert problem.help is not None
    assert advice in problem.help.en


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(" * 5_000 + "1" + ")" * 4_999, "expression-too-deep"),
        ("(" * 10_000 + "1" + ")" * 10_000, "expression-too-long"),
        ("[" * 10_000, "expression-too-deep"),
        ("!" * 9_996 + "true", "expression-too-deep"),
        ("-" * 9_999 + "x", "expression-too-deep"),
        ("a" + ".b" * 4_000, "expression-too-deep"),
        ("a ? b : " * 1_200 + "c", "expression-too-deep"),
        ("1 + " * 2_000 + "1", "expression-too-deep"),
        ("a" * 10_001, "expression-too-long"),
    ],
    ids=["parentheses", "text", "lists", "not", "minus", "fields", "choices", "sum", "name"],
)
def test_what_is_too_deep_or_too_long_is_refused(text: str, code: str) -> None:
    assert refusal(text).code == code


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100 + "1" + ")" * 100,
        "a.f(" * 99 + "1" + ")" * 99,
        "[" * 99 + "1" + "]" * 99,
        "!" * 99 + "a",
        "1 + " * 99 + "1",
        "a ? b : " * 99 + "c",
    ],
    ids=["parentheses", "calls", "lists", "not", "sum", "choices"],
)
def test_a_hundred_levels_are_taken(text: str) -> None:
    assert depth(parse(text)) <= 100


@pytest.mark.parametrize("operator", ["&&", "||"])
def test_long_logical_chains_are_balanced(operator: str) -> None:
    tree = parse(operator.join(["a"] * 3_000))
    assert depth(tree) <= 13


def test_chains_keep_their_order() -> None:
    def leaves(node: Expr) -> list[Expr]:
        return [node] if isinstance(node, Ident) else [leaf for part in children(node) for leaf in leaves(part)]

    assert [leaf.name for leaf in leaves(parse("&&".join(f"a{n}" for n in range(7)))) if isinstance(leaf, Ident)] == [
        f"a{n}" for n in range(7)
    ]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a + b * c", "a + (b * c)"),
        ("a - b - c", "(a - b) - c"),
        ("a && b || c && d", "(a && b) || (c && d)"),
        ("a < b == c", "(a < b) == c"),
        ("!a.b[c]", "!((a.b)[c])"),
        ("-a * b", "(-a) * b"),
        ("a ? b : c ? d : e", "a ? b : (c ? d : e)"),
        ("a || b ? c : d", "(a || b) ? c : d"),
        ("a in b && c", "(a in b) && c"),
        ("a\n// note\n== b", "a == b"),
        ("[1, 2,]", "[1, 2]"),
        ('"a"', "'a'"),
        ("xs.existsOne(x, x)", "xs.exists_one(x, x)"),
        (".a", "a"),
    ],
)
def test_texts_that_mean_the_same_are_equal_trees(text: str, same: str) -> None:
    assert parse(text) == parse(same)


@pytest.mark.parametrize(
    ("text", "other"), [("1", "1.0"), ("true", "1"), ("0.0", "-0.0"), ("a.b", "has(a.b)"), ("a - b", "b - a")]
)
def test_texts_that_differ_are_different_trees(text: str, other: str) -> None:
    assert parse(text) != parse(other)


def test_spans_cover_the_text_of_a_node() -> None:
    text = "(a + 1) * xs.filter(x, x > -2).size()"
    tree = parse(text)
    assert isinstance(tree, Binary)
    assert (tree.span.start, tree.span.end) == (0, len(text))
    shown = [text[part.span.start : part.span.end] for part in children(tree)]
    assert shown == ["a + 1", "xs.filter(x, x > -2).size()"]


def test_a_minus_belongs_to_the_number() -> None:
    assert parse("-5") == Constant(-5)
    assert parse("-9223372036854775808") == Constant(-(2**63))
    assert parse("- 1.5") == Constant(-1.5)
    assert parse("-x") == Unary("-", Ident("x"))
    assert parse("--5") == Unary("-", Constant(-5))


def test_macros_and_their_parts() -> None:
    x, xs = Ident("x"), Ident("xs")
    assert parse("has(a.b)") == Has(Ident("a"), "b")
    assert parse("xs.all(x, x)") == Macro("all", xs, ("x",), x)
    assert parse("xs.map(x, x)") == Macro("map", xs, ("x",), None, x)
    assert parse("xs.map(x, x, 1)") == Macro("map", xs, ("x",), x, Constant(1))
    assert parse("xs.exists(i, x, x)") == Macro("exists", xs, ("i", "x"), x)
    assert parse("xs.transformMap(i, x, x)") == Macro("transformMap", xs, ("i", "x"), None, x)
    assert parse("xs.transformList(i, x, x, 1)") == Macro("transformList", xs, ("i", "x"), x, Constant(1))


def test_a_leading_dot_stays_only_where_a_variable_hides_the_name() -> None:
    assert parse("xs.all(x, .x)") == Macro("all", Ident("xs"), ("x",), Ident(".x"))
    assert parse("xs.all(x, .y)") == Macro("all", Ident("xs"), ("x",), Ident("y"))
    assert parse(".x && xs.all(x, x)") == Binary("&&", Ident("x"), Macro("all", Ident("xs"), ("x",), Ident("x")))


def test_reserved_words_are_fields() -> None:
    assert parse("a.for") == Select(Ident("a"), "for")
    assert isinstance(parse("a ? b.if : c"), Ternary)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("room.area", "room.area"),
        ("room.load.live", "room.load.live"),
        ("xs[0].a", "xs[0].a"),
        ("xs[i].a", "xs[…].a"),
        ('lookup("unit", u).area', "lookup(unit).area"),
        ("xs.filter(x, x.a).b", "xs.filter(…).b"),
        ("(a + b).c", "….c"),
        ("f(a).b", "f(…).b"),
    ],
)
def test_path_of_a_selection(text: str, path: str) -> None:
    assert path_of(parse(text)) == path


def test_dotted_name_is_only_names() -> None:
    assert dotted_name(parse("a.b.c")) == "a.b.c"
    assert dotted_name(parse("a[0].c")) is None


PIECES = [
    *("a", "b1", "1", "2.5", "'x'", '"', "'", "r'", "(", ")", "[", "]", "{", "}", ",", ".", ":", "?", "&&", "||", "!"),
    *("-", "+", "*", "/", "%", "==", "<", "in", "=", "has(", ".all(x,", ".map(", " ", "\n", "//", "\\", "厨", "“", "`"),
    *("true", "null", "if", "0x", "1e", "9" * 25, "\u200b", "\0", "\ud800", "'''", "and"),
]


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_text_is_a_tree_or_one_problem_inside_it(text: str) -> None:
    try:
        tree = parse(text)
    except ExpressionError as refused:
        (problem,) = refused.problems
        lines = text.split("\n")
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
    else:
        assert tree == parse(text)
