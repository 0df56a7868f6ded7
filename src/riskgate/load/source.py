"""From the bytes of a file to its text: size, encoding and characters that no file of ours may hold."""

import re

from riskgate.errors import Place, Problem
from riskgate.load.tree import Source
from riskgate.text import Text

MAX_BYTES = 5_000_000
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
"""Control characters, invisible spaces and marks that turn the direction of text: none can be seen by a reviewer."""
CJK = "[\u4e00-\u9fff]"
UTF8_BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
MANY = 20


def too_large(file: str, size: int) -> Problem:
    return Problem(
        "file-too-large",
        Text(
            f"文件有 {size:,} 字节，上限是 {MAX_BYTES:,} 字节",
            f"the file has {size:,} bytes; the limit is {MAX_BYTES:,}",
        ),
        Place(file),
        Text("请拆成几个文件。", "split it into several files."),
    )


def decode(data: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """The text of a file, or the problems that keep it from being one."""
    if len(data) > MAX_BYTES:
        return None, [too_large(file, len(data))]
    if data.startswith(UTF16_BOMS) or _looks_like_utf16(data):
        return None, [_encoding(file, "UTF-16")]
    try:
        text = data.removeprefix(UTF8_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [_not_utf8(data, file, error)]
    problems = _forbidden(text, file)
    return (None, problems) if problems else (text, [])


def _looks_like_utf16(data: bytes) -> bool:
    head = data[:400]
    return len(head) >= 4 and head.count(0) * 4 >= len(head)  # noqa: PLR2004 - a quarter of the bytes are zero


def _encoding(file: str, name: str) -> Problem:
    return Problem(
        "not-utf8",
        Text(f"文件不是 UTF-8 编码，看起来是 {name}", f"the file is not UTF-8; it looks like {name}"),
        Place(file, 1, 1),
        Text("请在编辑器中“另存为”，编码选 UTF-8。", "save it as UTF-8 in your editor."),
    )


def _not_utf8(data: bytes, file: str, error: UnicodeDecodeError) -> Problem:
    try:
        other = data.decode("gb18030")
    except UnicodeDecodeError:
        other = ""
    if re.search(CJK, other):
        return _encoding(file, "GBK")
    before = data[: error.start]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    return Problem(
        "not-utf8",
        Text("文件不是 UTF-8 编码", "the file is not UTF-8"),
        Place(file, line, column),
        Text("请在编辑器中“另存为”，编码选 UTF-8。", "save it as UTF-8 in your editor."),
    )


def _forbidden(text: str, file: str) -> list[Problem]:
    found: list[Problem] = []
    source = Source(file, text)
    for match in FORBIDDEN.finditer(text):
        before = text[: match.start()]
        line = before.count("\n") + 1
        column = match.start() - (before.rfind("\n") + 1) + 1
        code = f"U+{ord(match.group()):04X}"
        found.append(
            Problem(
                "control-character",
                Text(f"这里有一个看不见的字符 {code}", f"there is an invisible character {code} here"),
                source.place(line, column),
                Text("请删除它。", "delete it."),
            )
        )
        if len(found) == MANY:
            break
    return found
