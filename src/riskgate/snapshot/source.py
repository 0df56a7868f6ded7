"""Where a snapshot comes from: a file, bytes or Python data, brought to the one form that is read, JSON bytes."""

import json
import math
import os
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson

from riskgate.errors import Place, Problem, SnapshotError
from riskgate.record import record
from riskgate.snapshot.finding import Finding, Path
from riskgate.snapshot.place import snapshot_error
from riskgate.snapshot.values import INTEGER
from riskgate.text import Text
from riskgate.whole_file import DeviceError, read_whole

DEPTH = 200
"""So many lists and objects may lie in each other, the top object counted, an empty one not: as the quick reader
(pydantic-core) counts them."""


@record
class Source:
    """The bytes to read and the name to show. `spelled` is false where no text of the user's stands behind them."""

    data: bytes
    name: str
    spelled: bool = True


def fetch(source: "str | os.PathLike[str] | bytes | Mapping[str, Any]", name: str) -> Source:
    """The bytes of a source; SnapshotError if a file cannot be read or data cannot be written as JSON."""
    if isinstance(source, bytes | bytearray | memoryview):
        return Source(bytes(source), name)
    if isinstance(source, Mapping):
        return Source(serialise(source, name), name, spelled=False)
    return _fetch_file(os.fspath(source), name)


def _fetch_file(path: str, name: str) -> Source:
    shown = name or path
    try:
        return Source(read_whole(path), shown)
    except FileNotFoundError:
        message = Text("没有这个文件", "there is no such file")
    except IsADirectoryError:
        message = Text("这是一个文件夹，不是快照文件", "this is a folder, not a snapshot file")
    except DeviceError:
        message = Text("这是设备，不是文件", "this is a device, not a file")
    except PermissionError:
        message = Text("没有读取这个文件的权限", "no permission to read this file")
    except (OSError, ValueError) as error:  # a name too long, a device error; ValueError for a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        message = Text(f"文件无法读取：{reason}", f"the file cannot be read: {reason}")
    hint = None
    if path.lstrip().startswith("{"):
        shown = name
        hint = Text(
            "字符串按文件路径理解；JSON 内容请以 bytes 传入",
            "a str is taken as a path; pass the JSON itself as bytes",
        )
    raise SnapshotError(Problem("unreadable", message, Place(file=shown), help=hint))


def serialise(data: Mapping[str, Any], name: str = "") -> bytes:
    """Python data as JSON bytes; dates become ISO texts. SnapshotError names every value that JSON cannot carry."""
    try:
        # orjson refuses keys that are not texts, integers beyond 64 bits and half surrogates, but writes NaN as null;
        # json refuses NaN, but turns the key 1 into "1". Together they let nothing through in silence.
        orjson.dumps(data, default=_carry, option=orjson.OPT_PASSTHROUGH_DATACLASS)
        text = json.dumps(data, allow_nan=False, ensure_ascii=False, default=_carry, separators=(",", ":"))
        return text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        findings: list[Finding] = []
        plain = _plain(data, (), findings)
        if not findings:  # a limit of the writers themselves, such as little stack being left
            text = json.dumps(plain, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
            return text.encode()
        raise snapshot_error(findings, None, name) from error


def _carry(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def _plain(value: object, path: Path, findings: list[Finding]) -> object:
    """The value as JSON would have it, every part that it cannot have listed in `findings`."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _plain_text(str.__str__(value), path, findings)  # an enum member as its value
    if isinstance(value, int):
        if -INTEGER <= value < INTEGER:
            return int(value)
        _refuse(path, "integer-too-large", Text("整数超出 64 位", "an integer beyond 64 bits"), findings)
        return None
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        _refuse(path, "not-a-number", Text("NaN 或无穷大不是数据", "NaN and infinity are no data"), findings)
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping | list | tuple) and value and len(path) >= DEPTH:
        message = Text(f"嵌套超过 {DEPTH} 层", f"nested deeper than {DEPTH} levels")
        _refuse(path, "too-deep", message, findings)
        return None
    if isinstance(value, Mapping):
        return _plain_object(value, path, findings)
    if isinstance(value, list | tuple):
        return [_plain(item, (*path, index), findings) for index, item in enumerate(value)]
    kind = type(value).__name__
    message = Text(f"这类值（{kind}）不能写成 JSON", f"a value of this kind ({kind}) cannot be written as JSON")
    _refuse(path, "not-json", message, findings)
    return None


def _plain_object(value: Mapping[object, object], path: Path, findings: list[Finding]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, item in value.items():
        if isinstance(key, str):
            plain[str(_plain_text(str.__str__(key), path, findings))] = _plain(item, (*path, key), findings)
        else:
            message = Text(f"键必须是文字，现为 {key!r}", f"a key must be a text, found {key!r}")
            _refuse((*path, str(key)), "not-json", message, findings)
    return plain


def _plain_text(text: str, path: Path, findings: list[Finding]) -> object:
    try:
        text.encode()
    except UnicodeEncodeError:
        message = Text("文字含有不成对的代理字符", "the text holds half of a surrogate pair")
        _refuse(path, "not-utf8", message, findings)
        return None
    return text


def _refuse(path: Path, code: str, message: Text, findings: list[Finding]) -> None:
    findings.append(Finding(path, code, message))
