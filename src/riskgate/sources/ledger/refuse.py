"""What is wrong with a cell: what stands there, and what was expected."""

from riskgate.errors import suggestion
from riskgate.text import Text
from riskgate.workbook import Cell

_SHOWN = 40


class BadCellError(Exception):
    """A cell that cannot be understood. The row that it stands in adds the place and the name of the column."""

    def __init__(self, code: str, expected: Text, help_text: Text | None = None) -> None:
        super().__init__(expected.en)
        self.code = code
        self.expected = expected
        self.help = help_text


def shown(value: str | float | bool) -> str:
    """A value as messages name it."""
    if isinstance(value, str):
        line = " ".join(value.split())
        return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:.15g}"


def text_of(cell: Cell) -> str:
    """A cell as text; whole numbers without a fraction."""
    return cell.value.strip() if isinstance(cell.value, str) else shown(cell.value)


def near(word: str, labels: list[str], most: int = 12) -> Text | None:
    """What to write instead of a word: the nearest one, or all of a few."""
    guess = suggestion(word, labels)
    if guess is not None:
        return guess
    if len(labels) > most:
        return None
    return Text(f"可填：{'、'.join(labels)}", f"there are: {', '.join(labels)}")
