"""The ways in. What is refused is refused in words; what comes out is a snapshot that a gate reads, always the same."""

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from fuzz.company import bundled, files, folder, gate, written
from fuzz.parts import workbook_of
from riskgate import Gate, Report
from riskgate.comparing import compare
from riskgate.errors import SnapshotError
from riskgate.rectification import match
from riskgate.rectification import read as read_workbook
from riskgate.render.diff import show_diff
from riskgate.render.diff_markdown import diff_markdown
from riskgate.render.page import PLAIN, Page
from riskgate.sources import Made, merge, read_csv, read_ledger
from riskgate.sources.ground import Ground, ground_of
from riskgate.sources.ifc import api as ifc
from riskgate.sources.ifc.facts import Model
from riskgate.sources.ifc.integrity import ascii_text
from riskgate.sources.ifc.mapping import IfcMap
from riskgate.sources.ifc.mapping_file import read_ifc_map
from riskgate.sources.ifc.process import taken
from riskgate.sources.ifc.project_file import ProjectFacts, read_project
from riskgate.sources.ifc.step import scan

INTO = {
    "riskgate": 1,
    "as_of": "2026-11-20",
    "project": {
        "id": "P",
        "phases": [
            {
                "id": "1",
                "buildings": [
                    {"id": "3", "stair_units": [{"id": "1", "units": [{"id": "3-0801"}, {"id": "3-0802"}]}]},
                    {"id": "4", "stair_units": [{"id": "1", "units": [{"id": "4-0801"}]}]},
                ],
            }
        ],
    },
}
"""A project whose flats ledgers may name."""
SECONDS = 15
"""For the reading of one model."""
DEADLY = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)
PRICES = "楼栋,单元,房号,建筑面积（㎡）,单价（元/㎡）,总价（万元）,销售状态\n3号楼,1单元,0801室,89.5,12000,107.4,未售\n"


def stands(made: Made, reader: Gate, *, partial: bool = False) -> bytes:
    """A snapshot that was made is one: its bytes are read as what it is. `partial`: references may lead nowhere."""
    content = made.to_json()
    if json.loads(content) != json.loads(json.dumps(made.data)):
        raise AssertionError("the bytes say something else than the data")
    try:
        reader.snapshot(content)
    except SnapshotError as error:
        if not partial or any(problem.code != "dangling-reference" for problem in error.problems):
            raise AssertionError(f"what was made is refused: {error}") from error
    for note in made.notes:
        note.as_dict()
    return content


def twice(make: Callable[[], Made], reader: Gate, *, partial: bool = False) -> None:
    if stands(make(), reader, partial=partial) != stands(make(), reader, partial=partial):
        raise AssertionError("the same input gave other bytes")


def options(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The first line of an input says what a caller says beside the file: `into`, `project=P`, `at.building=3`."""
    line, _, rest = data.partition(b"\n")
    said: dict[str, Any] = {}
    for word in line.decode("utf-8", "replace").split(" "):
        name, _, value = word.partition("=")
        if name == "into":
            said["into"] = INTO
        elif name in {"entity", "project", "encoding", "delimiter", "as_of"}:
            said[name] = value
        elif name.startswith("at."):
            said.setdefault("at", {})[name.removeprefix("at.")] = value
    return said, rest


def csv(data: bytes) -> None:
    said, rest = options(data)
    path = written(rest, "ledger.csv")
    entity = said.pop("entity", "prices")
    twice(lambda: read_csv(path, entity, gate=bundled(), **said), bundled(), partial="into" not in said)


def ledger(data: bytes) -> None:
    said, rest = options(data)
    said = {name: value for name, value in said.items() if name not in {"encoding", "delimiter"}}
    path = written(workbook_of(rest), "ledger.xlsx")
    twice(lambda: read_ledger(path, gate=bundled(), **said), bundled(), partial="into" not in said)


def ledger_map(data: bytes) -> None:
    """A mapping, and a ledger that is read by it."""
    mapping, rest = files(data, 2)
    said, rows = options(rest or b"entity=prices into\n" + PRICES.encode())
    table, path = written(rows, "ledger.csv"), written(mapping, "map.yaml")
    entity = said.pop("entity", "prices")
    made: Callable[[], Made] = lambda: read_csv(table, entity, gate=bundled(), mapping=path, **said)  # noqa: E731 - said twice
    twice(made, bundled(), partial="into" not in said)


def merging(data: bytes) -> None:
    """Two snapshots and a file of decisions; the second line of those that begins with `# prefer` names sources."""
    one, other, decisions = files(data, 3)
    first = decisions.partition(b"\n")[0].decode("utf-8", "replace").split()
    prefer = tuple(first[2:]) if first[:2] == ["#", "prefer"] else ()
    paths = (written(decisions, "decisions.yaml"),) if decisions.strip() else ()

    def made() -> Made:
        return merge({"a": one, "b": other}, gate=gate(), prefer=prefer, decisions=paths, as_of="2026-11-20")

    twice(made, gate())


def comparing(data: bytes) -> None:
    """Two reports; the first is a baseline too."""
    old, new = (Report.from_json(one) for one in files(data, 2))
    comparison = compare(old, new, old_name="old", new_name="new")
    if comparison.exit_code not in (0, 1, 3) or not comparison.to_json():
        raise AssertionError("no comparison")
    page = Page("zh", PLAIN)
    show_diff(page, comparison)
    diff_markdown(comparison)
    gate().check(folder() / "blocked.json", baseline=old)


@cache
def blocked() -> Report:
    return gate().check(folder() / "blocked.json")


def rectified(data: bytes) -> None:
    filled = read_workbook(written(workbook_of(data), "book.xlsx"))
    match(filled, blocked()).as_dict()


# -- models


@cache
def ground() -> Ground:
    return ground_of(bundled())


@cache
def ifc_map() -> IfcMap:
    return read_ifc_map(None, ground().vocabulary)


def step(data: bytes) -> None:
    """The text of a model: nothing makes the scan fail, and no part of a whole model is whole."""
    text = scan(data)
    if text.faults:
        return
    shorter = data[: len(data) // 2]
    if not scan(shorter).faults:
        raise AssertionError("half of a whole model is whole")
    for encoding in ("utf-8", "gb18030"):
        plain = ascii_text(data, encoding)
        if plain is not None and (not plain.isascii() or scan(plain.encode("ascii")).types != text.types):
            raise AssertionError("another model in ASCII")


def ifc_answer(data: bytes) -> None:
    """What the process that reads a model answered."""
    _from_answer(subprocess.CompletedProcess([], 0, data, b""), ifc_map(), ProjectFacts({"id": "P"}))


def _from_answer(done: "subprocess.CompletedProcess[bytes]", mapping: IfcMap, facts: ProjectFacts) -> None:
    model, problems = taken(done, "m.ifc")
    if model is None:
        raise SnapshotError(problems)
    twice(lambda: ifc.snapshot_of([model], mapping, facts, ground(), None), bundled())


@cache
def houses() -> list[bytes]:
    """Small models of both schemas; the first has a flat with doors and windows."""
    sys.path.append(str(Path(__file__).parent.parent / "tests"))  # the tests are not a package
    from ifc_house import House, flat  # noqa: PLC0415 - it needs a library that is slow to load

    one = House()
    flat(one, {"bathroom": "卫生间", "study": "Study", "foyer": "玄关", "bedroom": "主卧"})
    other = House(schema="IFC2X3", length="ft", area="ft2", storey_name="2F")
    rooms = [
        other.room("1", "Bathroom", (0, 0), (2, 3), quantities={"NetFloorArea": ("m2", 6.0)}, properties={"Flat": "1"}),
        other.room("2", "Foyer", (0, 3.2), (2, 3)),
    ]
    other.opening("IfcDoor", "d", (0.5, 3.0, 0), (0.8, 2.0), external=False, properties={"ClearWidth": "800 mm"})
    other.zone("A1", rooms)
    other.part("IfcRailing", "r", (0, 0, 0), (1, 0.05, 1.1))
    other.stair("s", (0, 0, 0), (1, 2, 2))
    small = House(length="mm")
    small.room("1", "Kitchen", (0, 0), (2, 3))
    return [house.file.to_string().encode() for house in (one, other, small)]


@cache
def house() -> Model:
    """A model that is sound."""
    path = written(houses()[0], "house.ifc")
    model, problems = taken(_read_aside(path), "house.ifc")
    if model is None:
        raise SnapshotError(problems)
    return model


def ifc_files(data: bytes) -> None:
    """A mapping of models and a file of facts beside them, for a model that is sound."""
    first, second = files(data, 2)
    mapping, project = written(first, "ifc.yaml"), written(second, "project.yaml")
    vocabulary, lifecycle = ground().vocabulary, ground().lifecycle

    def made() -> Made:
        known = read_ifc_map(mapping if mapping.stat().st_size else None, vocabulary)
        facts = read_project(project if project.stat().st_size else {"id": "P"}, vocabulary, lifecycle)
        return ifc.snapshot_of([house()], known, facts, ground(), None)

    twice(made, bundled())


def ifc_model(data: bytes) -> None:
    """The text of a model, really read: in a process of its own, which is a copy of this one and so begins at once."""
    path = written(data, "m.ifc")
    _from_answer(_read_aside(path), ifc_map(), ProjectFacts({"id": "P"}))


def _read_aside(path: Path) -> "subprocess.CompletedProcess[bytes]":
    import ifcopenshell.validate  # noqa: F401, PLC0415 - so that no copy needs to load it

    from riskgate.sources.ifc.child import read  # noqa: PLC0415 - the process that reads models has its own imports

    answer, wrong = folder() / "answer.json", folder() / "error"
    answer.unlink(missing_ok=True)
    wrong.unlink(missing_ok=True)
    process = os.fork()
    if process == 0:
        for number in DEADLY:  # the fuzzer would take the end of this process for its own
            signal.signal(number, signal.SIG_DFL)
        try:
            known = ifc_map()
            said = read({"path": str(path), "wanted": known.wanted, "reach": known.reach_m, "encoding": "utf-8"})
            answer.write_text(json.dumps(said), encoding="ascii")
            os._exit(0)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it ends this process only
            wrong.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
            os._exit(1)
    end = time.monotonic() + SECONDS
    while os.waitpid(process, os.WNOHANG) == (0, 0):
        if time.monotonic() > end:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            break
        time.sleep(0.001)
    if wrong.exists():
        raise AssertionError(wrong.read_text(encoding="utf-8"))
    return subprocess.CompletedProcess([], 0, answer.read_bytes() if answer.exists() else b"", b"")
