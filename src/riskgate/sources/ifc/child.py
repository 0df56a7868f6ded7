"""The process that reads a model: `python -m riskgate.sources.ifc.child`, a request in, an answer out.

Libraries that read foreign files may crash, hang or eat all memory. Here they do it alone, within limits.
"""

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from riskgate.sources.file_name import file_name
from riskgate.sources.ifc.step import MANY, Fault, counted, scan


def main() -> None:
    """Answer one request. What a library prints goes to the error output, so that it cannot spoil the answer."""
    answer = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    request = json.loads(sys.stdin.read())
    _limit(request["memory_bytes"], request["seconds"])
    try:
        said = read(request)
    except MemoryError:
        said = {"failed": "memory"}
    json.dump(said, answer)
    answer.close()


def _limit(memory: int, seconds: int) -> None:
    """Limits of this process, libraries included. Systems without them have the time limit of the parent."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def read(request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a request: the facts of the model, or what is wrong with it."""
    path = Path(request["path"])
    data = path.read_bytes()
    text = scan(data)
    if text.faults:
        return _faulty(text.faults)
    from riskgate.sources.ifc.integrity import ascii_text, compare, doubts  # noqa: PLC0415 - only a sound text gets so far

    plain = ascii_text(data, request["encoding"])
    if plain is None:
        return _faulty([Fault("not-encoded", 0, request["encoding"])])
    ifcopenshell: Any = import_module("ifcopenshell")  # it has types in part only
    ifcopenshell.get_log()  # empties it
    model = ifcopenshell.file.from_string(plain)
    faults = compare(model, text, ifcopenshell.get_log())
    if faults:
        return _faulty(faults)
    from riskgate.sources.ifc.extract import Extraction  # noqa: PLC0415 - the same
    from riskgate.sources.ifc.facts import Remark, to_data  # noqa: PLC0415 - the same

    doubtful, told = doubts(model)
    try:
        extraction = Extraction(model, frozenset(request["wanted"]), request["reach"])
        if extraction.units.length is None:
            return _faulty([Fault("no-length-unit")])
        model_facts = extraction.read(file_name(path), hashlib.sha256(data).hexdigest(), text.written_on, doubtful)
    except (ImportError, MemoryError):
        raise
    except Exception:  # what is not of its kind may raise anything, here and in the library; raised again below,
        # unless the model is to blame, and then that is what is told
        broken = [Fault("schema-violation", 0, one.detail) for one in doubtful if one.code == "schema-violation"]
        if not broken:
            raise
        return _faulty(broken)
    said = to_data(model_facts)
    if text.raw_bytes:
        told = (*told, Remark("raw-bytes", request["encoding"]))
    said["remarks"] = [*said["remarks"], *map(asdict, told)]
    return {"model": said}


def _faulty(faults: list[Fault]) -> dict[str, Any]:
    """The first faults, and the first of each kind with its number."""
    first = [asdict(fault) for fault in faults[:MANY]]
    return {"faults": first, "kinds": [[asdict(fault), number] for fault, number in counted(faults)]}


if __name__ == "__main__":
    main()
