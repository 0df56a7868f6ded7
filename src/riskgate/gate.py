"""The stages joined: load packs once, check any number of snapshots."""

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Any, Union

from riskgate.assemble import Choice, assemble
from riskgate.collector import collector_paused
from riskgate.describe import Describer
from riskgate.errors import ChoiceError, LoadError, Problem, RiskgateError, SnapshotError, suggestion
from riskgate.evaluate import evaluate
from riskgate.infer import Engine
from riskgate.load.library import Inputs, Library, read_inputs
from riskgate.plan.plan import Plan, make_plan
from riskgate.plan.settings import Settings, settings_of
from riskgate.record import record
from riskgate.report import Report
from riskgate.snapshot.reader import Reader
from riskgate.snapshot.tree import Snapshot
from riskgate.text import Text
from riskgate.waiver import approvers_of

if TYPE_CHECKING:
    from riskgate.cache import Folder, Kept
    from riskgate.known import BaselineSource, Known
    from riskgate.load.waivers import WaiverSource
    from riskgate.waive import Waivers

Source = str | os.PathLike[str] | bytes | Mapping[str, Any] | Snapshot
"""A snapshot: a path, JSON as bytes, data, or one that was read before."""
Plain = str | os.PathLike[str] | bytes | Mapping[str, Any]
"""The same without snapshots that were read before: what can be handed to another process."""
Cache = Union[bool, str, os.PathLike[str], "Folder"]
"""Whether, or where, loaded rules are kept. A `Folder` is written by `Gate.keep` alone: it says when there is time."""
Overlays = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


@record
class Checked:
    """What became of one snapshot of `Gate.check_many`: the JSON of its report, or the error that there is none."""

    source: Plain
    json: bytes
    """As `Report.to_json` gives it; empty where there is an error."""
    error: RiskgateError | None = None

    @cached_property
    def report(self) -> Report:
        """The report, read when it is first asked for. Raises the error where there is one."""
        if self.error is not None:
            raise self.error
        return Report.from_json(self.json)


@record
class Gate:
    """Loaded and compiled rule packs. Immutable; one Gate may serve any number of threads."""

    library: Library
    plan: Plan
    reader: Reader
    describer: Describer
    kept: "Kept | None" = field(default=None, compare=False, repr=False)
    """Its place in the cache, if it was loaded with one."""

    @classmethod
    def load(cls, *paths: str | os.PathLike[str], overlays: Overlays = (), cache: Cache = False) -> "Gate":
        """The bundled packs, or those at `paths` (files, folders, or the word "bundled"), as `overlays` want them.

        Overlays are files; their levels say which comes first, not their order.

        With `cache` (true: the user's own; or a folder), what the same files made before is taken from there, and what
        they make now is put there: the gate is the same. A folder in which others can write is not used at all.

        Python's cyclic garbage collector is paused meanwhile, if it is on: what loading makes stays alive, and looking
        through it again and again would take a quarter of the time. Raises LoadError with every problem of every file
        and expression.
        """
        names = [path if isinstance(path, str) else os.fspath(path) for path in paths]
        with collector_paused():
            files = [overlays] if isinstance(overlays, str | os.PathLike) else overlays
            inputs = Inputs(names or None, [os.fspath(path) for path in files])
            kept = _place(cache, inputs)
            plan = None if kept is None else kept.find()
            if plan is None:
                plan = _plan(inputs)
            gate = cls.of(plan.library, plan, kept)
            if kept is not None and isinstance(cache, bool | str | os.PathLike):
                kept.keep(plan)
            return gate

    def keep(self) -> None:
        """Put the code that was made since loading into the cache, too. Without a cache, nothing."""
        if self.kept is not None:
            with collector_paused():
                self.kept.keep(self.plan)

    @classmethod
    def of(cls, library: Library, plan: Plan, kept: "Kept | None" = None) -> "Gate":
        """A gate over a plan that was made before."""
        vocabulary, lifecycle = library.vocabulary, library.lifecycle
        return cls(library, plan, Reader(vocabulary, lifecycle), Describer(vocabulary, lifecycle), kept)

    def snapshot(self, source: Source, *, name: str = "") -> Snapshot:
        """Validate a snapshot once, for several checks. `name` is what problems call it.

        Raises SnapshotError with every problem, and for a `Snapshot` that a gate with another vocabulary has read.
        """
        if not isinstance(source, Snapshot):
            return self.reader.read(source, name=name)
        own = self.library.vocabulary
        if source.vocabulary is not own and source.vocabulary != own:  # its types and ids are those of other rules
            message = Text(
                "这份快照是由另一个 Gate 按另一份词汇表读取的",
                "this snapshot was read by a gate with another vocabulary",
            )
            raise SnapshotError(Problem("other-gate", message, help=Text("请重新读取", "read it again")))
        return source

    def waivers(self, sources: "WaiverSource | Waivers | Sequence[WaiverSource]") -> "Waivers":
        """Read and check waiver files once, for several checks: paths, YAML as bytes, or data of the same shape.

        Raises LoadError with every problem of every file.
        """
        from riskgate.waive import Waivers  # noqa: PLC0415 - a check without waivers does without

        if isinstance(sources, Waivers):
            if sources.library is not self.library:  # it was checked against other rules
                message = Text("这些豁免是由另一个 Gate 读取的", "these waivers were read by another gate")
                raise ChoiceError(Problem("other-gate", message, help=Text("请重新读取", "read them again")))
            return sources
        if isinstance(sources, str | os.PathLike | bytes | Mapping):
            return Waivers.load(self.library, (sources,))
        return Waivers.load(self.library, sources)

    def check(
        self,
        snapshot: Source,
        *,
        nodes: Sequence[str] | None = None,
        due: bool = False,
        as_of: dt.date | str | None = None,
        params: Mapping[str, Any] | None = None,
        waivers: "WaiverSource | Waivers | Sequence[WaiverSource] | None" = None,
        approvers: Mapping[str, str] | None = None,
        require_approvers: bool = False,
        baseline: "BaselineSource | Known | None" = None,
        allow_unverified: bool = False,
        ignore_upstream: bool = False,
        all_gaps: bool = False,
        engine: Engine = "auto",
        pause_collector: bool = False,
    ) -> Report:
        """Evaluate all rules on a snapshot and judge every node; `nodes` (ids or codes) or `due` choose which count.

        `as_of` supplies or overrides the snapshot's day. `params` sets parameters by NAME or PACK.NAME. `waivers` are
        files, their bytes, or data; `approvers` is the company's list of who may approve them (name to group, region
        or project), and `require_approvers` lets none waive anything whom it does not list. `engine`
        chooses how derived risks are inferred; both engines give the same report. `pause_collector` switches Python's
        cyclic garbage collector off for the length of the check: faster on large snapshots, but it is state of the
        whole process, so it is off by default.

        Raises SnapshotError, ChoiceError (unknown node or parameter, empty choice, a baseline of another project),
        LoadError (waivers), ReportError (baseline) and InferenceError.
        """
        with collector_paused(pause=pause_collector):
            start = perf_counter()
            named = (nodes,) if isinstance(nodes, str) else nodes
            settings = self._chosen(named, params)
            listed = approvers_of(approvers)
            excepted = None if waivers is None else self.waivers(waivers)
            known = None if baseline is None else _known(baseline)
            read = self.snapshot(snapshot)
            if known is not None:
                known.ensure_project(str(read.project.get("id") or ""))
            day, overridden = self._day(read, as_of)
            at = perf_counter()
            evaluation = evaluate(self.plan, read, settings, day)
            waiving = None
            if excepted is not None:
                waiving = excepted.stand(evaluation, approvers=listed, require_approvers=require_approvers)
            evaluated = perf_counter()
            choice = Choice(
                None if named is None else tuple(self.library.lifecycle.by_name[n].id for n in named),
                due=due,
                allow_unverified=allow_unverified,
                ignore_upstream=ignore_upstream,
            )
            stats = {"read": at - start, "evaluate": evaluated - at}
            report = assemble(
                evaluation,
                self.describer,
                choice,
                overridden=overridden,
                all_gaps=all_gaps,
                engine=engine,
                stats=stats,
                waiving=waiving,
                known=known,
            )
            stats["assemble"] = perf_counter() - evaluated
            return report

    def check_many(
        self,
        snapshots: Iterable[Plain],
        *,
        processes: int | None = None,
        progress: Callable[[int], None] | None = None,
        nodes: Sequence[str] | None = None,
        due: bool = False,
        as_of: dt.date | str | None = None,
        params: Mapping[str, Any] | None = None,
        waivers: "WaiverSource | Waivers | Sequence[WaiverSource] | None" = None,
        approvers: Mapping[str, str] | None = None,
        require_approvers: bool = False,
        allow_unverified: bool = False,
        ignore_upstream: bool = False,
        all_gaps: bool = False,
        engine: Engine = "auto",
    ) -> Iterator[Checked]:
        """Check snapshots over processes, one for each processor if `processes` is left out, with 1 in this one.

        Results come in the order of the snapshots; only a few are held at a time, and `snapshots` may be a generator.
        A snapshot that cannot be used gives a result with its error, and the others go on. `progress` is told how many
        checks are done, whenever one is. The workers are fresh interpreters, so a script that calls this must be
        importable (`if __name__ == "__main__":`). The other arguments are those of `check`.

        Raises what is wrong with all of them at once: ChoiceError, LoadError (waivers).
        """
        if processes is not None and processes < 1:
            message = Text("至少要有一个进程", "there must be at least one process")
            raise ChoiceError(Problem("bad-processes", message))
        named = (nodes,) if isinstance(nodes, str) else nodes
        self._chosen(named, params)
        approvers_of(approvers)
        options = {
            "nodes": named,
            "due": due,
            "as_of": None if as_of is None else _given_day(as_of),
            "params": params,
            "waivers": None if waivers is None else self.waivers(waivers),
            "approvers": approvers,
            "require_approvers": require_approvers,
            "allow_unverified": allow_unverified,
            "ignore_upstream": ignore_upstream,
            "all_gaps": all_gaps,
            "engine": engine,
        }
        from riskgate import batch  # noqa: PLC0415 - one check does without processes

        count = processes or os.cpu_count() or 1
        if count == 1:
            results = batch.here(snapshots, self._work(options), progress=progress)
        else:
            given = batch.packed((self.library, options))
            results = batch.spread(snapshots, _begin, given, processes=count, progress=progress)
        return (Checked(source, outcome.made, outcome.error) for source, outcome in results)

    def _work(self, options: Mapping[str, Any]) -> Callable[[Plain], bytes]:
        return lambda source: self.check(source, **options).to_json()

    def _chosen(self, nodes: Sequence[str] | None, params: Mapping[str, Any] | None) -> Settings:
        """The parameters of the check. Raises ChoiceError with everything that was named and does not exist."""
        problems: list[Problem] = []
        known = self.library.lifecycle.by_name
        if nodes is not None and not nodes:
            problems.append(Problem("empty-choice", Text("没有选择任何节点", "no node was chosen")))
        for name in nodes or ():
            if name not in known:
                message = Text(f"没有节点 `{name}`", f"there is no node `{name}`")
                problems.append(Problem("unknown-node", message, help=suggestion(name, known)))
        try:
            settings = settings_of(
                self.library.packs, self.library.lifecycle, params, overlaid=self.library.applied.settings
            )
        except ChoiceError as error:
            raise ChoiceError([*problems, *error.problems]) from None
        if problems:
            raise ChoiceError(problems)
        return settings

    def _day(self, snapshot: Snapshot, given: dt.date | str | None) -> tuple[dt.datetime, bool]:
        """The day of the check, as midnight UTC, and whether the caller overrode the snapshot's own."""
        day = snapshot.as_of
        if given is not None:
            wanted = _given_day(given)
            overridden = day is None or (wanted.year, wanted.month, wanted.day) != (day.year, day.month, day.day)
            return dt.datetime(wanted.year, wanted.month, wanted.day, tzinfo=dt.UTC), overridden
        if day is None:
            message = Text("快照没有 `as_of`（数据日期）", "the snapshot has no `as_of`")
            help_ = Text("在快照顶层写 as_of，或用 --as-of 给出", "add it at the top of the snapshot, or give --as-of")
            raise SnapshotError(Problem("missing-as-of", message, help=help_))
        return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC), False


def _place(cache: Cache, inputs: Inputs) -> "Kept | None":
    """The place in the cache that is asked for; None if there is none."""
    if cache is False:
        return None
    from riskgate.cache import Folder, Kept, own_folder  # noqa: PLC0415 - most callers need none

    if isinstance(cache, bool):
        folder = own_folder(os.environ)
    else:
        folder = cache if isinstance(cache, Folder) else Folder(cache)
    return None if folder is None else Kept(folder, inputs)


def _plan(inputs: Inputs) -> Plan:
    """Load and compile. Raises LoadError."""
    library, problems = read_inputs(inputs)
    if not library.vocabulary.entities or not library.lifecycle.nodes:
        raise LoadError(problems)  # no expression can be checked against what could not be read
    if library.overlays:
        from riskgate.apply import apply_overlays  # noqa: PLC0415 - without overlays, a start does without

        library, refused = apply_overlays(library)
        problems += refused
    plan, more = make_plan(library)
    if problems or more:
        raise LoadError([*problems, *more])
    return plan


def _given_day(given: dt.date | str) -> dt.date:
    try:
        return dt.datetime.strptime(given, "%Y-%m-%d").date() if isinstance(given, str) else given  # noqa: DTZ007 - a day has no zone
    except ValueError:
        message = Text(f"日期 `{given}` 不可用", f"`{given}` is no date")
        help_ = Text("请写 YYYY-MM-DD", "write YYYY-MM-DD")
        raise ChoiceError(Problem("bad-date", message, help=help_)) from None


def _begin(given: tuple[Library, Mapping[str, Any]]) -> Callable[[Plain], bytes]:
    """In a worker: the gate of a library, and what it does with a snapshot."""
    library, options = given
    plan, _ = make_plan(library)
    return Gate.of(library, plan)._work(options)  # noqa: SLF001 - its own method


def _known(baseline: "BaselineSource | Known") -> "Known":
    from riskgate.known import Known  # noqa: PLC0415 - a check without a baseline does without

    return Known.read(baseline)
