"""What counts once overlays are applied, and whose word it is: for `riskgate config show`."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from riskgate.errors import Place
from riskgate.load.library import Library
from riskgate.overlay import LEVEL_WORDS, Changed
from riskgate.pack import Derive, Parameter, Rule
from riskgate.render.catalog import Entry, entries
from riskgate.render.cells import column_widths, narrowest
from riskgate.render.escape import visible
from riskgate.render.page import Page
from riskgate.render.words import LISTED
from riskgate.text import Text

Subject = str | tuple[str, str]
"""The id of a rule, or the pack and name of a parameter."""
KEYS = ("severity", "nodes", "owners", "waivable_by", "customer_sensitivity", "operator_weight", "remedy")
"""What an overlay may set of a rule, in the order in which it is shown."""
_PARAMETER = re.compile(r"\bparams\.([A-Za-z_][A-Za-z0-9_]*)")
_TOLERANT = re.compile(r"\bat_(?:least|most)\(")


def show_effective(page: Page, library: Library, config: str, packs: Sequence[str]) -> None:
    """The files that are used, then everything that overlays set."""
    applied = library.applied
    page.grid(_files(page, library, config, packs), indent=2)
    set_, of = len(applied.settings), len(library.parameters)
    title = Text(f"与规则包不同的参数（{set_} / {of}）", f"Parameters that differ from the packs ({set_} of {of})")
    page.heading(page.say(title))
    for key in applied.settings:
        _show_parameter(page, library, key)
    rules = [name for name in applied.rules if name not in {one.rule.id for one in applied.disabled}]
    total = len(entries(library.packs)) + len(applied.disabled)
    title = Text(
        f"与规则包不同的规则（{len(rules)} / {total}）", f"Rules that differ from the packs ({len(rules)} of {total})"
    )
    page.heading(page.say(title))
    for name in rules:
        _show_changes(page, library, name)
    if applied.disabled:
        page.heading(
            page.say(Text(f"停用的规则（{len(applied.disabled)}）", f"Disabled rules ({len(applied.disabled)})"))
        )
        for one in applied.disabled:
            page.line(f"{visible(one.rule.id)}  {visible(page.say(one.rule.title))}", indent=2, hang=2)
            page.line(f"{_origin(page, one.by)}{_reason(page, one.by)}", indent=4, hang=2)


def show_one(page: Page, library: Library, subject: Subject) -> None:
    """A rule or a parameter: every value with its origin."""
    if isinstance(subject, tuple):
        _show_parameter(page, library, subject, whole=True)
        return
    entry, disabled = _entry(library, subject)
    rule = entry.rule
    page.line(f"{visible(rule.id)}  {visible(page.say(rule.title))}", "head", hang=2)
    page.line(f"{visible(entry.pack.name)} {visible(entry.pack.version)}, {visible(str(rule.place))}", indent=2)
    if disabled is not None:
        words = page.say(Text("停用", "disabled"))
        page.line(f"! {words}  {_origin(page, disabled)}{_reason(page, disabled)}", "warn", indent=2, hang=2)
    page.blank()
    rows = []
    for key in KEYS:
        history = [one for one in library.applied.rules.get(rule.id, ()) if one.key == key]
        if history or _value(entry, key) not in (None, ()):
            origin = (
                _origin(page, history[-1]) + _reason(page, history[-1]) if history else _pack_origin(page, rule.place)
            )
            rows.append((key, _worded(page, library, key, _value(entry, key)), origin))
            rows += [
                ("", _worded(page, library, key, one.before), page.say(Text("（原来）", "(before)"))) for one in history
            ]
    _with_origins(page, rows, indent=2)
    read = [key for key in _read(entry) if key in library.parameters]
    if read:
        page.heading(page.say(Text("读取的参数", "Parameters that it reads")))
        for parameter in read:
            _show_parameter(page, library, parameter)


def effective_values(library: Library, config: str, subject: Subject | None) -> dict[str, Any]:
    """The same as plain values; with a subject, that rule or parameter alone."""
    if isinstance(subject, tuple):
        return _parameter_values(library, subject)
    if subject is not None:
        return _rule_values(library, *_entry(library, subject))
    disabled = [_entry(library, one.rule.id) for one in library.applied.disabled]
    return {
        "config": config or None,
        "packs": [
            {"pack": p.name, "version": p.version, "file": p.place.file, "sha256": p.sha256} for p in library.packs
        ],
        "overlays": [
            {"overlay": one.name, "level": one.level, "file": one.file, "sha256": one.sha256, "own_pack": one.own_pack}
            for one in library.applied.overlays
        ],
        "parameters": [_parameter_values(library, key) for key in library.parameters],
        "rules": [_rule_values(library, entry, None) for entry in entries(library.packs)]
        + [_rule_values(library, entry, by) for entry, by in disabled],
    }


def _files(page: Page, library: Library, config: str, packs: Sequence[str]) -> list[tuple[str, str]]:
    none = page.say(Text("无", "none"))
    overlays = library.applied.overlays
    asked = page.say(LISTED).join(map(visible, packs)) or page.say(Text("自带", "bundled"))
    names = page.say(LISTED).join(f"{visible(pack.name)} {visible(pack.version)}" for pack in library.packs)
    rows = [
        (page.say(Text("配置", "configuration")), visible(config) or none),
        (page.say(Text("规则包", "packs")), f"{asked}: {names}"),
    ]
    word = page.say(Text("覆盖文件", "overlays"))
    if not overlays:
        return [*rows, (word, none)]
    for number, one in enumerate(overlays):
        level = page.say(LEVEL_WORDS[one.level])
        rows.append(("" if number else word, f"{level}  {visible(one.name)}  {visible(one.file)}"))
    return rows


def _show_parameter(page: Page, library: Library, key: tuple[str, str], *, whole: bool = False) -> None:
    parameter = library.parameters[key]
    history = library.applied.settings.get(key, ())
    value = history[-1].value if history else parameter.default
    unit = f" {visible(parameter.unit)}" if parameter.unit else ""
    name, title = visible(".".join(key)), visible(page.say(parameter.title))
    page.line(f"{name} = {_plain(value)}{unit}  {title}", "head" if whole else "", indent=2, hang=2)
    rows = [(_plain(one.value), _origin(page, one) + _reason(page, one)) for one in reversed(history)]
    rows.append((_plain(parameter.default), _pack_origin(page, parameter.place)))
    page.grid(rows, indent=4)
    if whole:
        tightens = parameter.tightens or page.say(Text("未写", "not said"))
        page.line(f"tightens: {tightens}", indent=4)
        readers = [entry.id for entry in entries(library.packs) if key in _read(entry)]
        words = page.say(Text("读取它的规则：", "read by: "))
        page.line(words + (page.say(LISTED).join(map(visible, readers)) or "-"), indent=4, hang=2)


def _show_changes(page: Page, library: Library, name: str) -> None:
    entry, _ = _entry(library, name)
    page.line(f"{visible(name)}  {visible(page.say(entry.rule.title))}", indent=2, hang=2)
    rows = []
    for one in library.applied.rules[name]:
        before, after = (_worded(page, library, one.key, value) for value in (one.before, one.value))
        rows.append((one.key, f"{before} → {after}", _origin(page, one) + _reason(page, one)))
    _with_origins(page, rows, indent=4)


def _with_origins(page: Page, rows: Sequence[tuple[str, str, str]], indent: int) -> None:
    """Names, values and whose word they are: beneath the value where the column would split the name of a file."""
    widths = column_widths(rows, page.width - indent)
    if rows and max(narrowest(origin) for *_, origin in rows) > widths[-1]:
        stacked = [row for name, value, origin in rows for row in ((name, value), ("", origin))]
        page.grid(stacked, indent=indent)
        return
    page.grid(rows, indent=indent)


def _entry(library: Library, name: str) -> tuple[Entry, Changed | None]:
    """The rule as it counts, and by what it is disabled, if it is."""
    for one in library.applied.disabled:
        if one.rule.id == name:
            return Entry(next(pack for pack in library.packs if pack.name == one.pack), one.rule), one.by
    return next(entry for entry in entries(library.packs) if entry.id == name), None


def _value(entry: Entry, key: str) -> Any:
    return getattr(entry if key in ("severity", "nodes", "owners") else entry.rule, key)


def _read(entry: Entry) -> list[tuple[str, str]]:
    """The parameters that a rule names, and the tolerance of its comparisons."""
    rule, pack = entry.rule, entry.pack
    if isinstance(rule, Derive):
        return []
    texts = [rule.require.text, *(one.text for one in rule.values.values()), rule.when.text if rule.when else ""]
    names = dict.fromkeys(name for text in texts for name in _PARAMETER.findall(text))
    if "tolerance" in pack.parameters and any(map(_TOLERANT.search, texts)):
        names["tolerance"] = None
    return [(pack.name, name) for name in names]


def _rule_values(library: Library, entry: Entry, disabled: Changed | None) -> dict[str, Any]:
    rule = entry.rule
    history = library.applied.rules.get(rule.id, ())
    values: dict[str, Any] = {}
    for key in KEYS:
        value = _value(entry, key)
        changes = [one for one in history if one.key == key]
        origin = _origin_values(changes[-1] if changes else None, rule.place)
        values[key] = {"value": value.as_dict() if isinstance(value, Text) else value, "origin": origin}
    return {
        "rule": rule.id,
        "kind": "rule" if isinstance(rule, Rule) else "derive",
        "pack": entry.pack.name,
        "in_force": disabled is None,
        "disabled": None if disabled is None else _origin_values(disabled, rule.place),
        **values,
        "parameters": [".".join(key) for key in _read(entry)],
    }


def _parameter_values(library: Library, key: tuple[str, str]) -> dict[str, Any]:
    parameter: Parameter = library.parameters[key]
    history = library.applied.settings.get(key, ())
    return {
        "parameter": ".".join(key),
        "pack": key[0],
        "name": key[1],
        "value": history[-1].value if history else parameter.default,
        "default": parameter.default,
        "unit": parameter.unit,
        "tightens": parameter.tightens,
        "origin": _origin_values(history[-1] if history else None, parameter.place),
        "history": [{"value": one.value, **_origin_values(one, one.place)} for one in history],
    }


def _origin_values(by: Changed | None, place: Place) -> dict[str, Any]:
    if by is None:
        return {"level": "pack", "overlay": None, "file": place.file, "line": place.line, "reason": None}
    return {
        "level": by.level,
        "overlay": by.overlay,
        "file": by.place.file,
        "line": by.place.line,
        "reason": by.reason or None,
    }


def _origin(page: Page, by: Changed) -> str:
    return f"{page.say(LEVEL_WORDS[by.level])} {visible(by.place.file)}:{by.place.line}"


def _pack_origin(page: Page, place: Place) -> str:
    return f"{page.say(Text('规则包', 'pack'))} {visible(place.file)}:{place.line}"


def _reason(page: Page, by: Changed) -> str:
    return page.say(Text("：", ": ")) + visible(by.reason) if by.reason else ""


def _worded(page: Page, library: Library, key: str, value: Any) -> str:
    if isinstance(value, Text):
        return visible(page.say(value))
    if key == "nodes" and isinstance(value, Iterable):
        return " ".join(visible(library.lifecycle.by_name[one].code) for one in value)
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return visible(", ".join(map(str, value))) or "-"
    return "-" if value is None else visible(str(value))
