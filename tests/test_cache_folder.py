"""The folder of the cache: used only where nobody else can put anything, never believed where something is wrong."""

import os
import pickle
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from riskgate.cache import Folder, folder, own_folder
from riskgate.cache.folder import MARK, MAX_ENTRIES, SUFFIX
from riskgate.cache.kept import Kept
from riskgate.gate import Gate
from riskgate.load.inputs import Inputs

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there is no cache on Windows")
KEY = "k" * 64
COMPANY = Path(__file__).parent / "data" / "load" / "company"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with one entry, which can be read."""
    path = tmp_path / "cache" / "riskgate"
    assert Folder(path).write(KEY, b"content")
    assert Folder(path).read(KEY) == b"content"
    return path


def entry(place: Path) -> Path:
    return place / f"{KEY}{SUFFIX}"


def test_what_is_made_is_for_this_user_alone(place: Path) -> None:
    assert stat.S_IMODE(entry(place).stat().st_mode) == 0o600
    assert [stat.S_IMODE(each.stat().st_mode) for each in (place, place.parent)] == [0o700, 0o700]
    assert [each.name for each in place.iterdir()] == [entry(place).name]


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o702, 0o750, 0o701, 0o1777])
def test_a_folder_that_others_may_use_is_not_used(place: Path, mode: int) -> None:
    place.chmod(mode)
    assert Folder(place).read(KEY) is None
    assert not Folder(place).write(KEY, b"new")
    place.chmod(0o700)
    assert Folder(place).read(KEY) == b"content"


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o722])
def test_nor_one_below_a_folder_in_which_others_may_put_another(place: Path, mode: int) -> None:
    place.parent.chmod(mode)
    assert Folder(place).read(KEY) is None
    assert not Folder(place).write(KEY, b"new")


@pytest.mark.parametrize("mode", [0o660, 0o640, 0o604, 0o700 | 0o010])
def test_an_entry_that_others_may_use_is_not_read(place: Path, mode: int) -> None:
    entry(place).chmod(mode)
    assert Folder(place).read(KEY) is None


def test_nothing_of_another_user_is_used(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what root finds in the folder of somebody else."""
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    assert Folder(place).read(KEY) is None
    assert not Folder(place).write(KEY, b"new")


def test_an_entry_of_another_user_in_our_folder_is_not_read(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fstat

    def foreign(opened: int) -> os.stat_result:
        status = real(opened)
        if not stat.S_ISREG(status.st_mode):
            return status
        parts = list(status)
        parts[4] = status.st_uid + 1
        return os.stat_result(parts)

    monkeypatch.setattr(os, "fstat", foreign)
    assert Folder(place).read(KEY) is None


def test_a_link_in_the_place_of_an_entry_is_not_followed(place: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    entry(place).rename(elsewhere)
    entry(place).symlink_to(elsewhere)
    assert Folder(place).read(KEY) is None


def test_a_pipe_in_the_place_of_an_entry_is_not_waited_for(place: Path) -> None:
    entry(place).unlink()
    os.mkfifo(entry(place), 0o600)
    assert Folder(place).read(KEY) is None


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda data: data[:-1],
    "cut in the head": lambda data: data[: len(MARK) + 3],
    "longer": lambda data: data + b"\0",
    "flipped in the mark": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "flipped in the digest": lambda data: data[:30] + bytes([data[30] ^ 1]) + data[31:],
    "flipped in the content": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "garbage": lambda _: os.urandom(100),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=list(DAMAGE))
def test_an_entry_that_is_not_whole_is_not_read(place: Path, damage: Callable[[bytes], bytes]) -> None:
    entry(place).write_bytes(damage(entry(place).read_bytes()))
    assert Folder(place).read(KEY) is None


def test_an_entry_under_the_name_of_another_is_not_read(place: Path) -> None:
    other = "o" * 64
    entry(place).rename(place / f"{other}{SUFFIX}")
    assert Folder(place).read(other) is None


@pytest.mark.parametrize("kind", ["file", "below a file", "nothing may be made", "a circle"])
def test_where_there_can_be_no_folder_there_is_no_cache(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "there"
    if kind == "a circle":
        path.symlink_to(path)
    elif kind == "nothing may be made":
        path = Path("/proc/riskgate")
    else:
        path.write_text("", encoding="utf-8")
        path = path / "below" if kind == "below a file" else path
    assert not Folder(path).write(KEY, b"content")
    assert Folder(path).read(KEY) is None


def test_a_disk_that_is_full_leaves_nothing_behind(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full)
    assert not Folder(place).write(KEY, b"new")
    assert [each.name for each in place.iterdir()] == [entry(place).name]
    assert Folder(place).read(KEY) == b"content"


def test_the_oldest_entries_go_first(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(MAX_ENTRIES + 3):
        key = f"{number:064}"
        assert Folder(place).write(key, b"x" * 100)
        os.utime(place / f"{key}{SUFFIX}", (number, number))
    assert Folder(place).write(KEY, b"content")
    kept = {each.name for each in place.iterdir()}
    assert len(kept) == MAX_ENTRIES
    assert f"{MAX_ENTRIES + 2:064}{SUFFIX}" in kept
    assert f"{0:064}{SUFFIX}" not in kept
    monkeypatch.setattr(folder, "MAX_TOTAL", 500)
    assert Folder(place).write(KEY, b"content")
    assert sum(each.stat().st_size for each in place.iterdir()) <= 500
    assert Folder(place).read(KEY) == b"content"


def test_what_was_never_finished_is_cleared_away(place: Path) -> None:
    (place / "a.new").write_bytes(b"half")
    os.utime(place / "a.new", (0, 0))
    (place / "b.new").write_bytes(b"another process is at it")
    assert Folder(place).write(KEY, b"content")
    assert {each.name for each in place.iterdir()} == {entry(place).name, "b.new"}


def test_what_is_too_large_is_not_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MAX_BYTES", 10)
    assert not Folder(place).write(KEY, b"content")
    assert Folder(place).read(KEY) is None


@pytest.mark.parametrize(
    ("environment", "path"),
    [
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/riskgate"),
        ({"XDG_CACHE_HOME": "", "HOME": "/h"}, "/h/.cache/riskgate"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "/h/.cache/riskgate"),
        ({"HOME": "relative"}, None),
        ({}, None),
    ],
)
def test_the_cache_of_the_user_is_where_such_things_are(environment: dict[str, str], path: str | None) -> None:
    found = own_folder(environment)
    assert (None if found is None else str(found.path)) == path


class Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.path,)


def test_what_somebody_else_could_have_planted_is_not_unpickled(tmp_path: Path) -> None:
    """An entry with a sound digest that would run code: in a folder that others may write to, nobody looks at it."""
    fired = tmp_path / "fired"
    place = tmp_path / "cache"
    kept = Kept(Folder(place), Inputs([COMPANY], ()))
    key = kept._key
    assert key is not None
    assert Folder(place).write(key, pickle.dumps(Bomb(fired)))
    place.chmod(0o770)
    Gate.load(COMPANY, cache=place)
    assert not fired.exists()
    place.chmod(0o700)
    planted = place / f"{key}{SUFFIX}"
    planted.write_bytes(planted.read_bytes().replace(MARK, MARK.upper()))
    Gate.load(COMPANY, cache=place)
    assert not fired.exists()
    pickle.loads(pickle.dumps(Bomb(fired)))  # noqa: S301 - so much for the bomb
    assert fired.exists()
