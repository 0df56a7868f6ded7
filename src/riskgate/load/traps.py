"""Full-width punctuation and lost text: valid YAML that does not say what its author meant."""

import re
from typing import NamedTuple

from riskgate.load.tree import Leaf
from riskgate.text import Text

BLANK_EDGE = re.compile("^[\u3000\u00a0]|[\u3000\u00a0]$")
QUOTED = re.compile("^[“‘].*[”’]$", re.DOTALL)
BRACKETED = re.compile("^[［｛].*[］｝]$", re.DOTALL)
LOST = re.compile(r"[ \t]+(#[^\s#][^\r\n]*)")
LISTED = re.compile(r"^[\w.-]+(?:[，、；]\s*[\w.-]+)+$")


class Trap(NamedTuple):
    """What was found in a scalar; `offset` counts characters from its start."""

    code: str
    message: Text
    help: Text
    offset: int = 0


def check_value(text: str, *, flow: bool, in_list: bool) -> Trap | None:
    """The full-width punctuation in a plain text that stands where YAML wants an ASCII one."""
    if text[0] in "［｛" and BRACKETED.match(text):
        return Trap(
            "full-width-bracket",
            Text(f"`{text[0]}` 是全角括号", f"`{text[0]}` is a full-width bracket"),
            Text("请改成半角的 [ ] 或 { }。", "write [ ] or { } instead."),
        )
    if not flow:
        return None
    if in_list and LISTED.match(text):
        return full_width_comma(next(i for i, ch in enumerate(text) if ch in "，、；"), text)
    if text[0] in "“‘" and QUOTED.match(text):
        return Trap(
            "full-width-quote",
            Text(
                f"`{text[0]}` 是中文引号，不能代替半角引号",
                f"`{text[0]}` is a Chinese quotation mark, not a YAML quote",
            ),
            Text(
                '请改成半角引号 "；要保留中文引号，就在外面再加半角引号。',
                'write " instead; to keep the Chinese quotes, put " around them.',
            ),
        )
    return None


def check_key(text: str) -> Trap | None:
    """The full-width punctuation or blank in a key, which is always a mistake."""
    at = text.find("：")
    if at >= 0:
        return full_width_colon(text[:at], at)
    if BLANK_EDGE.search(text):
        return Trap(
            "wide-space",
            Text("这里有全角空格（或不间断空格）", "there is a full-width (or no-break) space here"),
            Text("缩进和分隔请用半角空格。", "indent and separate with ordinary spaces."),
        )
    at = next((i for i, ch in enumerate(text) if ch in "“”‘’，、"), -1)
    if at >= 0:
        return Trap(
            "full-width-comma" if text[at] in "，、" else "full-width-quote",
            Text(f"`{text[at]}` 是全角标点", f"`{text[at]}` is a full-width mark"),
            Text("请改成半角标点。", "write the ASCII mark instead."),
            at,
        )
    return None


def full_width_colon(name: str, offset: int) -> Trap:
    shown = name.strip()[-40:]
    return Trap(
        "full-width-colon",
        Text(f"`{shown}` 后面是全角冒号 `：`", f"a full-width colon `：` follows `{shown}`"),
        Text(f"请写成 `{shown}: …`（半角冒号加一个空格）。", f"write `{shown}: …` (an ASCII colon and a space)."),
        offset,
    )


def full_width_comma(offset: int, text: str) -> Trap:
    return Trap(
        "full-width-comma",
        Text(
            f"`{text[offset]}` 是全角标点，不能分隔各项",
            f"`{text[offset]}` is a full-width mark and does not separate items",
        ),
        Text("请改成半角逗号加空格；如果是一段文字，请加引号。", "write `, `; if it is one text, put it in quotes."),
        offset,
    )


def lost_comment(source: str, leaf: Leaf) -> Trap | None:
    """The rest of a text that YAML drops because of ` #`, when it does not look like a comment."""
    match = LOST.match(source, leaf.end)
    if match is None:
        return None
    line_start = max(source.rfind("\n", 0, leaf.end), source.rfind("\r", 0, leaf.end)) + 1
    # where the text runs over several lines, the place of its start is the better one
    offset = 0 if line_start > leaf.start else match.start(1) - leaf.start
    shown = match.group(1)[:30]
    return Trap(
        "text-cut",
        Text(f"空格加 # 之后的 `{shown}` 会被当作注释丢掉", f"`{shown}` is dropped: a space and # begin a comment"),
        Text(
            "如果是文字，请给整段加引号；如果是注释，请在 # 后加一个空格。",
            "if it is text, put the whole text in quotes; if it is a comment, write a space after the #.",
        ),
        offset,
    )
