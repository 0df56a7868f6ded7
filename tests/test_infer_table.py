"""Every row of infer_table.yaml, by each engine and by the definition."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from infer_reference import infer_naively
from riskgate.fingerprint import fingerprint
from riskgate.infer import Derived, Fact, durable, infer
from riskgate.pack import Conclusion, Derive, FactCondition, Given
from riskgate.text import Text

ROWS = yaml.safe_load((Path(__file__).parent / "infer_table.yaml").read_text(encoding="utf-8"))
ENGINES = ["plain", "definition", *(["durable"] if durable.available() else [])]


def derive_of(rule: str, spec: Mapping[str, Any]) -> Derive:
    lines: list[Given] = []
    for written in spec["given"]:
        (fact, alias), *_ = written.items()
        where = written.get("where", {})
        earlier = {line.alias for line in lines}
        lines.append(
            Given(fact, alias, tuple(c for name, value in where.items() for c in conditions(name, value, earlier)))
        )
    conclusion = Conclusion(spec.get("severity", "blocking"), ("n",), theme=spec.get("theme"))
    return Derive(rule, Text.of(rule), tuple(lines), conclusion)


def conditions(name: str, value: Any, earlier: set[str]) -> list[FactCondition]:
    if isinstance(value, dict):
        return [FactCondition(name, operator, constant) for operator, constant in value.items()]
    alias, dot, field = str(value).partition(".")
    if dot and alias in earlier:
        return [FactCondition(name, "eq", other=(alias, field))]
    return [FactCondition(name, "eq", value)]


def facts_of(row: Mapping[str, Any]) -> list[Fact]:
    return [
        Fact(kind, fields, (str(number),), frozenset(*units))
        for number, (kind, fields, *units) in enumerate(row["facts"], 1)
    ]


def concluded(engine: Any, row: Mapping[str, Any]) -> tuple[Derived, ...]:
    derives = [derive_of(rule, spec) for rule, spec in row["derive"].items()]
    facts, units = facts_of(row), row.get("units", {})
    return (
        infer_naively(derives, facts, units) if engine == "definition" else infer(derives, facts, units, engine=engine)
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_row(row: Mapping[str, Any], engine: Any) -> None:
    derived = concluded(engine, row)
    groups: dict[str, list[str]] = {}
    for found in derived:
        groups.setdefault(found.derive, []).append(found.group)
    assert groups == row["expect"]
    for rule, names in row.get("behind", {}).items():
        ids = {fingerprint(*name.split("@")) if "@" in name else name for name in names}
        assert {risk for found in derived if found.derive == rule for risk in found.because} == ids
