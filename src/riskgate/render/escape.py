"""Text from data made safe to show on a terminal: what would act or hide becomes a visible escape."""

import re
import unicodedata

from riskgate.errors import Problem
from riskgate.text import Lang

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ACTIVE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that show nothing themselves but move the cursor, colour, reorder or join what stands beside them:
controls (ESC among them), format characters (bidi overrides, zero-width ones), lone surrogates, line separators."""
_NONE = re.compile(
    f"[\ufdd0-\ufdef{''.join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))}"
    "\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
"""Code points that are no characters (XML 1.0 has no word for some, and parsers refuse the file), and those that are
kept free for characters which show nothing. Others without a character may have one in a newer Unicode: a rare name."""


def visible(text: str) -> str:
    r"""The text on one line with every control, bidi override and zero-width character, and what is no character at
    all, written as `\x1b`, `\u202e`."""
    if text.isprintable():
        return text
    return "".join(_escaped(char) if _shows_nothing(char) else char for char in text)


def _shows_nothing(char: str) -> bool:
    kind = unicodedata.category(char)
    return kind in _ACTIVE or (kind == "Cn" and _NONE.match(char) is not None)


def _escaped(char: str) -> str:
    if char in _NAMED:
        return _NAMED[char]
    code = ord(char)
    if code <= 0xFF:  # noqa: PLR2004 - two hexadecimal digits hold it
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - four digits hold it


def visible_problem(problem: Problem, lang: Lang) -> str:
    """A problem as `Problem.render` words it, with everything that came from a file made visible."""
    where = visible(str(problem.place))
    message = visible(problem.message.to(lang))
    lines = [(f"{where}: {message}" if where else message) + f" [{problem.code}]"]
    lines += [f"  {visible(line)}" for line in problem.excerpt.split("\n") if problem.excerpt]
    if problem.help is not None:
        lead = "  → " if lang == "zh" else "  help: "
        lines.append(lead + "\n    ".join(visible(line) for line in problem.help.to(lang).split("\n")))
    return "\n".join(lines)
