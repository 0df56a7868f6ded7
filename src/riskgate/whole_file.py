"""Reading a file whole, where it is one: a device that never ends would be read until memory does. And what is to be
said of a file that has no folder to be written into."""

import errno
import os
import stat
import sys
from pathlib import Path


class DeviceError(OSError):
    """What was to be read is a device. `filename` is its path."""


class NoFolderError(FileNotFoundError):
    """The folder that a file is to be written into is not there. `filename` is the file's path."""


def read_whole(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file or pipe. Raises OSError, DeviceError for a device; ValueError for a path that can be none."""
    refuse_device(path)
    return Path(path).read_bytes()


def read_input() -> bytes:
    """What comes on standard input, to its end. Raises DeviceError where that is a device."""
    stream = sys.stdin.buffer
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):  # a stream of Python alone, which holds what it holds
        return stream.read()
    _refuse(status, "-")
    return stream.read()


def refuse_device(path: str | os.PathLike[str]) -> None:
    """Raise DeviceError for a device, OSError for what cannot be asked.

    The null device is an empty file, and a terminal ends where its reader says so: the one on standard input is read.
    """
    _refuse(os.stat(path), os.fspath(path))  # noqa: PTH116 - the path as it was given, in errors too


def _refuse(status: os.stat_result, name: str) -> None:
    if stat.S_ISBLK(status.st_mode) or (stat.S_ISCHR(status.st_mode) and not _ends(status)):
        raise DeviceError(errno.ENODEV, "it is a device, not a file", name)


def _ends(device: os.stat_result) -> bool:
    try:
        if device.st_rdev == os.stat(os.devnull).st_rdev:  # noqa: PTH116 - beside the one above
            return True
        return os.isatty(0) and device.st_rdev == os.fstat(0).st_rdev
    except OSError:  # no standard input
        return False
