"""Which phase, building or flat is meant: from what people write (`1号楼`, `1-0101`, `101室`) to entities by their ids.

An id is taken apart into components, one for each kind of entity: `1号楼1单元0101` is building 1, stair unit 1, unit
0101. Known entities are taken apart in the same way, so that different spellings meet.
"""

import string
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from riskgate.address import ROOT
from riskgate.errors import did_you_mean
from riskgate.sources.ledger.mapping import IdForm
from riskgate.sources.ledger.refuse import BadCellError
from riskgate.sources.merging.claims import Part, below
from riskgate.sources.patterns import compiled
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Vocabulary

Components = Mapping[str, str]
_PLAIN = IdForm()
_NAMED = 3
"""So many of several candidates are named."""


_LONGEST = 200
"""Characters; from a longer text no words are taken off: that is no id, and each word costs a look at all of it."""
_GUESSES = 50
"""So many names that are not known are looked for among those that are."""


class Known(NamedTuple):
    """An entity that is there or is made: where it lies, and what it is called."""

    kind: str
    address: str
    parent: str
    id: str


class Spellings:
    """Takes ids apart. `literal`: ids are what they are, in riskgate's own templates."""

    def __init__(self, forms: Mapping[str, IdForm], *, literal: bool = False) -> None:
        self.literal = literal
        self._forms: Mapping[str, IdForm] = {} if literal else forms
        self._patterns = {kind: _compiled(form) for kind, form in self._forms.items() if form.read}
        self._memo: dict[tuple[str, str], dict[str, str]] = {}

    def form(self, kind: str) -> IdForm:
        return self._forms.get(kind, _PLAIN)

    def components(self, kind: str, text: str) -> dict[str, str]:
        """What a text says of the entity itself and of those above it."""
        found = self._memo.get((kind, text))
        if found is None:
            found = self._memo[kind, text] = self._taken_apart(kind, text)
        return found

    def _taken_apart(self, kind: str, text: str) -> dict[str, str]:
        if kind not in self._forms:
            return {kind: text.strip()}
        half = unicodedata.normalize("NFKC", text).strip()
        for pattern, groups in self._patterns.get(kind, ()):
            match = pattern.fullmatch(half)
            if match is not None:
                found = {group: match.group(group) for group in groups}
                return {group: self.clean(group, part) for group, part in found.items() if part}
        return {kind: self.clean(kind, half)}

    def clean(self, kind: str, text: str) -> str:
        """The bare id: `1号楼` is `1`, `三单元` is `3`."""
        form = self.form(kind)
        bare = unicodedata.normalize("NFKC", text).strip()
        while len(bare) <= _LONGEST:
            before = bare
            for word in form.strip:
                low = bare.lower()
                if low != word and low.endswith(word):
                    bare = bare[: -len(word)].strip()
                elif low != word and low.startswith(word):
                    bare = bare[len(word) :].strip()
            if bare == before:
                break
        return form.same.get(bare.lower(), bare)


def _compiled(form: IdForm) -> list[tuple[Any, tuple[str, ...]]]:
    made = [compiled(text) for text in form.read]
    return [(pattern, tuple(pattern.groupindex)) for pattern in made]


class _Index:
    """The entities of one kind by some of their components; `bare`: leading zeros of their own are of no account."""

    def __init__(self, kind: str, names: tuple[str, ...], *, bare: bool) -> None:
        self._kind = kind
        self._names = names
        self._bare = bare
        self._found: dict[tuple[str, ...], list[Known]] = {}

    def add(self, known: Known, components: Components) -> None:
        self._found.setdefault(self._key(components), []).append(known)

    def get(self, wanted: Components) -> list[Known]:
        return self._found.get(self._key(wanted), [])

    def _key(self, components: Components) -> tuple[str, ...]:
        texts = (components.get(name, "") for name in self._names)
        if not self._bare:
            return tuple(texts)
        return tuple(t.lstrip("0") if name == self._kind else t for name, t in zip(self._names, texts, strict=True))


class Names:
    """The entities that are known, by their components."""

    def __init__(self, vocabulary: Vocabulary, spellings: Spellings, assumed: Components) -> None:
        self.spellings = spellings
        self._vocabulary = vocabulary
        self._assumed = {kind: spellings.clean(kind, text) for kind, text in assumed.items()}
        self._all: dict[str, dict[str, tuple[Known, dict[str, str]]]] = {name: {} for name in vocabulary.entities}
        """For each kind its entities by address, each with its components."""
        self._indexes: dict[str, dict[tuple[tuple[str, ...], bool], _Index]] = {}
        self._memo: dict[tuple[str, str, tuple[tuple[str, str], ...]], Known] = {}
        self.fixed: set[str] = set()
        """Kinds of which all entities are known: what is not among them is a mistake."""
        self._guessed = 0
        self.given: set[str] = set()
        """The addresses of those that a snapshot has."""

    def take(self, part: Part) -> None:
        """Know the entities of a snapshot. Kinds that it has are fixed."""
        records: dict[str, list[Known]] = {}
        for address, record in part.records.items():
            if record.id is not None:
                records.setdefault(record.kind, []).append(Known(record.kind, address, record.parent, record.id))
        for kind in self._vocabulary.order[1:]:
            for known in records.get(kind.name, ()):
                self.add(known)
                self.fixed.add(kind.name)
                self.given.add(known.address)

    def add(self, known: Known) -> None:
        if known.address in self._all[known.kind]:
            return
        components = self._components(known)
        self._all[known.kind][known.address] = (known, components)
        for index in self._indexes.get(known.kind, {}).values():
            index.add(known, components)

    def known(self, kind: str, address: str) -> Known | None:
        found = self._all[kind].get(address)
        return None if found is None else found[0]

    def _components(self, known: Known) -> dict[str, str]:
        own = self.spellings.components(known.kind, known.id)
        holder = self.holder(known.kind, known.parent)
        above = {} if holder is None else self._all[holder.kind][holder.address][1]
        return {**own, **above, known.kind: own.get(known.kind, known.id)}

    def holder(self, kind: str, parent: str) -> Known | None:
        """The entity with an id that holds an entity of this kind; None if that is the root."""
        for above in reversed(self._vocabulary.chains[kind][1:-1]):
            if above.collection:
                return self.known(above.name, parent)
            parent = parent.rpartition("/")[0] or ROOT
        return None

    def matching(self, kind: str, wanted: Components, *, bare: bool = False) -> list[Known]:
        """The known entities of a kind that have all of these components."""
        names = tuple(one.name for one in self._vocabulary.chains[kind] if one.name in wanted)
        indexes = self._indexes.setdefault(kind, {})
        index = indexes.get((names, bare))
        if index is None:
            index = indexes[names, bare] = _Index(kind, names, bare=bare)
            for known, components in self._all[kind].values():
                index.add(known, components)
        return index.get(wanted)

    def find(self, kind: str, wanted: Components, *, may_add: bool, literal: str = "") -> Known:
        """The entity that is meant, made known if it is new and may be. Raises BadCellError.

        `literal` is the text of the cell, which may be a whole id.
        """
        wanted = {name: text for name, text in {**self._assumed, **wanted}.items() if text}
        memo = (kind, literal, tuple(sorted(wanted.items())))
        known = self._memo.get(memo)
        if known is None:
            known = self._found(kind, wanted, literal) or self._made(kind, wanted, literal, may_add)
            self._memo[memo] = known
        return known

    def reference(self, kind: str, wanted: Components, literal: str) -> tuple[str, bool]:
        """The id that is meant by a reference, and whether there is such an entity. Raises BadCellError."""
        wanted = {name: text for name, text in {**self._assumed, **wanted}.items() if text}
        known = self._found(kind, wanted, literal)
        if known is None and kind in self.fixed:
            known = self._made(kind, wanted, literal, may_add=False)  # says what is wrong
        return (self._id(kind, wanted, literal), False) if known is None else (known.id, True)

    def _found(self, kind: str, wanted: Components, literal: str) -> Known | None:
        if kind not in wanted:
            only = self.matching(kind, wanted) if kind in self.fixed else []
            return only[0] if len(only) == 1 else None
        candidates = self.matching(kind, wanted)
        if len(candidates) != 1 and literal:
            above = {name: text for name, text in wanted.items() if name != kind}
            candidates = [one for one in self.matching(kind, above) if one.id == literal] or candidates
        if not candidates and kind in self.fixed and not self.spellings.literal and wanted[kind].isdigit():
            # `101` for `0101`: a spreadsheet drops the zeros of a number
            candidates = self.matching(kind, wanted, bare=True)
        if len(candidates) > 1:
            named = ", ".join(sorted(one.address for one in candidates)[:_NAMED])
            title = self._vocabulary.entities[kind].title
            help_text = Text(f"可能是 {named}；加一列写明", f"it may be {named}: add a column that tells")
            raise BadCellError("ambiguous", Text(f"唯一的{title.zh}", f"one {title.en}"), help_text)
        return candidates[0] if candidates else None

    def _made(self, kind: str, wanted: Components, literal: str, may_add: bool) -> Known:
        entity = self._vocabulary.entities[kind]
        if kind not in wanted:
            raise self._untold(kind, wanted)
        if kind in self.fixed and not may_add:
            raise self._unknown(entity, wanted)
        parent = self._parent(entity, wanted)
        holder = self.holder(kind, parent)
        above = {} if holder is None else self._all[holder.kind][holder.address][1]
        made = self._id(kind, {**above, **wanted}, literal)
        known = Known(kind, below(parent, entity.key, made), parent, made)
        self.add(known)
        return known

    def _untold(self, kind: str, wanted: Components) -> BadCellError:
        """Nothing says where a row belongs: which phase, which building."""
        missing = [one for one in self._vocabulary.chains[kind][1:] if one.collection and one.name not in wanted]
        titles = Text("、".join(one.title.zh for one in missing), ", ".join(one.title.en.lower() for one in missing))
        places = " ".join(f"--at {one.name}=ID" for one in missing)
        help_text = Text(
            f"加列写明，或用 --into 给出项目快照，或用 {places}",
            f"add columns that tell, give the project with --into, or say {places}",
        )
        return BadCellError("no-parent", Text(f"写明{titles.zh}", f"to tell: {titles.en}"), help_text)

    def _unknown(self, entity: EntityType, wanted: Components) -> BadCellError:
        kind, title = entity.name, entity.title
        said = " ".join(wanted[one.name] for one in self._vocabulary.chains[kind] if one.name in wanted)
        elsewhere = [one.address for one in self.matching(kind, {kind: wanted[kind]})][:_NAMED]
        components = (parts.get(kind, "") for _, parts in self._all[kind].values())
        self._guessed += not elsewhere
        # each look among ten thousand names takes its time, and nobody reads a thousand guesses
        named = elsewhere or (did_you_mean(wanted[kind], components) if self._guessed <= _GUESSES else [])
        listed = ", ".join(f"`{name}`" for name in named)
        help_text = Text(f"是否指 {listed}？", f"did you mean {listed}?") if named else None
        return BadCellError(
            "unknown-entity", Text(f"已有的{title.zh}（没有 {said}）", f"a known {title.en} (not {said})"), help_text
        )

    def _parent(self, entity: EntityType, wanted: Components) -> str:
        """The address of what holds a new entity."""
        singles: list[str] = []
        for above in reversed(self._vocabulary.chains[entity.name][:-1]):
            if above.collection:
                inside = {name: text for name, text in wanted.items() if name != entity.name}
                start = self.find(above.name, inside, may_add=False).address
                return "/".join([start, *reversed(singles)])
            if above.single:
                singles.append(above.key)
        return "/".join(reversed(singles)) or ROOT

    def _id(self, kind: str, wanted: Components, literal: str) -> str:
        form = self.spellings.form(kind)
        whole = literal and len(self.spellings.components(kind, literal)) > 1
        if whole:
            return "".join(literal.split())
        if form.write is None:
            return wanted[kind]
        named = [name for _, name, _, _ in string.Formatter().parse(form.write) if name]
        if any(name not in wanted for name in named):
            return wanted[kind]
        return form.write.format(**wanted)
