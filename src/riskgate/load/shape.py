"""From nodes of a tree to values of a known type; each disagreement is a problem at the node, in plain words.

Every reader here returns None when it has reported a problem. Callers go on with the rest, so that all problems of a
file come together, and drop what they were building if any problem was added meanwhile.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from riskgate.errors import Place, Problem, suggestion
from riskgate.load.scalars import BOOLEANS, NumberError, plain_value, to_number
from riskgate.load.traps import full_width_colon, full_width_comma
from riskgate.load.tree import NULLS, PLAIN, REPORTED, Document, Entries, Items, Leaf, Node, is_null
from riskgate.text import Text

LANGUAGES = ("zh", "en")
YES_NO = {
    "yes": "true",
    "no": "false",
    "on": "true",
    "off": "false",
    "是": "true",
    "否": "false",
    "y": "true",
    "n": "false",
}
SHOWN = 60
SEPARATORS = "，、；"


def shown(text: str) -> str:
    """A text from a file as it appears in a message: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


class Sheet:
    """One file on its way to values: its document, and the problems found in it so far."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.file = document.file
        self.problems: list[Problem] = []

    def place(self, node: Node) -> Place:
        return Place(self.file, node.line, node.column)

    def add(self, code: str, node: Node, message: Text, help_text: Text | None = None, offset: int = 0) -> None:
        column = node.column + offset
        excerpt = self.document.excerpt(node.line, column)
        self.problems.append(Problem(code, message, Place(self.file, node.line, column), help_text, excerpt))

    def unknown(self, code: str, node: Leaf, kind: Text, known: Iterable[str], listing: bool = False) -> None:
        """`node` names something that does not exist. `kind` says what: Text("节点", "node")."""
        name = shown(node.text)
        names = list(known)
        help_text = suggestion(node.text, names)
        wide = next((i for i, ch in enumerate(node.text) if ch in SEPARATORS), None)
        if wide is not None and help_text is None:
            trap = full_width_comma(wide, node.text)
            self.add(trap.code, node, trap.message, trap.help, trap.offset)
            return
        if help_text is None and listing and names:
            listed = "、".join(f"`{n}`" for n in names)
            help_text = Text(f"可用的有 {listed}。", f"known are {', '.join(f'`{n}`' for n in names)}.")
        self.add(code, node, Text(f"没有名为 `{name}` 的{kind.zh}", f"unknown {kind.en} `{name}`"), help_text)

    def wrong_type(self, node: Node, expected: Text, help_text: Text | None = None) -> None:
        if isinstance(node, Leaf):
            if node.style == REPORTED:
                return
            if node.is_null:
                self.empty(node, expected)
                return
            colon = node.text.find("：")
            if not node.style and colon > 0 and expected in {MAPPING, LIST}:
                trap = full_width_colon(node.text[:colon], colon)
                self.add(trap.code, node, trap.message, trap.help, trap.offset)
                return
            found = Text(f"这里是 `{shown(node.text)}`", f"not `{shown(node.text)}`")
        elif isinstance(node, Items):
            found = Text("这里是一个列表", "not a list")
        else:
            found = Text("这里是一组 `名称: 内容`", "not a group of `name: value` lines")
        message = Text(f"应当是{expected.zh}，{found.zh}", f"expected {expected.en}, {found.en}")
        self.add("wrong-type", node, message, help_text)

    def empty(self, node: Leaf, expected: Text) -> None:
        message = Text(f"冒号后面是空的，应当写{expected.zh}", f"nothing is written here; expected {expected.en}")
        help_text = Text("请写上内容，或删除这一行。", "write it, or delete the line.")
        if "#" in self.document.excerpt(node.line, node.column)[node.column - 1 :].split("\n", 1)[0]:
            help_text = Text(
                "# 之后的内容会被当作注释；如果是文字，请加引号。",
                "what follows a # is a comment; if it is text, quote it.",
            )
        self.add("empty-value", node, message, help_text)

    def entries(self, node: Node) -> Entries | None:
        if isinstance(node, Entries):
            return node
        self.wrong_type(node, MAPPING)
        return None

    def items(self, node: Node, expected: Text | None = None) -> list[Node] | None:
        if isinstance(node, Items):
            return node.nodes
        help_text = None
        if isinstance(node, Leaf) and not node.is_null:
            inside = ", ".join(
                part for part in node.text.replace("，", ",").replace("、", ",").replace(",", " ").split()
            )
            help_text = Text(f"请写成 [{shown(inside)}]。", f"write [{shown(inside)}].")
        self.wrong_type(node, expected or LIST, help_text)
        return None

    def text(self, node: Node, expected: Text | None = None) -> str | None:
        """A text exactly as written: `1.10`, `012` and `no` stay what they are."""
        if type(node) is not Leaf:
            self.wrong_type(node, expected or TEXT)
            return None
        text = node.text
        if (text in NULLS and not node.style) or not text or text.isspace():
            if node.style != REPORTED:
                self.empty(node, expected or TEXT)
            return None
        return None if node.style == REPORTED else text

    def words(self, node: Node, name: str, plain: list[str]) -> Text | None:
        """A text in both languages; a plain string stands for both, and its `name` is noted in `plain`."""
        if isinstance(node, Leaf):
            text = self.text(node, WORDS)
            if text is None:
                return None
            plain.append(name)
            return Text.of(text.strip())
        if isinstance(node, Items):
            self.wrong_type(node, WORDS)
            return None
        values = node.values
        if len(values) != len(LANGUAGES) or "zh" not in values or "en" not in values:
            self.form(node, LANGUAGES, LANGUAGES)
        zh = self.text(values["zh"]) if "zh" in values else None
        en = self.text(values["en"]) if "en" in values else None
        return None if zh is None or en is None else Text(zh.strip(), en.strip())

    def number(self, node: Node, *, whole: bool = False, expected: Text | None = None) -> int | float | None:
        wanted = expected or (WHOLE if whole else NUMBER)
        if not isinstance(node, Leaf) or node.style or node.is_null:
            help_text = Text("数字不加引号。", "write numbers without quotes.")
            quoted = isinstance(node, Leaf) and node.style and _looks_like_number(node.text)
            self.wrong_type(node, wanted, help_text if quoted else None)
            return None
        try:
            value = to_number(node.text)
        except NumberError:
            self.not_storable(node)
            return None
        if value is None or (whole and isinstance(value, float)):
            self.wrong_type(node, wanted)
            return None
        return value

    def not_storable(self, node: Leaf) -> None:
        message = Text(
            f"数字 `{shown(node.text)}` 太大或不是有限数", f"the number `{shown(node.text)}` is too large or not finite"
        )
        self.add("number-range", node, message)

    def boolean(self, node: Node) -> bool | None:
        if isinstance(node, Leaf) and not node.style and node.text in BOOLEANS:
            return BOOLEANS[node.text]
        help_text = None
        if isinstance(node, Leaf):
            meant = YES_NO.get(node.text.lower())
            help_text = Text(f"请写 {meant}。", f"write {meant}.") if meant else None
        self.wrong_type(node, BOOLEAN, help_text)
        return None

    def choice(self, node: Node, options: Collection[str], kind: Text, code: str = "unknown-value") -> str | None:
        text = self.text(node, Text(f"{kind.zh}（一个词）", f"a {kind.en}"))
        if text is None:
            return None
        if text in options:
            return text
        assert isinstance(node, Leaf)  # noqa: S101 - only a leaf has a text
        self.unknown(code, node, kind, options, listing=len(options) <= 12)  # noqa: PLR2004 - a longer list helps nobody
        return None

    def value(self, node: Node) -> Any:
        """Plain data: texts, numbers, booleans, lists and mappings as written."""
        if isinstance(node, Leaf):
            try:
                return None if node.style == REPORTED else plain_value(node)
            except NumberError:
                self.not_storable(node)
                return None
        if isinstance(node, Items):
            return [self.value(item) for item in node.nodes]
        return {name: self.value(item) for name, item in node.values.items()}

    def form(self, node: Entries, known: Collection[str], required: Collection[str] = ()) -> "Form":
        """A mapping with known keys: unknown, missing and empty ones are reported."""
        if not (isinstance(known, frozenset) and known.issuperset(node.values)):
            for name in node.values:
                if name not in known:
                    self._unknown_key(node.key(name), known)
        if not node.damaged:
            for name in required:
                if name not in node.values:
                    message = Text(f"缺少 `{name}`", f"`{name}` is missing")
                    help_text = suggestion(name, [k for k in node.values if k not in known])
                    self.add("missing-key", node, message, None if help_text is None else _rename(name, help_text))
        return Form(self, node)

    def _unknown_key(self, key: Leaf, known: Collection[str]) -> None:
        colon = key.text.find("：")
        if colon > 0:
            trap = full_width_colon(key.text[:colon], colon)
            self.add(trap.code, key, trap.message, trap.help, trap.offset)
            return
        help_text = suggestion(key.text, known)
        if help_text is None:
            listed = ", ".join(sorted(known))
            help_text = Text(f"这里可以写：{listed}。", f"known here: {listed}.")
        name = shown(key.text)
        self.add("unknown-key", key, Text(f"不认识 `{name}` 这一项", f"unknown key `{name}`"), help_text)


def _rename(name: str, near: Text) -> Text:
    return Text(f"{near.zh} 如果就是它，请改名为 `{name}`。", f"{near.en} if that is meant, rename it to `{name}`.")


def _looks_like_number(text: str) -> bool:
    try:
        return to_number(text) is not None
    except NumberError:
        return False


class Form:
    """The values of one mapping by key, after its keys were checked."""

    __slots__ = ("node", "sheet", "values")

    def __init__(self, sheet: Sheet, node: Entries) -> None:
        self.sheet = sheet
        self.node = node
        self.values: Mapping[str, Node] = node.values

    def get(self, name: str) -> Node | None:
        return self.values.get(name)

    def text(self, name: str) -> str | None:
        node = self.values.get(name)
        return None if node is None else self.sheet.text(node)

    def words(self, name: str, plain: list[str], prefix: str = "") -> Text | None:
        node = self.values.get(name)
        return None if node is None else self.sheet.words(node, prefix + name, plain)

    def number(self, name: str) -> float | None:
        node = self.values.get(name)
        return None if node is None else self.sheet.number(node)

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number within the two limits."""
        node = self.values.get(name)
        if node is None:
            return None
        expected = Text(f"{low} 到 {high} 的整数", f"a whole number from {low} to {high}")
        value = self.sheet.number(node, whole=True, expected=expected)
        if value is not None and not low <= value <= high:
            self.sheet.wrong_type(node, expected)
            return None
        return None if value is None else int(value)

    def boolean(self, name: str, default: bool = False) -> bool:
        node = self.values.get(name)
        if node is None:
            return default
        value = self.sheet.boolean(node)
        return default if value is None else value

    def choice(self, name: str, options: Collection[str], kind: Text, code: str = "unknown-value") -> str | None:
        node = self.values.get(name)
        return None if node is None else self.sheet.choice(node, options, kind, code)

    def items(self, name: str, expected: Text | None = None) -> list[Node]:
        node = self.values.get(name)
        return [] if node is None else self.sheet.items(node, expected) or []

    def entries(self, name: str) -> Entries | None:
        node = self.values.get(name)
        return None if node is None else self.sheet.entries(node)


MAPPING = Text("一组 `名称: 内容`", "a group of `name: value` lines")
LIST = Text("一个列表", "a list")
TEXT = Text("一段文字", "a text")
WORDS = Text("一段文字，或 {zh: …, en: …}", "a text, or {zh: …, en: …}")
NUMBER = Text("一个数字", "a number")
WHOLE = Text("一个整数", "a whole number")
BOOLEAN = Text("true 或 false", "true or false")

__all__ = [
    "BOOLEAN",
    "LIST",
    "MAPPING",
    "NUMBER",
    "PLAIN",
    "TEXT",
    "WHOLE",
    "WORDS",
    "Form",
    "Sheet",
    "is_null",
    "shown",
]
