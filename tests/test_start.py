"""What every start of the command pays for stays out of it, and what it leaves out stays right."""

import gc
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import riskgate
from riskgate.errors import LoadError
from riskgate.gate import Gate

ROOT = Path(__file__).parents[1]
DEAR = ("importlib.metadata", "pydantic", "re2", "zoneinfo", "tempfile", "difflib")


def test_the_version_is_that_of_the_distribution() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert riskgate.__version__ == declared == version("riskgate")


def test_loading_imports_nothing_that_a_plain_check_does_without() -> None:
    script = "import sys; from riskgate.gate import Gate; import riskgate.cli.check; Gate.load(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)  # noqa: S603 - our own
    assert not set(done.stdout.split()) & set(DEAR)


@pytest.mark.parametrize("on", [True, False])
def test_loading_leaves_the_garbage_collector_as_it_was(on: bool, tmp_path: Path) -> None:
    (gc.enable if on else gc.disable)()
    try:
        Gate.load()
        assert gc.isenabled() is on
        with pytest.raises(LoadError):
            Gate.load(tmp_path / "nothing.yaml")
        assert gc.isenabled() is on
    finally:
        gc.enable()
