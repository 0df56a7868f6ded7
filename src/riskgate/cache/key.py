"""What decides what loading makes: the bytes of all files, their names, and the programs that read them."""

import hashlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from riskgate import __version__
from riskgate.load.inputs import Inputs

FORMAT: Final = "1"
"""Another one whenever entries are written in another way by the same sources; those count by themselves."""
READERS: Final = ("yaml", "re2")
"""Libraries that decide what a pack means, or whether it may be loaded."""


def key_of(inputs: Inputs) -> str | None:
    """The name of the entry for what is loaded from these files; None if they cannot all be read, or if
    something is wrong that no file tells."""
    if inputs.found.problems:
        return None
    digest = hashlib.sha256()

    def add(*parts: str | bytes) -> None:
        for part in parts:
            data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
            digest.update(b"%d:" % len(data))
            digest.update(data)

    add(FORMAT, __version__, sys.version, sys.implementation.cache_tag or "", sys.platform, str(sys.maxsize))
    add(str(sys.flags.optimize), _own_sources(), *[_stamp(name) for name in READERS])
    for group, files in inputs.groups():
        add("group", group)
        for file in files:
            data, _ = file.read()
            if data is None:
                return None
            add("file", file.shown, data)
    return digest.hexdigest()


def _own_sources() -> str:
    """Size and time of change of every source file of riskgate: whoever changes one is not served what it made."""
    found: list[str] = []
    waiting = [str(Path(__file__).parents[1])]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    found.append(f"{entry.path} {status.st_size} {status.st_mtime_ns}")
                elif entry.name not in ("__pycache__", "rules") and entry.is_dir():
                    waiting.append(entry.path)
    return "\n".join(sorted(found))


def _stamp(module: str) -> str:
    """Where a library lies and when it was installed, without importing it."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        return ""
    status = Path(spec.origin).stat()
    return f"{spec.origin} {status.st_size} {status.st_mtime_ns}"
