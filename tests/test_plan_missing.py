"""What is reckoned from a field that is not given has no value either, however it is compared: a gap, never a fault."""

from pathlib import Path

from riskgate import Gate

RECKONED = {
    "1": [
        "size(project.permits)",
        "project.permits.size()",
        "size(project.required_acceptances)",
        "size(project.name)",
        "project.permits.filter(p, p.issued_date < as_of).size()",
        "project.buffer_days",
        "abs(project.buffer_days)",
        "-project.buffer_days",
        "project.buffer_days + 1",
        "project.adverse_survey_done_date.getMonth()",
        "size(project.name + project.name)",
    ],
    "1.0": [
        "project.invested_ratio",
        "abs(project.invested_ratio)",
        "project.invested_ratio * 0.0",
        "double(project.buffer_days)",
        "min(project.invested_ratio, 1.0)",
        "sum([project.invested_ratio])",
    ],
    "true": ["project.construction_schedule_fixed", "!project.construction_schedule_fixed"],
    'date("2026-05-01")': ["project.adverse_survey_done_date", "project.adverse_survey_done_date + days(1)"],
}
COMPARED = ["{x} == {c}", "{c} == {x}", "{x} != {c}", "!({x} == {c})", "{x} in [{c}]", "!({x} in [{c}])"]


def test_a_missing_field_makes_a_gap_of_every_comparison(tmp_path: Path) -> None:
    conditions = [form.format(x=x, c=c) for c, all_ in RECKONED.items() for x in all_ for form in COMPARED]
    rules = "".join(
        f"  - {{id: R-{number}{place}, title: t, entity: project, {text}, severity: blocking, nodes: [N10]}}\n"
        for number, condition in enumerate(conditions)
        for place, text in (("r", f"require: '{condition}'"), ("w", f"when: '{condition}', require: 'false'"))
    )
    (tmp_path / "pack.yaml").write_text(f"pack: p\nversion: 1.0.0\ntitle: t\nrules:\n{rules}", encoding="utf-8")
    report = Gate.load(tmp_path).check({"riskgate": 1, "as_of": "2026-11-20", "project": {"id": "P"}})
    assert report.risks == ()
    assert {gap.rule for gap in report.gaps} == {f"R-{n}{place}" for n in range(len(conditions)) for place in "rw"}
