"""The cases of the bundled rules notice slips in their conditions."""

import re
from typing import Final

import pytest

from mutate_rules import Mutation, chosen, mutations, sample
from riskgate.load.library import Library, read_library

TRIED: Final = 100
NOTICED: Final = 95
"""At least so many of them: a few slips change nothing that any fact could show."""
SLIPS: Final = sorted(
    [
        "when dropped",
        "at_least -> at_most",
        "3.5 -> 3.4",
        "3.5 -> 3.6",
        "== -> !=",
        "&& -> ||",
        ">= -> <=",
        ">= -> >",
        '2025-05-01 -> "2025-04-30"',
        '2025-05-01 -> "2025-05-02"',
    ]
)
KINDS: Final = {"comparison", "logic", "negation dropped", "quantifier", "threshold", "when dropped"}


@pytest.fixture(scope="module")
def library() -> Library:
    found, problems = read_library()
    assert problems == []
    return found


@pytest.mark.parametrize("seed", [68])
def test_the_cases_notice_slips(library: Library, seed: int) -> None:
    every = chosen(library)
    assert {mutation.kind for mutation in every} == KINDS
    tried = sample(every, TRIED, seed)
    missed = [str(mutation) for mutation in tried if not mutation.noticed(library)]
    assert len(tried) - len(missed) >= NOTICED, "\n".join(missed)


def test_each_kind_of_slip_is_made(library: Library) -> None:
    (pack,) = [pack for pack in library.packs if pack.name == "drawing-review"]
    (rule,) = [rule for rule in pack.rules if rule.id == "DR-KIT-001"]
    assert rule.when is not None
    assert rule.when.text == 'room.kind == "kitchen" && project.design_basis_date >= date("2025-05-01")'
    assert rule.require.text == "at_least(room.usable_area_m2, 3.5)"
    assert sorted(map(_slip, mutations(pack, rule))) == SLIPS


def _slip(mutation: Mutation) -> str:
    found = re.search(r"\[(.*)\]", mutation.text)
    return mutation.kind if found is None else found[1]
