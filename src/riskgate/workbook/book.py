"""A workbook: its sheets by name, the texts they share, and the properties that riskgate left in it."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from riskgate.text import Text
from riskgate.workbook.archive import WORKBOOK_LIMITS, Archive, Limits, open_archive
from riskgate.workbook.cells import TRUE, Area, CellReader, Row, SharedTexts
from riskgate.workbook.elements import Budget, parse
from riskgate.workbook.refuse import damaged, refusal, too_large
from riskgate.workbook.styles import percent_styles

HIDDEN = ("hidden", "veryHidden")
_PROPERTIES = "docProps/custom.xml"
_MOST_SHEETS = 200
_MOST_PROPERTIES = 200
_LONGEST_PROPERTY = 1_000


@dataclass
class Sheet:
    """A worksheet, read when its rows are asked for."""

    name: str
    part: str
    book: "Workbook"
    hidden: bool = False
    merged: list[Area] = field(default_factory=list)
    """The ranges that are one cell on the screen; complete when all rows were read."""
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """Columns that are not shown, from the first to the last of each run; complete when a row was read."""

    def rows(self) -> Iterator[Row]:
        """The rows that have cells. Raises RectificationError where the sheet cannot be read on."""
        book = self.book
        reader = CellReader(book.archive, self.part, book.budget, book.texts, book.percents)
        self.merged = reader.merged
        self.hidden_columns = reader.hidden
        yield from reader.rows()

    def cell(self, reference: str) -> str:
        """How people call a cell of this sheet: `风险清单!K12`."""
        plain = self.name.replace("_", "").isalnum() and not self.name[:1].isdigit()
        quoted = self.name if plain else "'" + self.name.replace("'", "''") + "'"
        return f"{quoted}!{reference}"


@dataclass
class Workbook:
    """An open workbook. `from_1904`: its day numbers count from 1904, as old Macintosh workbooks do."""

    archive: Archive
    budget: Budget
    sheets: tuple[Sheet, ...] = ()
    from_1904: bool = False
    _texts_part: str | None = None
    _styles_part: str | None = None

    @property
    def limits(self) -> Limits:
        return self.archive.limits

    @cached_property
    def texts(self) -> list[str]:
        part = self._texts_part
        return SharedTexts(self.archive, part, self.budget).read() if part is not None else []

    @cached_property
    def percents(self) -> frozenset[str]:
        """The styles of cells that show numbers as percentages."""
        part = self._styles_part
        return percent_styles(self.archive, part, self.budget) if part is not None else frozenset()

    @cached_property
    def properties(self) -> Mapping[str, str]:
        """The document's own properties (`docProps/custom.xml`)."""
        if _PROPERTIES not in self.archive:
            return {}
        found: dict[str, str] = {}
        name = ""

        def start(element: str, attributes: Mapping[str, str]) -> None:
            nonlocal name
            if element == "property":
                name = attributes.get("name", "")
                if len(found) >= _MOST_PROPERTIES:
                    raise too_large(self.archive.file, Text("文档属性太多", "it has too many document properties"))

        def data(text: str) -> None:
            if name:
                found[name] = (found.get(name, "") + text)[:_LONGEST_PROPERTY]

        def end(element: str) -> None:
            nonlocal name
            if element == "property":
                name = ""

        for _ in parse(self.archive, _PROPERTIES, self.budget, start, end, data):
            continue  # every piece goes to the handlers
        return found


def open_workbook(path: str | Path, limits: Limits = WORKBOOK_LIMITS) -> Workbook:
    """A workbook on disk, ready to be read. Raises RectificationError for what is none or is dangerous, and OSError."""
    archive = open_archive(path, limits)
    budget = Budget(limits)
    part = _main_part(archive, budget)
    links = _links(archive, budget, part)
    book = Workbook(archive, budget)
    texts = [target for target, kind in links.values() if kind == "sharedStrings" and target in archive]
    book._texts_part = texts[0] if texts else None  # noqa: SLF001 - the maker of the value
    styles = [target for target, kind in links.values() if kind == "styles" and target in archive]
    book._styles_part = styles[0] if styles else None  # noqa: SLF001 - the same
    sheets: list[Sheet] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "workbookPr":
            book.from_1904 = attributes.get("date1904") in TRUE
        elif name == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            target, kind = links.get(link, ("", ""))
            if kind == "worksheet":
                if target not in archive:
                    message = Text(f"文件已损坏：没有 `{target}`", f"the file is damaged: there is no `{target}`")
                    raise damaged(archive.file, message)
                sheets.append(Sheet(attributes.get("name", ""), target, book, attributes.get("state") in HIDDEN))
            if len(sheets) > _MOST_SHEETS:
                raise too_large(archive.file, Text("工作表太多", "it has too many sheets"))

    for _ in parse(archive, part, budget, start, _ignore, _ignore):
        continue  # every piece goes to the handlers
    book.sheets = tuple(sheets)
    return book


def _ignore(_: str) -> None:
    """Some parts have nothing to say between their tags."""


def _main_part(archive: Archive, budget: Budget) -> str:
    """The part that lists the sheets."""
    found = ""
    if "[Content_Types].xml" in archive and "_rels/.rels" in archive:
        found = next((t for t, kind in _links(archive, budget, "").values() if kind == "officeDocument"), "")
    if found.endswith(".bin"):
        message = Text("这是 .xlsb 工作簿", "this is a binary workbook (.xlsb)")
        raise refusal(archive.file, "not-a-workbook", message, Text("另存为 .xlsx", "save it as .xlsx"))
    if found not in archive or not found.startswith("xl/"):
        message = Text("这是压缩包，但不是 .xlsx 工作簿", "this is an archive, but no .xlsx workbook")
        help_text = Text("用表格软件打开，另存为 .xlsx", "open it in a spreadsheet program and save it as .xlsx")
        raise refusal(archive.file, "not-a-workbook", message, help_text)
    return found


def _links(archive: Archive, budget: Budget, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to within the archive: by id, the part it leads to and the last word of its type."""
    folder, name = posixpath.split(part)
    links = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: Mapping[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (target, kind)
            if len(found) > archive.limits.entries:
                raise too_large(archive.file, Text("内部链接太多", "it has too many links between its parts"))

    if links in archive:
        for _ in parse(archive, links, budget, start, _ignore, _ignore):
            continue  # every piece goes to the handlers
    return found
