"""The slow reader of JSON: the same tree, and the place of everything that the quick one drops or cannot name.

The quick reader (pydantic-core) keeps the last of doubled keys, and stops at the first thing that is no JSON. This one
runs only when the quick one refused or lost something.
"""

import json
import math
import re
from typing import Any

from riskgate.errors import SnapshotError
from riskgate.snapshot.finding import Finding, Path, visible
from riskgate.snapshot.locate import too_deep
from riskgate.snapshot.place import snapshot_error
from riskgate.snapshot.source import DEPTH
from riskgate.snapshot.values import INTEGER
from riskgate.text import Text

_QUICK_PLACE = re.compile(r"(?:Invalid JSON: )?(?P<reason>.*) at line (?P<line>\d+) column (?P<column>\d+)$", re.DOTALL)
_DIGITS_OF_64_BITS = 19
_WORDS = {
    "Expecting value": "此处应有一个值",
    "Expecting ',' delimiter": "此处应有逗号 ,",
    "Expecting ':' delimiter": "此处应有冒号 :",
    "Expecting property name enclosed in double quotes": "此处应有双引号中的键",
    "Illegal trailing comma before end of object": "对象末尾多了逗号",
    "Illegal trailing comma before end of array": "列表末尾多了逗号",
    "Unterminated string starting at": "文字没有右引号",
    "Invalid control character at": "文字中有未转义的控制字符（如换行、制表符）",
    "Extra data": "JSON 结束后还有内容",
}
_FULL_WIDTH = {
    "：": ":",
    "，": ",",
    "“": '"',
    "”": '"',
    "｛": "{",
    "｝": "}",
    "［": "[",
    "］": "]",
    "＂": '"',
    "、": ",",
}


class _Doubled(dict[str, Any]):
    """An object with a key written twice; `pairs` still has what the dict has lost."""

    pairs: list[tuple[str, Any]]


class _Bad:
    """A number that JSON or riskgate does not have, kept in the tree until its place is known."""

    __slots__ = ("code", "spelling")

    def __init__(self, code: str, spelling: str) -> None:
        self.code = code
        self.spelling = spelling


class _Reading:
    """The hooks of one reading."""

    def __init__(self) -> None:
        self.marked = False

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        self.marked = True
        doubled = _Doubled(found)
        doubled.pairs = pairs
        return doubled

    def integer(self, spelling: str) -> object:
        if len(spelling) < _DIGITS_OF_64_BITS:
            return int(spelling)
        if len(spelling) <= _DIGITS_OF_64_BITS + 1 and -INTEGER <= (value := int(spelling)) < INTEGER:
            return value
        return self._bad("integer-too-large", spelling)

    def double(self, spelling: str) -> object:
        value = float(spelling)
        return value if math.isfinite(value) else self._bad("not-a-number", spelling)

    def constant(self, spelling: str) -> object:
        return self._bad("not-a-number", spelling)

    def _bad(self, code: str, spelling: str) -> _Bad:
        self.marked = True
        return _Bad(code, spelling)


def text_of(body: bytes, name: str) -> str:
    """The text of the bytes; SnapshotError names the encoding if it is not UTF-8."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise _stop("not-utf8", *_encoding(body), body[: error.start].decode(), name) from None
    if "\0" in text[:4]:
        raise _stop("not-utf8", *_encoding(body), "", name)
    if not text.strip():
        raise _stop("empty", Text("文件是空的", "the file is empty"), None, "", name)
    return text


def _encoding(body: bytes) -> tuple[Text, Text]:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in body[:4]:
        kind = "UTF-16"
    else:
        try:
            body.decode("gb18030")
            kind = "GBK"
        except UnicodeDecodeError:
            kind = ""
    message = Text(
        f"文件不是 UTF-8 编码{f'（看来是 {kind}）' if kind else ''}",
        f"the file is not UTF-8{f' (it looks like {kind})' if kind else ''}",
    )
    return message, Text("请另存为 UTF-8", "save it as UTF-8")


def _stop(code: str, message: Text, hint: Text | None, before: str, name: str) -> SnapshotError:
    """An error after which nothing more can be read; `before` is the text up to its place."""
    return snapshot_error([Finding((), code, message, hint, offset=len(before))], before + " ", name)


def read_carefully(text: str, refusal: str, name: str) -> tuple[Any, list[Finding]]:
    """The tree, and doubled keys and impossible numbers in it; `refusal` is what the quick reader said.

    Raises SnapshotError where the text is no JSON or nested too deep. Impossible numbers read as None.
    """
    if refusal:
        deep = too_deep(text, DEPTH)
        if deep is not None:
            message = Text(f"嵌套超过 {DEPTH} 层", f"nested deeper than {DEPTH} levels")
            raise _stop("too-deep", message, None, text[:deep], name)
    reading = _Reading()
    try:
        tree = json.loads(
            text,
            object_pairs_hook=reading.pairs,
            parse_int=reading.integer,
            parse_float=reading.double,
            parse_constant=reading.constant,
        )
    except json.JSONDecodeError as error:
        reason = Text(_WORDS.get(error.msg, error.msg), error.msg[:1].lower() + error.msg[1:])
        raise _not_json(reason, text[: error.pos], text[error.pos :][:1], name) from None
    except RecursionError:  # the caller's own stack is nearly full
        message = Text("嵌套太深，无法读取", "nested too deep to be read")
        raise _stop("too-deep", message, None, "", name) from None
    findings: list[Finding] = []
    if reading.marked:
        tree = _unmark(tree, (), findings)
    if refusal and not findings:
        raise _refused(refusal, text, name)
    return tree, findings


def _not_json(reason: Text, before: str, here: str, name: str) -> SnapshotError:
    hint = None
    if here in _FULL_WIDTH:
        hint = Text(
            f"全角 {here} 应为半角 {_FULL_WIDTH[here]}", f"write `{_FULL_WIDTH[here]}` for the full-width `{here}`"
        )
    elif before.rstrip().endswith(",") and here in ("}", "]"):
        hint = Text("去掉末尾多余的逗号", "remove the comma before the closing bracket")
    elif here == "'":
        hint = Text("JSON 的文字用双引号", "texts are in double quotes")
    elif here in ("/", "#"):
        hint = Text("JSON 不能写注释", "JSON has no comments")
    message = Text(f"不是有效的 JSON：{reason.zh}", f"not valid JSON: {reason.en}")
    return _stop("not-json", message, hint, before, name)


def _refused(refusal: str, text: str, name: str) -> SnapshotError:
    """Something that Python's reader lets pass and JSON does not have, such as half a surrogate pair."""
    match = _QUICK_PLACE.match(refusal)
    if match is None:
        return _not_json(Text.of(refusal), "", "", name)
    lines = text.split("\n")
    line = min(int(match["line"]), len(lines))
    # The quick reader counts its columns in bytes.
    column = len(lines[line - 1].encode()[: int(match["column"])].decode(errors="ignore"))
    before = "\n".join([*lines[: line - 1], lines[line - 1][: max(column - 1, 0)]])
    return _not_json(Text.of(match["reason"]), before, "", name)


def _unmark(value: Any, path: Path, findings: list[Finding]) -> Any:
    """The value with plain dicts and without impossible numbers, each of them listed."""
    if isinstance(value, _Bad):
        spelling = visible(value.spelling)
        if value.code == "integer-too-large":
            message = Text(f"整数 {spelling} 超出 64 位", f"the integer {spelling} is beyond 64 bits")
        else:
            message = Text(f"{spelling} 不是有限的数", f"{spelling} is not a finite number")
        findings.append(Finding(path, value.code, message))
        return None
    if isinstance(value, list):
        return [_unmark(item, (*path, index), findings) for index, item in enumerate(value)]
    if isinstance(value, _Doubled):
        seen: dict[str, int] = {}
        for key, _ in value.pairs:
            seen[key] = seen.get(key, -1) + 1
            if seen[key]:
                message = Text(f"键 `{visible(key)}` 重复", f"the key `{visible(key)}` is written twice")
                hint = Text("只保留一个", "keep one of them")
                findings.append(Finding((*path, key), "doubled-key", message, hint, at="key", nth=seen[key]))
        return {key: _unmark(item, (*path, key), findings) for key, item in value.pairs}
    if isinstance(value, dict):
        return {key: _unmark(item, (*path, key), findings) for key, item in value.items()}
    return value
