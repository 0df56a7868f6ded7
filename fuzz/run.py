"""Fuzzes every target for a while: python -m fuzz.run --seconds 60 [--target NAME]... [--seed N] [--keep FOLDER].

Exit code 0 if nothing crashed, 1 if something did. Inputs that crash are copied to fuzz/corpus/TARGET: they are seeds
from then on, and tests/test_fuzz_corpus.py runs every one of them.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from fuzz.company import ROOT
from fuzz.seeds import CORPUS, write_seeds
from fuzz.targets import TARGETS

_RUNS = re.compile(r"number_of_executed_units: *(\d+)")
_COVERED = re.compile(r"cov: (\d+)")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=60, help="for each target")
    arguments.add_argument("--target", action="append", choices=sorted(TARGETS), help="all if left out")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--keep", type=Path, help="a folder where corpora grow from run to run")
    asked = arguments.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="riskgate-fuzz-"))
    crashed = sum(_fuzz(name, asked.seconds, asked.seed, folder / name) for name in asked.target or TARGETS)
    if asked.keep is None:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if crashed else 0)


def _fuzz(name: str, seconds: int, seed: int, folder: Path) -> int:
    """Fuzz one target in a process of its own (libFuzzer ends it); the number of crashes."""
    if not TARGETS[name].ready:
        print(f"{name:10} left out: {TARGETS[name].needs} is not installed", flush=True)
        return 0
    seeds = write_seeds(name, folder / "corpus")
    command = [sys.executable, "-m", "fuzz.one", name, str(seconds), str(folder), str(seed)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, errors="replace")  # noqa: S603 - our own module
    log = done.stdout + done.stderr
    (folder / "log").write_text(log, encoding="utf-8")
    runs, covered = _RUNS.findall(log), _COVERED.findall(log)
    finds = [path for kind in ("crash", "timeout", "oom") for path in folder.glob(f"{kind}-*")]
    told = f"{name:10} {seeds:4} seeds  {int(runs[-1]) if runs else 0:>9,} runs in {seconds} s"
    print(f"{told}  coverage {covered[-1] if covered else '(not guided)'}  crashes {len(finds)}", flush=True)
    for path in finds:
        (CORPUS / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, CORPUS / name / path.name)
        path.unlink()
    if finds or done.returncode:
        print("\n".join(log.splitlines()[-40:]))
    return len(finds) + (1 if done.returncode and not finds else 0)


if __name__ == "__main__":
    main()
