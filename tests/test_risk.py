"""Risks that are made when they are read: a sequence like any other, and the same in JSON as in Python."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import orjson
import pytest
from hypothesis import given, settings

from riskgate import Gate, Report
from riskgate.fingerprint import fingerprint
from riskgate.found import FoundRisks
from riskgate.infer import infer
from riskgate.infer.lines import Wanted
from riskgate.risk import Batch, OneRisk, Risk, Risks, dicts_of, ids_of
from riskgate.snapshot import Snapshot
from riskgate.snapshot.digest import LARGE, Digest
from test_infer_laws import UNITS, WORLDS, written

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
FILES = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.json"))


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load()


@pytest.fixture(scope="module", params=FILES)
def source(request: pytest.FixtureRequest) -> bytes:
    return (EXAMPLES / str(request.param)).read_bytes()


@pytest.fixture(scope="module")
def snapshot(gate: Gate, source: bytes) -> Snapshot:
    return gate.snapshot(source)


@pytest.fixture
def report(gate: Gate, snapshot: Snapshot) -> Report:
    return gate.check(snapshot)


def batches(report: Report) -> tuple[Batch, ...]:
    assert isinstance(report.risks, Risks)
    return report.risks.batches


def test_a_risk_says_the_same_in_python_and_in_json(report: Report) -> None:
    written_ones = list(dicts_of(report.risks))
    assert len(written_ones) == len(report.risks) > 0
    for risk, shape in zip(report.risks, written_ones, strict=True):
        assert risk.as_dict() == shape
        assert (risk.id, risk.address) == (fingerprint(risk.rule, risk.address), risk.entity.address)
    assert ids_of(report.risks) == [risk.id for risk in report.risks]


def test_json_written_in_pieces_is_the_json_of_the_whole(report: Report) -> None:
    whole = orjson.dumps(report.as_dict(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    assert report.to_json() == whole
    none = replace(report, risks=())
    assert none.to_json() == orjson.dumps(none.as_dict(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def test_reading_changes_nothing_that_is_written(gate: Gate, snapshot: Snapshot, report: Report) -> None:
    for risk in report.risks:
        assert risk.detail is risk.detail
    assert report.to_json() == gate.check(snapshot).to_json()


def test_risks_are_in_order_of_their_addresses_and_the_same_at_nodes(report: Report) -> None:
    for batch in batches(report):
        addresses = [risk.address for risk in batch.risks]
        assert addresses == sorted(addresses)
        assert {risk.rule for risk in batch.risks} == {batch.rule}
    known = {id(risk) for risk in report.risks}
    for node in report.nodes:
        for risk in (*node.blocking_risks, *node.other_risks):
            assert id(risk) in known


def test_a_check_makes_no_risk_and_counting_makes_none(report: Report) -> None:
    assert report.node("N10").blocking_risks is not None
    assert len(report.risks) == sum(map(len, batches(report)))
    report.to_json()
    assert not any("risks" in vars(batch) for batch in batches(report) if isinstance(batch, FoundRisks))


def test_risks_behave_as_a_tuple_of_them(report: Report) -> None:
    risks: Any = report.risks
    plain: Any = tuple(risks)
    assert risks == plain
    assert plain == risks
    assert hash(risks) == hash(plain)
    assert risks != plain[1:]
    assert risks != list(plain)
    assert (risks[0], risks[-1], risks[2:5]) == (plain[0], plain[-1], plain[2:5])
    assert [risks[index] for index in range(len(plain))] == list(plain)
    assert plain[-1] in risks
    for outside in (len(plain), -len(plain) - 1):
        with pytest.raises(IndexError):
            risks[outside]
    assert Risks.of(risks) is risks
    assert Risks.of(plain) == risks
    assert repr(Risks.of(plain[:1])) == repr(plain[:1])


def test_what_stands_behind_a_derived_risk_is_in_the_report(report: Report) -> None:
    ids = set(ids_of(report.risks))
    derived = [risk for batch in batches(report) if isinstance(batch, OneRisk) for risk in batch.risks]
    for risk in derived:
        assert ids.issuperset(risk.because)
        assert list(risk.because) == sorted(risk.because)


def test_derived_risks_name_a_group_by_its_label_and_keep_its_address_as_evidence(gate: Gate) -> None:
    report = gate.check((EXAMPLES / "duplex.json").read_bytes())
    derived = [risk for batch in batches(report) if isinstance(batch, OneRisk) for risk in batch.risks]
    grouped = [risk for risk in derived if risk.address != "project"]
    assert grouped
    for risk in grouped:
        assert not re.search(r"\w\[", risk.message.zh + risk.message.en), risk.message
        assert risk.address in [item.value for item in risk.evidence if item.name.endswith(".group")]
    assert any(risk.entity.label.zh in risk.message.zh and risk.entity.label.en in risk.message.en for risk in grouped)


def test_addresses_and_pointers_of_some_are_those_of_all(gate: Gate, source: bytes) -> None:
    by_one, by_all = gate.snapshot(source), gate.snapshot(source)
    for name, table in by_one.tables.items():
        some = range(len(table.entities))
        assert [by_one.address(name, ordinal) for ordinal in some] == by_all.addresses(name)
        assert [by_one.pointer(name, ordinal) for ordinal in some] == by_all.pointers(name)


@settings(deadline=None, max_examples=150)
@given(WORLDS)
def test_facts_that_no_line_can_meet_are_not_missed(world: tuple[list[Any], list[Any]]) -> None:
    rules, found = world
    wanted = Wanted(rules)
    kept = [fact for fact in found if wanted.may_meet(fact.kind, fact.fields)]
    for fact in kept:  # what is known first does not refuse what is wanted in the end
        known = {name: value for name, value in fact.fields.items() if name != "count"}
        assert wanted.may_meet(fact.kind, known, {"count"})
    assert written(infer(rules, kept, UNITS, engine="plain")) == written(infer(rules, found, UNITS, engine="plain"))


@pytest.mark.parametrize("size", [0, LARGE - 1, LARGE, 3 * LARGE])
def test_a_digest_is_the_sha256_of_the_bytes(size: int) -> None:
    data = b"\xe6" * size
    digest = Digest(data)
    assert digest.hexdigest() == hashlib.sha256(data).hexdigest() == digest.hexdigest()


def test_a_digest_needs_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", refuse)
    data = bytes(LARGE)
    assert Digest(data).hexdigest() == hashlib.sha256(data).hexdigest()


def test_an_empty_sequence_of_risks() -> None:
    none = Risks(())
    assert (len(none), list(none), none == (), ids_of(none)) == (0, [], True, [])
    with pytest.raises(IndexError):
        none[0]
    assert not any(isinstance(item, Risk) for item in none)
