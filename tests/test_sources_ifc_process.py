"""The process that reads models: it may crash, hang or eat memory, and here that is a line of plain words."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

pytest.importorskip("ifcopenshell")

from ifc_house import House, flat
from ifc_reading import made_of, model_of
from riskgate import ChoiceError, RiskgateError, SnapshotError
from riskgate.cli.main import COMMAND
from riskgate.errors import Problem
from riskgate.sources import read_ifc
from riskgate.sources.ifc.facts import Model
from riskgate.sources.ifc.process import read_model

NAMES = {"bathroom": "Bad", "study": "Arbeitszimmer", "foyer": "Windfang", "bedroom": "Schlafzimmer"}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    house = House("IFC4", "mm")
    flat(house, NAMES)
    return house.write(tmp_path / "haus.ifc")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Model:
    made = House()
    made.room("1", "Bad", (0, 0), (3, 3))
    return model_of(made.write(tmp_path_factory.mktemp("ifc") / "haus.ifc"))


def run(*arguments: str) -> Any:
    return CliRunner().invoke(COMMAND, list(arguments))


def problem_of(program: str, model: Path, **limits: float) -> Problem:
    """What is said where the reader is this program."""
    found, (problem,) = read_model(model, "m.ifc", command=[sys.executable, "-c", program], **limits)  # type: ignore[arg-type]  # limits of a test
    assert found is None
    return problem


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import os; os.abort()", "model-crash"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "model-crash"),
        ("raise SystemExit(3)", "model-crash"),
        ("raise RuntimeError('no')", "model-crash"),
        ("print('{half an answ')", "model-crash"),
        ("print('[]')", "model-crash"),
        ("pass", "model-crash"),
        ("raise ImportError('libGL.so.1: cannot open shared object file')", "library-broken"),
        ("raise MemoryError", "model-memory"),
        ("import sys; print('terminate: std::bad_alloc', file=sys.stderr); sys.exit(1)", "model-memory"),
    ],
)
def test_what_happens_to_the_reader_is_an_error_here(program: str, code: str, model: Path) -> None:
    assert problem_of(program, model).code == code


def test_a_reader_that_hangs_is_stopped(model: Path) -> None:
    assert problem_of("import time; time.sleep(60)", model, timeout=0.5).code == "model-timeout"


def test_a_reader_that_eats_memory_is_stopped(model: Path) -> None:
    _, (problem,) = read_model(model, "m.ifc", memory=128)
    assert problem.code in {"model-memory", "model-crash"}


def test_nothing_in_the_working_folder_takes_the_place_of_a_library(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ifcopenshell", "json", "riskgate"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found, problems = read_model(model, "m.ifc")
    assert found is not None, problems


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.ifczip", b"PK\x03\x04" + b"\0" * 100, "not-step"),
        ("a.ifcxml", b'<?xml version="1.0"?><ifcXML/>', "not-step"),
        ("a.ifc", b"PK\x03\x04" + b"\0" * 100, "not-step"),
        ("a.ifc", b"\x1f\x8b" + b"\0" * 100, "not-step"),
        ("a.dwg", b"AC1032", "not-step"),
        ("a.ifc", b"", "model-no-start"),
        ("a.ifc", b"no model at all", "model-no-start"),
    ],
)
def test_what_is_no_model_is_refused_without_being_opened(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    found, (problem,) = read_model(path, name)
    assert (found, problem.code) == (None, code)


def test_folders_and_files_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError) as refused:
        read_ifc([tmp_path, tmp_path / "none.ifc"])
    assert [problem.code for problem in refused.value.problems] == ["not-a-file", "no-such-file"]
    with pytest.raises(ChoiceError):
        read_ifc([])


def test_the_project_file_adds_what_no_model_knows(house: Model, tmp_path: Path) -> None:
    project = tmp_path / "project.yaml"
    project.write_text(
        "id: haus-1\ndesign_basis_date: 2025-06-01\nas_of: 2026-03-01\npermits: [{id: a, kind: presale}]\n", "utf-8"
    )
    data = made_of(house, project=project).data
    assert (data["as_of"], data["project"]["id"]) == ("2026-03-01", "haus-1")
    assert data["project"]["permits"] == [{"id": "a", "kind": "presale"}]
    assert data["origins"]["/project/design_basis_date"] == "project.yaml"
    assert made_of(house, project={"id": "x", "as_of": "2026-04-01"}).data["as_of"] == "2026-04-01"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("desing_basis_date: 2025-06-01\n", "unknown-field"),
        ("design_basis_date: 2025-06-31\n", "wrong-type"),
        ("sales_mode: pre-sale\n", "unknown-value"),
        ("as_of: yesterday\n", "wrong-type"),
        ("permits: [{id: a, kind: nonsense}]\n", "unknown-value"),
    ],
)
def test_a_mistake_in_the_project_file_has_its_place(text: str, code: str, house: Model, tmp_path: Path) -> None:
    project = tmp_path / "project.yaml"
    project.write_text(f"id: p\n{text}", encoding="utf-8")
    with pytest.raises(RiskgateError) as refused:
        made_of(house, project=project)
    (problem,) = refused.value.problems
    assert (problem.code, problem.place.line, problem.place.file) == (code, 2, project.as_posix())


def test_from_ifc_writes_a_snapshot_whole_or_not_at_all(model: Path, tmp_path: Path) -> None:
    target = tmp_path / "snapshot.json"
    done = run("snapshot", "from-ifc", str(model), "-o", str(target))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "flats-not-told" in done.stderr
    assert json.loads(target.read_bytes())["riskgate"] == 1
    checked = run("check", str(target), "--node", "N10")
    assert checked.exit_code in {1, 3}
    before = target.read_bytes()
    model.write_bytes(model.read_bytes()[:-40])
    failed = run("snapshot", "from-ifc", str(model), "-o", str(target))
    assert (failed.exit_code, failed.stdout, target.read_bytes()) == (2, "", before)
    assert "has been cut short" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_notes_are_read_by_machines_too(model: Path) -> None:
    done = run("snapshot", "from-ifc", str(model), "--format", "json")
    assert {note["code"] for note in json.loads(done.stderr)} >= {"flats-not-told", "tied-by-place"}
    assert json.loads(done.stdout)["project"]["name"] == "House"


def test_review_goes_from_the_model_to_the_report_and_is_never_clear(model: Path) -> None:
    done = run("review", str(model), "--format", "json", "--ignore-upstream", "--lang", "zh")
    assert "按几何位置归入房间" in done.stderr
    found = json.loads(done.stdout)
    assert found["selection"]["nodes"] == ["drawing-review"]
    assert (done.exit_code, found["exit_code"]) == (3, 3)
    (node,) = [one for one in found["nodes"] if one["code"] == "N10"]
    assert node["status"] == "unverified"


def test_review_of_a_damaged_model_is_unusable(model: Path) -> None:
    model.write_bytes(model.read_bytes()[:5000])
    done = run("review", str(model))
    assert (done.exit_code, done.stdout) == (2, "")


def test_without_the_extra_one_line_says_so(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskgate.sources.ifc.api.find_spec", lambda _: None)
    done = run("review", str(model))
    assert done.exit_code == 2
    assert 'pip install "riskgate[ifc]"' in done.stderr
