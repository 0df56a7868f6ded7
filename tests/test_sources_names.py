"""Names from other systems, half characters, fields that no cell holds: read or refused in words, like everything."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from riskgate import ChoiceError, Gate, LoadError, SnapshotError, sources
from riskgate.sources.merging.write import natural

GATE = Gate.load(Path(__file__).parent / "battery" / "base" / "company")
HALF = "\udcff"
"""What Python makes of a byte that is no UTF-8 in a name or on the command line."""
ROWS = "编号,高度\n1,52.2\n2,48\n"
MAP = """\
version: 1
ledgers:
  buildings: {entity: building, columns: {building.id: {headers: [编号]}, building.height_m: {headers: [高度]}}}
  venue: {entity: venue, columns: {venue.size: {headers: [大小]}, venue.is_open: {headers: [开放]}}}
"""
SOUND = MAP.rpartition("  venue")[0]


def read(folder: Path, name: str = "ledger.csv", mapping: str = SOUND, **rest: Any) -> Mapping[str, Any]:
    (folder / name).write_text(ROWS, encoding="utf-8")
    (folder / "map.yaml").write_text(mapping, encoding="utf-8")
    asked: dict[str, Any] = {"gate": GATE, "mapping": folder / "map.yaml", "project": "P"} | rest
    made = sources.read_csv(folder / name, "buildings", **asked)
    assert GATE.snapshot(made.to_json()).project["id"] == made.data["project"]["id"]
    return made.data


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_no_text_is_called_by_its_bytes(tmp_path: Path) -> None:
    data = read(tmp_path, os.fsdecode(b"\xff.csv"))
    assert data["origins"]["/project/buildings/0/height_m"] == "\\udcff.csv B2"


def test_half_a_character_in_what_the_caller_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="half of a surrogate pair") as caught:
        read(tmp_path, project=HALF)
    assert str(caught.value.problems[0].place) == "/project/id"


def test_a_field_that_no_cell_can_hold_is_no_column(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no cell can hold") as caught:
        read(tmp_path, mapping=MAP)
    assert caught.value.problems[0].place.line == 4


@pytest.mark.parametrize("bad", ["::", '"', "\n"])
def test_what_cannot_separate_columns_is_refused(bad: str, tmp_path: Path) -> None:
    with pytest.raises(ChoiceError, match="cannot separate columns"):
        read(tmp_path, delimiter=bad)


def test_ids_of_any_length_have_an_order() -> None:
    digits = ["2", "10", "9" * 5_000, "1" + "0" * 5_000]
    assert sorted({*digits}, key=natural) == digits
    assert sorted(["A10", "A2", "A02", "", "甲", "2"], key=natural) == ["2", "A02", "A2", "A10", "甲", ""]
