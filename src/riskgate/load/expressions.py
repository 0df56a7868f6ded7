"""CEL texts with exact places, whichever of YAML's five ways of writing a text was used."""

import re
from bisect import bisect_right
from sys import maxsize

from riskgate.load.shape import Sheet
from riskgate.load.tree import Leaf, Node
from riskgate.pack import Expression
from riskgate.text import Text

EXPRESSION = Text("一个条件（CEL 表达式）", "a condition (a CEL expression)")
ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
CONTINUED = re.compile(r"\\(?:\r\n|[\r\n])[ \t]*")
BREAK = re.compile(r"\r\n|[\r\n]")
BLANK = " \t\r\n"
WORD = re.compile(r"[^ \t\r\n]+")
BLANKS = re.compile(r"[ \t\r\n]+")
BLOCK = ("|", ">")
ESCAPED = ("'", '"')


def read_expression(sheet: Sheet, node: Node) -> Expression | None:
    """The CEL text of a node; it is parsed later, when its names can be known."""
    text = sheet.text(node, EXPRESSION)
    if text is None or not isinstance(node, Leaf):
        return None
    source = sheet.document.source
    opening = 0 if not node.style else 1
    raw = source[node.start + opening : node.end - opening]
    if node.style not in BLOCK and raw == text:
        return Expression(text, sheet.file, ((node.line, node.column + opening),))
    text = text.rstrip()
    if node.style == "|":
        starts = _literal(source, node, text)
        if starts is not None:
            return Expression(text, sheet.file, starts)
    segments = _words(source, node, text) or _align(source, node, text)
    starts = _starts(text, segments)
    return Expression(text, sheet.file, starts, segments)


def _literal(source: str, leaf: Leaf, text: str) -> tuple[tuple[int, int], ...] | None:
    """The places of the lines of a `|` text: each stands in the file as it is, behind the same indentation."""
    written = [line.rstrip("\r") for line in source[leaf.start : leaf.end].split("\n")[1:]]
    lines = text.split("\n")
    first = lines[0]
    indent = len(written[0]) - len(first) if written and first and written[0].endswith(first) else -1
    if indent < 0 or len(written) < len(lines):
        return None
    if any(line and found[indent:] != line for line, found in zip(lines, written, strict=False)):
        return None
    return tuple((leaf.line + 1 + row, indent + 1) for row in range(len(lines)))


def _starts(text: str, segments: tuple[tuple[int, int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Where each line of the text begins, reckoned from the first piece in it."""
    starts = []
    offset = 0
    for line in text.split("\n"):
        before = max((s for s in segments if s[0] <= offset), default=segments[0])
        at, row, column = next((s for s in segments if offset <= s[0] <= offset + len(line)), before)
        starts.append((row, max(1, column - max(0, at - offset))))
        offset += len(line) + 1
    return tuple(starts)


def _words(source: str, leaf: Leaf, text: str) -> tuple[tuple[int, int, int], ...] | None:
    """The places of the words of a text without escapes, each of which stands in the source as it is.

    None for the rest, and where a word was broken. Most long conditions are folded, and `_align` is slow.
    """
    if leaf.style in ESCAPED:
        return None
    at = leaf.start
    if leaf.style in BLOCK:
        header = BREAK.search(source, at)
        at = len(source) if header is None else header.end()
    begins = _line_starts(source, leaf)
    segments: list[tuple[int, int, int]] = []
    for word in WORD.finditer(text):
        blank = BLANKS.match(source, at)
        at = at if blank is None else blank.end()
        if not source.startswith(word[0], at):
            return None
        segments.append((word.start(), *_position(begins, at)))
        at += len(word[0])
    return tuple(segments) or None


def _align(source: str, leaf: Leaf, text: str) -> tuple[tuple[int, int, int], ...]:
    """Walks text and source side by side: blanks may be folded, indented or cut, all else stands in both."""
    at = leaf.start
    if leaf.style in BLOCK:
        header = BREAK.search(source, at)
        at = len(source) if header is None else header.end()
    elif leaf.style:
        at += 1
    begins = _line_starts(source, leaf)
    segments: list[tuple[int, int, int]] = []
    expected = -1
    for offset, char in enumerate(text):
        if leaf.style == '"':
            while (cut := CONTINUED.match(source, at)) is not None:
                at = cut.end()
        escape = ESCAPE.match(source, at) if leaf.style == '"' else None
        if char in BLANK and escape is None:
            while at < leaf.end and source[at] in BLANK:
                at += 1
            continue
        while at < leaf.end and source[at] in BLANK:  # a line break that left no blank in the text
            at += 1
        escape = ESCAPE.match(source, at) if leaf.style == '"' else None
        if at != expected:
            segments.append((offset, *_position(begins, at)))
        if escape is not None:
            at = escape.end()
            expected = -1
        elif leaf.style == "'" and source.startswith("''", at):
            at += 2
            expected = -1
        else:
            at += 1
            expected = at
        if expected > 0 and offset + 1 < len(text) and text[offset + 1] in BLANK:
            expected = -1
    return tuple(segments) or ((0, leaf.line, leaf.column),)


def _line_starts(source: str, leaf: Leaf) -> list[tuple[int, int]]:
    """(offset in the source, line number) of each line of the scalar, the first one by its own column."""
    found = [(leaf.start - leaf.column + 1, leaf.line)]
    found += [(m.end(), leaf.line + n) for n, m in enumerate(BREAK.finditer(source, leaf.start, leaf.end), 1)]
    return found


def _position(begins: list[tuple[int, int]], at: int) -> tuple[int, int]:
    start, line = begins[bisect_right(begins, (at, maxsize)) - 1]
    return line, at - start + 1
