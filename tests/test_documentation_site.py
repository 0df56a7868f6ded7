"""The documentation builds as a site: every link leads somewhere, every page is in the navigation."""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from riskgate.cli.main import COMMAND

ROOT = Path(__file__).resolve().parents[1]


def test_every_page_is_in_the_navigation() -> None:
    named = set(re.findall(r"([\w./-]+\.md)\b", (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("nav:")[2]))
    pages = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").glob("**/*.md")}
    assert named == pages


@pytest.mark.parametrize("name", ["commands.md", "commands.zh.md"])
def test_the_reference_shows_the_help_of_every_command(name: str) -> None:
    page = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert re.findall(r"^\$ riskgate (\S+) --help$", page, re.MULTILINE) == list(COMMAND.makers)


@pytest.mark.skipif(find_spec("zensical") is None, reason="the site's builder is not installed")
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    built = {page.relative_to(tmp_path / "site").as_posix() for page in (tmp_path / "site").glob("**/*.html")}
    assert {"index.html", "tutorial/rule-author.zh.html", "rules/drawing-review.zh.html"} <= built
