"""How addresses are spelled (`phases[1]/buildings[3]`), and patterns, which cover many of them.

An address names an entity by the ids along its way from the project. In an id `[ ] / * # %` are percent-escaped, so
that none of them can be taken for what it means in an address.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote

from riskgate.errors import suggestion
from riskgate.text import Text
from riskgate.vocabulary import EntityType, Vocabulary

ROOT = "project"
"""The address of the root."""
ANY = "*"
"""In a pattern: any one id, or as its last step everything below."""
STEP = re.compile(r"(?P<key>[^\[\]/]+)(?:\[(?P<id>[^\[\]/]*)\])?\Z")
PLACE = re.compile(r"#[0-9]+\Z")
"""Stands for the id of an entity that has none: its place in the list."""
NAMELESS = "[#"
"""What an address holds if it leads through an entity without an id. In ids `#` is escaped."""
_SPECIAL = re.compile(r"[\[\]/*#%]")


def escape(entity_id: str) -> str:
    """The id as an address holds it: `[ ] / * # %` percent-escaped, everything else as it is."""
    return _SPECIAL.sub(lambda match: f"%{ord(match[0]):02X}", entity_id)


def usual(written: str) -> str:
    """The usual spelling of an id in an address: what need not be escaped is not."""
    return written if PLACE.match(written) else escape(unquote(written))


def steps_of(address: str) -> list[str]:
    """The steps from the project to an entity; none for the project itself."""
    return [] if address == ROOT else address.split("/")


class Form(NamedTuple):
    """What patterns have in common that one look-up can decide: steps, which of them are open, and what is covered."""

    length: int
    open: tuple[int, ...]
    below: bool

    def key(self, steps: list[str]) -> str | None:
        """What a pattern of this form would have to be called to cover the entity with these steps."""
        if len(steps) <= self.length if self.below else len(steps) != self.length:
            return None
        if not self.open:
            return "/".join(steps[: self.length])
        named = steps[: self.length]
        for index in self.open:
            named[index] = f"{named[index].partition('[')[0]}[{ANY}]"
        return "/".join(named)


class Pattern(NamedTuple):
    """A pattern as it is usually spelled. `kind` is the entity type of its last step before a final `*`."""

    text: str
    kind: str
    steps: tuple[str, ...]
    below: bool

    @property
    def form(self) -> Form:
        stars = tuple(index for index, step in enumerate(self.steps) if step.endswith(f"[{ANY}]"))
        return Form(len(self.steps), stars, self.below)

    @property
    def key(self) -> str:
        """What `Form.key` gives for the entities that it covers."""
        return "/".join(self.steps)

    def may_cover(self, vocabulary: Vocabulary, kind: str) -> bool:
        """Whether it can cover an entity of this type at all."""
        if not self.below:
            return kind == self.kind
        return any(entity.name == self.kind for entity in vocabulary.chains[kind][:-1])


class Wrong(NamedTuple):
    """Why a text is no pattern; `offset` counts characters from its start."""

    code: str
    message: Text
    help: Text | None
    offset: int = 0


def parse_pattern(vocabulary: Vocabulary, text: str) -> Pattern | Wrong:
    """The pattern that a text spells, or what is wrong with it."""
    return _Parser(vocabulary, text).parse()


class _Parser:
    def __init__(self, vocabulary: Vocabulary, text: str) -> None:
        self._vocabulary = vocabulary
        self._text = text
        self._kind = vocabulary.root
        self._steps: list[str] = []

    def parse(self) -> Pattern | Wrong:
        if self._text == ROOT:
            return Pattern(ROOT, self._kind.name, (), below=False)
        parts = self._text.split("/")
        if parts[0] == ROOT:
            return _from_root("/".join(parts[1:]))
        offset = 0
        for number, written in enumerate(parts, start=1):
            if written == ANY and number == len(parts):
                return self._made(below=True)
            wrong = self._step(written, offset)
            if wrong is not None:
                return wrong
            offset += len(written) + 1
        return self._made(below=False)

    def _made(self, *, below: bool) -> Pattern:
        text = "/".join([*self._steps, ANY] if below else self._steps)
        return Pattern(text, self._kind.name, tuple(self._steps), below=below)

    def _step(self, written: str, offset: int) -> Wrong | None:
        """Go one step down; what is wrong with the step if that cannot be done."""
        match = STEP.match(written)
        if match is None:
            return self._misspelt(written, offset)
        key, name = match["key"], match["id"]
        child = self._vocabulary.members[self._kind.name].get(key)
        if child is None:
            return self._unknown(key, offset)
        if name is None:
            if child.collection:
                return self._without_id(key, offset)
            self._steps.append(key)
        else:
            wrong = self._wrong_id(child, key, name, offset)
            if wrong is not None:
                return wrong
            self._steps.append(f"{key}[{name if name == ANY else usual(name)}]")
        self._kind = child
        return None

    def _misspelt(self, written: str, offset: int) -> Wrong:
        if written == ANY:
            message = Text("单独的 `*` 只能是最后一步", "`*` by itself can only be the last step")
            help_ = Text("一个编号写作 `rooms[*]`", "any one id is written `rooms[*]`")
        else:
            message = Text(f"`{written}` 不是地址的一步", f"`{written}` is no step of an address")
            help_ = Text(
                "写作 `phases[1]/buildings[3]`；编号里的 [ ] / * # % 写成 %5B %5D %2F %2A %23 %25",
                "write it like `phases[1]/buildings[3]`; in an id [ ] / * # % become %5B %5D %2F %2A %23 %25",
            )
        return Wrong("bad-address", message, help_, offset)

    def _unknown(self, key: str, offset: int) -> Wrong:
        if ANY in key:
            return self._misspelt(key, offset)
        title, known = self._kind, list(self._vocabulary.members[self._kind.name])
        message = Text(f"{title.title.zh}（{title.name}）里没有 `{key}`", f"there is no `{key}` in a `{title.name}`")
        help_ = suggestion(key, known)
        if help_ is None:
            listed = ", ".join(f"`{name}`" for name in known)
            help_ = Text(f"可用的有 {listed}", f"there are {listed}") if known else None
        return Wrong("unknown-address", message, help_, offset)

    def _without_id(self, key: str, offset: int) -> Wrong:
        return Wrong(
            "bad-address",
            Text(f"`{key}` 是列表，要写编号", f"`{key}` is a list: an id is needed"),
            Text(f"写作 `{key}[1]`，任意一个写作 `{key}[*]`", f"write `{key}[1]`, or `{key}[*]` for any one of them"),
            offset,
        )

    def _wrong_id(self, child: EntityType, key: str, name: str, offset: int) -> Wrong | None:
        at = offset + len(key) + 1
        if child.single:
            message = Text(f"`{key}` 只有一个，不写编号", f"there is one `{key}`: it has no id")
            return Wrong("bad-address", message, Text(f"写作 `{key}`", f"write `{key}`"), at)
        if PLACE.match(name) or "id" not in child.fields:
            message = Text(
                f"`{key}[{name}]` 没有固定的编号，不能豁免", f"`{key}[{name}]` has no lasting id: it cannot be waived"
            )
            help_ = Text(
                "请让导出系统给它编号（id）；也可豁免它的上级", "let the exporter give it an id, or name what holds it"
            )
            return Wrong("nameless-address", message, help_, at)
        if not name or "#" in name or (ANY in name and name != ANY):
            message = Text(f"`{name}` 不是编号", f"`{name}` is no id")
            help_ = Text(
                f"`*` 只能代替整个编号；编号里的字符 {ANY} 和 # 写成 %2A 和 %23",
                "`*` stands for a whole id; within an id * and # are written %2A and %23",
            )
            return Wrong("bad-address", message, help_, at)
        return None


def _from_root(rest: str) -> Wrong:
    message = Text(f"项目以下的地址不以 `{ROOT}/` 开头", f"an address below the project does not begin with `{ROOT}/`")
    return Wrong("bad-address", message, Text(f"请写 `{rest}`", f"write `{rest}`") if rest else None)
