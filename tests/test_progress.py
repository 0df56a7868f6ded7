"""Progress: on a terminal, for long runs, on standard error, and gone afterwards; never anywhere else."""

import io
import os
import pty
import select
import subprocess
import sys
import termios
import threading
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskgate.cli import progress
from riskgate.cli.progress import Progress, can_show
from riskgate.render.cells import cells
from riskgate.text import Text
from test_cli import CHECK, COMPANY, SNAPSHOT


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting before the first line."""
    monkeypatch.setattr(progress, "DELAY", 0.01)
    monkeypatch.setattr(progress, "INTERVAL", 0.01)
    monkeypatch.setenv("TERM", "xterm")


def shown(stream: Terminal, part: str) -> None:
    """Wait until a text has been drawn."""
    end = time.monotonic() + 30
    while part not in stream.getvalue():
        assert time.monotonic() < end, stream.getvalue()
        time.sleep(0.005)


@pytest.mark.usefixtures("quick")
def test_a_step_is_drawn_and_taken_back() -> None:
    stream = Terminal()
    with Progress("en", stream) as running:
        running.step(Text("检查", "checking home\x1b[2J.json"))
        shown(stream, "checking home\\x1b[2J.json")
        running.step(Text("用例", "cases"), 4)
        assert list(running.counted("ab")) == ["a", "b"]
        shown(stream, "cases  ██████████░░░░░░░░░░ 2/4")
    assert stream.getvalue().endswith("\r\x1b[K")
    assert "\n" not in stream.getvalue()
    assert "riskgate-progress" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.usefixtures("quick")
def test_an_error_takes_it_back_too() -> None:
    stream = Terminal()

    def fail() -> None:
        with Progress("zh", stream) as running:
            running.step(Text("加载规则", "loading"))
            shown(stream, "加载规则")
            raise KeyError("x")

    with pytest.raises(KeyError):
        fail()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_what_is_quick_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "DELAY", 3600)
    stream = Terminal()
    with Progress("en", stream) as running:
        running.step(Text.of("quick"))
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("stream", "term", "expected"),
    [
        (Terminal(), "xterm", True),
        (Terminal(), "dumb", False),
        (Terminal(), "", False),
        (io.StringIO(), "xterm", False),
    ],
)
def test_where_it_can_be_shown(stream: io.StringIO, term: str, expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)
    assert can_show(stream) is expected
    with Progress("en", stream) as running:
        assert (running._thread is not None) is expected


@pytest.mark.usefixtures("quick")
def test_a_reader_that_goes_away_is_no_fault() -> None:
    class Gone(Terminal):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    with Progress("en", Gone()) as running:
        running.step(Text.of("on"))
        time.sleep(0.05)


@given(st.text(max_size=80), st.integers(0, 10**7), st.integers(0, 10**7), st.integers(10, 200))
@settings(deadline=None, max_examples=200)
def test_a_line_fits_the_terminal_and_nothing_in_it_acts(text: str, done: int, total: int, width: int) -> None:
    running = Progress("en", io.StringIO())
    running.step(Text.of(text), total)
    running._done = done
    line = running.line(width)
    assert cells(line) < width
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


# -- the command


SLOWLY = """
import time
import riskgate.cli.main as command
import riskgate.cli.progress as progress

progress.DELAY, progress.INTERVAL, step = 0, 0.001, progress.Progress.step
progress.Progress.step = lambda running, *told: (step(running, *told), time.sleep(0.1))
command.main()
"""
"""The command with steps that last long enough to be seen, shown at once."""


def on_a_terminal(arguments: list[str], **environment: str) -> tuple[int, bytes, str]:
    """The command with standard error on a terminal and standard output in a pipe."""
    near, far = pty.openpty()
    termios.tcsetwinsize(far, (24, 80))
    env = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8", **environment}
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", SLOWLY, *arguments], stdout=subprocess.PIPE, stderr=far, env=env
    )
    os.close(far)
    said = b""
    out: list[bytes] = []
    assert process.stdout is not None
    reader = threading.Thread(target=lambda stream: out.append(stream.read()), args=(process.stdout,))
    reader.start()
    while True:
        try:
            if select.select([near], [], [], 60)[0]:
                part = os.read(near, 4096)
                if not part:
                    break
                said += part
        except OSError:  # the other end was closed
            break
    reader.join()
    process.stdout.close()
    code = process.wait()
    os.close(near)
    return code, out[0], said.decode()


def in_a_pipe(arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "riskgate.cli.main", *arguments]
    env = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, env=env, check=False)  # noqa: S603 - our own command


COMMANDS = {
    "check": ([*CHECK, "--format", "json", "--lang", "en"], ["checking", "making json"]),
    "test": (["test", str(COMPANY), "--lang", "zh"], ["加载规则", "运行用例"]),
    "diff": (
        ["diff", str(SNAPSHOT), str(SNAPSHOT), "--packs", str(COMPANY), "--lang", "en"],
        ["loading the rules", "comparing"],
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_result_is_the_same_with_and_without_a_terminal(name: str) -> None:
    arguments, steps = COMMANDS[name]
    code, out, said = on_a_terminal(arguments)
    plain = in_a_pipe(arguments)
    assert (code, out) == (plain.returncode, plain.stdout)
    assert plain.stderr == b""
    assert "\r\x1b[K" in said
    assert [step for step in steps if step not in said] == []
    assert said.endswith("\r\x1b[K")


def test_an_error_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    code, out, said = on_a_terminal(["check", str(tmp_path / "no.json"), "--packs", str(COMPANY), "--lang", "en"])
    assert (code, out) == (2, b"")
    assert "\r\x1b[Kcannot use the snapshot" in said


def test_a_terminal_that_cannot_take_a_line_back_gets_none() -> None:
    code, _, said = on_a_terminal(COMMANDS["check"][0], TERM="dumb")
    assert (code, said) == (1, "")


def test_no_color_asks_for_no_colour_and_there_is_none() -> None:
    _, _, said = on_a_terminal(COMMANDS["check"][0], NO_COLOR="1")
    assert set(said.split("\x1b")[1:]) == {part for part in said.split("\x1b")[1:] if part.startswith("[K")}
