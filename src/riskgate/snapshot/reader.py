"""Reads snapshots: bytes to a validated `Snapshot`, or all that is wrong with them."""

import hashlib
import os
from collections.abc import Mapping
from datetime import timezone
from typing import Any

from pydantic_core import SchemaValidator, ValidationError

from riskgate.errors import SnapshotError
from riskgate.lifecycle import Lifecycle
from riskgate.snapshot.checks import Checks, Ids
from riskgate.snapshot.digest import Digest
from riskgate.snapshot.doubled import fields_with_objects, lost
from riskgate.snapshot.finding import Entity, Finding, visible
from riskgate.snapshot.header import Header, HeaderReader, blank_disputed
from riskgate.snapshot.moments import read_offset
from riskgate.snapshot.notes import unknown_fields, without_id
from riskgate.snapshot.place import snapshot_error
from riskgate.snapshot.schema import Schemas, Unknown
from riskgate.snapshot.source import Source, fetch, serialise
from riskgate.snapshot.strangers import Strangers
from riskgate.snapshot.tables import Table, build_tables
from riskgate.snapshot.tree import DEFAULT_OFFSET, Note, Snapshot
from riskgate.snapshot.words import Words
from riskgate.text import Text
from riskgate.vocabulary import Vocabulary

_BOM = b"\xef\xbb\xbf"


class Reader:
    """Reads snapshots of one vocabulary and lifecycle. Compiled once, never changed, safe to share between threads."""

    def __init__(self, vocabulary: Vocabulary, lifecycle: Lifecycle) -> None:
        self._vocabulary = vocabulary
        self._schemas = Schemas(vocabulary, lifecycle)
        self._words = Words(vocabulary, lifecycle)
        self._checks = Checks.of(vocabulary, lifecycle, self._words)
        self._with_objects = fields_with_objects(vocabulary)
        self._strangers = Strangers(vocabulary)

    def read(
        self, source: "str | os.PathLike[str] | bytes | Mapping[str, Any]", *, name: str = "", partial: bool = False
    ) -> Snapshot:
        """The snapshot in a file (str and paths), in JSON (bytes) or in Python data (a mapping).

        `name` stands for the source in messages; a file's path by default. `partial`: it is a part that is still to be
        merged, so its references may lead to what other parts have. Raises SnapshotError with every problem.
        `as_of` may be missing here: whoever checks the snapshot may supply it.
        """
        origin = fetch(source, name)
        body = origin.data.removeprefix(_BOM)
        return self._read(origin, body, partial=partial)

    def read_case(self, entity: str, entities: Mapping[str, Mapping[str, Any]]) -> Snapshot:
        """The miniature snapshot of a rule case: `entities` gives fields by type name, child collections inside them.

        Types on the way from the root to a named one, and to the rule's `entity`, exist with no fields; the rule's
        entity itself, left out, does not exist. Nothing is required, references may lead nowhere; types, values and
        names of fields are checked. Raises SnapshotError whose pointers start with the type name (`/room/kind`).
        """
        from riskgate.snapshot.case import Miniature  # noqa: PLC0415 - a check reads no cases

        miniature = Miniature(self._vocabulary, entity, entities)
        findings = miniature.findings
        unknown = Unknown()
        data = b""
        tables: dict[str, Table] = {}
        tree: Entity = {"project": {}}
        if not findings:
            try:
                data = serialise(miniature.tree)
            except SnapshotError as error:
                raise miniature.reworded(error) from None
            tree, tables, found = self._tree(data, self._schemas.loose, unknown, Source(data, "", spelled=False))
            findings.extend(found)
            self._checks.convert(tables, findings)
            self._checks.check_ids(tables, findings)
            findings.extend(_unknown_in_case(self._vocabulary, tables) if unknown.met else ())
        offset = self._offset(tree, findings)
        if findings:
            raise miniature.reworded(snapshot_error(findings, None, ""))
        return Snapshot(
            vocabulary=self._vocabulary,
            project=tree["project"],
            tables=tables,
            as_of=None,
            sha256=hashlib.sha256(data).hexdigest(),
            utc_offset=offset,
        )

    def _read(self, origin: Source, body: bytes, *, partial: bool) -> Snapshot:
        unknown = Unknown()
        digest = Digest(origin.data)
        tree, tables, findings = self._at_once(body) or self._tree(body, self._schemas.quick, unknown, origin)
        structural = bool(findings)
        header = HeaderReader(tree, self._words, findings).read()
        if header.disputed:
            blank_disputed(tree, header.disputed)
            tables = build_tables(self._vocabulary, tree["project"])
        self._checks.convert(tables, findings)
        ids = self._checks.check_ids(tables, findings)
        if not structural and not partial:  # where a value was unusable, a reference to it would look dangling as well
            self._checks.check_references(tables, findings)
        offset = self._offset(tree, findings)
        if findings:
            raise snapshot_error(findings, body.decode() if origin.spelled else None, origin.name)
        return Snapshot(
            vocabulary=self._vocabulary,
            project=tree["project"],
            tables=tables,
            as_of=header.as_of,
            sha256=digest.hexdigest(),
            name=origin.name,
            incomplete=header.incomplete,
            origins=header.origins,
            conflicts=header.conflicts,
            conflict_origins=header.conflict_origins,
            notes=self._notes(header, tables, ids, unknown),
            utc_offset=offset,
        )

    def _at_once(self, body: bytes) -> tuple[Entity, dict[str, Table], list[Finding]] | None:
        """The validated tree and its tables, if all keys are known and nothing is wrong; else None.

        Keeping unknown keys, if only to count them, would make reading a fifth slower. Here they are dropped, and so
        missing when keys are counted. Where they are likely, nobody need read twice.
        """
        if self._strangers.likely_in(body):
            return None
        try:
            tree: Entity = self._schemas.known.validate_json(body)
        except ValidationError:
            return None
        tables = build_tables(self._vocabulary, tree["project"])
        return None if lost(body, tree, tables, self._with_objects, 0) else (tree, tables, [])

    def _tree(
        self, body: bytes, quick: SchemaValidator, unknown: Unknown, origin: Source
    ) -> tuple[Entity, dict[str, Table], list[Finding]]:
        """The validated tree and its tables. What was found wrong is left out of them and listed."""
        refusal = ""
        try:
            tree: Entity = quick.validate_json(body, context=unknown)
            tables = build_tables(self._vocabulary, tree["project"])
            if not lost(body, tree, tables, self._with_objects, unknown.keys):
                return tree, tables, []
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            if first["type"] == "json_invalid":
                refusal = first["msg"]
        from riskgate.snapshot.careful import read_carefully, text_of  # noqa: PLC0415 - what is sound does without
        from riskgate.snapshot.mend import mend  # noqa: PLC0415 - the same

        text = text_of(body, origin.name)
        raw, findings = read_carefully(text, refusal, origin.name)
        full = self._schemas.loose if quick is self._schemas.loose else self._schemas.full
        tree = mend(raw, full, self._schemas.loose, self._words, unknown, findings)
        return tree, build_tables(self._vocabulary, tree["project"]), findings

    def _offset(self, tree: Entity, findings: list[Finding]) -> timezone:
        field = self._vocabulary.root.fields.get("utc_offset")
        written = tree["project"].get("utc_offset")
        if field is None or field.type != "string" or written is None:
            return DEFAULT_OFFSET
        try:
            return read_offset(written)
        except ValueError:
            message = Text(
                f"`utc_offset` 应写作 +08:00 的形式，现为“{visible(written)}”",
                f'`utc_offset` must be written like +08:00, found "{visible(written)}"',
            )
            findings.append(Finding(("project", "utc_offset"), "bad-offset", message))
            return DEFAULT_OFFSET

    def _notes(self, header: Header, tables: Mapping[str, Table], ids: Ids, unknown: Unknown) -> tuple[Note, ...]:
        strangers = [field.note() for field in unknown_fields(self._vocabulary, tables)] if unknown.met else []
        disputes = [
            Note("conflict", _dispute(values, header.conflict_origins.get(place)), place)
            for place, values in header.conflicts.items()
        ]
        return (*strangers, *without_id(self._vocabulary, tables, ids), *disputes)


def _dispute(values: tuple[Any, ...], origins: tuple[str, ...] | None) -> Text:
    """What sources say of a place, and who says it, where the snapshot tells. The place stands beside it."""
    said = [_stated(value) for value in values]
    if origins is not None:
        said = [f"{value} ({visible(at)})" for value, at in zip(said, origins, strict=True)]
    return Text(f"各来源不一致：{'；'.join(said)}", f"sources disagree: {'; '.join(said)}")


def _stated(value: object) -> str:
    return visible(value if isinstance(value, str) else serialise({"": value}).decode()[4:-1])


def _unknown_in_case(vocabulary: Vocabulary, tables: Mapping[str, Table]) -> list[Finding]:
    found = []
    for stranger in unknown_fields(vocabulary, tables):
        note = stranger.note()
        message = Text(
            f"{stranger.entity.title.zh}没有 `{visible(stranger.name)}` 这个字段",
            f"`{stranger.entity.name}` has no field `{visible(stranger.name)}`",
        )
        listed = ", ".join(f"`{name}`" for name in stranger.nearest)
        help_ = Text(f"是否想写 {listed}？", f"did you mean {listed}?") if listed else None
        found.append(Finding(stranger.first, note.code, message, help_, at="key"))
    return found
