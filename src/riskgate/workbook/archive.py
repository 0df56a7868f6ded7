"""The zip archive that a workbook is: looked at before anything is unpacked, then unpacked no further than allowed.

A bomb shows itself in the directory of the archive: too many entries, too much when unpacked, too well compressed. What
the directory does not say truly shows when an entry is unpacked: `zipfile` gives no byte more than the directory says,
and a sum that is not right is an error.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from riskgate.errors import RectificationError
from riskgate.text import Text
from riskgate.whole_file import refuse_device
from riskgate.workbook.refuse import damaged, refusal, size, too_large

_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCATOR64 = b"PK\x06\x07"
_LOCATOR64_SIZE = 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_NAME = "EncryptedPackage".encode("utf-16-le")
_FLAG_ENCRYPTED = 0x1
_SMALL = 1_000_000
"""Entries up to this size may be compressed as well as they like: a sheet of empty cells is."""
_AT_ONCE = 1_000_000
PIECE = 65_536
"""So many bytes are unpacked at a time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workbook may cost. The defaults hold about 50,000 risks, as riskgate writes them."""

    file_bytes: int = 30_000_000
    entries: int = 1_000
    entry_bytes: int = 100_000_000
    """Of one part of the workbook, unpacked."""
    total_bytes: int = 200_000_000
    """Of all parts together, unpacked."""
    ratio: int = 150
    """How many times larger an entry above a megabyte may become when unpacked; riskgate's own reach 40."""
    elements: int = 4_000_000
    """XML elements read in all: three for a cell with text."""
    characters: int = 40_000_000
    """Of text read in all, blanks between tags among them."""
    rows: int = 60_000
    """Of the list that is looked for."""
    token_bytes: int = 2_000_000
    """One tag with its attributes, one comment."""
    depth: int = 32
    """Elements within elements; a worksheet has about six."""


WORKBOOK_LIMITS = Limits()


class Archive:
    """The parts of a workbook by name. Made by `open_archive`, after its directory was looked at."""

    def __init__(self, file: str, archive: zipfile.ZipFile, limits: Limits) -> None:
        self.file = file
        self.limits = limits
        self._archive = archive
        self._names = frozenset(archive.namelist())

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, some at a time. Raises RectificationError if they cannot be unpacked."""
        with self._reading(name), self._archive.open(name) as stream:
            while piece := stream.read(PIECE):
                yield piece

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, OSError, RuntimeError, ValueError) as error:
            shown = Text(f"文件已损坏：`{name}` 解不开", f"the file is damaged: `{name}` cannot be unpacked")
            raise damaged(self.file, shown) from error


def open_archive(path: str | Path, limits: Limits = WORKBOOK_LIMITS) -> Archive:
    """The archive of a workbook on disk, or its refusal. Raises RectificationError, or OSError if it cannot be read."""
    file = Path(path)
    name = file.as_posix()
    data = _start(file, limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        message = Text(
            f"文件超过 {size(limits.file_bytes)}，不读取",
            f"the file is larger than {size(limits.file_bytes)}: not read",
        )
        raise too_large(name, message)
    if not data.startswith((b"PK\x03\x04", _END)):
        raise _no_archive(name, data)
    _check_end(name, data, limits)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    # zipfile raises all of these over damaged bytes: NotImplementedError where a version field is wrong
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError) as error:
        raise _cut_off(name) from error
    _check_directory(name, archive, limits)
    return Archive(name, archive, limits)


def _start(file: Path, most: int) -> bytes:
    """The first bytes of a file, in pieces: to be asked for many, a stream makes room for all of them at once."""
    refuse_device(file)
    found = bytearray()
    with file.open("rb") as stream:
        while len(found) < most and (piece := stream.read(min(_AT_ONCE, most - len(found)))):
            found += piece
    return bytes(found)


def _no_archive(name: str, data: bytes) -> RectificationError:
    """What the file is instead of a workbook, as far as its first bytes tell."""
    save = Text("在表格软件里另存为 .xlsx", "open it in a spreadsheet program and save it as .xlsx")
    if not data:
        return refusal(name, "not-a-workbook", Text("文件是空的", "the file is empty"))
    if data.startswith(_OLE):
        if _ENCRYPTED_NAME in data:
            message = Text("工作簿有密码，读不了", "the workbook is protected by a password and cannot be read")
            return refusal(
                name, "encrypted-workbook", message, Text("去掉打开密码再保存", "remove the password and save it")
            )
        message = Text("这是旧的 .xls 格式，不是 .xlsx", "this is the old format .xls, not .xlsx")
        return refusal(name, "not-a-workbook", message, save)
    message = Text(
        "这不是 .xlsx 工作簿，可能是改了后缀的 CSV 或网页",
        "this is no .xlsx workbook; perhaps a CSV file or a web page under another name",
    )
    return refusal(name, "not-a-workbook", message, save)


def _cut_off(name: str) -> RectificationError:
    return damaged(
        name, Text("文件不完整，压缩目录读不出", "the file is cut off or damaged: it has no readable directory")
    )


def _check_end(name: str, data: bytes, limits: Limits) -> None:
    """Refuse by the record at the end of the archive, before `zipfile` makes an object of each entry.

    The record is looked for as `zipfile` does: at the very end, else the last one within the longest comment.
    """
    at = len(data) - _END_SIZE
    if at < 0 or not data.startswith(_END, at) or data[-2:] != b"\0\0":
        at = data.rfind(_END, max(0, len(data) - _END_SIZE - 0xFFFF))
    if at < 0 or at + _END_SIZE > len(data):
        raise _cut_off(name)
    entries, directory = struct.unpack_from("<HL", data, at + 10)
    if data.startswith(_LOCATOR64, max(0, at - _LOCATOR64_SIZE)):
        raise too_large(
            name, Text("压缩包用了 64 位目录，工作簿不需要", "the archive has a 64-bit directory; no workbook needs it")
        )
    # an entry of the directory has 46 bytes, its name and extra fields; 512 are ample for the parts of a workbook
    if entries > limits.entries or directory > limits.entries * 512:
        message = Text(
            f"压缩包里的文件超过 {limits.entries:,} 个", f"the archive holds more than {limits.entries:,} entries"
        )
        raise too_large(name, message)


def _check_directory(name: str, archive: zipfile.ZipFile, limits: Limits) -> None:
    entries = archive.infolist()
    if len(entries) > limits.entries:
        message = Text(
            f"压缩包里的文件超过 {limits.entries:,} 个", f"the archive holds more than {limits.entries:,} entries"
        )
        raise too_large(name, message)
    if len({entry.filename for entry in entries}) != len(entries):
        message = Text("压缩包里有同名的文件", "two entries of the archive have one name")
        raise damaged(name, message)
    total = sum(entry.file_size for entry in entries)
    if total > limits.total_bytes:
        message = Text(
            f"解压后有 {size(total)}，超过 {size(limits.total_bytes)}",
            f"unpacked it would be {size(total)}, more than {size(limits.total_bytes)}",
        )
        raise too_large(name, message)
    for entry in entries:
        _check_entry(name, entry, limits)


def _check_entry(name: str, entry: zipfile.ZipInfo, limits: Limits) -> None:
    if entry.flag_bits & _FLAG_ENCRYPTED:
        message = Text("压缩包有密码，读不了", "the archive is protected by a password and cannot be read")
        raise refusal(name, "encrypted-workbook", message)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        message = Text(
            f"`{entry.filename}` 的压缩方式不是工作簿用的",
            f"`{entry.filename}` is compressed in a way no workbook uses",
        )
        raise damaged(name, message)
    if entry.file_size > limits.entry_bytes:
        message = Text(
            f"`{entry.filename}` 解压后有 {size(entry.file_size)}，超过 {size(limits.entry_bytes)}",
            f"`{entry.filename}` unpacked would be {size(entry.file_size)}, more than {size(limits.entry_bytes)}",
        )
        raise too_large(name, message)
    if entry.file_size > _SMALL and entry.file_size > limits.ratio * max(entry.compress_size, 1):
        message = Text(
            f"`{entry.filename}` 压缩得不合常理（{size(entry.compress_size)} 变 {size(entry.file_size)}）",
            f"`{entry.filename}` is compressed beyond reason ({size(entry.compress_size)} to {size(entry.file_size)})",
        )
        raise too_large(name, message)
