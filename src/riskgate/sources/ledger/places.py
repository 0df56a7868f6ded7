"""Which entities a row is about: the one that it describes, those above it, and what hangs on them."""

from collections.abc import Mapping

from riskgate.address import ROOT
from riskgate.sources.ledger.naming import Names
from riskgate.sources.ledger.refuse import BadCellError
from riskgate.sources.merging.claims import Claim, Part, Record, below
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Vocabulary


class Drafting:
    """Puts what rows say into a part, with the entities above."""

    def __init__(self, vocabulary: Vocabulary, names: Names, part: Part) -> None:
        self.part = part
        self._vocabulary = vocabulary
        self._names = names
        self._sources = (part.name,)

    def addresses(self, kind: EntityType, address: str) -> dict[str, str]:
        """The addresses of an entity and of everything above it, by kind."""
        found: dict[str, str] = {}
        for one in reversed(self._vocabulary.chains[kind.name]):
            found[one.name] = address
            address = address.rpartition("/")[0] or ROOT
        return found

    def hanging(self, kind: EntityType, addresses: Mapping[str, str]) -> str:
        """The address of an entity of this kind: one of these, or a single that hangs on one of them."""
        known = addresses.get(kind.name)
        if known is not None:
            return known
        above = self._vocabulary.entities[kind.within or ""]
        return below(self.hanging(above, addresses), kind.key, None)

    def ensure(self, kind: EntityType, address: str, ident: Claim | None = None) -> Record:
        """The record of an entity, made with those above it if it is not there yet."""
        record = self.part.records.get(address)
        if record is not None:
            return record
        if kind.within is None:
            return self.part.root(kind.name)
        parent = address.rpartition("/")[0] or ROOT
        holder = self.ensure(self._vocabulary.entities[kind.within], parent)
        known = self._names.known(kind.name, address)
        if known is not None and ident is None and address not in self._names.given:
            ident = Claim(known.id, (), self._sources)
        entity_id = None if kind.single else known.id if known is not None else str(ident.value if ident else "")
        record = self.part.records[address] = Record(kind.name, parent, kind.key, entity_id)
        if kind.collection:
            holder.lists.add(kind.key)
        if ident is not None and address not in self._names.given:
            record.fields["id"] = (ident,)
        return record


def column_of(title: str, expected: Text, stands: str) -> Text:
    """What is wrong with a cell: its column, what was expected and what stands there."""
    if not stands:
        return Text(f"`{title}` 应为{expected.zh}，现为空", f"`{title}` must be {expected.en}; it is empty")
    return Text(f"`{title}` 应为{expected.zh}，现为“{stands}”", f"`{title}` must be {expected.en}, found `{stands}`")


def no_fit(kind: EntityType, stated: str, other: str) -> BadCellError:
    """One cell says building 1, another building 2."""
    expected = Text(f"{kind.title.zh} {stated} 里的", f"one of {kind.title.en} {stated}")
    help_text = Text(f"这里写的是{kind.title.zh} {other}", f"this one is of {kind.title.en} {other}")
    return BadCellError("does-not-fit", expected, help_text)
