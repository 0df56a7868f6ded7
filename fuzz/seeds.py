"""The seed corpus: what the project itself holds of each kind of input, and fuzz/corpus/TARGET with what was found."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from fuzz.company import BASE, ROOT
from fuzz.ledgers import SEEDS
from fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
TESTS = ROOT / "tests"
LARGEST = 60_000
"""Longer seeds make every step slow and find nothing that short ones do not."""


def write_seeds(name: str, folder: Path) -> int:
    """Put the seeds of a target into a folder; how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    seeds = {data for data in _seeds(name) if len(data) <= LARGEST}
    for number, data in enumerate(sorted(seeds)):
        (folder / f"seed-{number:04}").write_bytes(data)
    return len(seeds)


def _seeds(name: str) -> Iterator[bytes]:
    suffix = TARGETS[name].suffix
    own = CORPUS / name
    if own.is_dir():
        yield from (path.read_bytes() for path in sorted(own.iterdir()))
    match name:
        case "yaml":
            yield from _files(ROOT / "rules", "*/*.yaml")
            yield from _files(TESTS / "data" / "load", "**/*.yaml")
            yield from _files(BASE, "**/*.yaml")
        case "pack":
            yield from _files(BASE / "company", "*.yaml")
            yield from _files(TESTS / "data" / "load", "**/*.yaml")
        case "lifecycle" | "vocabulary" | "references":
            yield from _files(TESTS, f"**/{name}{suffix}")
        case "overlay" | "waivers":
            yield from _files(BASE, f"{name}{suffix}")
        case "cel":
            yield from _expressions()
        case "snapshot":
            yield from _files(BASE, "*.json")
            yield from _files(TESTS / "scenarios", "*.json")
        case "report":
            yield from _reports()
        case "config":
            yield from _files(BASE, "*.toml")
        case _:
            yield from SEEDS[name]()


def _files(folder: Path, pattern: str) -> Iterator[bytes]:
    yield from (path.read_bytes() for path in sorted(folder.glob(pattern)) if path.is_file())


def _expressions() -> Iterator[bytes]:
    for file in sorted((TESTS / "data" / "cel").glob("*.json")):
        for case in json.loads(file.read_text(encoding="utf-8")):
            yield str(case.get("expr", case.get("expression", ""))).encode()
    for file in sorted((ROOT / "rules").glob("*/*.yaml"))[::4]:
        data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        for rule in data.get("rules", ()):
            yield from (str(rule[key]).encode() for key in ("when", "require") if key in rule)


def _reports() -> Iterator[bytes]:
    from riskgate import Gate  # noqa: PLC0415 - only where it is asked for

    gate = Gate.load(BASE / "company")
    for name in ("sound.json", "blocked.json"):
        yield gate.check(BASE / name, waivers=BASE / "waivers.yaml").to_json()
        yield gate.check(BASE / name, all_gaps=True, baseline=gate.check(BASE / name, all_gaps=True)).to_json()
