"""`riskgate.toml`: where it is found, what it says, what it may not say, and that the command line counts before it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from riskgate import Gate, LoadError, config
from riskgate.cli.main import COMMAND

HERE = Path(__file__).parent
REFUSED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "data" / "config" / "refused.yaml").read_text("utf-8"))
COMPANY = HERE / "scenarios" / "company"
SNAPSHOT = HERE / "scenarios" / "company.json"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def run(*arguments: object, locale: str = "en_US.UTF-8") -> Result:
    return CliRunner(env={"LC_ALL": locale}).invoke(COMMAND, [str(one) for one in arguments])


# -- what it says


def test_everything_that_it_may_say(tmp_path: Path) -> None:
    text = """
packs = ["bundled", "rules"]
overlays = ["../group.yaml", "own.yaml"]
waivers = ["waivers.yaml"]
lang = "zh"
require_approvers = true

[approvers]
"张三" = "group"
Li = "project"

[formats]
table = "-"
json = "build/report.json"
"""
    found = config.read(write(tmp_path / "riskgate.toml", text))
    base = tmp_path.as_posix()
    assert found == config.Config(
        path=f"{base}/riskgate.toml",
        packs=("bundled", f"{base}/rules"),
        overlays=(f"{base}/../group.yaml", f"{base}/own.yaml"),
        waivers=(f"{base}/waivers.yaml",),
        approvers={"张三": "group", "Li": "project"},
        require_approvers=True,
        lang="zh",
        formats=(("table", "-"), ("json", f"{base}/build/report.json")),
    )


def test_a_section_of_a_pyproject_says_the_same(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n[tool.riskgate]\nlang = "zh"\npacks = ["rules"]\n[tool.other]\nlang = 3\n'
    found = config.read(write(tmp_path / "pyproject.toml", text))
    assert (found.lang, found.packs) == ("zh", ((tmp_path / "rules").as_posix(),))


def test_an_empty_one_says_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "riskgate.toml", "# nothing yet\n")
    assert config.read(path) == config.Config(path=path.as_posix())


@pytest.mark.parametrize("name", REFUSED)
def test_what_it_may_not_say_is_named_with_its_line(name: str, tmp_path: Path) -> None:
    story = REFUSED[name]
    path = tmp_path / story.get("file", "riskgate.toml")
    text = story["text"].replace("NINES", "9" * 5000)
    path.write_bytes(text.encode("latin-1" if story.get("latin") else "utf-8"))
    with pytest.raises(LoadError) as error:
        config.read(path)
    problems = error.value.problems
    assert [[problem.code, problem.place.line] for problem in problems] == story["problems"]
    assert all(problem.place.file == path.as_posix() for problem in problems)
    if "help" in story:
        assert problems[0].help is not None
        assert story["help"] in problems[0].help.en


def test_output_through_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "out").symlink_to(tmp_path)
    path = write(tmp_path / "inside" / "riskgate.toml", '[formats]\njson = "out/r.json"\n')
    with pytest.raises(LoadError, match="output-outside"):
        config.read(path)


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda _: None], ids=["a folder", "nothing"])
def test_what_is_no_file_is_named(make: Any, tmp_path: Path) -> None:
    make(tmp_path / "riskgate.toml")
    with pytest.raises(LoadError) as error:
        config.read(tmp_path / "riskgate.toml")
    assert error.value.problems[0].code in ("no-such-file", "cannot-read")


# -- where it is found


def test_the_nearest_one_upwards_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "riskgate.toml", "")
    write(tmp_path / "a" / "b" / "x", "")
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert config.find() == Path("../../riskgate.toml")
    write(tmp_path / "a" / "pyproject.toml", "[tool.riskgate]\n")
    assert config.find() == Path("../pyproject.toml")
    write(tmp_path / "a" / "b" / "riskgate.toml", "")
    assert config.find() == Path("riskgate.toml")
    assert config.find(tmp_path) == Path("../../riskgate.toml")


def test_a_pyproject_that_is_not_about_riskgate_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "riskgate.toml", "")
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "pyproject.toml", '[project]\ndependencies = ["riskgate"]\n')
    assert config.find() == Path("riskgate.toml")
    write(tmp_path / "pyproject.toml", "this = is not TOML\n")
    assert config.find() == Path("riskgate.toml")
    write(tmp_path / "pyproject.toml", "riskgate = is not TOML\n")
    with pytest.raises(LoadError, match="not-toml"):
        config.find()


def test_two_in_one_folder_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "riskgate.toml", "")
    write(tmp_path / "pyproject.toml", "[tool.riskgate]\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LoadError, match="two-of-a-kind"):
        config.find()


# -- the command line


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a snapshot and a configuration; the working directory is below it."""
    (tmp_path / "s.json").write_bytes(SNAPSHOT.read_bytes())
    group = "overlay: g\nlevel: group\nparameters: {min_area: {value: 1.0, reason: small}}\n"
    write(tmp_path / "group.yaml", group)
    packs = f"packs = [{json.dumps(COMPANY.as_posix())}]\n"
    write(tmp_path / "riskgate.toml", f"{packs}overlays = ['group.yaml']\nlang = 'zh'\n[formats]\njson = 'out.json'\n")
    write(tmp_path / "below" / "x", "")
    monkeypatch.chdir(tmp_path / "below")
    return tmp_path


def test_a_configuration_stands_for_options(place: Path) -> None:
    told = run("check", "../s.json")
    assert (told.exit_code, told.stdout) == (3, "")
    report = json.loads((place / "out.json").read_text("utf-8"))
    assert [one["overlay"] for one in report["overlays"]] == ["g"]
    assert report["parameters"][0]["origin"] == "group group.yaml:3"


def test_options_count_before_it(place: Path) -> None:
    told = run("check", "../s.json", "--format", "table", "--lang", "en")
    assert told.stdout.startswith("? UNVERIFIED")
    assert not (place / "out.json").exists()
    write(place / "other.yaml", "overlay: o\nlevel: project\nparameters: {min_area: 1.0}\n")
    told = run("check", "../s.json", "--overlays", "../other.yaml", "--lang", "en")
    assert told.exit_code == 2
    assert "../other.yaml:3:14" in told.stderr
    assert "the pack, " in told.stderr  # the overlay of the configuration is not there
    assert run("nodes", "--packs", "bundled", "--overlays", "/dev/null").exit_code == 2


def test_it_can_be_left_aside_or_named(place: Path) -> None:
    assert run("check", "../s.json", "--no-config", "--packs", COMPANY).exit_code == 1
    write(place / "named.toml", f"packs = [{json.dumps(COMPANY.as_posix())}]\n")
    told = run("check", "../s.json", "--config", "../named.toml")
    assert (told.exit_code, told.stdout[:9]) == (1, "✗ BLOCKED")
    assert run("check", "../s.json", "--no-config", "--config", "../named.toml").exit_code == 2
    assert run("check", "../s.json", "--config", "../named.toml", "--no-config").exit_code == 2


def test_its_language_is_that_of_errors_too(place: Path) -> None:
    assert "没有选项" in run("check", "../s.json", "--colour").stderr
    assert "no option" in run("check", "../s.json", "--colour", "--lang", "en").stderr
    assert "no option" in run("check", "../s.json", "--colour", "--no-config").stderr
    write(place / "riskgate.toml", "lang = 'xx'\n")
    assert "no option" in run("check", "../s.json", "--colour").stderr


def test_help_and_version_do_not_need_it(place: Path) -> None:
    write(place / "riskgate.toml", "lang = 'xx'\n")
    assert run("--version").exit_code == 0
    assert run("check", "--help").exit_code == 0
    told = run("check", "../s.json")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "../riskgate.toml:1:1" in told.stderr


def test_a_relative_path_is_from_its_folder(place: Path) -> None:
    write(place / "riskgate.toml", "packs = ['rules']\n")
    told = run("nodes")
    assert told.exit_code == 2
    assert "../rules" in told.stderr


def test_the_python_api_reads_none(place: Path) -> None:
    write(place / "below" / "riskgate.toml", "packs = ['nowhere']\n")
    assert Gate.load(COMPANY).library.packs[0].name == "kitchens"


def test_waivers_and_approvers_come_from_it(place: Path) -> None:
    waiver = {
        "rule": "K-AREA",
        "entity": "flats[0101]/*",
        "reason": "r",
        "approved_by": "Li",
        "approved_on": "2026-01-01",
        "expires_on": "2027-01-01",
    }
    write(place / "w.yaml", json.dumps({"waivers": [waiver]}))
    base = f"packs = [{json.dumps(COMPANY.as_posix())}]\nwaivers = ['w.yaml']\n"
    write(place / "riskgate.toml", f"{base}require_approvers = true\n[approvers]\nLi = 'group'\n")

    def result() -> dict[str, Any]:
        told = run("check", "../s.json", "--format", "json")
        found: dict[str, Any] = json.loads(told.stdout)["waivers"][0]
        return found

    assert (result()["state"], result()["confirmed"]) == ("held", True)
    write(place / "riskgate.toml", f"{base}require_approvers = true\n")
    assert result()["state"] == "unconfirmed-refused"


def test_the_names_of_long_files_are_broken_at_slashes_only(tmp_path: Path) -> None:
    step = "客户关系部_customer_relations_department_rules_2026_final_signed_by_all_regions"
    shutil.copytree(COMPANY, tmp_path / step / "company")
    rule = next(rule for pack in Gate.load(COMPANY).plan.library.packs for rule in pack.rules)
    shown = run("config", "show", rule.id, "--packs", tmp_path / step / "company", "--no-config", "--no-cache")
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout.count("_customer_relations_department_rules_2026_final_signed_by_all_regions/") >= 5
    assert all(len(line) <= 100 for line in shown.stdout.splitlines())
