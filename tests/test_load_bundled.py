"""The files that riskgate ships: complete, in both languages, and without a problem."""

import re
from collections.abc import Iterator

import pytest

from riskgate.load.library import Library, read_library
from riskgate.text import Text
from riskgate.vocabulary import NODE_RECORD, Field

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def library() -> Library:
    loaded, problems = read_library(None)
    mine = [p for p in problems if p.place.file.count("/") == 1]  # rules/….yaml, not the packs below
    assert not mine, "\n".join(p.render() for p in mine)
    return loaded


def test_the_lifecycle_is_the_catalogue(library: Library) -> None:
    nodes = library.lifecycle.nodes
    assert len(nodes) == 68
    assert [node.code for node in nodes] == [f"N{number:02}" for number in range(1, 69)]
    assert sum(node.key for node in nodes) == 20
    led = [node for node in nodes if node.led_by_customer_relations]
    assert len(led) == 3
    assert {node.lead for node in led} == {"customer_relations"}
    assert len(library.lifecycle.stages) == 13
    assert len(library.lifecycle.service_stages) == 5
    assert len(library.lifecycle.touchpoints) == 14


def test_the_vocabulary_is_complete(library: Library) -> None:
    entities = [e for e in library.vocabulary.entities.values() if e.name != NODE_RECORD]
    assert len(entities) >= 81
    assert sum(len(entity.fields) for entity in entities) >= 639
    assert (library.vocabulary.group, library.vocabulary.sale_unit) == ("building", "unit")


def test_the_references_are_complete(library: Library) -> None:
    assert len(library.references.themes) == 23
    assert len(library.references.sources) >= 50


def titles(field: Field, name: str) -> Iterator[tuple[str, Text]]:
    yield name, field.title
    for value, label in field.values.items():
        yield f"{name}={value}", label
    for inner in field.fields.values():
        yield from titles(inner, f"{name}.{inner.name}")
    if field.of is not None:
        for value, label in field.of.values.items():
            yield f"{name}={value}", label


def test_every_word_of_the_vocabulary_has_both_languages(library: Library) -> None:
    wanting = []
    for entity in library.vocabulary.entities.values():
        named = [(entity.name, entity.title)]
        named += [t for field in entity.fields.values() for t in titles(field, f"{entity.name}.{field.name}")]
        wanting += [
            n for n, text in named if CHINESE.search(text.en) or not (CHINESE.search(text.zh) or text.zh == "TVOC")
        ]
    assert not wanting


def test_counts_and_shares_have_their_natural_limits(library: Library) -> None:
    for entity in library.vocabulary.entities.values():
        for field in entity.fields.values():
            if field.type == "integer" and field.name.endswith("_count"):
                assert field.minimum == 0, (entity.name, field.name)
