"""What comes out of the cache is what loading makes, byte for byte; and only what loading would make of these bytes."""

import os
import pickle
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from load_company import company
from riskgate import Gate, LoadError
from riskgate.cache import Folder, Kept, key
from riskgate.cache.folder import SUFFIX
from riskgate.cache.key import key_of
from riskgate.cache.later import KeptChecked
from riskgate.cache.stored import restore, size_of, store
from riskgate.cli.main import COMMAND
from riskgate.load.inputs import Inputs
from riskgate.plan.computed import parts_of
from riskgate.render.formats import FORMATS

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").rglob("*.json"))
RULES = Path(__file__).parent / "data" / "overlays" / "rules"
OVERLAY = "overlay: group\nlevel: group\nrules: {R-MIN: {severity: minor, reason: why}}\n"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="there is no cache on Windows")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache") / "riskgate"


@pytest.fixture(scope="module")
def plain() -> Gate:
    """Loaded without a cache, with the code that one example needs."""
    gate = Gate.load()
    gate.check(EXAMPLES[0])
    return gate


@pytest.fixture(scope="module")
def kept(plain: Gate, place: Path) -> Gate:
    """Taken from the cache, with that code."""
    Kept(Folder(place), Inputs(None, ())).keep(plain.plan)
    gate = Gate.load(cache=place)
    assert isinstance(gate.plan.rules[0].require, KeptChecked)
    return gate


def run(folder: Path, *arguments: str, **environment: str) -> Result:
    given = {"RISKGATE_NO_CACHE": "", "XDG_CACHE_HOME": str(folder), "LC_ALL": "en_US.UTF-8", **environment}
    return CliRunner(env=given).invoke(COMMAND, [*arguments, "--no-config"])


def entries(folder: Path) -> list[Path]:
    return sorted(folder.rglob(f"*{SUFFIX}"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_report_is_the_same_bytes(example: Path, plain: Gate, kept: Gate) -> None:
    assert kept.check(example).to_json() == plain.check(example).to_json()


def test_every_format_is_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name, extra in (("without", ["--no-cache"]), ("first", []), ("second", [])):
        (tmp_path / name).mkdir()
        asked = [word for one in FORMATS for word in ("--format", one, "--output", str(tmp_path / name / one))]
        done = run(tmp_path / "cache", "check", str(ROOT / "examples" / "duplex.json"), *asked, *extra)
        assert done.exit_code in (0, 1, 3), done.output
        written.append((done.exit_code, {one: (tmp_path / name / one).read_bytes() for one in FORMATS}))
        assert len(entries(tmp_path)) == (name != "without")
    assert written[0] == written[1] == written[2]


@pytest.mark.parametrize(
    "command",
    [
        ["rules"],
        ["nodes"],
        ["explain", "DR-KIT-001"],
        ["explain", "N51"],
        ["schema", "snapshot"],
    ],
    ids=" ".join,
)
def test_every_command_says_the_same(command: list[str], tmp_path: Path, place: Path, kept: Gate) -> None:
    assert kept.plan.rules
    told = [run(place.parent, *command), run(tmp_path, *command, RISKGATE_NO_CACHE="1")]
    assert told[0].output == told[1].output
    assert told[0].exit_code == told[1].exit_code
    assert not entries(tmp_path)


def test_the_values_are_equal(plain: Gate, kept: Gate) -> None:
    assert kept.library == plain.library
    assert kept.library.packs[0].rules[0].cases == plain.library.packs[0].rules[0].cases != ()
    for mine, theirs in zip(kept.plan.rules, plain.plan.rules, strict=True):
        assert mine.rule is kept.library.packs[mine.pack].rules[[*kept.library.packs[mine.pack].rules].index(mine.rule)]
        for one, other in zip((mine.when, mine.require), (theirs.when, theirs.require), strict=True):
            if one is None or other is None:
                assert one is other
                continue
            assert one.tree == other.tree
            spans = [[part.span for part in parts_of(checked.tree)] for checked in (one, other)]
            assert spans[0] == spans[1]
            kinds = [[str(checked.types[id(part)]) for part in parts_of(checked.tree)] for checked in (one, other)]
            assert kinds[0] == kinds[1]
            assert (str(one.type), one.problems) == (str(other.type), ())


def test_all_code_of_the_bundled_rules_can_be_kept() -> None:
    """Code that the cache does not know how to keep would be made again in every run, and nobody would notice."""
    gate = Gate.load()
    again = gate
    for example in EXAMPLES[::-1]:
        expected = gate.check(example).to_json()
        assert again.check(example).to_json() == expected
        data = store(again.plan)
        assert data is not None
        plan = restore(data)
        assert plan is not None
        assert size_of(plan) == size_of(again.plan) == size_of(gate.plan)
        again = Gate.of(plan.library, plan)
    for entity in gate.plan.by_entity:
        again.plan.check(entity)
    data = store(again.plan)
    assert data is not None
    whole = restore(data)
    assert whole is not None
    assert size_of(whole) == size_of(again.plan) > len(gate.plan.by_entity)


def test_code_is_added_when_it_is_made(tmp_path: Path) -> None:
    small, large = EXAMPLES[-1], EXAMPLES[0]
    assert run(tmp_path, "check", str(small)).exit_code in (0, 1, 3)
    sizes = [entries(tmp_path)[0].stat()]
    for example in (small, small, large, large):
        run(tmp_path, "check", str(example))
        sizes.append(entries(tmp_path)[0].stat())
    inodes = [status.st_ino for status in sizes]
    # the first run of a small example makes no code: the second finds its rules, and is worth it
    assert inodes[0] != inodes[1] == inodes[2] != inodes[3] == inodes[4]
    assert sizes[0].st_size < sizes[1].st_size < sizes[3].st_size


FILES = ("pack.yaml", "lifecycle.yaml", "vocabulary.yaml", "references.yaml")


@pytest.mark.parametrize("name", FILES)
def test_another_byte_in_any_file_is_another_entry(name: str, tmp_path: Path) -> None:
    folder = company(tmp_path)
    before = key_of(Inputs([folder], ()))
    assert before == key_of(Inputs([folder], ()))
    file = folder / name
    status = file.stat()
    text = file.read_bytes()
    file.write_bytes(text[:-1] + b" ")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))  # the time of change says nothing
    assert before != key_of(Inputs([folder], ()))
    file.write_bytes(text)
    assert before == key_of(Inputs([folder], ()))


def test_overlays_names_and_the_order_of_packs_count(tmp_path: Path) -> None:
    overlay = tmp_path / "group.yaml"
    overlay.write_text(OVERLAY, encoding="utf-8")
    moved = tmp_path / "moved"
    shutil.copytree(RULES, moved)
    found = [
        key_of(Inputs([RULES], ())),
        key_of(Inputs([RULES], [overlay])),
        key_of(Inputs([moved], ())),
        key_of(Inputs(["bundled"], ())),
    ]
    overlay.write_text(OVERLAY.replace("why", "because"), encoding="utf-8")
    found.append(key_of(Inputs([RULES], [overlay])))
    two = [tmp_path / f"{name}.yaml" for name in "ab"]
    for path in two:
        path.write_text("pack: x\n", encoding="utf-8")
    found += [key_of(Inputs(two, ())), key_of(Inputs(two[::-1], ()))]
    assert None not in found
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("what", ["__version__", "_own_sources", "_stamp"])
def test_another_riskgate_or_library_has_entries_of_its_own(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of(Inputs([RULES], ()))
    monkeypatch.setattr(key, what, "9.9" if what == "__version__" else lambda *_: "another")
    assert before != key_of(Inputs([RULES], ()))


def test_what_is_refused_is_not_kept(tmp_path: Path) -> None:
    folder = company(tmp_path)
    place = tmp_path / "cache"
    Gate.load(folder, cache=place)
    assert len(entries(place)) == 1
    (folder / "more").mkdir()
    (folder / "more" / "rules.yaml").write_text("rules: []\n", encoding="utf-8")  # no file of the pack has changed
    assert key_of(Inputs([folder], ())) is None
    with pytest.raises(LoadError):
        Gate.load(folder, cache=place)
    shutil.rmtree(folder / "more")
    pack = folder / "pack.yaml"
    pack.write_text(
        pack.read_text(encoding="utf-8").replace("severity: blocking", "severity: blokcing"), encoding="utf-8"
    )
    with pytest.raises(LoadError) as first:
        Gate.load(folder)
    for _ in range(2):
        with pytest.raises(LoadError) as again:
            Gate.load(folder, cache=place)
        assert str(again.value) == str(first.value)
    assert len(entries(place)) == 1


@pytest.mark.parametrize("content", [b"", b"garbage", pickle.dumps(5), pickle.dumps((1,) * 8), pickle.dumps(None)[:-1]])
def test_an_entry_that_is_no_plan_is_not_there(content: bytes, tmp_path: Path) -> None:
    name = key_of(Inputs([RULES], ()))
    assert name is not None
    Folder(tmp_path).write(name, content)
    gate = Gate.load(RULES, cache=tmp_path)
    assert not isinstance(gate.plan.rules[0].require, KeptChecked)
    assert isinstance(Gate.load(RULES, cache=tmp_path).plan.rules[0].require, KeptChecked)  # a sound one took its place


def test_code_that_cannot_be_kept_is_left_out(tmp_path: Path) -> None:
    gate = Gate.load(RULES)
    entity = next(iter(gate.plan.by_entity))
    made = gate.plan.check(entity)
    gate.plan._checks[entity] = made._replace(run=lambda *_: None)
    Kept(Folder(tmp_path), Inputs([RULES], ())).keep(gate.plan)
    again = Gate.load(RULES, cache=tmp_path)
    assert isinstance(again.plan.rules[0].require, KeptChecked)
    assert size_of(again.plan) == 0


def test_without_being_asked_nothing_is_read_or_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    Gate.load(RULES).keep()
    assert not entries(tmp_path)
    assert run(tmp_path, "rules", "--packs", str(RULES), "--no-cache").exit_code == 0
    assert not entries(tmp_path)
    Gate.load(RULES, cache=True)
    assert len(entries(tmp_path / "riskgate")) == 1


def test_a_cache_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("", encoding="utf-8")
    told = [run(folder, "check", str(EXAMPLES[-1])) for folder in (nowhere, tmp_path)]
    assert told[0].output == told[1].output
    assert told[0].exit_code == told[1].exit_code


def test_threads_share_a_gate_from_the_cache(place: Path, plain: Gate, kept: Gate) -> None:
    assert kept.plan.rules
    gate = Gate.load(cache=place)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: gate.check(EXAMPLES[0]).to_json(), range(8)))
    assert set(told) == {plain.check(EXAMPLES[0]).to_json()}


def test_processes_that_start_together_do_not_disturb_each_other(tmp_path: Path) -> None:
    environment: dict[str, Any] = {**os.environ, "RISKGATE_NO_CACHE": "", "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "riskgate.cli.main", "rules", "--packs", str(RULES), "--no-config"]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)  # noqa: S603 - our own
        for _ in range(4)
    ]
    told = {process.communicate() for process in started}
    assert {process.returncode for process in started} == {0}
    assert len(told) == 1
    assert len(entries(tmp_path)) == 1
    assert not list(tmp_path.rglob("*.new"))
    again = subprocess.run(command, capture_output=True, env=environment, check=True)  # noqa: S603 - our own
    assert {(again.stdout, again.stderr)} == told
