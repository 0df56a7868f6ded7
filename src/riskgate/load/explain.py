"""What a YAML scanner error means, in words for people who do not know YAML.

The scanner says where it gave up, which is often a line or two after the mistake; so the lines around are looked at.
"""

import re

import yaml

from riskgate.errors import Place, Problem
from riskgate.load.traps import Trap, full_width_colon, full_width_comma
from riskgate.load.tree import Source
from riskgate.text import Text

WIDE_COLON = re.compile(r"^[ \t]*(?:- +)*\{?[ ]*([\w.\-\"']+)(：)|[{,，][ ]*([\w.-]+)(：)")
WIDE_COMMA = re.compile(r"，(?=\s*[\w-]+\s*:\s)|(?<=[\]}\"'])\s*，")
KEY = r"(?:[\w.\-]+|\"[^\"]*\"|'[^']*')"
NO_SPACE = re.compile(rf"^\s*(?:- +)*({KEY}):[^\s/]")
NEED_QUOTES = "@`%*&!|>,]}?#"
QUOTE_TEXT = Text("请给整段文字加引号，例如 '…'。", "put the whole text in quotes, for example '…'.")


def explain(error: yaml.MarkedYAMLError, source: Source) -> Problem:
    """The scanner's error as a problem in plain words, at the place of the mistake as far as it can be told."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Problem("yaml-syntax", Text("无法读懂这个文件", "this file cannot be understood"), Place(source.file))
    line, column, trap = _find(error, source, mark.line + 1, mark.column + 1)
    column += trap.offset
    return Problem(trap.code, trap.message, source.place(line, column), trap.help, source.excerpt(line, column))


def _find(error: yaml.MarkedYAMLError, source: Source, line: int, column: int) -> tuple[int, int, Trap]:
    context = error.context_mark
    first = context.line + 1 if context is not None else line
    if first > line or line - first > 40:  # noqa: PLR2004 - a far context is the start of the whole block, no clue
        first = line
    looked_at = dict.fromkeys(n for n in (line, line - 1, first, first - 1) if n > 0)
    for number in looked_at:
        found = _blanks(source.line(number)) or _wide(source.line(number))
        if found is not None:
            return number, 1, found
    words = f"{error.context or ''} {error.problem or ''}"
    if context is not None:
        begin = source.line(context.line + 1)[context.column : context.column + 1]
        found = _by_context(words, begin)
        if found is not None:
            return context.line + 1, context.column + 1, found
    at = source.line(line)[column - 1 : column]
    if (
        (at and at in "@`%")
        or (at == "?" and "mapping keys" in words)
        or ("did not find expected node content" in words and at and at in NEED_QUOTES)
    ):
        return line, column, _indicator(at)
    return _by_line(words, source, line, column, first)


def _blanks(text: str) -> Trap | None:
    lead = text[: len(text) - len(text.lstrip())]
    if "\t" in lead:
        return Trap(
            "tab",
            Text("行首用了制表符（Tab）", "the line is indented with a tab"),
            Text("缩进请用空格。", "indent with spaces."),
            lead.index("\t"),
        )
    for blank in ("\u3000", "\u00a0"):
        if blank in lead:
            return Trap(
                "wide-space",
                Text("行首有全角空格（或不间断空格）", "the line is indented with a full-width (or no-break) space"),
                Text("缩进请用半角空格。", "indent with ordinary spaces."),
                lead.index(blank),
            )
    return None


def _wide(text: str) -> Trap | None:
    match = WIDE_COLON.search(text)
    if match is not None:
        group = 1 if match.group(1) else 3
        return full_width_colon(match.group(group), match.start(group + 1))
    match = WIDE_COMMA.search(text)
    if match is not None:
        return full_width_comma(text.index("，", match.start()), text)
    return None


def _by_context(words: str, begin: str) -> Trap | None:
    if "quoted scalar" in words:
        if "unknown escape" in words or "hexdecimal" in words or "hexadecimal" in words:
            return Trap(
                "bad-escape",
                Text("双引号里的反斜杠 \\ 有特殊含义", "a backslash has a special meaning within double quotes"),
                Text("请改用单引号 '…'，或写两个反斜杠。", "use single quotes '…', or write two backslashes."),
            )
        return Trap(
            "unclosed-quote",
            Text("这里的引号没有结束", "the quote that begins here does not end"),
            Text("请在文字末尾补上同样的引号。", "close it with the same quote at the end of the text."),
        )
    if begin in {">", "|"} and "block scalar" in words:
        return _indicator(begin)
    if begin in {"*", "&", "!"} and ("alias" in words or "anchor" in words or "tag" in words):
        return _indicator(begin)
    return None


def _indicator(sign: str) -> Trap:
    return Trap(
        "needs-quotes",
        Text(f"以 `{sign}` 开头的文字必须加引号", f"a text that begins with `{sign}` must be in quotes"),
        QUOTE_TEXT,
    )


def _by_line(words: str, source: Source, line: int, column: int, first: int) -> tuple[int, int, Trap]:
    text = source.line(line)
    before = text[: column - 1]
    for number in (line, first, line - 1):
        match = NO_SPACE.match(source.line(number))
        if match is not None and ("mapping values" in words or "could not find expected ':'" in words):
            shown = match.group(1)
            help_text = Text(f"请写成 `{shown}: …`。", f"write `{shown}: …`.")
            message = Text(f"`{shown}:` 的冒号后面缺少空格", f"a space is missing after the colon of `{shown}:`")
            return number, match.end(1) + 1, Trap("colon-without-space", message, help_text)
    if "mapping values" in words and re.search(rf"{KEY}:\s", before):
        message = Text("文字里有冒号加空格", "the text contains a colon followed by a space")
        return line, column, Trap("colon-in-text", message, QUOTE_TEXT)
    if "flow sequence" in words or "flow mapping" in words:
        return _flow(words, source, line, column, first)
    if "expected key" in words and re.search(r":\s+[\"']", before):
        message = Text("引号结束之后还有文字", "there is more text after the closing quote")
        help_text = Text(
            "如果文字里有双引号，外面请用单引号；有单引号就写两个 ''。",
            "if the text contains double quotes, put single quotes around it; write '' for a single quote in it.",
        )
        return line, column, Trap("text-after-quote", message, help_text)
    if "could not find expected ':'" in words:
        message = Text("这一行不是 `名称: 内容` 的形式", "this line is not of the form `name: value`")
        help_text = Text("请检查缩进，或补上冒号和空格。", "check its indentation, or write the colon and a space.")
        return (
            first,
            1 + len(source.line(first)) - len(source.line(first).lstrip()),
            Trap("no-colon", message, help_text),
        )
    if "not allowed in this context" in words and "block sequence" in words:
        message = Text("`- ` 不能写在这里", "`- ` cannot stand here")
        help_text = Text(
            "列表请另起一行；如果是文字，请加引号。",
            "begin the list on its own line; if it is a text, put it in quotes.",
        )
        return line, column, Trap("list-here", message, help_text)
    if any(part in words for part in ("expected key", "mapping values", "expected '-'", "mapping keys")):
        return line, column, _indent()
    message = Text("这里的写法读不懂", f"this cannot be understood ({' '.join(words.split())[:120]})")
    help_text = Text("请检查引号、括号和缩进；拿不准时给文字加引号。", "check quotes, brackets and indentation.")
    return line, column, Trap("yaml-syntax", message, help_text)


def _flow(words: str, source: Source, line: int, column: int, first: int) -> tuple[int, int, Trap]:
    opening = "[" if "flow sequence" in words else "{"
    if line != first or not source.line(line)[column - 1 :].strip():
        place = source.line(first)
        at = place.rfind(opening)
        message = Text(f"这里的 `{opening}` 没有结束", f"the `{opening}` here is not closed")
        help_text = Text(
            f"请补上 `{']' if opening == '[' else '}'}`。", f"close it with `{']' if opening == '[' else '}'}`."
        )
        return first, max(at, 0) + 1, Trap("unclosed-bracket", message, help_text)
    message = Text("这里应当是逗号或右括号", "a comma or a closing bracket is expected here")
    help_text = Text(
        "各项之间用半角逗号；文字里有逗号、冒号或引号时请加引号。", "separate items with commas; quote texts."
    )
    return line, column, Trap("comma-expected", message, help_text)


def _indent() -> Trap:
    return Trap(
        "indentation",
        Text("这一行的缩进与上面的内容对不上", "the indentation of this line does not fit the lines above"),
        Text("同一层的内容要对齐；缩进只用空格。", "align what belongs together; indent with spaces only."),
    )
