"""One target, fuzzed until the time is over: python -m fuzz.one TARGET SECONDS FOLDER [SEED]. Run by fuzz.run.

FOLDER/corpus is read and grows; an input that crashes is written to FOLDER/crash-….
"""

import contextlib
import hashlib
import random
import sys
import time
import traceback
from pathlib import Path

from fuzz.mutate import LONGEST, mutate

try:
    import atheris
except ImportError:  # no wheel for this Python
    atheris = None


def _warm_up() -> None:
    """Some modules are imported when they are first needed; only what is imported here is watched."""
    for path in sorted((Path(sys.argv[3]) / "corpus").iterdir()):
        with contextlib.suppress(Exception):  # it will be met again, and told then
            run_one(TARGETS[sys.argv[1]], path.read_bytes())


if atheris is not None:
    with atheris.instrument_imports(include=["riskgate"]):
        from fuzz.company import clean_up
        from fuzz.targets import TARGETS, Target, run_one

        _warm_up()
else:
    from fuzz.company import clean_up
    from fuzz.targets import TARGETS, Target, run_one

SLOWEST = 20
"""Seconds that one input may take."""


def main() -> None:
    name, seconds, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1  # noqa: PLR2004 - the optional argument
    try:
        if atheris is None:
            _mutate(TARGETS[name], seconds, folder, seed)
        else:
            _guided(TARGETS[name], seconds, folder, seed)
    finally:
        clean_up()


def _guided(target: Target, seconds: int, folder: Path, seed: int) -> None:
    def one(data: bytes) -> None:
        run_one(target, data)

    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        f"-timeout={SLOWEST}",
        f"-seed={seed}",
        f"-artifact_prefix={folder}/",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        "-verbosity=1",
        str(folder / "corpus"),
    ]
    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


def _mutate(target: Target, seconds: int, folder: Path, seed: int) -> None:
    """Without atheris: seeds are cut, joined, doubled and changed blindly. Finds less, but needs nothing."""
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    seeds = [path.read_bytes() for path in sorted((folder / "corpus").iterdir())] or [b""]
    end = time.monotonic() + seconds
    runs = 0
    while time.monotonic() < end:
        data = mutate(seeds, rng)
        runs += 1
        try:
            run_one(target, data)
        except Exception:  # noqa: BLE001 - a crash is what is looked for
            path = folder / f"crash-{hashlib.sha256(data).hexdigest()[:16]}"
            path.write_bytes(data)
            traceback.print_exc()
            sys.exit(77)
    print(f"stat::number_of_executed_units: {runs}", file=sys.stderr)


if __name__ == "__main__":
    main()
