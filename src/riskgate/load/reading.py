"""Files to `Library`: each is read into a tree, and then all of them into values.

Problems are returned, not raised (see `read_inputs`).
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from riskgate.collector import hold
from riskgate.errors import Problem
from riskgate.lifecycle import Lifecycle, References
from riskgate.load.inputs import Inputs
from riskgate.load.library import Library
from riskgate.load.lifecycle import read_lifecycle, read_references
from riskgate.load.locate import File
from riskgate.load.packs import OpenPack, open_pack, read_pack
from riskgate.load.reader import read
from riskgate.load.scope import Scope
from riskgate.load.shape import Sheet
from riskgate.load.tree import Document, Leaf, Node
from riskgate.load.vocabulary import VocabularyBuilder
from riskgate.overlay import Overlay
from riskgate.pack import Pack
from riskgate.record import replace
from riskgate.text import Text
from riskgate.vocabulary import Vocabulary

if TYPE_CHECKING:
    from riskgate.load.overlay import OpenOverlay

RULE = Text("规则", "rule")


def read_all(inputs: Inputs) -> tuple[Library, list[Problem]]:
    """The library that the files make, and what is wrong with it."""
    found = inputs.found
    problems = list(found.problems)
    documents = {kind: _open(files[0], problems) for kind, files in found.beside.items()}
    layers = _open_overlays(inputs.overlays)
    opened = [open_pack(files) for files in found.packs]
    opened += [layer.own for layer in layers if layer.own is not None]
    lifecycle = _lifecycle(documents["lifecycle"], problems)
    references = _references(documents["references"], problems)
    extensions = [(pack.head, pack.vocabulary) for pack in opened if pack.head and pack.vocabulary is not None]
    extensions += [layer.vocabulary for layer in layers if layer.vocabulary is not None]
    vocabulary = _vocabulary(documents["vocabulary"], extensions, problems)
    scope = Scope(lifecycle, vocabulary, references)
    packs = [read_pack(pack, scope) for pack in opened]
    repeated = _doubled_rules(opened) | _doubled_packs(packs, opened)
    _unknown_rules(scope, opened)
    usable = lifecycle is not None and vocabulary is not None
    sound = [_without(pack, repeated) for pack in packs if pack is not None] if usable else []
    read_layers = _read_overlays(layers, scope, sound, opened)
    for pack in opened:
        problems += pack.all_problems()
    for layer in layers:
        problems += layer.all_problems()
    hold((documents, layers, opened))
    library = Library(
        lifecycle or Lifecycle((), MappingProxyType({}), MappingProxyType({})),
        vocabulary or Vocabulary(MappingProxyType({})),
        references or References(MappingProxyType({}), MappingProxyType({})),
        tuple(sound),
        read_layers,
    )
    return library, problems


def _open_overlays(files: Sequence[File]) -> list["OpenOverlay"]:
    if not files:
        return []
    from riskgate.load.overlay import open_overlay  # noqa: PLC0415 - without overlays, a start does without

    return [open_overlay(file) for file in files]


def _read_overlays(
    layers: Sequence["OpenOverlay"], scope: Scope, packs: Sequence[Pack], opened: Sequence[OpenPack]
) -> tuple[Overlay, ...]:
    """The overlays that are sound. Where packs are missing, names cannot be checked: that is put off."""
    if not layers or len(packs) < len(opened):
        return ()
    from riskgate.load.overlay import read_overlay  # noqa: PLC0415 - the same

    rules = {at.text for pack in opened for _, at in pack.names}
    found = [read_overlay(layer, scope, packs, rules) for layer in layers]
    return tuple(overlay for overlay in found if overlay is not None)


def _open(file: File, problems: list[Problem]) -> Document | None:
    data, problem = file.read()
    if data is None:
        problems += [] if problem is None else [problem]
        return None
    document, found = read(data, file.shown)
    problems += found
    return None if found else document


def _lifecycle(document: Document | None, problems: list[Problem]) -> Lifecycle | None:
    if document is None:
        return None
    lifecycle, sheet = read_lifecycle(document)
    problems += sheet.problems
    return lifecycle


def _references(document: Document | None, problems: list[Problem]) -> References | None:
    if document is None:
        return None
    references, sheet = read_references(document)
    problems += sheet.problems
    return references


def _vocabulary(
    document: Document | None, extensions: Sequence[tuple[Sheet, Node]], problems: list[Problem]
) -> Vocabulary | None:
    """The vocabulary with what is added to it; None if either is broken. Problems of additions stay in their sheets."""
    if document is None:
        return None
    builder = VocabularyBuilder()
    sheet = Sheet(document)
    builder.add(sheet, document.root)
    before = sum(len(own.problems) for own, _ in extensions)
    for own, node in extensions:
        builder.add(own, node, extension=True)
    vocabulary = builder.build()
    after = sum(len(own.problems) for own, _ in extensions)
    problems += sheet.problems
    return None if sheet.problems or after > before else vocabulary


def _doubled_rules(opened: list[OpenPack]) -> set[str]:
    """Reports every id that two rules have, in one pack or in two."""
    first: dict[str, tuple[Sheet, Leaf]] = {}
    repeated: set[str] = set()
    for sheet, at in [name for pack in opened for name in pack.names]:
        known = first.setdefault(at.text, (sheet, at))
        if known[1] is at:
            continue
        repeated.add(at.text)
        where = str(known[0].place(known[1]))
        message = Text(f"规则编号 `{at.text}` 已用于 {where}", f"the rule id `{at.text}` is already used at {where}")
        sheet.add("doubled-rule", at, message, Text("请改用另一个编号。", "give this rule another id."))
    return repeated


def _doubled_packs(packs: list[Pack | None], opened: list[OpenPack]) -> set[str]:
    first: dict[str, str] = {}
    for pack, files in zip(packs, opened, strict=True):
        if pack is None or files.head is None:
            continue
        other = first.setdefault(pack.name, files.head.file)
        if other != files.head.file:
            message = Text(
                f"规则包名 `{pack.name}` 已用于 {other}", f"the pack name `{pack.name}` is already used in {other}"
            )
            files.head.add("doubled-pack", files.head.document.root, message)
    return set()


def _unknown_rules(scope: Scope, opened: list[OpenPack]) -> None:
    """Derive rules name rules; these must be among the loaded ones."""
    known = {at.text for pack in opened for _, at in pack.names}
    for sheet, at in scope.rule_names:
        if at.text not in known:
            sheet.unknown("unknown-rule", at, RULE, known)


def _without(pack: Pack, repeated: set[str]) -> Pack:
    if not repeated:
        return pack
    return replace(
        pack,
        rules=tuple(rule for rule in pack.rules if rule.id not in repeated),
        derives=tuple(derive for derive in pack.derives if derive.id not in repeated),
    )
