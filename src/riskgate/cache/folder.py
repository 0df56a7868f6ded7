"""The folder of a cache: read and written only where nobody but the user who runs this can put anything.

Entries are unpickled, and so could run code: what others could have written is never looked at. Whatever cannot be
checked, read or written is as if it were not there; nothing here raises.
"""

import hashlib
import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

NAME: Final = "riskgate"
SUFFIX: Final = ".gate"
MARK: Final = b"riskgate kept rules 1\n"
MAX_BYTES: Final = 32_000_000
"""An entry that is larger is not written, and not read."""
MAX_ENTRIES: Final = 16
MAX_TOTAL: Final = 128_000_000
"""The oldest entries are removed beyond so many of them, or so many bytes."""
_DIGEST: Final = 32
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_OPEN: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_ABANDONED: Final = 3600.0
"""Seconds after which a file that is still being written belongs to nobody."""
_DAY: Final = 86400.0


def own_folder(environment: Mapping[str, str]) -> "Folder | None":
    """The cache of the user who runs this: below XDG_CACHE_HOME, or ~/.cache. None where there is none to trust."""
    base = Path(environment.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():
        home = Path(environment.get("HOME", ""))
        if not home.is_absolute():
            return None
        base = home / ".cache"
    return Folder(base / NAME)


class Folder:
    """A folder of entries. It is made when the first entry is written."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def read(self, key: str) -> bytes | None:
        """The content of an entry; None if it is not there, not ours alone, or not whole."""
        folder = self._open(make=False)
        if folder is None:
            return None
        try:
            entry = os.open(key + SUFFIX, os.O_RDONLY | os.O_NONBLOCK | _OPEN, dir_fd=folder)
        except OSError:
            return None
        finally:
            os.close(folder)
        try:
            status = os.fstat(entry)
            if not stat.S_ISREG(status.st_mode) or not _ours(status) or not 0 < status.st_size <= MAX_BYTES:
                return None
            data = _whole(entry, status.st_size)
            if time.time() - status.st_mtime > _DAY:
                os.utime(entry)  # the oldest are removed first
        except OSError:
            return None
        finally:
            os.close(entry)
        return _content(key, data)

    def write(self, key: str, content: bytes) -> bool:
        """Keep an entry: whole, or not at all. Says whether it was kept."""
        data = MARK + _digest(key, content) + content
        if len(data) > MAX_BYTES:
            return False
        folder = self._open(make=True)
        if folder is None:
            return False
        temporary = f"{key}.{os.getpid()}.{time.monotonic_ns()}.new"
        try:
            entry = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OPEN, 0o600, dir_fd=folder)
            try:
                with os.fdopen(entry, "wb") as file:
                    file.write(data)
                os.rename(temporary, key + SUFFIX, src_dir_fd=folder, dst_dir_fd=folder)
            except OSError:
                os.unlink(temporary, dir_fd=folder)
                return False
            _remove_oldest(folder, key + SUFFIX)
        except OSError:
            return False
        finally:
            os.close(folder)
        return True

    def _open(self, *, make: bool) -> int | None:
        """The folder itself, if it and all folders above it are safe from others; it stays the one that was checked."""
        if os.name != "posix":
            return None
        try:
            if make:
                _make(self.path)
            path = self.path.resolve(strict=True)
            if not _safe_way(path):
                return None
            folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | _OPEN)
        except (OSError, RuntimeError, ValueError):  # RuntimeError: links in a circle; ValueError: a name with NUL
            return None
        if _ours(os.fstat(folder)):
            return folder
        os.close(folder)
        return None


def _make(path: Path) -> None:
    """The folder, and those above it that are missing, for this user alone."""
    for each in (*reversed(path.parents), path):
        if not each.exists():
            each.mkdir(0o700, exist_ok=True)


def _safe_way(path: Path) -> bool:
    """Whether nobody else can put another folder in the place of this one, or of one above it."""
    for each in (path, *path.parents):
        status = each.lstat()
        sticky = status.st_uid == 0 and status.st_mode & stat.S_ISVTX  # others may add to it, not replace what is ours
        if status.st_uid not in (0, os.geteuid()) or (status.st_mode & _WRITE and not sticky):
            return False
    return True


def _ours(status: os.stat_result) -> bool:
    """Whether a file or folder belongs to this user and nobody else may do anything with it."""
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS


def _whole(entry: int, size: int) -> bytes:
    with os.fdopen(os.dup(entry), "rb") as file:
        return file.read(size + 1)


def _content(key: str, data: bytes) -> bytes | None:
    """What an entry holds, if it is the entry of this key and not a bit of it has changed."""
    start = len(MARK) + _DIGEST
    content = data[start:]
    if not data.startswith(MARK) or data[len(MARK) : start] != _digest(key, content):
        return None
    return content


def _digest(key: str, content: bytes) -> bytes:
    digest = hashlib.sha256(key.encode() + b"\0")
    digest.update(content)
    return digest.digest()


def _remove_oldest(folder: int, kept: str) -> None:
    """Keep the cache within its bounds; the entry just written stays."""
    now, total, count = time.time(), 0, 0
    entries: list[tuple[bool, float, str, int]] = []
    for name in os.listdir(folder):
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if name.endswith(SUFFIX):
            entries.append((name == kept, status.st_mtime, name, status.st_size))
        elif name.endswith(".new") and now - status.st_mtime > _ABANDONED:
            os.unlink(name, dir_fd=folder)
    for _, _, name, size in sorted(entries, reverse=True):
        total, count = total + size, count + 1
        if count > MAX_ENTRIES or total > MAX_TOTAL:
            os.unlink(name, dir_fd=folder)
