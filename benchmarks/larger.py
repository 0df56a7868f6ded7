"""A larger rule pack made from pack/: each rule five times, each time with slightly shifted thresholds and patterns.

Rules about yes or no have no threshold: their copies differ in the id alone.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

PACK = Path(__file__).parent / "pack"
SHIFT = 0.002
"""Each copy moves its limits by this share: the number of risks stays about the same share of the checks."""

DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])")
REPEAT = re.compile(r"\{(\d+),(\d+)\}")


def write_larger_pack(folder: Path, copies: int = 5) -> int:
    """Write the pack into a folder; gives the number of its rules."""
    head = yaml.safe_load((PACK / "pack.yaml").read_text(encoding="utf-8"))
    parameters = head["parameters"]
    head["pack"] = f"benchmark-{copies}"
    head["parameters"] = {
        _named(name, copy): {**parameter, "default": _moved(parameter["default"], copy)}
        for copy in range(copies)
        for name, parameter in parameters.items()
    }
    _write(folder / "pack.yaml", head)
    written = 0
    for path in sorted(PACK.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "rules" in content:
            larger = [_shifted(rule, copy) for copy in range(copies) for rule in content["rules"]]
            _write(folder / path.name, {"rules": larger})
            written += len(larger)
        elif path.name != "pack.yaml":
            _write(folder / path.name, content)
    return written


class _NoAliases(yaml.SafeDumper):
    """Writes out what copies share: packs may not have aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def _write(path: Path, content: Mapping[str, Any]) -> None:
    text = yaml.dump(content, Dumper=_NoAliases, allow_unicode=True, sort_keys=False, width=200)
    path.write_text(text, encoding="utf-8")


def _named(name: str, copy: int) -> str:
    return f"{name}_{copy}"


def _moved(value: float, copy: int) -> float:
    return value if isinstance(value, int) else round(value * (1 + SHIFT * copy), 6)


def _shifted(rule: Mapping[str, Any], copy: int) -> dict[str, Any]:
    fresh = {**rule, "id": f"{rule['id']}-{copy}", "require": _expression(rule["require"], copy)}
    if "when" in rule:
        fresh["when"] = _expression(rule["when"], copy)
    if "values" in rule:
        fresh["values"] = {name: _expression(text, copy) for name, text in rule["values"].items()}
    return fresh


def _expression(text: str, copy: int) -> str:
    text = re.sub(r"params\.(\w+)", lambda found: f"params.{_named(found[1], copy)}", text)
    text = DECIMAL.sub(lambda found: repr(_moved(float(found[0]), copy)), text)
    return REPEAT.sub(lambda found: f"{{{found[1]},{int(found[2]) + copy}}}", text)
