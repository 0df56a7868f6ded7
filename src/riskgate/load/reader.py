"""From the text of a YAML file to a marked tree.

The tree is built straight from parse events: node trees cost twice as much (see docs/decisions), and everything that
is refused (aliases, tags, doubled keys, depth, size) can be seen in the events, before it can do harm.
"""

import re
from collections.abc import Callable
from typing import Any

import yaml

from riskgate.errors import Place, Problem
from riskgate.load.source import decode
from riskgate.load.traps import check_key, check_value, lost_comment
from riskgate.load.tree import PLAIN, REPORTED, Document, Entries, Items, Leaf, Mark, Node, Source
from riskgate.text import Text

MAX_DEPTH = 64
MAX_NODES = 100_000
SCALAR = yaml.ScalarEvent
MAPPING_START, MAPPING_END = yaml.MappingStartEvent, yaml.MappingEndEvent
SEQUENCE_START, SEQUENCE_END = yaml.SequenceStartEvent, yaml.SequenceEndEvent
SUSPECT_COMMENT = re.compile(r"[ \t]#[^\s#]")
SUSPECT_WIDE = re.compile("[：，、“”‘’；［］｛｝\u3000\u00a0]")

try:
    Loader: type = yaml.CSafeLoader
except AttributeError:  # PyYAML built without libyaml: slower, the same events
    Loader = yaml.SafeLoader

REFUSED = "(refused)"
"""Stands for a key that was reported and is left out; told from a key of that text by identity."""


class _StopError(Exception):
    """The rest of the file is not worth reading: a limit is exceeded."""


def read(data: bytes, file: str) -> tuple[Document | None, list[Problem]]:
    """The tree of a YAML file and what is wrong with it. The tree is None if the file cannot be used at all."""
    text, problems = decode(data, file)
    if text is None:
        return None, problems
    builder = _Builder(file, text)
    try:
        root = builder.build()
    except _StopError:
        return None, builder.problems
    except yaml.MarkedYAMLError as error:
        from riskgate.load.explain import explain  # noqa: PLC0415  # only a broken file needs it: it costs every start

        return None, [*builder.problems, explain(error, builder.source)]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return None, [*builder.problems, _unreadable(file, str(error))]
    return (None if root is None else Document(file, text, root)), builder.problems


def _unreadable(file: str, detail: str) -> Problem:
    short = " ".join(detail.split())[:200]
    return Problem(
        "yaml-syntax", Text(f"无法读懂这个文件：{short}", f"this file cannot be understood: {short}"), Place(file)
    )


class _Builder:
    """Builds the tree of one file. The open collections are a plain stack: depth costs no recursion."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.source = Source(file, text)
        self.problems: list[Problem] = []
        self.commented = (" #" in text or "\t#" in text) and SUSPECT_COMMENT.search(text) is not None
        self.wide = SUSPECT_WIDE.search(text) is not None

    def add(self, code: str, line: int, column: int, message: Text, help_text: Text | None = None) -> None:
        self.problems.append(
            Problem(code, message, Place(self.file, line, column), help_text, self.source.excerpt(line, column))
        )

    def build(self) -> Node | None:
        loader = Loader(self.text)
        try:
            return self._run(loader.get_event)
        finally:
            loader.dispose()

    def _run(self, next_event: Callable[[], Any]) -> Node | None:  # noqa: PLR0915  # a call per event would cost a third
        root: Node | None = None
        documents = count = 0
        stack: list[tuple[Items | Entries | None, str | None, Mark | None]] = []
        current: Items | Entries | None = None
        mapping = False  # whether the innermost open collection, `current`, is a mapping
        key: str | None = None
        mark: Mark | None = None  # of the key
        commented, wide = self.commented, self.wide
        while True:
            event = next_event()
            kind = type(event)
            node: Node
            if kind is SCALAR:
                text = event.value
                if mapping and key is None:
                    key = text
                    mark = event.start_mark
                    if event.tag is not None or event.anchor is not None:
                        self._refuse_property(event, None)
                    if wide and not event.style and not text.isascii() and self._bad_key(text, event.start_mark):
                        current.damaged = True  # type: ignore[union-attr]  # a mapping is open
                        key = REFUSED
                    count += 1
                    continue
                style = event.style or PLAIN
                node = Leaf(text, style, event.start_mark, event.end_mark)
                if event.tag is not None or event.anchor is not None:
                    self._refuse_property(event, node)
                elif not style:
                    if wide and not text.isascii():
                        self._full_width(node, current)
                    if commented:
                        self._cut(node)
            elif kind is MAPPING_START or kind is SEQUENCE_START:
                if event.tag is not None or event.anchor is not None:
                    self._refuse_property(event, None)
                if mapping and key is None:
                    self._complex_key(event.start_mark.line + 1, event.start_mark.column + 1)
                stack.append((current, key, mark))
                key = None
                mapping = kind is MAPPING_START
                current = (Entries if mapping else Items)(event.start_mark, bool(event.flow_style))
                if len(stack) > MAX_DEPTH:
                    self._stop_deep(current)
                continue
            elif kind is MAPPING_END or kind is SEQUENCE_END:
                assert current is not None  # noqa: S101  # the parser closes only what it opened
                node = current
                current, key, mark = stack.pop()
                mapping = type(current) is Entries
            elif kind is yaml.AliasEvent:
                node = self._refuse_alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._second_document(event)
                continue
            elif kind is yaml.StreamEndEvent:
                break
            else:
                continue
            count += 1
            if count > MAX_NODES:
                self._stop_many(node)
            if type(current) is Entries:
                if key is None or key is REFUSED:  # a list or mapping or alias as a key, or one that was refused
                    current.damaged = True
                    key = REFUSED if key is None else None
                    continue
                assert mark is not None  # noqa: S101  # it came with the key
                if key in current.values:
                    self._doubled(key, mark, current.marks[key])
                else:
                    current.marks[key] = mark
                    current.values[key] = node
                key = None
            elif type(current) is Items:
                current.nodes.append(node)
            else:
                root = node
        return self._whole(root)

    def _whole(self, root: Node | None) -> Node | None:
        if root is not None and not (isinstance(root, Leaf) and root.is_null):
            return root
        if not self.problems:
            self.add(
                "empty-file",
                1,
                1,
                Text("文件是空的", "the file is empty"),
                Text("请写入内容或删除这个文件。", "write something in it, or delete it."),
            )
        return None

    def _bad_key(self, text: str, mark: Mark) -> bool:
        trap = check_key(text)
        if trap is not None:
            self.add(trap.code, mark.line + 1, mark.column + 1 + trap.offset, trap.message, trap.help)
        return trap is not None

    def _full_width(self, leaf: Leaf, within: Items | Entries | None) -> None:
        trap = check_value(leaf.text, flow=within is not None and within.flow, in_list=type(within) is Items)
        if trap is not None:
            self.add(trap.code, leaf.line, leaf.column + trap.offset, trap.message, trap.help)
            leaf.style = REPORTED

    def _cut(self, leaf: Leaf) -> None:
        trap = lost_comment(self.text, leaf) if leaf.text else None
        if trap is not None:
            self.add(trap.code, leaf.line, leaf.column + trap.offset, trap.message, trap.help)

    def _doubled(self, key: str, mark: Mark, first: Mark) -> None:
        self.add(
            "doubled-key",
            mark.line + 1,
            mark.column + 1,
            Text(
                f"`{key}` 在同一处写了两次（第一次在第 {first.line + 1} 行）",
                f"`{key}` is written twice in one place (first in line {first.line + 1})",
            ),
            Text("请保留一个，删除另一个。", "keep one and delete the other."),
        )

    def _complex_key(self, line: int, column: int) -> None:
        self.add(
            "key-not-text",
            line,
            column,
            Text("冒号前的名称必须是一段文字", "the name before a colon must be a text"),
            Text("以 { 或 [ 开头的内容请加引号。", "put a text that begins with { or [ in quotes."),
        )

    def _refuse_property(self, event: Any, leaf: Leaf | None) -> None:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if leaf is not None:
            leaf.style = REPORTED
        quote = Text("如果这是文字，请加引号。", "if this is a text, put it in quotes.")
        if event.anchor is not None:
            self.add(
                "anchor",
                line,
                column,
                Text(f"不支持锚点 `&{event.anchor}`", f"anchors such as `&{event.anchor}` are not supported"),
                quote,
            )
            return
        written = self.source.line(line)[column - 1 :].split()
        shown = written[0][:40] if written else "!"
        self.add("tag", line, column, Text(f"不支持标签 `{shown}`", f"tags such as `{shown}` are not supported"), quote)

    def _refuse_alias(self, event: Any) -> Leaf:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        self.add(
            "alias",
            line,
            column,
            Text(f"不支持引用 `*{event.anchor}`", f"aliases such as `*{event.anchor}` are not supported"),
            Text("如果这是文字，请加引号；否则把内容写全。", "if this is a text, put it in quotes; else write it out."),
        )
        return Leaf("", REPORTED, event.start_mark, event.end_mark)

    def _second_document(self, event: Any) -> None:
        self.add(
            "several-documents",
            event.start_mark.line + 1,
            event.start_mark.column + 1,
            Text("一个文件里只能有一份内容，这里的 `---` 又开始了一份", "`---` begins a second document in this file"),
            Text("请删除 `---`，或拆成两个文件。", "delete the `---`, or make two files."),
        )
        raise _StopError

    def _stop_deep(self, node: Node) -> None:
        self.add(
            "too-deep",
            node.line,
            node.column,
            Text(f"嵌套超过 {MAX_DEPTH} 层", f"nested more than {MAX_DEPTH} levels deep"),
        )
        raise _StopError

    def _stop_many(self, node: Node) -> None:
        self.add(
            "too-many-nodes",
            node.line,
            node.column,
            Text(f"文件中的内容超过 {MAX_NODES:,} 项", f"the file has more than {MAX_NODES:,} items"),
            Text("请拆成几个文件。", "split it into several files."),
        )
        raise _StopError
