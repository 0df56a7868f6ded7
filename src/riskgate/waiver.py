"""Who may waive what, and what became of a waiver: the words that checks and reports share."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, get_args

from riskgate.errors import ChoiceError, Problem, suggestion
from riskgate.pack import WaivableBy
from riskgate.record import record
from riskgate.text import Text

Role = Literal["project", "region", "group"]
ROLES: tuple[Role, ...] = get_args(Role)
"""From the lowest to the highest: a role reaches what a lower one may waive."""
NOBODY: WaivableBy = "nobody"

WaiverState = Literal[
    "held",
    "unmatched",
    "expired",
    "not-yet",
    "condition-false",
    "condition-undecided",
    "unconfirmed-refused",
    "role-too-low",
    "not-waivable",
]
"""What becomes of a waiver in a check. Only one that is `held` waives anything."""
WAIVER_STATES: tuple[WaiverState, ...] = get_args(WaiverState)


@record
class WaiverFileInfo:
    """A waiver file that was read for a check; the name without its folder, so that a report is the same everywhere."""

    name: str
    sha256: str

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "sha256": self.sha256}


@record
class WaiverResult:
    """A waiver and what became of it in a check."""

    id: str
    rule: str
    entity: str
    reason: Text
    approved_by: str
    role: Role | None
    """The approver's role as the company lists it, else as the file states it; None if nobody says."""
    confirmed: bool
    """Whether the company lists the approver."""
    approved_on: str
    expires_on: str
    condition: str | None
    state: WaiverState
    detail: Text
    covers: int
    """How many risks its rule and address cover, whether it holds or not."""
    waives: int
    """How many of these it waives: none unless it is `held`, and where several hold a risk counts for one."""
    days_left: int
    """From the day of the check to the last day on which it holds; negative once it is over."""
    file: str
    line: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "rule": self.rule,
            "entity": self.entity,
            "reason": self.reason.as_dict(),
            "approved_by": self.approved_by,
            "role": self.role,
            "confirmed": self.confirmed,
            "approved_on": self.approved_on,
            "expires_on": self.expires_on,
            "condition": self.condition,
            "state": self.state,
            "detail": self.detail.as_dict(),
            "covers": self.covers,
            "waives": self.waives,
            "days_left": self.days_left,
            "file": self.file,
            "line": self.line,
        }


def reaches(role: Role, needed: WaivableBy) -> bool:
    """Whether a role may waive what a rule lets `needed` waive."""
    return needed != NOBODY and ROLES.index(role) >= ROLES.index(needed)


def approvers_of(given: Mapping[str, str] | None) -> Mapping[str, Role]:
    """The company's approvers: name to role. Raises ChoiceError with every role that does not exist."""
    found: dict[str, Role] = {}
    problems: list[Problem] = []
    for name, word in (given or {}).items():
        role = next((role for role in ROLES if role == word), None)
        if not str(name).strip():
            problems.append(Problem("bad-approver", Text("批准人没有姓名", "an approver has no name")))
        elif role is None:
            message = Text(f"批准人 `{name}` 的级别 `{word}` 不存在", f"approver `{name}`: there is no role `{word}`")
            listed = ", ".join(f"`{known}`" for known in ROLES)
            help_ = suggestion(str(word), ROLES) or Text(f"可用的有 {listed}", f"there are {listed}")
            problems.append(Problem("unknown-role", message, help=help_))
        else:
            found[str(name).strip()] = role
    if problems:
        raise ChoiceError(problems)
    return MappingProxyType(found)
