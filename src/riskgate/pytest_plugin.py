"""A pytest plugin: the cases of rules as test items, and fixtures for gates on snapshots (docs/pytest.md).

It is loaded in every test run of an environment in which riskgate is installed, so that it imports nothing dear until
somebody uses it.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from riskgate.cases import CaseResult
    from riskgate.gate import Gate, Source
    from riskgate.pack import Case, Derive, DeriveCase, Pack, Rule
    from riskgate.report import Report
    from riskgate.text import Lang, Text

__all__ = ["Checker"]

BUNDLED = "bundled"
_SUFFIXES = (".yaml", ".yml")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("riskgate", "riskgate: rules that gate a project's lifecycle")
    group.addoption(
        "--riskgate",
        action="append",
        metavar="PACK",
        default=[],
        help="a pack, or a folder of packs, whose cases are run as tests; the word bundled loads those of riskgate "
        "too. May be repeated; stands for the ini option riskgate_packs.",
    )
    parser.addini(
        "riskgate_packs",
        "packs or folders of packs, from the folder of the ini file on: their cases are run as tests, and the fixtures "
        "check with them. The word bundled loads those of riskgate too.",
        type="linelist",
        default=[],
    )


_PACKS = pytest.StashKey["_Packs"]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "riskgate: a case of a rule")
    packs = _Packs.of(config)
    config.stash[_PACKS] = packs
    asked = config.args_source is pytest.Config.ArgsSource.ARGS
    if asked and not config.getoption("--riskgate"):
        return  # whoever names files to test wants those, and packs only if they are among them
    known = [Path(arg.partition("::")[0]).resolve() for arg in config.args]
    for path in packs.paths:
        if not any(path.is_relative_to(arg) for arg in known):
            config.args.append(str(path))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    packs = parent.config.stash.get(_PACKS, None)
    if packs is None or file_path.suffix.lower() not in _SUFFIXES:
        return None
    path = file_path.resolve()
    if not any(path.is_relative_to(pack) for pack in packs.paths):
        return None
    found: PackFile = PackFile.from_parent(parent, path=file_path)
    return found


@dataclass
class _Packs:
    """The packs of this run. They are loaded when the first case is collected or the first fixture used."""

    names: tuple[str, ...]
    paths: tuple[Path, ...]
    complained: bool = False

    @classmethod
    def of(cls, config: pytest.Config) -> "_Packs":
        given = [(name, Path.cwd()) for name in config.getoption("--riskgate")]
        base = config.inipath.parent if config.inipath is not None else config.rootpath
        given = given or [(name, base) for name in config.getini("riskgate_packs")]
        names = [name if name == BUNDLED else str((folder / name).resolve()) for name, folder in given]
        paths = tuple(Path(name) for name in names if name != BUNDLED)
        missing = [str(path) for path in paths if not path.exists()]
        if missing:
            raise pytest.UsageError(f"riskgate: there is no pack at {', '.join(missing)}")
        return cls(tuple(names), paths)

    @cached_property
    def gate(self) -> "Gate":
        from riskgate.gate import Gate  # noqa: PLC0415 - only those who use it pay for it

        return Gate.load(*self.names)

    @cached_property
    def results(self) -> dict[str, "tuple[CaseResult, ...]"]:
        """The results of the rules that ran so far."""
        return {}

    def run(self, rule: str, index: int) -> "CaseResult":
        """One case. The cases of a rule run together, once."""
        from riskgate.cases import run_rule  # noqa: PLC0415 - the same

        if rule not in self.results:
            self.results[rule] = run_rule(self.gate.plan, rule, self.gate.reader)
        return self.results[rule][index - 1]


class PackFile(pytest.File):
    """A YAML file of a pack: the cases of the rules that stand in it."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        from riskgate.errors import LoadError  # noqa: PLC0415 - only those who use it pay for it

        packs = self.config.stash[_PACKS]
        try:
            gate = packs.gate
        except LoadError as error:
            if packs.complained:
                return  # once is enough: all problems of all files are in it
            packs.complained = True
            raise self.CollectError(f"these packs cannot be loaded:\n{error.render(_lang())}") from error
        here = self.path.resolve()
        for pack in gate.library.packs:
            rules: tuple[Rule | Derive, ...] = (*pack.rules, *pack.derives)
            for rule in rules:
                if rule.cases and Path(rule.place.file).resolve() == here:
                    yield RuleCases.from_parent(self, name=rule.id, rule=rule)
            if Path(pack.place.file).resolve() == here and not any(rule.cases for rule in rules):
                yield BareItem.from_parent(self, name=f"{pack.name}::has-cases", pack=pack)


class RuleCases(pytest.Collector):
    """The cases of one rule."""

    def __init__(self, *, rule: "Rule | Derive", **rest: Any) -> None:
        super().__init__(**rest)
        self.rule = rule

    def collect(self) -> Iterator[pytest.Item]:
        for index, case in enumerate(self.rule.cases, 1):
            yield CaseItem.from_parent(self, name=str(index), rule=self.rule, index=index, case=case)


class CaseError(AssertionError):
    """A case did not have the outcome that it expects."""


class CaseItem(pytest.Item):
    """One case of one rule."""

    def __init__(self, *, rule: "Rule | Derive", index: int, case: "Case | DeriveCase", **rest: Any) -> None:
        super().__init__(**rest)
        self.rule = rule
        self.index = index
        self.case = case
        self.add_marker("riskgate")

    def runtest(self) -> None:
        result = self.config.stash[_PACKS].run(self.rule.id, self.index)
        if not result.passed:
            raise CaseError(self._told(result, _lang()))

    def _told(self, result: "CaseResult", lang: "Lang") -> str:
        from riskgate.render.escape import visible  # noqa: PLC0415 - only failures need it
        from riskgate.text import Text  # noqa: PLC0415 - the same

        def say(text: "Text") -> str:
            return visible(text.to(lang))

        lines = [
            f"{visible(self.rule.id)}  {say(self.rule.title)}",
            say(Text(f"用例 {result.index}", f"case {result.index}")) + f"  {visible(self._where(result))}",
        ]
        if self.case.note:
            lines.append(visible(self.case.note))
        expect, got = visible(result.expect), visible(result.got)
        lines += [say(Text(f"应为 {expect}，实为 {got}", f"expected {expect}, got {got}")), say(result.why)]
        return "\n".join(line for line in lines if line)

    def _where(self, result: "CaseResult") -> str:
        """The place of the case from where pytest was started, as pytest names files."""
        file, start = Path(result.place.file).resolve(), self.config.invocation_params.dir.resolve()
        near = file.relative_to(start).as_posix() if file.is_relative_to(start) else result.place.file
        return str(replace(result.place, file=near))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CaseError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        return self.path, max(self.case.place.line - 1, 0), f"{self.rule.id} case {self.index}"


class BareItem(pytest.Item):
    """Stands for a pack without any case: that is no success."""

    def __init__(self, *, pack: "Pack", **rest: Any) -> None:
        super().__init__(**rest)
        self.pack = pack
        self.add_marker("riskgate")

    def runtest(self) -> None:
        from riskgate.text import Text  # noqa: PLC0415 - the same as in a case

        name = self.pack.name
        raise CaseError(Text(f"规则包 {name} 没有用例", f"the pack {name} has no case").to(_lang()))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, CaseError) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        return self.path, 0, self.name


@dataclass(frozen=True)
class Checker:
    """The fixture `riskgate`: checks snapshots with the packs of the run, or with the bundled ones if it names none.

    Paths of snapshots are from the root folder of the test run on.
    """

    gate: "Gate"
    root: Path

    def check(self, snapshot: "Source", *, nodes: "list[str] | None" = None, **rest: Any) -> "Report":
        """`Gate.check`, with its arguments and its errors."""
        source = self.root / snapshot if isinstance(snapshot, str | os.PathLike) else snapshot
        return self.gate.check(source, nodes=nodes, **rest)

    def assert_clear(self, snapshot: "Source | Report", *, nodes: "list[str] | None" = None, **rest: Any) -> "Report":
        """Check a snapshot (or take a report) and fail with the whole table unless its exit code is 0."""
        __tracebackhide__ = True
        from riskgate.render.table import render_table  # noqa: PLC0415 - only failures need it
        from riskgate.render.words import Labels  # noqa: PLC0415 - the same
        from riskgate.report import Report  # noqa: PLC0415 - the same

        report = snapshot if isinstance(snapshot, Report) else self.check(snapshot, nodes=nodes, **rest)
        if report.exit_code != 0:
            library = self.gate.library
            labels = Labels.of(library.lifecycle, library.references)
            pytest.fail(render_table(report, lang=_lang(), labels=labels), pytrace=False)
        return report


@pytest.fixture(scope="session")
def riskgate_gate(pytestconfig: pytest.Config) -> "Gate":
    """The gate of the packs of this run (`--riskgate`, `riskgate_packs`), or of the bundled ones if it names none."""
    return pytestconfig.stash[_PACKS].gate


@pytest.fixture(scope="session")
def riskgate(pytestconfig: pytest.Config, riskgate_gate: "Gate") -> Checker:
    """Checks snapshots: `riskgate.check(path, nodes=[…])`, `riskgate.assert_clear(path, nodes=[…])`."""
    return Checker(riskgate_gate, pytestconfig.rootpath)


def _lang(environment: Mapping[str, str] = os.environ) -> "Lang":
    """The language of failures: by the locale, as on the command line."""
    from riskgate.cli.session import language  # noqa: PLC0415 - only failures need it

    return language((), environment)
