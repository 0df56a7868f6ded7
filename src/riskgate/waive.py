"""Which waiver holds for a risk, or why none does: one answer for every way in.

A waiver is judged twice. First by itself (`Standing`): may its rule be waived at all, who approved it, is it in force
on the day of the check, is its condition true of the project. Then against risks, by rule and address: `Waiving.decide`
is asked about every risk, evaluated or derived, and about nothing else. The order of files and of waivers in them does
not matter: where several hold, the confirmed one comes first, then the one that lasts longest.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from riskgate.address import NAMELESS, Form, steps_of
from riskgate.cel.check import Checked
from riskgate.cel.environment import Environment
from riskgate.cel.interpret import interpret
from riskgate.cel.runtime import CelError, Context
from riskgate.cel.types import BOOL, TIMESTAMP, EntityOf, Type
from riskgate.disputes import places_of
from riskgate.errors import LoadError, Problem
from riskgate.evaluate import Evaluation, contexts_of
from riskgate.load.library import Library
from riskgate.load.waivers import Waiver, WaiverFile, WaiverSource, read_waivers, rules_of
from riskgate.pack import Expression, WaivableBy
from riskgate.plan.bind import check_expression
from riskgate.text import Text
from riskgate.waiver import NOBODY, ROLES, Role, WaiverFileInfo, WaiverResult, WaiverState, reaches

Truth = Callable[[Checked], tuple[bool | None, Text]]
"""Whether a condition is true of the project; None, with the reason, if that cannot be decided."""

LEVELS: Mapping[WaivableBy, Text] = {
    "group": Text("集团", "the group"),
    "region": Text("区域", "a region"),
    "project": Text("项目", "a project"),
    "nobody": Text("任何人都不可", "nobody"),
}


@dataclass(frozen=True)
class Waivers:
    """Waiver files that were read and checked against one library. Immutable; for any number of checks."""

    files: tuple[WaiverFile, ...]
    library: Library = field(compare=False, repr=False)

    @classmethod
    def load(cls, library: Library, sources: Iterable[WaiverSource]) -> "Waivers":
        """Raises LoadError with every problem of every file."""
        root = library.vocabulary.root.name
        variables: dict[str, Type] = {root: EntityOf(root), "as_of": TIMESTAMP}
        environment = Environment(library.vocabulary, library.lifecycle, variables)

        def check(source: Expression, problems: list[Problem]) -> Checked | None:
            return check_expression(source, environment, problems, expect=BOOL)

        files: list[WaiverFile] = []
        problems: list[Problem] = []
        for source in sources:
            file, found = read_waivers(source, library, check)
            problems += found
            files += [] if file is None else [file]
        if problems:
            raise LoadError(problems)
        named = {(file.name, file.sha256): file for file in files}  # the same file may be named twice
        return cls(tuple(named[key] for key in sorted(named)), library)

    def stand(self, evaluation: Evaluation, *, approvers: Mapping[str, Role], require_approvers: bool) -> "Waiving":
        """How each waiver stands on the day of a check, for one project. `approvers`: the company's own list."""
        day = evaluation.as_of.date()
        rules = rules_of(evaluation.plan.library)
        bindings = {evaluation.snapshot.vocabulary.root.name: evaluation.snapshot.project, "as_of": evaluation.as_of}
        truth = partial(_truth, bindings, _context(evaluation), places_of(evaluation.snapshot))
        standings = [
            _stand(
                waiver,
                rules[waiver.rule].waivable_by,
                file.approvers.get(waiver.approved_by),
                approvers.get(waiver.approved_by),
                day,
                truth,
                require_approvers=require_approvers,
            )
            for file in self.files
            for waiver in file.waivers
        ]
        return Waiving(self.files, standings)

    def __len__(self) -> int:
        return sum(len(file.waivers) for file in self.files)


class Standing(NamedTuple):
    """What is known of a waiver before any risk is looked at. `held` means here: in force for the risks it covers."""

    waiver: Waiver
    state: WaiverState
    detail: Text
    role: Role | None
    confirmed: bool
    days_left: int
    mark: Mapping[str, Any]
    """What a risk that it waives says of it."""


class Decision(NamedTuple):
    """What becomes of one risk: the waiver that holds, if one does, and all that cover it, whether they hold or not."""

    holding: Standing | None
    covering: tuple[Standing, ...]


NOT_COVERED = Decision(None, ())


class Waiving:
    """The waivers of one check. Immutable; what they meet is counted elsewhere (`Met`)."""

    def __init__(self, files: Sequence[WaiverFile], standings: Iterable[Standing]) -> None:
        self.files = tuple(files)
        self.standings = tuple(sorted(standings, key=_precedence))
        by_rule: dict[str, dict[Form, dict[str, list[Standing]]]] = {}
        for standing in self.standings:
            pattern = standing.waiver.entity
            forms = by_rule.setdefault(standing.waiver.rule, {})
            forms.setdefault(pattern.form, {}).setdefault(pattern.key, []).append(standing)
        self._by_rule = by_rule

    def meet(self) -> "Met":
        """Begin to count what they meet."""
        return Met(self)

    def rules(self) -> frozenset[str]:
        """The rules that any waiver names."""
        return frozenset(self._by_rule)

    def decide(self, rule: str, address: str) -> Decision:
        """The waiver that holds for the risk of a rule at an address, and all that cover it.

        An address that leads through an entity without an id is covered by none: it may be another entity tomorrow.
        """
        forms = self._by_rule.get(rule)
        if forms is None or NAMELESS in address:
            return NOT_COVERED
        steps = steps_of(address)
        found: list[Standing] = []
        for form, known in forms.items():
            key = form.key(steps)
            if key is not None and key in known:
                found += known[key]
        if not found:
            return NOT_COVERED
        if len(found) > 1:
            found.sort(key=_precedence)
        holding = next((standing for standing in found if standing.state == "held"), None)
        return Decision(holding, tuple(found))


def _context(evaluation: Evaluation) -> Context:
    """What conditions are evaluated with: the project as rules see it, without the tolerance of any pack."""
    around = contexts_of(evaluation.plan, evaluation.snapshot, evaluation.settings)
    offset = evaluation.snapshot.utc_offset.utcoffset(None)
    return Context(
        utc_offset=offset,
        entities=around[0].entities if around else None,
        lookup=around[0].lookup if around else None,
    )


def _truth(
    bindings: Mapping[str, Any], context: Context, disputed: Collection[tuple[int, str]], condition: Checked
) -> tuple[bool | None, Text]:
    context.start()
    try:
        value = interpret(condition.tree, bindings, context, types=condition.types, mixed=True, disputed=disputed)
        return value is True, Text("", "")
    except CelError as error:
        return None, Text(f"缺少 {'、'.join(error.paths)}", error.message) if error.paths else Text.of(error.message)


def _stand(
    waiver: Waiver,
    needed: WaivableBy,
    claimed: Role | None,
    listed: Role | None,
    day: dt.date,
    truth: Truth,
    *,
    require_approvers: bool,
) -> Standing:
    """`listed` is the approver's role by the company's own list, `claimed` the one that the waiver's file states.

    The company's list wins. A role that only the file states counts, but is not confirmed; nor is an approver of whom
    nothing is known. Neither waives anything where approvers are required.
    """
    role = listed or claimed
    confirmed = listed is not None
    state: WaiverState = "held"
    detail = Text("有效", "in force")
    if needed == NOBODY:
        state, detail = "not-waivable", Text("这条规则不可豁免", "this rule cannot be waived")
    elif role is not None and not reaches(role, needed):
        state = "role-too-low"
        detail = Text(
            f"要由{LEVELS[needed].zh}批准，批准人是{LEVELS[role].zh}级",
            f"{LEVELS[needed].en} must approve it; the approver acts for {LEVELS[role].en}",
        )
    elif not confirmed and require_approvers:
        state = "unconfirmed-refused"
        detail = Text("批准人不在公司名单上", "the approver is not on the company's list")
    elif day > waiver.expires_on:
        past = (day - waiver.expires_on).days
        state, detail = "expired", Text(f"已过期 {past} 天", f"expired {_days(past)} ago")
    elif day < waiver.approved_on:
        state = "not-yet"
        detail = Text(f"{waiver.approved_on} 才批准", f"not approved before {waiver.approved_on}")
    elif waiver.checked is not None:
        holds, reason = truth(waiver.checked)
        if holds is None:
            state = "condition-undecided"
            detail = Text(f"条件无法判定：{reason.zh}", f"its condition cannot be decided: {reason.en}")
        elif not holds:
            state, detail = "condition-false", Text("条件不成立", "its condition is not true")
    if state == "held" and not confirmed:
        detail = Text("有效，但批准人不在公司名单上", "in force, but the approver is not on the company's list")
    mark = {
        "id": waiver.id,
        "reason": waiver.reason.as_dict(),
        "approved_by": waiver.approved_by,
        "confirmed": confirmed,
        "expires_on": waiver.expires_on.isoformat(),
    }
    return Standing(waiver, state, detail, role, confirmed, (waiver.expires_on - day).days, mark)


def _days(number: int) -> str:
    return "one day" if number == 1 else f"{number:,} days"


def _precedence(standing: Standing) -> tuple[Any, ...]:
    """Confirmed before unconfirmed, the longest first; the rest only makes the order the same every time, and names of
    files come last, because the same waivers may come as data."""
    waiver, role = standing.waiver, standing.role
    rank = -1 if role is None else ROLES.index(role)
    end = waiver.expires_on.toordinal()
    return not standing.confirmed, -end, waiver.id, -rank, standing.state, waiver.file, waiver.line


class Met:
    """What the waivers of one check met: how many risks each covers, and how many it waives."""

    def __init__(self, waiving: Waiving) -> None:
        self._waiving = waiving
        self._rules = waiving.rules()
        self._covered: Counter[int] = Counter()  # by the identity of a standing: two files may hold equal waivers
        self._waived: Counter[int] = Counter()

    def mark(self, rule: str, address: str) -> Mapping[str, Any] | None:
        """What a risk says of the waiver that holds for it, None if none does; to be asked once for each risk."""
        decision = self._waiving.decide(rule, address)
        for standing in decision.covering:
            self._covered[id(standing)] += 1
        if decision.holding is None:
            return None
        self._waived[id(decision.holding)] += 1
        return decision.holding.mark

    def waived(self, rule: str, address: str) -> bool:
        """Whether a waiver holds for a risk; may be asked any number of times."""
        return self._waiving.decide(rule, address).holding is not None

    def names(self, rule: str) -> bool:
        """Whether any waiver is about this rule."""
        return rule in self._rules

    def files(self) -> tuple[WaiverFileInfo, ...]:
        return tuple(WaiverFileInfo(file.name, file.sha256) for file in self._waiving.files)

    def results(self) -> tuple[WaiverResult, ...]:
        """Every waiver with what became of it, by rule, address and end."""
        found = [self._result(standing) for standing in self._waiving.standings]  # equal ones by precedence
        return tuple(sorted(found, key=lambda one: (one.rule, one.entity, one.expires_on, one.id)))

    def _result(self, standing: Standing) -> WaiverResult:
        waiver = standing.waiver
        covered = self._covered[id(standing)]
        state, detail = standing.state, standing.detail
        if state == "held" and not covered:
            state, detail = "unmatched", Text("没有匹配的风险", "it covers no risk")
        return WaiverResult(
            id=waiver.id,
            rule=waiver.rule,
            entity=waiver.entity.text,
            reason=waiver.reason,
            approved_by=waiver.approved_by,
            role=standing.role,
            confirmed=standing.confirmed,
            approved_on=waiver.approved_on.isoformat(),
            expires_on=waiver.expires_on.isoformat(),
            condition=waiver.condition,
            state=state,
            detail=detail,
            covers=covered,
            waives=self._waived[id(standing)],
            days_left=standing.days_left,
            file=waiver.file,
            line=waiver.line,
        )
