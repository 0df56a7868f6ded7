"""Everything riskgate raises, and how a problem is worded and placed.

A `Problem` is one thing that is wrong: a stable code, one line in plain words in both languages, the place, and what
to do. All problems of one kind travel together in one `RiskgateError`, so that an author mends a file in one pass.
"""

from collections.abc import Iterable, Sequence
from dataclasses import field

from riskgate.record import record
from riskgate.text import Lang, Text


@record
class Place:
    """Where a problem is: a file with line and column (both counted from 1), a JSON Pointer in a document, or a cell of
    a workbook (`风险清单!K12`; line and column are those of the cell)."""

    file: str = ""
    line: int = 0
    column: int = 0
    pointer: str | None = None
    cell: str = ""

    def __lt__(self, other: "Place") -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[str, int, int, str, str]:
        return self.file, self.line, self.column, self.pointer or "", self.cell

    def __str__(self) -> str:
        if self.cell:
            return f"{self.file} {self.cell}".strip()
        position = f":{self.line}" + (f":{self.column}" if self.column else "") if self.line else ""
        pointer = "" if self.pointer is None else (self.pointer or "/")
        start = self.file + position if self.file else position.removeprefix(":")
        return f"{start} {pointer}".strip() if start or pointer else ""


@record
class Problem:
    """One thing that is wrong. `code` is stable and kebab-case; `excerpt` is the source line with a caret below it."""

    code: str
    message: Text
    place: Place = field(default_factory=Place)
    help: Text | None = None
    excerpt: str = ""

    def render(self, lang: Lang = "en") -> str:
        """The problem as a person reads it: place, message, the source line if known, and what to do."""
        where = str(self.place)
        lines = [f"{where}: {self.message.to(lang)}" if where else self.message.to(lang)]
        lines[0] += f" [{self.code}]"
        if self.excerpt:
            lines += [f"  {line}" for line in self.excerpt.splitlines()]
        if self.help is not None:
            lines.append(("  → " if lang == "zh" else "  help: ") + self.help.to(lang))
        return "\n".join(lines)


class RiskgateError(Exception):
    """The root of all errors of riskgate. `problems` holds every problem that was found, sorted by place."""

    def __init__(self, problems: "Problem | Iterable[Problem]") -> None:
        found = [problems] if isinstance(problems, Problem) else list(problems)
        self.problems: tuple[Problem, ...] = tuple(
            sorted(found, key=lambda p: (p.place.file, p.place.line, p.place.column, p.place.pointer or "", p.code))
        )
        super().__init__(self.render())

    def render(self, lang: Lang = "en") -> str:
        return "\n".join(problem.render(lang) for problem in self.problems)


class LoadError(RiskgateError):
    """A pack, lifecycle, vocabulary, references or waiver file cannot be used."""


class SnapshotError(RiskgateError):
    """A snapshot cannot be used: not JSON, or not what the vocabulary says."""


class ReportError(RiskgateError):
    """A text is not a report that riskgate wrote, or one that was changed since."""


class ChoiceError(RiskgateError):
    """The caller named something that does not exist or cannot be used: a node, a parameter, an option."""


class MissingExtraError(RiskgateError):
    """A library that one of riskgate's extras brings (`pip install "riskgate[excel]"`) is not installed."""


class RectificationError(RiskgateError):
    """A workbook that came back cannot be used: not a workbook, dangerous, or filled in wrongly."""


class SourceError(RiskgateError):
    """A model, ledger or mapping cannot be made into a snapshot: unreadable, dangerous, or not what it should be."""


class ExpressionError(RiskgateError):
    """A CEL text does not parse or does not type-check."""


class EvaluationError(RiskgateError):
    """A CEL expression has no value for these bindings."""


class InferenceError(RiskgateError):
    """Inference did not reach an answer; a partial one is never given."""


def did_you_mean(word: str, known: Iterable[str], *, count: int = 3) -> tuple[str, ...]:
    """The known words nearest to `word`, best first; empty if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only problems need it

    candidates = sorted(set(known))
    near = get_close_matches(word, candidates, n=count, cutoff=0.6)
    if not near:
        near = [c for c in candidates if c.lower() == word.lower()][:count]
    return tuple(near)


def suggestion(word: str, known: Sequence[str] | Iterable[str]) -> Text | None:
    """The help line "did you mean …" for a misspelt word, or None if nothing is near."""
    near = did_you_mean(word, known)
    if not near:
        return None
    listed = ", ".join(f"`{n}`" for n in near)
    return Text(f"是否想写 {listed}？", f"did you mean {listed}?")
