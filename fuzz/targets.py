"""What is fuzzed. A target takes bytes and may raise nothing but RiskgateError; what it lets through must be sound."""

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from fuzz import importers
from fuzz.company import BASE, folder, gate, written
from riskgate import Gate, Report
from riskgate.cel.compiler import compile_tree, names_in
from riskgate.cel.interpret import interpret
from riskgate.cel.parse import parse
from riskgate.cel.runtime import CelError, Context, Value
from riskgate.cel.support import UNBOUND
from riskgate.cel.values import from_cel
from riskgate.config import read as read_config
from riskgate.errors import RiskgateError
from riskgate.load.reader import read as read_yaml

BINDINGS = {"a": 1, "b": -2.5, "s": "厨房", "l": [3, 1, 2], "m": {"k": "v", "n": 7}, "t": True, "x": None}
STEPS = 10_000


@dataclass(frozen=True)
class Target:
    """One input of riskgate. `suffix` names a file where the input is one, `needs` a library that is no part of the
    core: without it there is nothing to fuzz."""

    name: str
    run: Callable[[bytes], None]
    suffix: str = ""
    needs: str = ""

    @property
    def ready(self) -> bool:
        return not self.needs or find_spec(self.needs) is not None


def _yaml(data: bytes) -> None:
    document, problems = read_yaml(data, "f.yaml")
    if document is None and not problems:
        raise AssertionError("nothing was read, and no problem told")


def _pack(data: bytes) -> None:
    gate()
    _sound(Gate.load(folder() / "company", written(data, "fuzzed.yaml")))


def _base(name: str) -> Callable[[bytes], None]:
    """A lifecycle, vocabulary or references file instead of the company's own."""

    def run(data: bytes) -> None:
        gate()
        own = folder() / name
        if not own.exists():
            shutil.copytree(BASE / "company", own)
        (own / f"{name}.yaml").write_bytes(data)
        Gate.load(own)

    return run


def _overlay(data: bytes) -> None:
    gate()
    _sound(Gate.load(folder() / "company", overlays=written(data, "overlay.yaml")))


def _sound(gate: Gate) -> None:
    """A pack that loads gives a report that can be read again."""
    report = gate.check(folder() / "sound.json")
    if Report.from_json(report.to_json()).exit_code != report.exit_code:
        raise AssertionError("the report does not read back")


def _cel(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    tree = parse(text)
    names = sorted(names_in(tree))
    compiled = compile_tree(tree, names, optional=True)
    given = [BINDINGS.get(name, UNBOUND) for name in names]
    one, other = Context(STEPS), Context(STEPS)
    outcomes = (_outcome(lambda: interpret(tree, BINDINGS, one)), _outcome(lambda: compiled(*given, other)))
    if outcomes[0] != outcomes[1]:
        raise AssertionError(f"interpreted {outcomes[0]}, compiled {outcomes[1]}")


def _outcome(evaluate: Callable[[], Value]) -> str:
    try:
        return f"value {from_cel(evaluate())!r}"
    except CelError as error:
        return "budget" if "budget" in error.kinds else f"error {sorted(error.kinds)}"


def _snapshot(data: bytes) -> None:
    read = gate().snapshot(data, name="f.json")
    report = gate().check(read, as_of="2026-11-20")
    if report.exit_code not in (0, 1, 3):
        raise AssertionError(f"exit code {report.exit_code}")
    again = gate().check(json.loads(data), as_of="2026-11-20")
    if (report.exit_code, len(report.risks)) != (again.exit_code, len(again.risks)):
        raise AssertionError("bytes and data are read otherwise")


def _waivers(data: bytes) -> None:
    gate().check(folder() / "blocked.json", waivers=data, approvers={"张三": "group"})


def _report(data: bytes) -> None:
    report = Report.from_json(data)
    if Report.from_json(report.to_json()).to_json() != report.to_json():
        raise AssertionError("a report that was read does not read back")


def _config(data: bytes) -> None:
    read_config(written(data, "riskgate.toml"))


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target("yaml", _yaml, ".yaml"),
        Target("pack", _pack, ".yaml"),
        Target("lifecycle", _base("lifecycle"), ".yaml"),
        Target("vocabulary", _base("vocabulary"), ".yaml"),
        Target("references", _base("references"), ".yaml"),
        Target("overlay", _overlay, ".yaml"),
        Target("cel", _cel, ".cel"),
        Target("snapshot", _snapshot, ".json"),
        Target("waivers", _waivers, ".yaml"),
        Target("report", _report, ".json"),
        Target("config", _config, ".toml"),
        Target("workbook", importers.rectified, ".xlsx", "openpyxl"),
        Target("csv", importers.csv, ".csv"),
        Target("ledger", importers.ledger, ".xlsx", "openpyxl"),
        Target("ledgermap", importers.ledger_map, ".yaml"),
        Target("merge", importers.merging, ".json"),
        Target("compare", importers.comparing, ".json"),
        Target("step", importers.step, ".ifc", "ifcopenshell"),
        Target("ifcanswer", importers.ifc_answer, ".json", "ifcopenshell"),
        Target("ifcfiles", importers.ifc_files, ".yaml", "ifcopenshell"),
        Target("ifcmodel", importers.ifc_model, ".ifc", "ifcopenshell"),
    )
}


def run_one(target: Target, data: bytes) -> bool:
    """Whether riskgate took the input; refusing it properly is no crash. Raises what is one."""
    try:
        target.run(data)
    except RiskgateError as error:
        if not error.problems:
            raise AssertionError("refused without a problem") from error
        out = io.StringIO()
        for lang in ("zh", "en"):
            out.write(error.render(lang))
        if not out.getvalue().strip():
            raise AssertionError("refused without a word") from error
        return False
    return True
