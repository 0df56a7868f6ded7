"""The report as annotations of a GitHub Actions run: workflow commands, one a line (docs/formats.md)."""

import re
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import Literal

from riskgate.render.entries import Entry, entries_of, level_of, pointers_of, rounds, title_of, what_of, where_of
from riskgate.render.escape import visible
from riskgate.render.formats import Reader
from riskgate.render.lines import Lines
from riskgate.render.scope import scope_of
from riskgate.render.wording import Wording
from riskgate.render.words import LISTED, count
from riskgate.report import Report
from riskgate.text import Text

SHOWN = 10
"""GitHub shows the first ten errors and warnings of a step, and drops the others without a word."""
OWN = 2
"""So many of the notices are our own: the verdict, and what is not annotated."""

Level = Literal["error", "warning", "notice"]
_LEVELS: tuple[Level, ...] = ("error", "warning", "notice")
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}
_SPECIAL = re.compile("[%\r\n:,]")


def github(report: Report, reader: Reader) -> str:
    """The format `github`: the verdict, then the most important of every level, then how many are left out."""
    wording = Wording(report, reader)
    chosen: dict[Level, list[Entry]] = {level: [] for level in _LEVELS}
    for entry in _in_order(list(entries_of(report, scope_of(report)))):
        chosen[level_of(entry)].append(entry)
    shown = {level: found[: SHOWN - OWN if level == "notice" else SHOWN] for level, found in chosen.items()}
    lines = Lines(report, reader.source, pointers_of(entry for found in shown.values() for entry in found))
    commands = [_verdict(wording)]
    commands += [_annotation(level, entry, wording, lines) for level in _LEVELS for entry in shown[level]]
    left = [entry for level in _LEVELS for entry in chosen[level][len(shown[level]) :]]
    if left:
        commands.append(_rest(wording, left))
    return "".join(f"{line}\n" for line in commands)


def command(level: Level, message: str, **properties: str | int) -> str:
    """A workflow command, escaped as the runner undoes it. What is empty or 0 is left out of the properties."""
    told = ",".join(f"{name}={_escaped(str(value), _PROPERTY)}" for name, value in properties.items() if value)
    return f"::{level}{' ' if told else ''}{told}::{_escaped(message, _DATA)}"


def _escaped(text: str, marks: dict[str, str]) -> str:
    return _SPECIAL.sub(lambda match: marks.get(match[0], match[0]), text)


def _in_order(entries: Sequence[Entry]) -> list[Entry]:
    """What makes the exit code first, what is waived last; every rule once before any comes again."""
    turns = rounds(f"{entry.kind} {entry.rule}" for entry in entries)
    keyed = [
        (not entry.exit_code, entry.waiver is not None, turn, place, entry)
        for place, (entry, turn) in enumerate(zip(entries, turns, strict=True))
    ]
    keyed.sort(key=itemgetter(0, 1, 2, 3))
    return [entry for *_, entry in keyed]


def _verdict(wording: Wording) -> str:
    lines = [wording.summary(), *wording.warnings(), wording.exit()]
    return command("notice", "\n".join(lines), title=f"riskgate: {wording.verdict()} {wording.project()}")


def _annotation(level: Level, entry: Entry, wording: Wording, lines: Lines) -> str:
    # without a file GitHub would take the line for one of the workflow's own file
    place = lines.at(entry.entity.pointer) if entry.entity is not None and lines.name else None
    return command(
        level,
        "\n".join(_message(entry, wording)),
        file=visible(lines.name),
        line=place.line if place is not None else 0,
        col=place.column if place is not None else 0,
        title=title_of(entry, wording),
    )


def _message(entry: Entry, wording: Wording) -> list[str]:
    """What is wrong, where, what to do, who does it: a line each."""
    parts = [what_of(entry, wording), where_of(entry, wording)]
    if entry.node is None:
        items = [
            (Text("责任部门", "owner"), wording.owners(entry.rule)),
            (Text("节点", "nodes"), wording.codes(entry.nodes)),
        ]
        if entry.risk is not None:
            items.insert(0, (Text("措施", "remedy"), wording.remedy(entry.rule)))
        if entry.waiver is not None:
            items.append((Text("豁免", "waived"), wording.waiver(entry.waiver)))
        parts += [wording.labelled(name, value) for name, value in items if value]
    return [part for part in parts if part]


def _rest(wording: Wording, left: Sequence[Entry]) -> str:
    tally = Counter(map(level_of, left))
    words = {
        "error": count(tally["error"], "项错误", "error"),
        "warning": count(tally["warning"], "项警告", "warning"),
        "notice": count(tally["notice"], "项提示", "notice"),
    }
    told = wording.say(LISTED).join(wording.say(words[level]) for level in _LEVELS if tally[level])
    text = Text(
        f"另有 {len(left):,} 条没有标注（{told}）：GitHub 每步每级只显示前 {SHOWN} 条，其他格式的报告里有全部内容",
        f"{len(left):,} more are not annotated ({told}): GitHub shows the first {SHOWN} of a level in a step; "
        "the report in another format has them all",
    )
    return command("notice", wording.say(text), title="riskgate")
