"""XML read piece by piece, within limits: no document type, so no entity of its own; no deep nesting, no endless tag.

Made on expat, the parser of Python itself. Names come without their namespaces: writers differ in prefixes, and the
parts of a workbook have no two elements that only a namespace tells apart.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from xml.parsers import expat

from riskgate.errors import RectificationError
from riskgate.text import Text
from riskgate.workbook.archive import Archive, Limits
from riskgate.workbook.refuse import damaged, refusal, too_large

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Data = Callable[[str], None]
_ENCODINGS = frozenset({"utf-8", "utf-16", "us-ascii", "iso-8859-1"})
"""What expat reads by itself; the format knows the first two. For others Python would look up a codec."""


class Budget:
    """How many elements and characters of one workbook may still be read, over all of its parts."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.elements = limits.elements
        self.characters = limits.characters


def parse(archive: Archive, part: str, budget: Budget, start: Start, end: End, data: Data) -> Iterator[None]:
    """Feed a part of the workbook to the handlers; gives control back after each piece, so that what the handlers
    collected can be used and forgotten. Names are local ones.

    Raises RectificationError for what is not well-formed, has a document type, or passes a limit.
    """
    return _Parser(archive.file, part, budget, start, end, data).run(archive.pieces(part))


class _Parser:
    def __init__(self, file: str, part: str, budget: Budget, start: Start, end: End, data: Data) -> None:
        self._file = file
        self._part = part
        self._budget = budget
        self._depth = 0
        self._start = start
        self._end = end
        self._data = data
        self._local: dict[str, str] = {}
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = self._on_data
        parser.StartDoctypeDeclHandler = self._on_doctype
        parser.XmlDeclHandler = self._on_declaration

    def run(self, pieces: Iterable[bytes]) -> Iterator[None]:
        fed = 0
        parser = self._parser
        try:
            for piece in pieces:
                fed += len(piece)
                parser.Parse(piece, False)
                # expat keeps a tag until its end has come: what it has not used yet is one token
                if fed - parser.CurrentByteIndex > self._budget.limits.token_bytes:
                    raise self._too_much("一个标签过长", "one tag goes on for too long")
                yield
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            message = Text(
                f"文件已损坏：`{self._part}` 第 {error.lineno} 行不是 XML",
                f"the file is damaged: line {error.lineno} of `{self._part}` is not XML",
            )
            raise damaged(self._file, message) from error
        yield

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        budget = self._budget
        self._depth += 1
        budget.elements -= 1
        if budget.elements < 0 or self._depth > budget.limits.depth:
            if budget.elements < 0:
                raise self._too_much(
                    f"单元格太多（XML 元素超过 {budget.limits.elements:,} 个）",
                    f"there are too many cells (more than {budget.limits.elements:,} XML elements)",
                )
            raise self._too_much("XML 嵌套过深", "its XML is nested too deep")
        local = self._local.get(name) or self._known(name)
        self._start(local, attributes)

    def _on_end(self, name: str) -> None:
        self._depth -= 1
        self._end(self._local[name])

    def _on_data(self, text: str) -> None:
        budget = self._budget
        budget.characters -= len(text)
        if budget.characters < 0:
            most = budget.limits.characters
            raise self._too_much(f"文字超过 {most:,} 个字符", f"there are more than {most:,} characters of text")
        self._data(text)

    def _known(self, name: str) -> str:
        if len(self._local) >= 10_000:  # noqa: PLR2004 - the format has some hundreds of names
            raise self._too_much("XML 元素名太多", "it has too many names of elements")
        local = self._local[name] = name.rpartition(":")[2]
        return local

    def _on_declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            message = Text(
                f"文件已损坏：`{self._part}` 的编码 `{encoding[:20]}` 不是工作簿用的",
                f"the file is damaged: `{self._part}` is in `{encoding[:20]}`, which no workbook uses",
            )
            raise damaged(self._file, message)

    def _on_doctype(self, *_: object) -> None:
        message = Text(
            f"`{self._part}` 带有文档类型声明（DTD），工作簿里不该有，不读取",
            f"`{self._part}` declares a document type (DTD); no workbook has one: not read",
        )
        raise refusal(self._file, "unsafe-xml", message)

    def _too_much(self, zh: str, en: str) -> RectificationError:
        return too_large(self._file, Text(f"`{self._part}`：{zh}", f"`{self._part}`: {en}"))
