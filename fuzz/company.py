"""A copy of a small company in a folder that is fast, of which one file is what is fuzzed."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from riskgate import Gate

ROOT = Path(__file__).parent.parent
BASE = ROOT / "tests" / "battery" / "base"
SEPARATOR = b"\n=====\n"
"""Between the files of an input that is several."""


@cache
def folder() -> Path:
    memory = Path("/dev/shm")  # noqa: S108 - only a place that is fast; the name of the folder is made by tempfile
    made = Path(tempfile.mkdtemp(prefix="riskgate-fuzz-", dir=memory if memory.is_dir() else None))
    shutil.copytree(BASE, made, dirs_exist_ok=True)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@cache
def gate() -> Gate:
    return Gate.load(folder() / "company")


@cache
def bundled() -> Gate:
    """The bundled rules: ledgers and models are read into their vocabulary."""
    return Gate.load()


def written(data: bytes, name: str) -> Path:
    path = folder() / name
    path.write_bytes(data)
    return path


def files(data: bytes, count: int) -> list[bytes]:
    """The files of an input; those that it does not have are empty."""
    found = data.split(SEPARATOR, count - 1)
    return found + [b""] * (count - len(found))


def clean_up() -> None:
    if folder.cache_info().currsize:
        shutil.rmtree(folder(), ignore_errors=True)
