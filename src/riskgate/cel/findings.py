"""The problems that a check of one expression finds, each with its place, the line with a caret, and help."""

from collections.abc import Iterable, Mapping

from riskgate.cel.syntax import Span
from riskgate.errors import Problem, did_you_mean
from riskgate.pack import Expression
from riskgate.text import Text

LISTED = 12
"""So many known words are listed when none is near the one that was written."""


class Findings:
    """Collects problems of one expression; the same problem at the same place counts once."""

    def __init__(self, source: Expression) -> None:
        self._source = source
        self._found: dict[tuple[str, int, Text], Problem] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._found[key] for key in sorted(self._found, key=lambda key: (key[1], key[0])))

    def last(self, word: str, within: Span) -> Span:
        """Where the word stands last within a span; the span itself if it does not."""
        found = self._source.text.rfind(word, within.start, within.end)
        return within if found < 0 else Span(found, found + len(word))

    def first(self, word: str, after: int, within: Span) -> Span:
        """Where the word stands first after an offset; the span itself if it does not."""
        found = self._source.text.find(word, after, within.end)
        return within if found < 0 else Span(found, found + len(word))

    def add(self, code: str, span: Span, message: Text, hint: Text | None = None) -> None:
        key = (code, span.start, message)
        if key not in self._found:
            place, excerpt = self._source.place(span.start), self._source.excerpt(span.start)
            self._found[key] = Problem(code, message, place, hint, excerpt)


def nearest(word: str, known: Iterable[str], labels: Mapping[str, str] | None = None) -> Text | None:
    """The help line for a word that is not known: the nearest ones, else all if they are few.

    `labels` maps further texts (titles, Chinese labels) to the word they stand for: whoever writes the label is told
    the word.
    """
    words = list(dict.fromkeys(known))
    labels = labels or {}
    near = [labels.get(text, text) for text in did_you_mean(word, [*words, *labels])]
    if not near and word:
        near = [stored for label, stored in labels.items() if word in label][:3]
    if near:
        listed = _listed(dict.fromkeys(near), labels)
        return Text(f"是否想写 {listed}？", f"did you mean {listed}?")
    if words and len(words) <= LISTED:
        listed = _listed(words, labels)
        return Text(f"可以写：{listed}", f"known here: {listed}")
    return None


def _listed(words: Iterable[str], labels: Mapping[str, str]) -> str:
    label_of = {stored: label for label, stored in reversed(list(labels.items())) if label != stored}
    return ", ".join(f"`{word}` ({label_of[word]})" if word in label_of else f"`{word}`" for word in words)
