"""The language against its specification: public vectors, and more of our own in the same form (tests/data/cel)."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from riskgate.cel.compiler import compile_tree, names_in
from riskgate.cel.interpret import interpret
from riskgate.cel.parse import parse
from riskgate.cel.runtime import BoolKey, CelError, Context, TypeValue, Value, key_value, map_key
from riskgate.cel.support import UNBOUND

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "cel-conformance"
OWN = Path(__file__).parent / "data" / "cel"


def interpreted(text: str, bindings: Mapping[str, Value]) -> Value:
    return interpret(parse(text), bindings, Context())


def compiled(text: str, bindings: Mapping[str, Value]) -> Value:
    tree = parse(text)
    names = sorted(names_in(tree))
    values = [bindings.get(name, UNBOUND) for name in names]
    return compile_tree(tree, names, optional=True)(*values, Context())


ENGINES: dict[str, Callable[[str, Mapping[str, Value]], Value]] = {"interpreter": interpreted, "compiler": compiled}
"""How a text is evaluated, over run-time values; all of them must agree with every vector."""


def load(folder: Path) -> list[Any]:
    cases = [case for file in sorted(folder.glob("*.json")) for case in json.loads(file.read_text(encoding="utf-8"))]
    return [pytest.param(case, id=case["name"]) for case in cases]


def decoded(written: Any) -> Value:
    """The run-time value of one written in a vector."""
    if not isinstance(written, dict):
        return written
    ((kind, content),) = written.items()
    match kind:
        case "int":
            return content
        case "double":
            return float(content)
        case "list":
            return [decoded(item) for item in content]
        case "map":
            return {map_key(decoded(key)): decoded(value) for key, value in content}
        case _:
            raise AssertionError(kind)


def encoded(value: Value) -> object:
    """A run-time value as vectors write it, the entries of maps sorted."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return {"int": value}
        case float():
            return {"double": repr(value)}
        case list() | tuple():
            return {"list": [encoded(item) for item in value]}
        case dict():
            return {"map": sorted(([encoded(key_value(k)), encoded(v)] for k, v in value.items()), key=repr)}
        case TypeValue(name=name):
            return {"type": name}
        case _:
            raise AssertionError(value)


def normal(written: Any) -> object:
    """An expected value in the same order and spelling as `encoded` gives."""
    return written if isinstance(written, dict) and "type" in written else encoded(decoded(written))


def check(engine: str, case: Mapping[str, Any]) -> None:
    bindings = {name: decoded(value) for name, value in case.get("bindings", {}).items()}
    if "error" in case:
        with pytest.raises(CelError) as raised:
            ENGINES[engine](case["expr"], bindings)
        assert raised.value.kinds == {"error"}
        assert raised.value.message
    else:
        assert encoded(ENGINES[engine](case["expr"], bindings)) == normal(case["value"])


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public vectors are not on this machine")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", load(SHARED))
def test_public_vector(engine: str, case: Mapping[str, Any]) -> None:
    check(engine, case)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", load(OWN))
def test_own_vector(engine: str, case: Mapping[str, Any]) -> None:
    check(engine, case)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public vectors are not on this machine")
def test_no_public_vector_is_lost() -> None:
    assert len(load(SHARED)) == 381


def test_vectors_tell_bool_from_int() -> None:
    assert encoded(True) != encoded(1) != encoded(1.0)
    assert encoded({BoolKey(value=True): 1}) != encoded({1: 1})
