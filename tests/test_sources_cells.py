"""Cells of ledgers as values, by a table: tests/data/ledger_cells.yaml."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from riskgate.sources.ground import ground_of
from riskgate.sources.ledger.cells import Ways
from riskgate.sources.ledger.mapping import Column, plain
from riskgate.sources.ledger.mapping_file import read_mapping
from riskgate.sources.ledger.refuse import BadCellError
from riskgate.workbook import Cell

TABLE = yaml.safe_load((Path(__file__).parent / "data" / "ledger_cells.yaml").read_text(encoding="utf-8"))
GROUND = ground_of(None)
MAPPING = read_mapping(None, GROUND.vocabulary)
WAYS = Ways(MAPPING, GROUND.lifecycle, dt.timezone(dt.timedelta(hours=8)))
KEYS = {"name", "field", "cell", "flags", "unit", "ledger", "value", "bad"}


def read(case: dict[str, Any], ways: Ways = WAYS) -> Any:
    entity, _, name = case["field"].partition(".")
    spec = GROUND.vocabulary.entities[entity].fields[name]
    ledger = next((one for one in MAPPING.ledgers if one.name == case.get("ledger")), None)
    column = Column(entity, name) if ledger is None else ledger.columns[case["field"]]
    factor: Decimal | None = None
    if "unit" in case:
        factor = MAPPING.units[spec.unit or ""].written[plain(case["unit"])]
    value = case["cell"]
    value = float(value) if type(value) is int else value.isoformat() if isinstance(value, dt.date) else value
    flags = dict.fromkeys(case.get("flags", ()), True)
    return ways.reader(column, spec, factor)(Cell(value, **flags))


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case["name"])
def test_a_cell_means_its_value_or_is_named(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    if "bad" in case:
        with pytest.raises(BadCellError) as caught:
            read(case)
        assert caught.value.code == case["bad"]
        return
    value = read(case)
    assert value == case["value"]
    assert type(value) is type(case["value"])


def test_workbooks_of_old_macintoshes_count_days_from_1904() -> None:
    ways = Ways(MAPPING, GROUND.lifecycle, dt.UTC, from_1904=True)
    assert read({"field": "permit.issued_date", "cell": 46346 - 1462}, ways) == "2026-11-20"


def test_every_unit_of_the_vocabulary_can_be_written() -> None:
    units = {spec.unit for kind in GROUND.vocabulary.entities.values() for spec in kind.fields.values() if spec.unit}
    assert units == set(MAPPING.units)
    assert all(Decimal(1) in unit.written.values() for unit in MAPPING.units.values())
