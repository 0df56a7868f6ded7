"""The rules as pages: the committed ones are those of the packs, and text from a pack stays text."""

import re
from pathlib import Path

import pytest

from riskgate.load.library import read_library
from riskgate.render.handbook import handbook
from riskgate.render.markup import plain

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "rules"
HOSTILE = "<img src=x onerror=alert(1)> [a](javascript:b) |*_`# \u202e end"


def test_the_committed_pages_are_those_of_the_packs() -> None:
    library, problems = read_library()
    assert problems == []
    pages = handbook(library)
    committed = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    drifted = sorted(name for name in pages.keys() | committed.keys() if pages.get(name) != committed.get(name))
    assert drifted == [], "the rules have changed; `riskgate docs docs/rules` refreshes the pages"


def test_every_rule_is_on_its_page_and_in_the_index_in_both_languages() -> None:
    library, _ = read_library()
    pages = handbook(library)
    for pack in library.packs:
        for suffix in ("", ".zh"):
            headings = re.findall(r"^### (.+)$", pages[f"{pack.name}{suffix}.md"], re.MULTILINE)
            names = sorted([*(rule.id for rule in pack.rules), *(rule.id for rule in pack.derives)])
            assert headings == names
            index = pages[f"README{suffix}.md"]
            for name in names:
                assert f"[{name}]({pack.name}{suffix}.md#{name.lower()})" in index


@pytest.mark.parametrize("suffix", ["", ".zh"])
def test_text_from_a_pack_stays_text(tmp_path: Path, suffix: str) -> None:
    source = (ROOT / "tests" / "data" / "lint" / "rules").glob("*.yaml")
    for path in source:
        text = path.read_text(encoding="utf-8")
        quoted = HOSTILE.replace("`", "\\u0060").replace("\u202e", "\\u202e")
        text = text.replace("title: {zh: 没有浴室, en: No bathroom}", f'title: {{zh: "{quoted}", en: "{quoted}"}}')
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    library, problems = read_library([tmp_path])
    assert problems == []
    page = handbook(library)[f"rooms{suffix}.md"]
    assert r"\<img src=x onerror=alert(1)\> \[a\](javascript:b) \|\*\_\`\# \\u202e end" in page
    assert "\u202e" not in page
    assert "<img" not in page.replace(r"\<img", "")


def test_every_field_of_the_vocabulary_is_on_its_page_in_both_languages() -> None:
    library, _ = read_library()
    pages = handbook(library)
    for lang, page in (("en", pages["entities-and-fields.md"]), ("zh", pages["entities-and-fields.zh.md"])):
        sections = dict(re.findall(r"^## ([\\\w]+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
        for entity in library.vocabulary.entities.values():
            for field in entity.fields.values():
                title = plain(field.title.zh if lang == "zh" else field.title.en)
                assert f"| `{field.name}` | {title} |" in sections[plain(entity.name)]
