"""Entities of any type of a vocabulary, as values and as people would write them into cells."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from riskgate.gate import Gate
from riskgate.lifecycle import Lifecycle
from riskgate.text import Lang
from riskgate.vocabulary import EntityType, Field, Vocabulary

LETTERS = st.characters(
    codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u0130\ufffe\uffff_;；、,，\xa0"
)
TEXTS = st.text(LETTERS, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
IDS = st.text(st.sampled_from("0123456789ABC一二-#/[]%*号楼"), min_size=1, max_size=6).map(str.strip).filter(bool)
DAYS = st.dates(dt.date(1955, 1, 1), dt.date(2199, 12, 31))
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1), timezones=OFFSETS)  # noqa: DTZ001 - the zone is drawn too


@dataclass(frozen=True)
class Written:
    """A value as a snapshot has it, and the cell that says it."""

    value: Any
    cell: Any


def values(spec: Field, lifecycle: Lifecycle, lang: Lang) -> st.SearchStrategy[Written]:
    """Values of a field, each with one of the ways to write it."""
    match spec.type:
        case "string" | "ref":
            return TEXTS.map(lambda text: Written(text, text))
        case "integer":
            low = int(spec.minimum) if spec.minimum is not None else -(10**9)
            high = int(spec.maximum) if spec.maximum is not None else 10**9
            return st.integers(low, high).flatmap(lambda n: st.sampled_from([Written(n, n), Written(n, f"{n:,}")]))
        case "number":
            numbers = st.decimals(
                spec.minimum if spec.minimum is not None else -(10**6),
                spec.maximum if spec.maximum is not None else 10**6,
                allow_nan=False,
                places=4,
            )
            return numbers.flatmap(
                lambda n: st.sampled_from([Written(float(n), float(n)), Written(float(n), f" {n:f} ")])
            )
        case "boolean":
            return st.sampled_from(
                [Written(True, w) for w in ("是", "yes", "√", True)] + [Written(False, w) for w in ("否", "×", False)]
            )
        case "date":
            return DAYS.flatmap(
                lambda day: st.sampled_from(
                    [Written(day.isoformat(), day), Written(day.isoformat(), f"{day.year}年{day.month}月{day.day}日")]
                )
            )
        case "datetime":
            return MOMENTS.map(lambda moment: Written(moment.isoformat(), moment.isoformat()))
        case "enum":
            return st.sampled_from([Written(v, w) for v, label in spec.values.items() for w in (v, label.to(lang))])
        case "node":
            return st.sampled_from([Written(n.id, w) for n in lifecycle.nodes for w in (n.id, n.code)])
        case "department":
            return st.sampled_from(
                [Written(d, w) for d, one in lifecycle.departments.items() for w in (d, one.title.zh)]
            )
        case _:
            assert spec.of is not None
            items = st.lists(values(spec.of, lifecycle, lang), max_size=3)
            return items.map(
                lambda found: Written([one.value for one in found], "\n".join(str(one.cell) for one in found) or "[]")
            )


def clear(label: str, spec: Field) -> bool:
    """Whether a label names one value only."""
    folded = "".join(label.split()).lower()
    named = [v for v, t in spec.values.items() if folded in {v, *("".join(x.split()).lower() for x in t)}]
    return len(named) == 1


def entities(gate: Gate, kind: EntityType, lang: Lang) -> st.SearchStrategy[Mapping[str, Written]]:
    """Fields of an entity: its id always, of the others any."""
    vocabulary, lifecycle = gate.library.vocabulary, gate.library.lifecycle
    always = {"id"} & set(kind.fields)
    optional = {
        name: _sensible(values(spec, lifecycle, lang), spec)
        for name, spec in kind.fields.items()
        if name not in always | {"utc_offset"}
    }
    needed = {
        name: IDS.map(lambda text: Written(text, text))
        if kind.fields[name].type == "string"
        else values(kind.fields[name], lifecycle, lang)
        for name in always
    }
    assert isinstance(vocabulary, Vocabulary)
    return st.fixed_dictionaries(needed, optional=optional)


def _sensible(strategy: st.SearchStrategy[Written], spec: Field) -> st.SearchStrategy[Written]:
    of = spec.of if spec.type == "list" and spec.of is not None else spec
    if of.type != "enum":
        return strategy
    return strategy.filter(lambda one: all(clear(word, of) for word in str(one.cell).split("\n") if word != "[]"))
