"""Whatever names a file may name a pipe; a device that never ends is refused in one line, and not read."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from riskgate import Gate, SnapshotError, config
from riskgate.cli.main import COMMAND
from riskgate.errors import LoadError
from riskgate.whole_file import DeviceError, read_whole

HERE = Path(__file__).parent
COMPANY = HERE / "scenarios" / "company"
SNAPSHOT = HERE / "scenarios" / "company.json"
ENDLESS = "/dev/zero"
pytestmark = pytest.mark.skipif(not Path(ENDLESS).is_char_device(), reason="no such devices")
RUNS = (
    ["check", ENDLESS],
    ["check", SNAPSHOT, "--waivers", ENDLESS],
    ["check", SNAPSHOT, "--overlays", ENDLESS],
    ["check", SNAPSHOT, "--baseline", ENDLESS],
    ["check", SNAPSHOT, "--config", ENDLESS],
    ["check", SNAPSHOT, "--packs", ENDLESS],
    ["diff", ENDLESS, SNAPSHOT],
    ["eval", "1", "--snapshot", ENDLESS, "--entity", "site"],
    ["snapshot", "merge", ENDLESS],
    ["snapshot", "merge", SNAPSHOT, "--decide", ENDLESS],
    ["snapshot", "from-csv", ENDLESS, "--entity", "prices", "--packs", "bundled"],
    ["snapshot", "from-xlsx", ENDLESS, "--packs", "bundled"],
    ["snapshot", "from-ifc", ENDLESS, "--packs", "bundled"],
    ["review", ENDLESS, "--packs", "bundled"],
)


@pytest.mark.parametrize("arguments", RUNS, ids=lambda arguments: " ".join(Path(str(one)).name for one in arguments))
@pytest.mark.parametrize("locale", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_a_device_is_refused(arguments: list[object], locale: str) -> None:
    packs = [] if "--packs" in arguments else ["--packs", COMPANY]
    words = [*map(str, (*arguments, *packs)), "--no-cache"]
    result = CliRunner(env={"LC_ALL": locale}).invoke(COMMAND, words)
    assert result.exit_code == 2, result.stderr
    assert ENDLESS in result.stderr
    assert len(result.stderr.splitlines()) <= 4


@pytest.mark.parametrize("arguments", [["check", "-"], ["diff", "-", SNAPSHOT], ["diff", SNAPSHOT, "-"]])
def test_a_device_on_standard_input_is_refused(arguments: list[object]) -> None:
    words = [sys.executable, "-m", "riskgate", *map(str, arguments), "--packs", str(COMPANY), "--lang", "en"]
    with Path(ENDLESS).open("rb") as endless:
        done = subprocess.run(words, stdin=endless, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - our own command
    assert done.returncode == 2, done.stderr
    assert "it is a device, not a file" in done.stderr


def test_a_file_on_standard_input_is_read() -> None:
    words = [sys.executable, "-m", "riskgate", "check", "-", "--packs", str(COMPANY)]
    with SNAPSHOT.open("rb") as sound:
        read = subprocess.run(words, stdin=sound, capture_output=True, check=False, timeout=60)  # noqa: S603 - our own command
    named = subprocess.run([*words[:4], str(SNAPSHOT), *words[5:]], capture_output=True, check=False, timeout=60)  # noqa: S603 - the same
    assert (read.returncode, read.stdout) == (named.returncode, named.stdout)


def test_the_api_refuses_devices() -> None:
    with pytest.raises(DeviceError, match="not a file"):
        read_whole(ENDLESS)
    with pytest.raises(SnapshotError, match="a device, not a file"):
        Gate.load(COMPANY).snapshot(ENDLESS)
    with pytest.raises(LoadError, match="not a file"):
        config.read(ENDLESS)


def test_the_null_device_is_an_empty_file() -> None:
    assert read_whole(os.devnull) == b""


def test_pipes_are_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    data = SNAPSHOT.read_bytes()
    gate = Gate.load(COMPANY)
    writer = threading.Thread(target=pipe.write_bytes, args=(data,))
    writer.start()
    assert gate.check(pipe).to_json() == gate.check(data).to_json()
    writer.join()
    out, into = os.pipe()
    os.write(into, data)
    os.close(into)
    assert read_whole(f"/dev/fd/{out}") == data
    os.close(out)


def test_a_pipe_is_read_once_where_a_format_names_lines(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(SNAPSHOT.read_bytes(),))
    writer.start()
    words = ["check", pipe, "--packs", COMPANY, "--format", "sarif", "--no-cache", "--no-config"]
    result = CliRunner().invoke(COMMAND, list(map(str, words)))
    writer.join()
    assert result.exit_code in (0, 1, 3), result.stderr
