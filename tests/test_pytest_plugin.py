"""The pytest plugin in test runs of its own."""

import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from test_cli import COMPANY
from test_compare import LARGE, SMALL, snapshot

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parent.parent
DOCS = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")
NOT_INSTALLED = (
    [] if [one for one in entry_points(group="pytest11") if one.name == "riskgate"] else ["riskgate.pytest_plugin"]
)


@pytest.fixture
def place(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder with packs, snapshots and the ini file of the documentation."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    # CI and BUILD_NUMBER make pytest repeat whole messages in its summary
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(COMPANY, pytester.path / "rules")
    folder = pytester.mkdir("snapshots")
    (folder / "home.json").write_bytes(snapshot(LARGE))
    (folder / "small.json").write_bytes(snapshot(SMALL))
    pytester.makeini(block("ini"))
    pytester.plugins = list(NOT_INSTALLED)
    return pytester


def block(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def run(place: pytest.Pytester, *arguments: str, process: bool = False) -> pytest.RunResult:
    extra = [word for name in NOT_INSTALLED for word in ("-p", name)]
    start = place.runpytest_subprocess if process else place.runpytest_inprocess
    return start("-W", "error", "-p", "no:cacheprovider", *extra, *arguments)


def spoil(place: pytest.Pytester, old: str, new: str) -> None:
    path = place.path / "rules" / "kitchens.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_tests_of_the_documentation_pass(place: pytest.Pytester) -> None:
    place.makepyfile(block("py"))
    result = run(place, "-v")
    result.assert_outcomes(passed=9)
    result.stdout.fnmatch_lines(["rules/kitchens.yaml::K-AREA::1 PASSED*", "rules/kitchens.yaml::K-NAME::2 PASSED*"])


def test_a_failing_case_says_what_it_is_about(place: pytest.Pytester) -> None:
    spoil(place, "area: 3.4}, expect: risk", 'area: 3.4}, expect: pass, note: "kurz \\x1b[31m davor"')
    result = run(place)
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*K-AREA case 2*",
            "K-AREA  Kitchen too small",
            "case 2  rules/kitchens.yaml:25:9",
            "kurz \\x1b[[]31m davor",
            "expected pass, got risk",
            "`require` is false",
            "FAILED rules/kitchens.yaml::K-AREA::2 - K-AREA  Kitchen too small",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_in_chinese(place: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("PYTHONUTF8", "1")
    spoil(place, "area: 3.4}, expect: risk", "area: 3.4}, expect: pass")
    run(place).stdout.fnmatch_lines(["K-AREA  厨房太小", "用例 2  *", "应为 pass，实为 risk"])


def test_packs_that_cannot_be_loaded_are_one_error_with_all_problems(place: pytest.Pytester) -> None:
    spoil(place, "at_least(room.area, params.min_area)", "at_least(room.aera, params.min_area)")
    spoil(place, "has(room.name)", "has(room.nmae)")
    result = run(place)
    result.assert_outcomes(errors=1)
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*these packs cannot be loaded*", "*no field `aera`*", "*no field `nmae`*"])


def test_a_pack_without_a_case_fails(place: pytest.Pytester) -> None:
    path = place.path / "rules" / "kitchens.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join(line for line in lines if "cases:" not in line and "expect:" not in line) + "\n", encoding="utf-8"
    )
    result = run(place)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["the pack kitchens has no case"])


def test_a_pack_that_is_not_there(place: pytest.Pytester) -> None:
    result = run(place, "--riskgate", "nowhere")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*there is no pack at *nowhere*"])


SELECTIONS: dict[str, tuple[list[str], int]] = {
    "all": ([], 7),
    "one file of tests": (["test_own.py"], 1),
    "one file of a pack": (["rules/kitchens.yaml"], 6),
    "one rule": (["rules/kitchens.yaml", "-k", "K-NAME"], 2),
    "one case": (["rules/kitchens.yaml::K-AREA::2"], 1),
    "cases": (["-m", "riskgate"], 6),
    "no cases": (["-m", "not riskgate"], 1),
    "the option, with files": (["test_own.py", "--riskgate", "rules"], 7),
    "in two processes": (["-n", "2"], 7),
}


@pytest.mark.parametrize("name", SELECTIONS)
def test_what_is_run(name: str, place: pytest.Pytester) -> None:
    arguments, passed = SELECTIONS[name]
    place.makepyfile(test_own="def test_own(): pass")
    result = run(place, *arguments)
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] == passed


def test_without_packs_nothing_is_collected_and_nothing_loaded(place: pytest.Pytester) -> None:
    place.makeini("[pytest]")
    place.makepyfile(
        "import sys\n\n\ndef test_light():\n    assert not {'riskgate.gate', 'pydantic', 'yaml'} & set(sys.modules)\n"
    )
    run(place, "-p", "no:hypothesispytest", process=True).assert_outcomes(passed=1)


def test_a_derive_rule_has_its_cases_too(place: pytest.Pytester) -> None:
    path = place.path / "rules" / "kitchens.yaml"
    derive = """
derive:
  - id: K-MANY
    title: {zh: 多, en: many}
    given: [{risk: small, where: {rule: K-AREA, count: {gte: 2}}}]
    conclude: {severity: blocking, nodes: [handover], message: {zh: 多, en: many}}
    cases:
      - {facts: [{risk: {rule: K-AREA, group: project, count: 2}}], expect: [project]}
      - {facts: [{risk: {rule: K-AREA, group: project, count: 1}}], expect: [project]}
"""
    path.write_text(path.read_text(encoding="utf-8") + derive, encoding="utf-8")
    result = run(place)
    result.assert_outcomes(passed=7, failed=1)
    result.stdout.fnmatch_lines(["expected project, got -"])


def test_a_gate_that_is_not_clear_fails_with_the_table(place: pytest.Pytester) -> None:
    place.makepyfile(
        """
        def test_gate(riskgate):
            riskgate.assert_clear("snapshots/small.json", nodes=["K2"])

        def test_report(riskgate):
            riskgate.assert_clear(riskgate.check("snapshots/small.json", nodes=["K2"]))

        def test_snapshot_that_is_none(riskgate):
            riskgate.check("snapshots/nothing.json")

        def test_gate_itself(riskgate_gate):
            assert riskgate_gate.library.packs[0].name == "kitchens"
        """
    )
    result = run(place, "-m", "not riskgate")
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(
        ["*✗ BLOCKED  chosen: 1 node*", "*K-AREA  Kitchen too small*", "*Exit code 1*", "*SnapshotError*nothing.json*"]
    )
    assert str(result.stdout).count("Exit code 1") == 2


def test_the_plugin_is_an_entry_point() -> None:
    import tomllib  # noqa: PLC0415 - this test alone

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"riskgate": "riskgate.pytest_plugin"}


def test_importing_the_plugin_is_cheap() -> None:
    script = "import pytest, sys; import riskgate.pytest_plugin; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", f"import json; {script}"], capture_output=True, text=True, check=True
    )
    ours = {name for name in json.loads(done.stdout) if name.startswith("riskgate")}
    assert ours == {"riskgate", "riskgate.pytest_plugin"}
