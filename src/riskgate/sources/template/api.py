"""`write_template`: an empty ledger with headers, drop-downs, comments and an example row."""

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from riskgate.errors import ChoiceError, MissingExtraError, Problem, suggestion
from riskgate.gate import Gate
from riskgate.render.xlsx.book import Book
from riskgate.sources.ground import ground_of
from riskgate.sources.ledger.mapping import in_cells
from riskgate.sources.ledger.mapping_file import read_mapping
from riskgate.sources.template.columns import Columns
from riskgate.sources.template.write import Marking, write_sheet
from riskgate.text import Lang, Text


def write_template(
    entities: Sequence[str],
    *,
    gate: Gate | None = None,
    lang: Lang = "zh",
    mapping: "str | os.PathLike[str] | None" = None,
) -> bytes:
    """A workbook (.xlsx) with a sheet for each of these entity types, ready to be filled in and read back.

    The same bytes for the same vocabulary, entities and language. `mapping` gives units their names. Raises ChoiceError
    for unknown or doubled entity types, MissingExtraError without the extra `excel`, LoadError for the mapping.
    """
    ground = ground_of(gate)
    vocabulary = ground.vocabulary
    problems = [
        Problem("unknown-entity", Text(f"没有对象类型 `{name}`", f"there is no entity type `{name}`"), help=guess)
        for name in entities
        if name not in vocabulary.entities
        for guess in (suggestion(name, vocabulary.entities),)
    ]
    if len(set(entities)) < len(entities) or not entities:
        problems.append(Problem("bad-choice", Text("每种对象写一次", "name each entity type once, and at least one")))
    if problems:
        raise ChoiceError(problems)
    columns = Columns(vocabulary, ground.lifecycle, read_mapping(mapping, vocabulary), lang)
    target = io.BytesIO()
    with _new_book(lang, target) as book:
        marking = Marking(book)
        for name in entities:
            kind = vocabulary.entities[name]
            write_sheet(book, marking, kind, columns.of(kind))
        marking.write()
    return target.getvalue()


def without_column(entities: Sequence[str], gate: Gate | None = None) -> tuple[str, ...]:
    """The fields of these entity types that no cell can hold (objects, lists of them): a template leaves them out."""
    known = ground_of(gate).vocabulary.entities
    lacking = [(name, spec) for name in entities for spec in known[name].fields.values() if not in_cells(spec)]
    return tuple(f"{name}.{spec.name}" for name, spec in lacking)


@contextmanager
def _new_book(lang: Lang, target: io.BytesIO) -> Iterator[Book]:
    try:
        from xlsxwriter import Workbook  # noqa: PLC0415 - an extra
    except ImportError as error:
        message = Text(
            '写模板需要 XlsxWriter：pip install "riskgate[excel]"',
            'templates need XlsxWriter: pip install "riskgate[excel]"',
        )
        raise MissingExtraError(Problem("missing-extra", message)) from error
    import datetime as dt  # noqa: PLC0415 - one constant

    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(target, options) as workbook:
        workbook.set_properties({"author": "riskgate", "created": dt.datetime(1980, 1, 1)})  # noqa: DTZ001 - the property has no zone
        yield Book(workbook, lang)
