"""How a workbook is refused: one problem that names the file, in plain words."""

from riskgate.errors import Place, Problem, RectificationError
from riskgate.text import Text


def refusal(file: str, code: str, message: Text, help_text: Text | None = None, cell: str = "") -> RectificationError:
    """The error for a file that is not read any further."""
    return RectificationError(Problem(code, message, Place(file, cell=cell), help_text))


def too_large(file: str, message: Text) -> RectificationError:
    """A limit was passed: what the file holds is no list that people filled in, or it is made to do harm."""
    return refusal(
        file,
        "too-large",
        message,
        Text(
            "用表格软件打开，只留要读的清单，另存为新的 .xlsx",
            "open it, keep only the list that is to be read, save it as a new .xlsx",
        ),
    )


def damaged(file: str, message: Text) -> RectificationError:
    """The file is cut off or its parts do not fit together."""
    return refusal(
        file,
        "damaged-workbook",
        message,
        Text("请重新发送或重新保存这个文件", "have it sent again, or open it and save it anew"),
    )


def size(number: int) -> str:
    """A number of bytes for people: `12.3 MB`."""
    return f"{number / 1_000_000:,.1f} MB" if number >= 100_000 else f"{number:,} B"  # noqa: PLR2004 - from a tenth of a megabyte on
