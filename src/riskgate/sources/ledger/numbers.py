"""Numbers as people write them: thousands separators, full-width digits, a unit behind them; exact to the very end."""

import re
import unicodedata
from decimal import Decimal

from riskgate.sources.ledger.mapping import Column, Unit, plain
from riskgate.sources.ledger.refuse import BadCellError
from riskgate.text import Text
from riskgate.vocabulary import Field
from riskgate.workbook import Cell

_NUMBER = re.compile(
    r"([+-]?)((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]{1,3})?(.*)", re.DOTALL
)
_LONGEST = 40
_WHOLE = 2**63
_LARGEST = Decimal("1e300")
_ONE = Decimal(1)


def read_number(cell: Cell, spec: Field, column: Column, unit: Unit | None, written: Decimal | None) -> int | float:
    """The number in a cell, in the unit of its field. `written` is what the header's unit makes of it.

    Raises BadCellError.
    """
    whole = spec.type == "integer"
    if isinstance(cell.value, bool):
        raise _no_number(spec)
    if isinstance(cell.value, str):
        number, factor = _of_text(cell.value, spec, unit)
    else:
        number, factor = Decimal(repr(cell.value)), None
    if factor is None:
        factor = _shown_percent(spec) if cell.percent else written
    value = number * (_ONE if factor is None else factor)
    if abs(value) > _LARGEST or (whole and not -_WHOLE <= value < _WHOLE):
        raise BadCellError("number-too-large", Text("不超出范围的数", "a number that is not beyond all bounds"))
    if whole and value != value.to_integral_value():
        raise _no_number(spec)
    found = int(value) if whole else float(value) + 0.0  # no negative zero
    _check_range(found, spec, column)
    return found


def _of_text(text: str, spec: Field, unit: Unit | None) -> tuple[Decimal, Decimal | None]:
    """A number that is a text, and what the unit behind it makes of it."""
    half = unicodedata.normalize("NFKC", text).strip().replace("−", "-").lower()
    found = _NUMBER.fullmatch(half)
    if found is None or len(half) > _LONGEST:
        raise _no_number(spec)
    sign, digits, power, rest = found.groups()
    number = Decimal(sign + digits.replace(",", "") + (power or ""))
    spelled = plain(rest)
    if not spelled:
        return number, None
    if spelled[0] in ",.0123456789":
        raise _no_number(spec)
    if unit is None or spelled not in unit.written:
        raise BadCellError("unknown-unit", _expected(spec), _units(unit))
    return number, unit.written[spelled]


def _shown_percent(spec: Field) -> Decimal:
    """A number that is shown as a percentage is a ratio, whatever the header says: 0.95 is shown as 95 %."""
    if spec.unit == "ratio":
        return _ONE
    if spec.unit == "percent":
        return Decimal(100)
    raise BadCellError("percent", _expected(spec), Text("单元格是百分比格式", "the cell is formatted as a percentage"))


def _check_range(value: float, spec: Field, column: Column) -> None:
    low, high = spec.minimum, spec.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise BadCellError("out-of-range", _limits(low, high))
    if column.between is not None and not column.between[0] <= value <= column.between[1]:
        help_text = Text(
            "是不是单位不对？表头可以写单位，如（㎡）", "is it in another unit? The header may name it: (mm)"
        )
        raise BadCellError("implausible", _limits(*column.between), help_text)


def _limits(low: float | None, high: float | None) -> Text:
    if high is None:
        return Text(f"不小于 {low:g} 的数", f"a number from {low:g} on")
    if low is None:
        return Text(f"不大于 {high:g} 的数", f"a number up to {high:g}")
    return Text(f"{low:g} 到 {high:g} 之间的数", f"a number from {low:g} to {high:g}")


def _no_number(spec: Field) -> BadCellError:
    return BadCellError("no-number", _expected(spec))


def _expected(spec: Field) -> Text:
    kind = Text("整数", "a whole number") if spec.type == "integer" else Text("数", "a number")
    if spec.unit is None:
        return kind
    return Text(f"{kind.zh}（{spec.unit}）", f"{kind.en} ({spec.unit})")


def _units(unit: Unit | None) -> Text | None:
    if unit is None:
        return None
    listed = list(unit.written)[:8]
    return Text(f"单位可写：{'、'.join(listed)}", f"units: {', '.join(listed)}")
