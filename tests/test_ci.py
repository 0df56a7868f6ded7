"""The pipelines of docs/ci.md are what their hosts read, and their commands do what the page says."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from riskgate.cli.main import COMMAND

ROOT = Path(__file__).parent.parent
DOCS = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```yaml (?:title=\")?([^\s\"]+)\"?\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL))
GITHUB = yaml.safe_load(FILES[".github/workflows/riskgate.yml"])
GITLAB = yaml.safe_load(FILES[".gitlab-ci.yml"])
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
CLEAR, BLOCKED, UNVERIFIED = ('"furniture_wall_length_m": 2.4', '"furniture_wall_length_m": 1.9', '"name": "B"')
SNAPSHOT = """{"riskgate": 1, "as_of": "2026-11-20", "project": {"id": "home", "phases": [{"id": "1", "buildings": [
 {"id": "1", "stair_units": [{"id": "1", "units": [{"id": "0801", "rooms": [
  {"id": "B1", "kind": "bedroom", FACT}]}]}]}]}]}}"""
pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository as the page describes it; `pip` is there and does nothing, `riskgate` is this one."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pack = re.search(r"^```yaml (?:title=\")?company/bedrooms.yaml\"?\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert pack is not None
    for name in ("rules", "snapshots", "bin"):
        (tmp_path / name).mkdir()
    (tmp_path / "rules" / "bedrooms.yaml").write_text(pack[1], encoding="utf-8")
    for name, body in (
        ("pip", "exit 0"),
        ("riskgate", f'exec {shlex.quote(sys.executable)} -m riskgate.cli.main "$@"'),
    ):
        script = tmp_path / "bin" / name
        script.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        script.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path


def put(repository: Path, fact: str) -> None:
    (repository / "snapshots" / "home.json").write_text(SNAPSHOT.replace("FACT", fact), encoding="utf-8")


def bash(script: str) -> subprocess.CompletedProcess[str]:
    """As GitHub and GitLab run a script: it ends with the first command that fails."""
    command = ["bash", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the scripts of our page


def github() -> tuple[int, str]:
    """The job's steps in order: after one that fails, only those with `if: always()` run."""
    failed, said = 0, ""
    for step in GITHUB["jobs"]["gate"]["steps"]:
        if "run" in step and (not failed or step.get("if") == "always()"):
            done = bash(step["run"])
            failed, said = failed or done.returncode, said + done.stdout + done.stderr
    return failed, said


@pytest.mark.parametrize(("fact", "code"), [(CLEAR, 0), (BLOCKED, 1), (UNVERIFIED, 3)])
def test_the_github_job(fact: str, code: int, repository: Path) -> None:
    put(repository, fact)
    found, said = github()
    assert found == code, said
    assert "Traceback" not in said
    assert json.loads((repository / "riskgate.json").read_bytes())["exit_code"] == code
    assert json.loads((repository / "riskgate.sarif").read_bytes())["version"] == "2.1.0"
    assert (repository / "summary.md").read_text(encoding="utf-8") == (repository / "riskgate.md").read_text(
        encoding="utf-8"
    )
    assert ("::error" in said) == (code == 1)


@pytest.mark.parametrize(("fact", "code"), [(CLEAR, 0), (BLOCKED, 1), (UNVERIFIED, 3)])
def test_the_gitlab_job(fact: str, code: int, repository: Path) -> None:
    put(repository, fact)
    job = GITLAB["riskgate"]
    done = bash("\n".join(job["script"]))
    assert done.returncode == code, done.stdout + done.stderr
    assert (code in job["allow_failure"]["exit_codes"]) == (code == 3)
    reports = job["artifacts"]["reports"]
    for name in (*job["artifacts"]["paths"], *reports.values()):
        assert (repository / name).exists()
    issues = json.loads((repository / reports["codequality"]).read_bytes())
    assert bool(issues) == (code != 0)


def test_rules_that_fail_stop_the_job_before_the_gate(repository: Path) -> None:
    put(repository, CLEAR)
    pack = repository / "rules" / "bedrooms.yaml"
    text = pack.read_text(encoding="utf-8")
    pack.write_text(text.replace("2.2}, expect: pass", "2.1}, expect: pass"), encoding="utf-8")
    found, said = github()
    assert found == 1
    assert "expected pass, got risk" in said
    assert not (repository / "riskgate.json").exists()


def test_the_baseline_of_the_page(repository: Path) -> None:
    put(repository, BLOCKED)
    (script,) = re.findall(r"^```sh\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
    done = bash(script + "echo went through\n")
    # every node is asked for: without rules they are no reason to stop, and the only risk is known
    assert done.returncode == 0, done.stdout + done.stderr
    assert "went through" in done.stdout
    assert (repository / "diff.md").read_text(encoding="utf-8").startswith("# ✓ NOT WORSE")


def test_the_files_have_the_shape_that_their_hosts_read() -> None:
    assert set(GITHUB) == {"name", True, "permissions", "jobs"}  # YAML 1.1 reads `on` as true; GitHub does not
    for step in GITHUB["jobs"]["gate"]["steps"]:
        assert len({"run", "uses"} & set(step)) == 1
        assert set(step) <= {"name", "run", "uses", "with", "if"}
        assert re.fullmatch(r"[\w-]+/[\w-]+(/[\w-]+)?@v\d+", step.get("uses", "a/b@v1"))
    assert set(GITLAB["riskgate"]) == {"image", "script", "allow_failure", "artifacts"}
    assert all(isinstance(line, str) for line in GITLAB["riskgate"]["script"])


def hook_commands() -> dict[str, list[str]]:
    """What pre-commit runs for each hook of the page: the entry of our manifest with the page's arguments."""
    entries = {hook["id"]: shlex.split(hook["entry"]) for hook in HOOKS}
    (repo,) = yaml.safe_load(FILES[".pre-commit-config.yaml"])["repos"]
    return {hook["id"]: [*entries[hook["id"]], *hook["args"]] for hook in repo["hooks"]}


def test_the_page_uses_every_hook() -> None:
    assert set(hook_commands()) == {hook["id"] for hook in HOOKS}
    for hook in HOOKS:
        program, name = shlex.split(hook["entry"])
        assert program == "riskgate"
        assert name in COMMAND.makers
        assert hook["pass_filenames"] is False


@pytest.mark.parametrize("name", [hook["id"] for hook in HOOKS])
def test_the_hooks_run(name: str, repository: Path) -> None:
    put(repository, CLEAR)
    assert bash(shlex.join(hook_commands()[name])).returncode == 0
    put(repository, BLOCKED)
    assert bash(shlex.join(hook_commands()[name])).returncode == (1 if name == "riskgate-check" else 0)


def test_pre_commit_takes_the_manifest_and_the_configuration(tmp_path: Path) -> None:
    clientlib: Any = pytest.importorskip("pre_commit.clientlib")
    config = tmp_path / ".pre-commit-config.yaml"
    config.write_text(FILES[".pre-commit-config.yaml"], encoding="utf-8")
    assert {hook["id"] for hook in clientlib.load_manifest(ROOT / ".pre-commit-hooks.yaml")} == set(hook_commands())
    assert len(clientlib.load_config(config)["repos"]) == 1
    broken = tmp_path / "broken.yaml"
    broken.write_text("- {id: x, name: x, entry: x}", encoding="utf-8")  # without a language
    with pytest.raises(clientlib.InvalidManifestError):
        clientlib.load_manifest(broken)
