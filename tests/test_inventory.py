"""Which entities a report knows to have been there: membership, bytes, independence of order."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskgate.gate import Gate
from riskgate.inventory import MASK, Inventory, is_lasting, mark_of
from riskgate.snapshot.marks import marks_of
from test_cli import COMPANY, SNAPSHOT

GATE = Gate.load(COMPANY)
names = st.text(min_size=1, max_size=6).filter(str.strip)


def project(flats: dict[str, list[str]]) -> dict[str, Any]:
    listed = [{"id": flat, "rooms": [{"id": room} for room in rooms]} for flat, rooms in flats.items()]
    return {"riskgate": 1, "as_of": "2026-11-20", "project": {"id": "P", "flats": listed}}


def inventory(data: dict[str, Any]) -> Inventory:
    snapshot = GATE.snapshot(json.dumps(data).encode())
    return Inventory.of(lambda: marks_of(snapshot))


@given(st.dictionaries(names, st.lists(names, unique=True, max_size=4), max_size=4), st.randoms())
@settings(deadline=None, max_examples=80)
def test_an_inventory_has_every_address_in_whatever_order(flats: dict[str, list[str]], chance: random.Random) -> None:
    data = project(flats)
    snapshot = GATE.snapshot(json.dumps(data).encode())
    found = inventory(data)
    addresses = [address for kind in ("flat", "room") for address in snapshot.addresses(kind)]
    assert len(found) == len(addresses)
    assert all(address in found for address in addresses)
    assert found == Inventory.of_addresses(addresses) == Inventory.from_text(found.text)
    chance.shuffle(data["project"]["flats"])
    assert inventory(data).text == found.text


def test_what_is_not_there_is_not_in_it() -> None:
    found = inventory(project({"1": ["K"], "2": []}))
    assert "project" in found
    assert "flats[1]/rooms[K]" in found
    for address in ("flats[2]/rooms[K]", "flats[3]", "flats[1]/rooms[K]/rooms[K]", "rooms[K]", "flats", ""):
        assert address not in found


def test_the_mark_is_reckoned_as_the_documentation_says() -> None:
    from hashlib import blake2b  # noqa: PLC0415 - the definition, word for word

    step = int.from_bytes(blake2b(b"rooms[K]", digest_size=5).digest())
    assert mark_of("flats[1]/rooms[K]") == (mark_of("flats[1]") * 0x1E3779B1 & MASK) ^ step


def test_entities_without_an_id_have_no_lasting_address() -> None:
    assert not is_lasting("permits[#3]/papers[1]")
    assert is_lasting("permits[%233]")
    assert len(Inventory.of_addresses(["permits[#3]/papers[1]", "project"])) == 0


@pytest.mark.parametrize("text", ["AAAA", "!", "AAAAAAE=AAAA", "AgAAAAABAAAAAA==", "AAAAAAF="])
def test_what_is_no_inventory_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Inventory.from_text(text)


def test_a_report_carries_it_and_reading_checks_it() -> None:
    from riskgate.errors import ReportError  # noqa: PLC0415 - this test alone
    from riskgate.report import Report  # noqa: PLC0415 - the same

    report = GATE.check(SNAPSHOT)
    assert "flats[0103]/rooms[K]" in Report.from_json(report.to_json()).entities
    shape = json.loads(report.to_json())
    changes: list[Callable[[dict[str, Any]], object]] = [
        lambda entities: entities.update(count=entities["count"] + 1),
        lambda entities: entities.update(marks=entities["marks"][:-4]),
    ]
    for change in changes:
        broken = json.loads(json.dumps(shape))
        change(broken["snapshot"]["entities"])
        with pytest.raises(ReportError) as caught:
            Report.from_json(json.dumps(broken))
        assert caught.value.problems[0].code == "changed"


def test_the_entities_of_a_snapshot_are_gone_through_once_for_all_reports() -> None:
    gate = Gate.load(COMPANY)
    snapshot = gate.snapshot(SNAPSHOT)
    first = gate.check(snapshot)
    assert first.entities.packed == Inventory.of(lambda: marks_of(snapshot)).packed
    assert gate.check(snapshot).entities.packed is first.entities.packed
