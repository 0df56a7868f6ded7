"""What the text of a STEP file says by itself, read before a library is believed.

A library may open a file that was cut short, and say nothing. So every instance is read here with a pattern for its
whole grammar, one after the other: what stands between two instances and is none is damage. Patterns never go back
(all their repetitions are possessive), so that the time is proportional to the size whatever the file holds.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

DEPTH = 9
"""Lists within lists in one instance: IFC needs five."""
MANY = 20
"""So many places of one kind are told; the rest is a number."""
SCHEMAS = ("IFC2X3", "IFC4")

_SPACE = rb"[ \t\r\n\f]*+"
_STRING = rb"'(?:[^']|'')*+'"
_ATOM = (
    rb"(?:"
    + _STRING
    + rb"|#[0-9]{1,18}+(?![0-9])|\.[A-Z0-9_]++\.|"
    + rb"[-+]?+(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[Ee][-+]?+[0-9]++)?+|\"[0-9A-F]*+\")"
)
_NEXT_ITEM = rb"(?:," + _SPACE + rb"(?!\))|(?=\)))"
"""A comma with something behind it, or the end of the list."""


def _value(depth: int) -> bytes:
    """The pattern of a value with lists up to this depth; a list may be the argument of a type, `IFCLABEL('x')`."""
    if depth == 0:
        return _ATOM + _SPACE
    items = rb"(?:" + _value(depth - 1) + _NEXT_ITEM + rb")*+"
    kind = rb"(?:[A-Z][A-Z0-9_]*+" + _SPACE + rb")?+"
    return rb"(?:" + _ATOM + rb"|" + kind + rb"\(" + _SPACE + items + rb"\))" + _SPACE


_ARGUMENT = rb"(?:[$*]" + _SPACE + rb"|" + _value(DEPTH) + rb")"
"""Nothing and derived values (`$`, `*`) stand for whole attributes, never within a list."""
_ARGUMENTS = rb"\(" + _SPACE + rb"(?:" + _ARGUMENT + _NEXT_ITEM + rb")*+\)"
_INSTANCE = re.compile(
    rb"#([0-9]{1,18}+)"
    + _SPACE
    + rb"="
    + _SPACE
    + rb"([A-Z][A-Z0-9_]*+)"
    + _SPACE
    + rb"("
    + _ARGUMENTS
    + rb")"
    + _SPACE
    + rb";"
    + _SPACE
)
_ENTITY = re.compile(rb"([A-Z][A-Z0-9_]*+)" + _SPACE + rb"(\((?:" + _STRING + rb"|[^';])*+)" + _SPACE + rb";" + _SPACE)
"""An entry of the head: of its form nothing depends, and programs write it in many ways."""
_KEYWORD = {word: re.compile(re.escape(word) + _SPACE + rb";" + _SPACE) for word in (b"HEADER", b"ENDSEC", b"DATA")}
_START = re.compile(rb"(?:\xef\xbb\xbf)?+" + _SPACE + rb"ISO-10303-21" + _SPACE + rb";" + _SPACE)
_END = re.compile(rb"END-ISO-10303-21" + _SPACE + rb";[ \t\r\n\f\x00\x1a]*+\Z")
_COMMENT = re.compile(_STRING + rb"|/\*(?:[^*]|\*(?!/))*+\*/")
_STRINGS = re.compile(_STRING)
_REFERENCE = re.compile(rb"#([0-9]++)")
_NEXT = re.compile(rb"\n#[0-9]++" + _SPACE + rb"=")
_ONE_TEXT = re.compile(rb"\(" + _SPACE + rb"\(" + _SPACE + _STRING + _SPACE + rb"\)" + _SPACE + rb"\)" + _SPACE)
_QUOTED = re.compile(rb"'((?:[^']|'')*+)'")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WIDE = re.compile(rb"\\X([24])\\([^\\]*+)(\\X0\\)?+")
_HEX = {b"2": re.compile(rb"(?:[0-9A-F]{4})*+\Z"), b"4": re.compile(rb"(?:[0-9A-F]{8})*+\Z")}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the text: `kind` names it, `line` is counted from 1, `detail` is for the message."""

    kind: str
    line: int = 0
    detail: str = ""


@dataclass
class StepText:
    """What the text of a model declares. Where `faults` is not empty the rest is what could be read all the same."""

    schema: str = ""
    written_on: str = ""
    """The day of the time stamp in the head, YYYY-MM-DD; empty if it has none."""
    types: Counter[str] = field(default_factory=Counter)
    """How many instances of each type the text holds, by type in capitals."""
    ids: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    raw_bytes: bool = False
    """Whether texts hold bytes beyond ASCII, which the format does not allow and many programs write."""


def scan(data: bytes) -> StepText:
    """Read the text of a model as a whole. Never raises: what is wrong is in `faults`."""
    return _Scanner(data).scan()


def counted(faults: list[Fault]) -> Iterator[tuple[Fault, int]]:
    """The first fault of each kind and how many there are."""
    number = Counter(fault.kind for fault in faults)
    told: set[str] = set()
    for fault in faults:
        if fault.kind not in told:
            told.add(fault.kind)
            yield fault, number[fault.kind]


class _Scanner:
    def __init__(self, data: bytes) -> None:
        self.data = _COMMENT.sub(_blank_comment, data) if b"/*" in data else data
        self.text = StepText()
        self.at = 0
        self.used: dict[int, int] = {}
        """The first place that refers to an id."""

    def scan(self) -> StepText:
        start = _START.match(self.data)
        if start is None:
            self._fault("no-start", 0)
            return self.text
        self.at = start.end()
        self.text.raw_bytes = not self.data.isascii()
        self._end()
        if self._keyword(b"HEADER"):
            self._header()
            while self.data.startswith(b"DATA", self.at) and self._keyword(b"DATA"):
                self._instances()
                if not self._keyword(b"ENDSEC"):
                    break
            if self.at < len(self.data) and _END.match(self.data, self.at) is None and not self.text.faults:
                self._fault("not-readable", self.at, self._shown(self.at))
        if not self.text.ids and not self.text.faults:
            self._fault("empty", 0)
        self._dangling()
        self._escapes()
        for found in _CONTROL.finditer(self.data.rstrip(b"\x00\x1a \t\r\n\f")):
            self._fault("control-character", found.start(), f"U+{found[0][0]:04X}")
        return self.text

    def _end(self) -> None:
        """The last line is looked for first: without it, whatever else is wrong comes from there."""
        tail = self.data[-4096:]
        found = tail.rfind(b"END-ISO-10303-21")
        if found < 0 or _END.match(tail, found) is None:
            self._fault("no-end", len(self.data))

    def _keyword(self, word: bytes) -> bool:
        found = _KEYWORD[word].match(self.data, self.at)
        if found is None:
            if not self.text.faults:  # else it is what comes of them
                self._fault("no-section", self.at, word.decode())
            return False
        self.at = found.end()
        return True

    def _header(self) -> None:
        while (found := _ENTITY.match(self.data, self.at)) is not None and found[1] != b"ENDSEC":
            texts = [text.decode("latin-1") for text in _QUOTED.findall(found[2])]
            if found[1] == b"FILE_SCHEMA":
                self.text.schema = texts[0].upper() if len(texts) == 1 else " + ".join(texts)
                if _ONE_TEXT.fullmatch(found[2]) is None and len(texts) == 1:
                    self._fault("not-readable", self.at, self._shown(self.at))
            elif found[1] == b"FILE_NAME":
                self.text.written_on = next((stamp[0] for text in texts[1:2] if (stamp := _STAMP.match(text))), "")
            self.at = found.end()
        if self._keyword(b"ENDSEC") and self.text.schema not in SCHEMAS:
            self._fault("unsupported-schema", 0, self.text.schema)

    def _instances(self) -> None:
        data, ids, types, used, match = self.data, self.text.ids, self.text.types, self.used, _INSTANCE.match
        at = self.at
        while True:
            found = match(data, at)
            if found is None:
                if data.startswith(b"ENDSEC", at):
                    break
                self._fault("not-readable", at, self._shown(at))
                onward = _NEXT.search(data, at + 1)
                if onward is None or len(self.text.faults) > MANY:
                    break
                at = onward.start() + 1
                continue
            number = int(found[1])
            if number in ids:
                self._fault("doubled-id", at, f"#{number}")
            ids.add(number)
            types[found[2].decode()] += 1
            arguments = found[3]
            if b"#" in arguments:
                for reference in _REFERENCE.findall(_STRINGS.sub(b"", arguments) if b"'" in arguments else arguments):
                    used.setdefault(int(reference), at)
            at = found.end()
        self.at = at

    def _dangling(self) -> None:
        if any(fault.kind in {"not-readable", "no-section"} for fault in self.text.faults):
            return  # what was not read may be what they refer to: one cause, one complaint
        for number in sorted(self.used.keys() - self.text.ids):
            self._fault("dangling-reference", self.used[number], f"#{number}")

    def _escapes(self) -> None:
        """Texts beyond ASCII are written in hexadecimal digits: a damaged run of them is a damaged name."""
        if b"\\X2\\" not in self.data and b"\\X4\\" not in self.data:
            return
        for found in _WIDE.finditer(self.data):
            if found[3] is None or _HEX[found[1]].match(found[2]) is None:
                self._fault("bad-escape", found.start(), self._shown(found.start()))

    def _fault(self, kind: str, at: int, detail: str = "") -> None:
        self.text.faults.append(Fault(kind, bisect_right(self._lines, at) + 1, detail))

    def _shown(self, at: int) -> str:
        return self.data[at : at + 60].split(b"\n", 1)[0].decode("ascii", "backslashreplace").strip()

    @cached_property
    def _lines(self) -> list[int]:
        """Where each line after the first begins."""
        return [found.end() for found in re.finditer(rb"\n", self.data)]


def _blank_comment(found: re.Match[bytes]) -> bytes:
    text = found[0]
    return text if text.startswith(b"'") else re.sub(rb"[^\n]", b" ", text)
