"""The command line where a story is too coarse: language, colour, output files, faults, what it imports."""

import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import riskgate.cli.main
from riskgate.cli.main import COMMAND
from riskgate.cli.output import STDOUT, Rendering, pair, write_whole
from riskgate.cli.session import Session, language, screen_width, use_color
from riskgate.errors import ChoiceError
from riskgate.gate import Gate
from riskgate.report import Report
from riskgate.report_schema import report_json_schema

HERE = Path(__file__).parent
COMPANY = HERE / "scenarios" / "company"
SNAPSHOT = HERE / "scenarios" / "company.json"
CHECK = ["check", str(SNAPSHOT), "--packs", str(COMPANY)]


def in_process(*arguments: str, **rest: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **rest}
    command = [sys.executable, "-m", "riskgate.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, env=environment, check=False)  # noqa: S603 - our own command


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "ZH_TW"}, "zh"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "en_GB.UTF-8", "LC_MESSAGES": "de_DE", "LC_ALL": "zh_CN"}, "zh"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        ([], {"LANG": "C.UTF-8"}, "en"),
        (["check", "--lang", "zh"], {"LANG": "en_GB"}, "zh"),
        (["--lang=en", "check"], {"LANG": "zh_CN"}, "en"),
        (["check", "--lang", "fr"], {"LANG": "zh_CN"}, "zh"),
        (["eval", "--", "--lang", "zh"], {}, "en"),
        (["check", "--lang"], {}, "en"),
    ],
)
def test_language(arguments: list[str], environment: dict[str, str], expected: str) -> None:
    assert language(arguments, environment) == expected


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_on_a_terminal(environment: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert use_color() is expected


def test_no_colour_and_a_fixed_width_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert not use_color()
    assert screen_width() == 100
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert screen_width() == 200


def test_pairs_by_example() -> None:
    assert pair([]) == (Rendering("table"),)
    assert pair([("format", "json")]) == (Rendering("json"),)
    assert pair([("format", "table"), ("format", "json"), ("output", "a")]) == (
        Rendering("table"),
        Rendering("json", "a"),
    )
    assert pair([("format", "json"), ("output", "a"), ("format", "table"), ("output", "b")]) == (
        Rendering("json", "a"),
        Rendering("table", "b"),
    )
    assert pair([("output", "a"), ("format", "json")]) == (Rendering("json", "a"),)
    assert pair([("output", "a.json")]) == (Rendering("json", "a.json"),)
    assert pair([("output", "a"), ("output", "b")]) == (Rendering("table", "a"), Rendering("table", "b"))
    assert pair([("format", "json"), ("output", STDOUT)]) == (Rendering("json"),)


@pytest.mark.parametrize(
    "words",
    [
        [("format", "json"), ("format", "table")],
        [("format", "json"), ("output", "x/../a"), ("format", "table"), ("output", "a")],
        [("format", "json"), ("output", "-"), ("format", "table")],
    ],
)
def test_one_place_cannot_take_two_reports(words: list[tuple[str, str]]) -> None:
    with pytest.raises(ChoiceError):
        pair(words)  # type: ignore[arg-type]  # the literals of a parametrized list are plain texts


word = st.one_of(
    st.tuples(st.just("format"), st.sampled_from(["table", "json"])),
    st.tuples(st.just("output"), st.integers(0, 10**9).map(str)),
)


@given(st.lists(word, max_size=6, unique=True))
@settings(deadline=None)
def test_every_format_and_every_output_is_used_once(words: list[tuple[str, str]]) -> None:
    try:
        found = pair(words)  # type: ignore[arg-type]  # hypothesis gives plain texts
    except ChoiceError:
        return
    outputs = [value for kind, value in words if kind == "output"]
    assert [rendering.target for rendering in found if rendering.target != STDOUT] == outputs
    wanted = [value for kind, value in words if kind == "format"]
    given_formats = [rendering.format for rendering in found]
    assert all(given_formats.count(name) >= wanted.count(name) for name in wanted)


def test_a_file_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    target, link = tmp_path / "a", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_whole(str(link), b"new")
    assert target.read_bytes() == b"new"
    assert link.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_is_as_readable_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "usual").write_text("x")
    write_whole(str(tmp_path / "ours"), b"x")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a"
    target.write_text("old")

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        write_whole(str(target), b"new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_report_on_disk_is_the_report_on_screen(tmp_path: Path) -> None:
    done = in_process(*CHECK, "--format", "json", "--format", "json", "--output", str(tmp_path / "r.json"))
    assert done.returncode == 1
    assert done.stdout == (tmp_path / "r.json").read_bytes()


def test_a_real_report_follows_the_schema_and_can_be_read_back() -> None:
    data = Gate.load(COMPANY).check(SNAPSHOT).to_json()
    jsonschema.Draft202012Validator(report_json_schema()).validate(json.loads(data))
    assert Report.from_json(data).to_json() == data


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_no_success() -> None:
    snapshot = json.dumps({"riskgate": 1, "as_of": "2026-11-20", "project": {"id": "P", "flats": []}})
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "riskgate.cli.main", "check", "-", "--packs", str(COMPANY), "--allow-unverified"],
            input=snapshot,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that can close a stream")
@pytest.mark.parametrize(
    ("arguments", "closed", "code"),
    [([*CHECK], ">&-", 1), (["check", "no-such-file"], "2>&-", 2), (["check", "-"], "<&-", 2), (["--help"], ">&-", 0)],
)
def test_a_closed_stream_does_not_change_the_exit_code(arguments: list[str], closed: str, code: int) -> None:
    command = [sys.executable, "-m", "riskgate.cli.main", *arguments]
    done = subprocess.run(  # noqa: S603 - our own command
        ["/bin/sh", "-c", f'"$@" {closed}', "sh", *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_fault() -> None:
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "riskgate.cli.main", *CHECK, "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 1


def broken(_: Session) -> Gate:
    raise ZeroDivisionError("boom\x1b[2J")


def interrupted(_: Session) -> Gate:
    raise KeyboardInterrupt


def test_a_fault_is_one_line_and_exit_code_4(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "load", broken)
    told = CliRunner().invoke(COMMAND, [*CHECK, "--lang", "en"])
    assert told.exit_code == 4
    assert told.stdout == ""
    assert len(told.stderr.splitlines()) == 1
    assert "fault inside riskgate" in told.stderr
    assert "--debug" in told.stderr
    assert "\x1b" not in told.stderr


@pytest.mark.parametrize("arguments", [[*CHECK, "--debug"], ["--debug", *CHECK]])
def test_debug_shows_where_the_fault_is(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "load", broken)
    told = CliRunner().invoke(COMMAND, arguments)
    assert told.exit_code == 4
    assert "Traceback" in told.stderr


def test_an_interrupt_is_exit_code_130(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "load", interrupted)
    assert CliRunner().invoke(COMMAND, CHECK).exit_code == 130


def test_a_stream_that_cannot_show_a_sign_gets_an_escape() -> None:
    done = in_process(*CHECK, "--lang", "zh", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1
    assert done.stdout.startswith(rb"\u2717 ")
    assert b"Traceback" not in done.stderr


def test_output_is_the_same_whatever_the_terminal_variables_say() -> None:
    assert in_process(*CHECK, COLUMNS="60", FORCE_COLOR="1").stdout == in_process(*CHECK).stdout


def test_starting_imports_little() -> None:
    """`--version` and usage errors must not wait for what only a check needs."""
    heavy = {"pydantic", "pydantic_core", "yaml", "orjson", "re2", "riskgate.gate", "riskgate.report"}
    code = (
        "import sys, riskgate.cli.main; riskgate.cli.main.COMMAND.list_commands(None);"
        f"print(sorted({heavy!r} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert done.stdout.strip() == "[]"


def test_the_entry_point_is_this_module() -> None:
    assert callable(riskgate.cli.main.main)
