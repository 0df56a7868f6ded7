"""The parameters of a check: defaults of the packs, and what the caller set instead."""

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from riskgate.errors import ChoiceError, Problem, suggestion
from riskgate.lifecycle import Lifecycle
from riskgate.overlay import Changed
from riskgate.pack import Pack, Parameter
from riskgate.report import Override
from riskgate.text import Text
from riskgate.vocabulary import Field

YES = {"true", "yes", "是"}
NO = {"false", "no", "否"}
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?|[+-]?\.[0-9]+([eE][+-]?[0-9]+)?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INT64 = 2**63
NO_OVERLAY: Mapping[tuple[str, str], Sequence[Changed]] = MappingProxyType({})


class Settings(NamedTuple):
    """Parameter values of each pack, as expressions see them, and the list of those that were set."""

    values: tuple[Mapping[str, Any], ...]
    overrides: tuple[Override, ...]


def settings_of(
    packs: Sequence[Pack],
    lifecycle: Lifecycle,
    given: Mapping[str, Any] | None = None,
    origin: str = "caller",
    overlaid: Mapping[tuple[str, str], Sequence[Changed]] = NO_OVERLAY,
) -> Settings:
    """Defaults, with `given` (`NAME` where it is unique, or `PACK.NAME`) in place. Raises ChoiceError.

    What overlays set (`overlaid`, by pack and name) takes the place of the defaults; `given` has the last word.
    """
    values = [{name: convert(p.spec, p.default, lifecycle) for name, p in pack.parameters.items()} for pack in packs]
    overrides: list[Override] = []
    taken: set[tuple[int, str]] = set()
    problems: list[Problem] = []
    for key, raw in (given or {}).items():
        targets = _targets(packs, key)
        if len(targets) != 1:
            problems.append(_not_one(packs, key, targets))
            continue
        index, parameter = targets[0]
        if (index, parameter.name) in taken:
            twice = Text(f"参数 `{key}` 设了两次", f"the parameter `{key}` is set twice")
            problems.append(Problem("doubled-parameter", twice))
            continue
        taken.add((index, parameter.name))
        try:
            value = convert(parameter.spec, raw, lifecycle)
        except ValueError as error:
            expected = Text(*error.args) if len(error.args) == len(Text._fields) else Text.of(str(error))
            problems.append(
                Problem(
                    "bad-parameter",
                    Text(
                        f"参数 `{key}` 的值 `{raw}` 不可用：应为{expected.zh}",
                        f"parameter `{key}` cannot be `{raw}`: expected {expected.en}",
                    ),
                )
            )
            continue
        values[index][parameter.name] = value
        overrides.append(
            Override(packs[index].name, parameter.name, plain(value, parameter.spec), parameter.default, origin)
        )
    if problems:
        raise ChoiceError(problems)
    for index, pack in enumerate(packs if overlaid else ()):
        for name, parameter in pack.parameters.items():
            history = overlaid.get((pack.name, name))
            if history and (index, name) not in taken:
                values[index][name] = convert(parameter.spec, history[-1].value, lifecycle)
                overrides.append(Override(pack.name, name, history[-1].value, parameter.default, history[-1].origin))
    overrides.sort(key=lambda o: (o.pack, o.name))
    return Settings(tuple(values), tuple(overrides))


def _targets(packs: Sequence[Pack], key: str) -> list[tuple[int, Parameter]]:
    pack_name, dot, name = key.rpartition(".")
    return [
        (index, pack.parameters[name])
        for index, pack in enumerate(packs)
        if name in pack.parameters and (not dot or pack.name == pack_name)
    ]


def _not_one(packs: Sequence[Pack], key: str, targets: Sequence[tuple[int, Parameter]]) -> Problem:
    if targets:
        full = ", ".join(f"`{packs[index].name}.{parameter.name}`" for index, parameter in targets)
        return Problem(
            "ambiguous-parameter",
            Text(f"多个规则包都有参数 `{key}`", f"several packs have a parameter `{key}`"),
            help=Text(f"请写全名：{full}", f"write one of {full}"),
        )
    known = [name for pack in packs for p in pack.parameters for name in (p, f"{pack.name}.{p}")]
    return Problem(
        "unknown-parameter", Text(f"没有参数 `{key}`", f"there is no parameter `{key}`"), help=suggestion(key, known)
    )


def convert(spec: Field, raw: Any, lifecycle: Lifecycle) -> Any:
    """A value, or a text for it, as the parameter's type. Raises ValueError with what was expected (zh, en)."""
    match spec.type:
        case "number" | "integer":
            return _number(spec, raw)
        case "boolean":
            word = str(raw).strip().lower()
            if word in YES | NO:
                return word in YES
            raise ValueError("true 或 false", "true or false")
        case "date" | "datetime":
            return _moment(spec, raw)
        case "enum":
            if raw not in spec.values:
                raise ValueError("其中之一：" + "、".join(spec.values), "one of " + ", ".join(spec.values))
            return raw
        case "node" | "department":
            known = lifecycle.by_name if spec.type == "node" else lifecycle.departments
            if raw not in known:
                raise ValueError("已有的节点或部门", f"a known {spec.type}")
            return known[raw].id
        case "list":
            items = _items(raw) if isinstance(raw, str) else raw
            if not isinstance(items, Sequence) or spec.of is None:
                raise ValueError("列表", "a list")
            return [convert(spec.of, item, lifecycle) for item in items]
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("文本", "a text")
    return raw


def _items(raw: str) -> list[str]:
    """The items of a list written as text. One long item where several were meant would match nothing, silently."""
    parts = [part.strip() for part in raw.split(",")]
    if any(mark in raw for mark in '，、；[]"“”'):
        raise ValueError(
            "用英文逗号分隔的各项，不加括号和引号", "items with commas (,) between, no brackets and no quotes"
        )
    return parts


def _number(spec: Field, raw: Any) -> int | float:
    whole = spec.type == "integer"
    expected = ValueError("整数" if whole else "数字", "a whole number" if whole else "a number")
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise expected
    if isinstance(raw, str) and not NUMBER.fullmatch(raw.strip()):
        raise expected  # Python also reads 1_0 and １
    try:
        value: int | float = int(raw) if whole and not isinstance(raw, float) else float(raw)
    except (ValueError, OverflowError):
        raise expected from None
    if whole and (not isinstance(value, int) or abs(value) >= INT64):
        raise expected
    if not math.isfinite(value):
        raise expected
    if (spec.minimum is not None and value < spec.minimum) or (spec.maximum is not None and value > spec.maximum):
        raise _outside(spec.minimum, spec.maximum)
    return value


def _outside(low: float | None, high: float | None) -> ValueError:
    if high is None:
        return ValueError(f"不小于 {low}", f"at least {low}")
    if low is None:
        return ValueError(f"不大于 {high}", f"at most {high}")
    return ValueError(f"{low} 到 {high} 之间", f"between {low} and {high}")


def _moment(spec: Field, raw: Any) -> dt.datetime:
    expected = ValueError("日期 YYYY-MM-DD", "a date YYYY-MM-DD")
    if isinstance(raw, dt.datetime) and spec.type == "datetime":
        return raw if raw.tzinfo else raw.replace(tzinfo=dt.UTC)
    if isinstance(raw, dt.date):
        return dt.datetime(raw.year, raw.month, raw.day, tzinfo=dt.UTC)
    text = str(raw).strip()
    if spec.type == "date" and not DATE.fullmatch(text):
        raise expected  # Python also reads 20260501, weeks, and times of a day
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise expected from None
    if spec.type == "date":
        return moment.replace(tzinfo=dt.UTC)
    if moment.tzinfo is None:
        raise ValueError("带时区的时间", "a time with its offset")
    return moment


def plain(value: Any, spec: Field) -> Any:
    """A parameter value as JSON."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if spec.type == "date" else value.isoformat()
    return value
