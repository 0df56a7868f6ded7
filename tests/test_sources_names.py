"""Names from other systems, half characters, fields that no cell holds: read or refused in words, like everything."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from riskgate import ChoiceError, Gate, LoadError, SnapshotError, sources
from riskgate.errors import SourceError
from riskgate.sources.ledger.cells import parts_of
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


def test_what_is_long_or_often_wrong_takes_no_long_time(tmp_path: Path) -> None:
    """Each of these took minutes when time grew with the square of its length, or worse."""
    gate = Gate.load()

    def prices(rows: str, header: str = "房号,总价") -> sources.Made:
        (tmp_path / "p.csv").write_text(f"{header}\n{rows}", encoding="utf-8")
        at = {"phase": "1", "building": "3", "stair_unit": "1"}
        return sources.read_csv(tmp_path / "p.csv", "prices", gate=gate, project="P", at=at)

    ident = "1" + "号楼室" * 30_000
    phase = prices(f"{ident},107\n").data["project"]["phases"][0]
    assert phase["buildings"][0]["stair_units"][0]["units"][0]["id"].endswith(ident)
    with pytest.raises(SourceError, match="no row looks like its headers"):
        prices("1,107\n", "房号,总价" + "（万元）" * 20_000)
    assert len(parts_of("、".join(["1"] * 20_000))) == 20_000
    (tmp_path / "p.csv").write_text("证照名称,状态\n" + "预售许可证,已办\n" * 20_000, encoding="utf-8")
    permits = sources.read_csv(tmp_path / "p.csv", "permits", gate=gate, project="P").data["project"]["permits"]
    assert [permits[0]["id"], permits[-1]["id"]] == ["presale", "presale-20000"]


def test_not_every_name_that_is_not_known_is_looked_for(tmp_path: Path) -> None:
    units = [{"id": f"3-{number:04}"} for number in range(200)]
    building = {"id": "3", "stair_units": [{"id": "1", "units": units}]}
    into = {"riskgate": 1, "project": {"id": "P", "phases": [{"id": "1", "buildings": [building]}]}}
    (tmp_path / "p.csv").write_text("房号,总价\n" + "".join(f"3-{n:04}Q,1\n" for n in range(200)), encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        sources.read_csv(tmp_path / "p.csv", "prices", gate=Gate.load(), into=into)
    guessed = [problem.help is not None for problem in caught.value.problems]
    assert guessed == [True] * 50 + [False] * 150


def test_ids_of_any_length_have_an_order() -> None:
    digits = ["2", "10", "9" * 5_000, "1" + "0" * 5_000]
    assert sorted({*digits}, key=natural) == digits
    assert sorted(["A10", "A2", "A02", "", "甲", "2"], key=natural) == ["2", "A02", "A2", "A10", "甲", ""]
