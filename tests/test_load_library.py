"""Which files make up a library, what is in it, and that no file can make loading raise."""

import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from load_company import DATA, company, load, problems_of
from riskgate.load.library import bundled_path, read_library
from riskgate.load.reader import MAX_NODES, read
from riskgate.load.source import MAX_BYTES
from riskgate.text import Text

RULE = (
    "rules:\n  - id: {id}\n    title: t\n    entity: room\n    require: 'true'\n    severity: minor\n    nodes: [N01]\n"
)
OTHER = "pack: {name}\nversion: 1\ntitle: x\n" + RULE


def test_a_pack_becomes_values(tmp_path: Path) -> None:
    library = load(company(tmp_path))
    (pack,) = library.packs
    (rule,), (derive,) = pack.rules, pack.derives
    assert (pack.version, pack.parameters["least_m2"].default, pack.parameters["since"].default) == (
        "1.10",
        3.5,
        "2025-05-01",
    )
    assert (rule.nodes, rule.owners, rule.sources[0].clause) == (("review", "acceptance"), ("design",), "4.10")
    assert rule.cases[0].entities == {"room": {"id": "012", "kind": "kitchen", "area_m2": 3.4}}
    assert derive.given[1].where[0].value == "acceptance"
    assert derive.given[2].where[0].value == ["leak", "noise"]
    assert derive.given[2].where[1].other == ("small", "group")
    assert pack.facts["grievance"].by == ("theme", "level")
    assert library.parameters["company", "least_m2"].unit == "m2"
    assert library.vocabulary.root.name == "project"
    assert library.vocabulary.entities["room"].fields["kind"].values["lift_shaft"] == Text.of("电梯井")


def test_a_text_in_one_language_is_remembered(tmp_path: Path) -> None:
    text = (DATA / "company" / "pack.yaml").read_text(encoding="utf-8")
    text = text.replace("{zh: 厨房太小, en: Kitchen too small}", "厨房").replace("{zh: 起始日期, en: since}", "起")
    (pack,) = load(company(tmp_path, pack=text)).packs
    assert pack.rules[0].one_language == ("title",)
    assert pack.rules[0].title == Text.of("厨房")
    assert pack.one_language == ("params.since.title",)


def test_a_pack_adds_to_the_vocabulary(tmp_path: Path) -> None:
    text = (DATA / "company" / "pack.yaml").read_text(encoding="utf-8")
    more = (
        "vocabulary:\n  enums: {space: {sauna: 桑拿}}\n  entities:\n    room: {fields: {height_m: {type: number}}}\n"
        "    lift: {within: building, collection: lifts, fields: {id: {type: string}}}\n"
        "    complaint: {fields: {theme: {type: enum, values: {smell: 异味}}}}\nfacts:"
    )
    vocabulary = load(company(tmp_path, pack=text.replace("facts:", more, 1))).vocabulary
    assert "sauna" in vocabulary.entities["room"].fields["kind"].values
    assert "height_m" in vocabulary.entities["room"].fields
    assert vocabulary.entities["lift"].within == "building"
    assert list(vocabulary.entities["complaint"].fields["theme"].values) == ["leak", "noise", "smell"]


def test_packs_in_a_folder_are_found_one_level_down(tmp_path: Path) -> None:
    folder = company(tmp_path)
    (folder / "own").mkdir()
    (folder / "pack.yaml").rename(folder / "own" / "pack.yaml")
    (folder / "own" / "more.yml").write_text(RULE.format(id="CO-002"), encoding="utf-8")
    (folder / "single.yaml").write_text(OTHER.format(name="single", id="SI-001"), encoding="utf-8")
    (folder / "notes.txt").write_text("no rules", encoding="utf-8")
    (folder / ".hidden").mkdir()
    packs = load(folder).packs
    assert {pack.name: [rule.id for rule in pack.rules] for pack in packs} == {
        "company": ["CO-002", "CO-001"],
        "single": ["SI-001"],
    }
    assert packs[0].rules[0].place.file.endswith("company/own/more.yml")
    one = read_library([folder / "single.yaml", folder / "lifecycle.yaml", folder / "vocabulary.yaml"])[0]
    assert [pack.name for pack in one.packs] == ["single"]
    assert len(one.lifecycle.nodes) == 2


def test_the_digest_is_over_the_bytes_of_all_files(tmp_path: Path) -> None:
    folder = company(tmp_path)
    first = load(folder).packs[0].sha256
    (folder / "more.yaml").write_text(RULE.format(id="CO-002"), encoding="utf-8")
    assert load(folder).packs[0].sha256 != first


def test_the_bundled_rules_are_the_default() -> None:
    assert (bundled_path() / "lifecycle.yaml").is_file()
    default, asked = read_library(None)[0], read_library(["bundled", "bundled"])[0]
    assert default == asked
    assert all(pack.place.file.startswith("rules/") for pack in default.packs)


def test_company_files_replace_bundled_ones_and_packs_join(tmp_path: Path) -> None:
    folder = company(tmp_path)
    (folder / "pack.yaml").unlink()
    (folder / "own.yaml").write_text(OTHER.format(name="own", id="OW-001"), encoding="utf-8")
    library, _ = read_library(["bundled", folder])
    assert len(library.lifecycle.nodes) == 2
    assert library.packs[-1].name == "own"


def test_one_rule_id_in_two_packs_names_both_files(tmp_path: Path) -> None:
    folder = company(tmp_path)
    (folder / "own").mkdir()
    (folder / "pack.yaml").rename(folder / "own" / "pack.yaml")
    (folder / "b.yaml").write_text(OTHER.format(name="b", id="CO-001"), encoding="utf-8")
    (problem,) = problems_of(folder)
    assert problem.code == "doubled-rule"
    assert problem.place.file.endswith("own/pack.yaml")
    assert "b.yaml:5:9" in problem.message.en


@pytest.mark.parametrize("id_", ["CO-001", "CO-DRV-001"])
def test_one_id_twice_in_a_pack_is_reported_and_neither_is_used(tmp_path: Path, id_: str) -> None:
    folder = company(tmp_path)
    (folder / "more.yaml").write_text(RULE.format(id=id_), encoding="utf-8")
    library, problems = read_library([folder])
    assert [p.code for p in problems] == ["doubled-rule"]
    assert id_ not in {rule.id for pack in library.packs for rule in pack.rules}
    assert id_ not in {derive.id for pack in library.packs for derive in pack.derives}


def test_a_broken_rule_is_dropped_and_the_others_stay(tmp_path: Path) -> None:
    folder = company(tmp_path)
    broken = RULE.format(id="CO-002").replace("minor", "tiny") + RULE.format(id="CO-003").removeprefix("rules:\n")
    (folder / "more.yaml").write_text(broken, encoding="utf-8")
    library, problems = read_library([folder])
    assert [p.code for p in problems] == ["unknown-value"]
    assert [rule.id for rule in library.packs[0].rules] == ["CO-003", "CO-001"]


def test_files_that_do_not_fit_are_named(tmp_path: Path) -> None:
    folder = company(tmp_path)
    (folder / "sub").mkdir()
    (folder / "sub" / "a.yaml").write_text("rules: []", encoding="utf-8")
    (folder / "b.yaml").mkdir()
    (folder / "lifecycle.yml").write_text("nodes: []", encoding="utf-8")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / "gone.yaml").symlink_to("nowhere.yaml")
    os.mkfifo(folder / "pipe.yaml")
    (folder / "part.yaml").write_text("sources: []", encoding="utf-8")
    found = {(p.code, Path(p.place.file).name) for p in problems_of(folder)}
    assert found >= {
        ("nested-folder", "sub"),
        ("not-a-file", "b.yaml"),
        ("two-of-a-kind", "lifecycle.yml"),
        ("cannot-read", "loop.yaml"),
        ("no-such-file", "gone.yaml"),
        ("not-a-file", "pipe.yaml"),
        ("not-a-pack", "part.yaml"),
    }


@pytest.mark.parametrize("name", ["a.yaml.txt", "a.yml.bak", "A.YAML.old.txt", "vocabulary.yaml.txt"])
def test_a_file_that_is_rules_but_for_the_end_of_its_name_is_refused(tmp_path: Path, name: str) -> None:
    folder = company(tmp_path)
    for beside in ("notes.txt", "list.xlsx", "yaml.txt", ".a.yaml.swp"):
        (folder / beside).write_text("", encoding="utf-8")
    load(folder)
    (folder / name).write_text(RULE.format(id="CO-009"), encoding="utf-8")
    for path in (folder, tmp_path):
        (problem,) = problems_of(path)
        assert problem.code == "misnamed-file"
        assert problem.place.file == (folder / name).as_posix()


def test_a_pack_whose_head_is_misnamed_is_not_passed_over(tmp_path: Path) -> None:
    folder = company(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "pack.yaml.txt").write_text((folder / "pack.yaml").read_text("utf-8"), encoding="utf-8")
    (tmp_path / "loose.yml.txt").write_text((folder / "pack.yaml").read_text("utf-8"), encoding="utf-8")
    names = [Path(p.place.file).name for p in problems_of(tmp_path) if p.code == "misnamed-file"]
    assert names == ["loose.yml.txt", "pack.yaml.txt"]


def test_a_folder_of_packs_without_heads_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "rules.yaml").write_text("rules: []", encoding="utf-8")
    assert [p.code for p in problems_of(tmp_path)] == ["no-pack-head"]


@pytest.mark.parametrize("path", ["teams/east/pack.yaml", "a/b/c/pack.yml", "teams/east/pack.YAML"])
def test_a_pack_that_lies_too_deep_is_named(tmp_path: Path, path: str) -> None:
    folder = company(tmp_path)
    packs = tmp_path / "packs"
    (packs / path).parent.mkdir(parents=True)
    (packs / path).write_text((folder / "pack.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    problems = read_library([folder, packs])[1]
    assert [(p.code, p.place.file) for p in problems] == [("too-deep", (packs / path).parent.as_posix())]


def test_rules_in_a_folder_of_a_folder_of_a_pack_are_named(tmp_path: Path) -> None:
    folder = company(tmp_path)
    (folder / "sub" / "deep").mkdir(parents=True)
    (folder / "sub" / "deep" / "more.yaml").write_text(RULE.format(id="CO-009"), encoding="utf-8")
    assert [p.code for p in problems_of(folder)] == ["nested-folder"]


def test_a_path_that_gives_nothing_is_an_error_beside_one_that_gives_packs(tmp_path: Path) -> None:
    folder = company(tmp_path / "company")
    (tmp_path / "empty").mkdir()
    problems = read_library([folder, tmp_path / "empty"])[1]
    assert [(p.code, (tmp_path / "empty").as_posix() in p.message.en) for p in problems] == [("nothing-loaded", True)]


def test_a_file_with_a_suffix_in_capitals_is_read(tmp_path: Path) -> None:
    folder = company(tmp_path)
    (folder / "MORE.YAML").write_text(RULE.format(id="CO-009"), encoding="utf-8")
    library, problems = read_library([folder])
    assert not problems
    assert "CO-009" in {rule.id for rule in library.packs[0].rules}


@pytest.mark.parametrize("paths", [[], ["empty"], ["missing"]])
def test_rules_that_load_nothing_are_an_error(tmp_path: Path, paths: list[str]) -> None:
    (tmp_path / "empty").mkdir()
    library, problems = read_library([tmp_path / path for path in paths])
    assert not library.packs
    assert [p.code for p in problems] == ["no-such-file" if paths == ["missing"] else "nothing-loaded"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    folder = company(tmp_path)
    (folder / "pack.yaml").chmod(0)
    assert "cannot-read" in {p.code for p in problems_of(folder)}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("msg: 厨房".encode("gbk"), "not-utf8"),
        ("msg: 厨房".encode("utf-16"), "not-utf8"),
        ("msg: kitchen".encode("utf-16-le"), "not-utf8"),
        (b"a: 1\nb: \xc3(", "not-utf8"),
        (b"a: 1\x00", "control-character"),
        ("a: x\u202ey".encode(), "control-character"),
        ("a: x\u200by".encode(), "control-character"),
        (b"a: " + b"x" * MAX_BYTES, "file-too-large"),
        (b"[" * 10_000, "too-deep"),
        (b"{a: " * 10_000, "too-deep"),
        (b"- " * 10_000, "too-deep"),
        (b"a: [" + b"1," * MAX_NODES + b"1]", "too-many-nodes"),
        (b"", "empty-file"),
        (b"a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]", "anchor"),
    ],
)
def test_bytes_that_cannot_be_used_are_refused(data: bytes, code: str) -> None:
    _, problems = read(data, "x.yaml")
    assert problems[0].code == code
    if b"\xb3\xf8" in data:
        assert "GBK" in problems[0].message.en


def test_a_byte_order_mark_and_windows_line_ends_are_harmless(tmp_path: Path) -> None:
    text = (DATA / "company" / "pack.yaml").read_text(encoding="utf-8").replace("\n", "\r\n")
    folder = company(tmp_path)
    (folder / "pack.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load(folder).packs[0].rules[0].id == "CO-001"


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    document, problems = read(data, "x.yaml")
    assert document is not None or problems


@settings(deadline=None, max_examples=120)
@given(
    st.sampled_from(["pack", "lifecycle", "vocabulary", "references"]),
    st.randoms(use_true_random=False),
    st.integers(1, 4),
)
def test_no_mutation_of_a_file_makes_loading_raise(
    tmp_path_factory: pytest.TempPathFactory, name: str, chance: random.Random, cuts: int
) -> None:
    text = (DATA / "company" / f"{name}.yaml").read_text(encoding="utf-8")
    for _ in range(cuts):
        at = chance.randrange(len(text))
        size = chance.choice([0, 1, 1, 5, 30])
        new = chance.choice(
            ["", "：", "，", " #x", "\t", "{", "]", "[]", "~", "*a", "!b", "null", "1e999", "\n", "  ", "'"]
        )
        text = text[:at] + new + text[at + size :]
    folder = company(tmp_path_factory.mktemp("mutated"), **{name: text})
    library, problems = read_library([folder])
    for problem in problems:
        assert problem.place.file
        assert problem.render("zh")
        assert problem.render("en")
    for pack in library.packs:
        for rule in pack.rules:
            assert rule.id
            assert rule.nodes
            assert rule.title
