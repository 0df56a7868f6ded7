"""The documentation is true: its programs run, its outputs are what is printed, its links lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import docs_pages
import riskgate
from riskgate.cel.functions import FUNCTIONS
from riskgate.load.library import read_library
from riskgate.pack_schema import pack_json_schema
from riskgate.report_schema import report_json_schema

ROOT, PAGES = docs_pages.ROOT, docs_pages.PAGES
GUIDES = [ROOT / "docs" / "writing-rules.md", ROOT / "docs" / "writing-rules.zh.md"]
REFRESH = ".venv/bin/python tests/docs_pages.py"
LINK = re.compile(r"\]\(([^)#\s]+)(?:#([^)\s]*))?\)")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def named(page: Path) -> set[str]:
    """Everything that a page puts into backticks, taken apart into words, code blocks left out."""
    prose = docs_pages.BLOCK.sub("", text_of(page))
    return {word for code in re.findall(r"`([^`\n]+)`", prose) for word in re.findall(r"[\w-]+", code)}


def ids(pages: list[Path] | tuple[Path, ...]) -> list[str]:
    return [page.relative_to(ROOT).as_posix() for page in pages]


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_a_page_shows_what_is_really_printed(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert docs_pages.play(page, tmp_path) == text_of(page), f"what is printed has changed; {REFRESH} refreshes pages"


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for target, heading in LINK.findall(text_of(page)):
        if "://" in target:
            continue
        found = (page.parent / target).resolve()
        assert found.exists(), f"{target} does not exist"
        if heading:
            headings = re.findall(r"^#+ (.+)$", text_of(found), re.MULTILINE)
            assert heading in {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def test_the_index_names_every_page() -> None:
    index = text_of(ROOT / "docs" / "README.md")
    for page in ROOT.glob("docs/**/*.md"):
        if page.name != "README.md":
            assert f"({page.relative_to(ROOT / 'docs').as_posix()})" in index


def test_every_public_name_is_in_the_api_page() -> None:
    known = named(ROOT / "docs" / "api.md")
    assert set(riskgate.__all__) <= known


def public(kind: type) -> Iterator[str]:
    yield from (name for name in vars(kind) if not name.startswith("_"))
    yield from (name for name in getattr(kind, "__annotations__", {}) if not name.startswith("_"))


@pytest.mark.parametrize("name", ["Gate", "Report", "NodeResult", "Risk", "Gap", "EntityRef", "Evidence", "RuleInfo"])
def test_the_members_of_the_main_types_are_in_the_api_page(name: str) -> None:
    inner = {"library", "plan", "reader", "describer", "kept", "of", "as_dict", "ordinal", "detail"}
    assert set(public(getattr(riskgate, name))) - inner <= named(ROOT / "docs" / "api.md")


def test_every_key_of_the_report_is_in_its_page() -> None:
    schema = report_json_schema()
    keys = set(schema["properties"])
    for definition in schema["$defs"].values():
        keys |= set(definition["properties"])
    assert keys <= named(ROOT / "docs" / "report.md")


def pack_keys() -> set[str]:
    library, problems = read_library()
    assert not problems
    schema = pack_json_schema(library.lifecycle, library.vocabulary, library.references)
    inner = schema["$defs"]
    parts: list[dict[str, Any]] = [
        schema["properties"],
        schema["properties"]["parameters"]["additionalProperties"]["properties"],
        schema["properties"]["facts"]["additionalProperties"]["properties"],
        inner["rule"]["properties"],
        inner["derive"]["properties"],
        inner["derive"]["properties"]["conclude"]["properties"],
        inner["field"]["properties"],
    ]
    cases = set(inner["rule"]["properties"]["cases"]["items"]["properties"]) - set(library.vocabulary.entities)
    return cases.union(*(part.keys() for part in parts))


@pytest.mark.parametrize("guide", GUIDES, ids=ids(GUIDES))
def test_every_key_of_a_pack_is_in_the_guides(guide: Path) -> None:
    assert pack_keys() <= named(guide)


@pytest.mark.parametrize("guide", GUIDES, ids=ids(GUIDES))
def test_every_function_is_in_the_guides(guide: Path) -> None:
    assert {name for name, _ in FUNCTIONS} <= named(guide)


@pytest.mark.parametrize("guide", GUIDES, ids=ids(GUIDES))
def test_every_finding_of_lint_is_in_the_guides(guide: Path) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "riskgate" / "lint").glob("*.py"))
    codes = {code for code in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', source) if "{" not in code}
    codes |= {"no-pass-case", "no-risk-case", "no-message", "no-remedy", "no-why", "no-theme", "no-owners"}
    codes |= {"no-customer-sensitivity", "no-operator-weight"}
    assert codes <= named(guide)


def files_of(page: Path) -> list[tuple[str, str]]:
    return [
        (match["name"], match["body"]) for match in docs_pages.BLOCK.finditer(text_of(page)) if match["kind"] == "yaml"
    ]


@pytest.mark.parametrize(("one", "other"), [("README.md", "README.zh.md"), *[tuple(ids(GUIDES))]])
def test_both_languages_show_the_same_files(one: str, other: str) -> None:
    assert files_of(ROOT / one) == files_of(ROOT / other)
