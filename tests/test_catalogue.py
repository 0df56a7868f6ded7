"""The bundled packs carry every rule of the catalogue that they were written from, and say what they added.

The catalogue is beside the project, not in it: where it is absent these tests are skipped.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from riskgate.load.library import Library, read_library
from riskgate.pack import Rule

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT.parent / "shared" / "domain" / "rules-catalogue.yaml"
PACKS = {"drawing_review": "drawing-review", "pre_opening": "pre-opening", "joint_acceptance": "joint-acceptance"}
CHANGED: Mapping[tuple[str, str], str] = {
    ("DR-STR-007", "sources"): "the catalogue names the code without a clause; it was read"
}
"""(rule, key) that differ from the catalogue on purpose, and why."""

pytestmark = pytest.mark.skipif(not CATALOGUE.is_file(), reason="the catalogue is not there")


@pytest.fixture(scope="module")
def library() -> Library:
    found, problems = read_library()
    assert problems == []
    return found


@pytest.fixture(scope="module")
def catalogue() -> list[dict[str, Any]]:
    loaded: dict[str, list[dict[str, Any]]] = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    return loaded["rules"]


def by_id(library: Library) -> dict[str, tuple[str, Rule]]:
    return {rule.id: (pack.name, rule) for pack in library.packs for rule in pack.rules}


def test_every_rule_of_the_catalogue_is_in_its_pack(library: Library, catalogue: list[dict[str, Any]]) -> None:
    rules = by_id(library)
    assert len(catalogue) == 296
    assert [one["id"] for one in catalogue if rules.get(one["id"], ("",))[0] != PACKS[one["pack"]]] == []


def test_what_was_added_is_listed(library: Library, catalogue: list[dict[str, Any]]) -> None:
    added = by_id(library).keys() - {one["id"] for one in catalogue}
    pages = (ROOT / "docs" / "decisions").glob("rules*.md")
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    ranges = re.findall(r"\b([A-Z]{2}-[A-Z]{3}-)(\d{3}) to (\d{3})\b", text)
    listed = {f"{stem}{number:03}" for stem, low, high in ranges for number in range(int(low), int(high) + 1)}
    listed |= set(re.findall(r"\b[A-Z]{2}-[A-Z]{3}-\d{3}[bc]?\b", text))
    assert sorted(added - listed) == []


def test_weights_nodes_owners_and_sources_are_those_of_the_catalogue(
    library: Library, catalogue: list[dict[str, Any]]
) -> None:
    rules, lifecycle = by_id(library), library.lifecycle
    different = set()
    for one in catalogue:
        _, rule = rules[one["id"]]
        sources = {(source.ref, source.clause, source.certainty) for source in rule.sources}
        pairs: dict[str, tuple[object, object]] = {
            "severity": (rule.severity, one["severity"]),
            "nodes": ({lifecycle.by_name[name].code for name in rule.nodes}, set(one["nodes"])),
            "theme": (rule.theme, one["customer_theme"]),
            "customer_sensitivity": (rule.customer_sensitivity, one["customer_sensitivity"]),
            "operator_weight": (rule.operator_weight, one["operator_weight"]),
            "owners": (rule.owners, tuple(one["fix_departments"])),
        }
        wanted = {(s["ref"], str(s.get("clause", "")), s["certainty"]) for s in one["sources"]}
        pairs["sources"] = (wanted - sources, set())
        different |= {(one["id"], key) for key, (here, there) in pairs.items() if here != there}
    assert different == set(CHANGED)
