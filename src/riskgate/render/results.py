"""What running the cases of packs and linting them gave, for people."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from riskgate.errors import Place
from riskgate.pack import Pack
from riskgate.render.catalog import entries
from riskgate.render.escape import visible
from riskgate.render.page import Page
from riskgate.render.words import count
from riskgate.text import Text


class Result(Protocol):
    """What is needed of a case that was run."""

    @property
    def rule(self) -> str: ...
    @property
    def index(self) -> int: ...
    @property
    def place(self) -> Place: ...
    @property
    def expect(self) -> str: ...
    @property
    def got(self) -> str: ...
    @property
    def why(self) -> Text: ...
    @property
    def passed(self) -> bool: ...


class Found(Protocol):
    """What is needed of a finding of lint."""

    @property
    def code(self) -> str: ...
    @property
    def rule(self) -> str | None: ...
    @property
    def place(self) -> Place: ...
    @property
    def message(self) -> Text: ...
    @property
    def severity(self) -> str: ...


def show_results(page: Page, packs: Sequence[Pack], results: Sequence[Result]) -> None:
    """A line for each pack, then every case that did not give what it expects."""
    failing = [result for result in results if not result.passed]
    rows, styles = [], []
    for pack in packs:
        names = {entry.id for entry in entries([pack])}
        own = [result for result in results if result.rule in names]
        wrong = sum(not result.passed for result in own)
        bare = len(names) - len({result.rule for result in own})
        sign, style = ("✗", "bad") if wrong or not own else ("✓", "good")
        parts = [count(len(names), "条规则", "rule"), count(len(own), "个用例", "case")]
        parts.append(Text(f"{wrong} 个不符", f"{wrong} failing"))
        if bare:
            parts.append(Text(f"{bare} 条规则没有用例", f"{bare} without a case"))
        rows.append([f"{sign} {visible(pack.name)}", visible(pack.version), *(page.say(part) for part in parts)])
        styles.append(style)
    widest = max(len(row) for row in rows)
    page.grid([[*row, *([""] * (widest - len(row)))] for row in rows], styles=styles)
    for result in failing:
        page.blank()
        page.line(f"✗ {visible(result.rule)}  {_case(page, result)}  {visible(str(result.place))}", "bad", hang=4)
        expected, got = Text("应为", "expected"), Text("实为", "got")
        page.line(
            f"{page.say(expected)} {visible(result.expect)}, {page.say(got)} {visible(result.got)}", indent=4, hang=2
        )
        why = visible(page.say(result.why))
        if why:
            page.line(why, indent=4, hang=2)


def _case(page: Page, result: Result) -> str:
    return page.say(Text(f"用例 {result.index}", f"case {result.index}"))


def show_findings(page: Page, findings: Iterable[Found]) -> None:
    """The findings of each file together, in the order of their lines."""
    ordered = sorted(findings, key=lambda one: (one.place, one.code))
    files: dict[str, list[Found]] = {}
    for one in ordered:
        files.setdefault(one.place.file, []).append(one)
    for file, found in files.items():
        page.heading(visible(file) or page.say(Text("（无文件）", "(no file)")))
        rows, styles = [], []
        for one in found:
            line = f"{one.place.line}:{one.place.column}" if one.place.column else str(one.place.line or "")
            sign = "✗" if one.severity == "error" else "!"
            rows.append([line, f"{sign} {visible(one.rule or '')}", visible(page.say(one.message)), visible(one.code)])
            styles.append("")
        page.grid(rows, styles=styles, indent=2)
