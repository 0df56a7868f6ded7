"""A baseline: an earlier report, whose risks and gaps do not count against the exit code of a later check.

Known is only what was there before and did not get worse since (`riskgate.comparing.worse`): by fingerprint, with no
higher severity, at no further node, with no waiver that ended meanwhile. A gap is known if it was the same gap at all
of its places. Everything else counts, and so does all that a baseline says nothing about: an incomplete snapshot, rules
that met nothing, nodes that no rule gates.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from riskgate.comparing import gap_is_known, same_entity, worse
from riskgate.comparison import blocks, severity_rank
from riskgate.errors import ChoiceError, Problem
from riskgate.report import Baseline, Gap, Report, ReportNote, Risk
from riskgate.report_read import read_report
from riskgate.risk import OneRisk, Risks
from riskgate.text import Text
from riskgate.whole_file import read_whole

BaselineSource = str | os.PathLike[str] | bytes | Report
"""A baseline: the path of a report in JSON, its bytes, or a report."""


@dataclass(frozen=True)
class Known:
    """A report that serves as a baseline; `name` is its file's, without the folder."""

    report: Report
    sha256: str
    name: str = ""

    @classmethod
    def read(cls, source: "BaselineSource | Known") -> "Known":
        """Raises ReportError for what is no report, OSError for a file that cannot be read."""
        if isinstance(source, Known):
            return source
        if isinstance(source, Report):
            return cls(source, sha256(source.to_json()).hexdigest())
        data = source if isinstance(source, bytes) else read_whole(source)
        name = "" if isinstance(source, bytes) else Path(source).name
        return cls(read_report(data), sha256(data).hexdigest(), name)

    def ensure_project(self, project_id: str) -> None:
        """Raises ChoiceError unless the baseline is of this project, beyond doubt."""
        if project_id and project_id == self.report.project_id:
            return
        other = self.report.project_id
        message = Text(
            f"基线 {self.name} 是项目 `{other}` 的，快照是项目 `{project_id}` 的",
            f"the baseline {self.name} is of project `{other}`, the snapshot of project `{project_id}`",
        )
        help_ = None
        if project_id == other:
            message = Text("快照没有项目编号，不能使用基线", "without a project id no baseline can be used")
            help_ = Text("在快照里写 project.id", "give project.id in the snapshot")
        raise ChoiceError(Problem("other-project", message, help=help_))

    @cached_property
    def _risks(self) -> dict[str, Risk]:
        return {risk.id: risk for risk in self.report.risks}

    @cached_property
    def _gaps(self) -> dict[str, Gap]:
        return {gap.id: gap for gap in self.report.gaps}

    def knows(self, risk: Risk, sha256: str) -> bool:
        """Whether the risk was there and is no worse; `sha256` is the hash of the snapshot in which it is."""
        was = self._risks.get(risk.id)
        return was is not None and same_entity(risk.address, self.report.sha256, sha256) and not worse(was, risk)

    def knows_gap(self, gap: Gap, sha256: str) -> bool:
        """Whether the gap was there at all its places, and is no graver; it must name all of them."""
        was = self._gaps.get(gap.id)
        return (
            was is not None
            and gap_is_known(gap, was, self.report.sha256, sha256)
            and severity_rank(gap.severity) <= severity_rank(was.severity)
            and set(gap.nodes) <= set(was.nodes)
        )

    def weigh(self, risks: Iterable[Risk], gaps: Sequence[Gap], sha256: str) -> "Weighed":
        """What of a check counts beside this baseline."""
        blocking = [risk for risk in risks if blocks(risk)]
        new = [risk for risk in blocking if not self.knows(risk, sha256)]
        new_gaps = tuple(gap for gap in gaps if not self.knows_gap(gap, sha256))
        baseline = Baseline(
            name=self.name,
            sha256=self.sha256,
            as_of=self.report.as_of,
            known_risks=len(blocking) - len(new),
            new_risks=tuple(risk.id for risk in new),
            known_gaps=len(gaps) - len(new_gaps),
            new_gaps=tuple(gap.id for gap in new_gaps),
        )
        return Weighed(baseline, Risks(map(OneRisk, new)), new_gaps)

    def notes(self, report: Report) -> tuple[ReportNote, ...]:
        """What a reader should know of the baseline: it is of other packs, or of a later day."""
        found: list[ReportNote] = []
        then = {pack.pack: pack.sha256 for pack in self.report.packs}
        now = {pack.pack: pack.sha256 for pack in report.packs}
        changed = sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
        if changed:
            zh, en = "、".join(changed), ", ".join(changed)
            text = Text(
                f"基线用的规则包不同，其中的风险仍按编号认作已知：{zh}",
                f"the baseline was made with other packs, and its risks are known all the same: {en}",
            )
            found.append(ReportNote("baseline-packs", text, count=len(changed)))
        if self.report.as_of > report.as_of:
            text = Text(
                f"基线的日期 {self.report.as_of} 晚于本次检查 {report.as_of}",
                f"the baseline is of {self.report.as_of}, after the day of this check, {report.as_of}",
            )
            found.append(ReportNote("baseline-later", text))
        short = [gap for gap in self.report.gaps if len(gap.entities) < gap.count]
        if short:
            text = Text(
                "基线只列出部分缺口位置，未列出的不算已知；生成基线时请加 --all-gaps",
                "the baseline does not name all places of its gaps, and knows no others; write it with --all-gaps",
            )
            found.append(ReportNote("baseline-gaps", text, count=len(short)))
        return tuple(found)


@dataclass(frozen=True)
class Weighed:
    """What counts: the risks and gaps that a baseline does not know, and what the report says of it."""

    baseline: Baseline
    risks: Risks
    gaps: tuple[Gap, ...]
