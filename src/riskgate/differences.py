"""What differs between two checks beside the project itself: packs, parameters, days. Said before anything else."""

from collections.abc import Iterator

from riskgate.comparison import Difference
from riskgate.report import PackInfo, Report
from riskgate.text import Text


def differences(old: Report, new: Report) -> Iterator[Difference]:
    """Every difference, the gravest first."""
    if old.project_id != new.project_id:
        then, now = old.project_id, new.project_id
        message = Text(f"两边不是同一个项目：`{then}` 与 `{now}`", f"these are two projects, `{then}` and `{now}`")
        yield Difference("project", "", then, now, message)
    elif not old.project_id:
        message = Text(
            "快照没有项目编号，无法确认是同一个项目", "no project id: nobody can tell that this is one project"
        )
        yield Difference("project", "", "", "", message)
    if old.sha256 == new.sha256:
        message = Text("两边是同一份快照", "both are checks of the same snapshot")
        yield Difference("same-snapshot", "", old.sha256, new.sha256, message)
    if old.as_of != new.as_of:
        back = Text("，次序颠倒", ": the newer side is the earlier day") if new.as_of < old.as_of else Text("", "")
        message = Text(
            f"检查日期不同：{old.as_of} → {new.as_of}{back.zh}", f"days differ: {old.as_of} → {new.as_of}{back.en}"
        )
        yield Difference("day", "", old.as_of, new.as_of, message)
    for side, report in ((Text("旧", "older"), old), (Text("新", "newer"), new)):
        if report.incomplete:
            message = Text(f"{side.zh}快照自称不完整", f"the {side.en} snapshot says that it is incomplete")
            yield Difference("incomplete", side.en, list(old.incomplete), list(new.incomplete), message)
    yield from _packs(old, new)
    yield from _overlays(old, new)
    yield from _parameters(old, new)
    yield from _rest(old, new)


def _packs(old: Report, new: Report) -> Iterator[Difference]:
    then = {pack.pack: pack for pack in old.packs}
    now = {pack.pack: pack for pack in new.packs}
    for name in dict.fromkeys((*then, *now)):
        was, is_ = then.get(name), now.get(name)
        if was is not None and is_ is not None and was.sha256 == is_.sha256:
            continue
        yield Difference(
            "pack", name, was.as_dict() if was else None, is_.as_dict() if is_ else None, _pack_message(name, was, is_)
        )


def _pack_message(name: str, was: PackInfo | None, now: PackInfo | None) -> Text:
    if was is None:
        version = now.version if now is not None else ""
        return Text(f"新加了规则包 {name} {version}", f"pack {name} {version} was added")
    if now is None:
        return Text(f"规则包 {name} {was.version} 已不在", f"pack {name} {was.version} is no longer loaded")
    if was.version != now.version:
        return Text(
            f"规则包 {name} 版本不同：{was.version} → {now.version}",
            f"pack {name} has another version: {was.version} → {now.version}",
        )
    return Text(
        f"规则包 {name} {now.version} 版本号相同，内容不同",
        f"pack {name} {now.version} has the same version, other content",
    )


def _overlays(old: Report, new: Report) -> Iterator[Difference]:
    sides = [[one.as_dict() for one in report.overlays] for report in (old, new)]
    marks = [[(one.overlay, one.level, one.sha256) for one in report.overlays] for report in (old, new)]
    if marks[0] != marks[1]:
        shown = [Text("、".join(n) or "无", ", ".join(n) or "none") for n in ([m[0] for m in side] for side in marks)]
        same = Text("，内容不同", ", with other content") if shown[0] == shown[1] else Text("", "")
        message = Text(
            f"覆盖文件不同：{shown[0].zh} → {shown[1].zh}{same.zh}",
            f"overlays differ: {shown[0].en} → {shown[1].en}{same.en}",
        )
        yield Difference("overlay", "", sides[0], sides[1], message)


def _parameters(old: Report, new: Report) -> Iterator[Difference]:
    then = {(one.pack, one.name): one for one in old.parameters}
    now = {(one.pack, one.name): one for one in new.parameters}
    for key in dict.fromkeys((*then, *now)):
        known = then.get(key) or now[key]
        was = then[key].value if key in then else known.default
        is_ = now[key].value if key in now else known.default
        if was != is_:
            name = ".".join(key)
            message = Text(f"参数 {name} 不同：{was} → {is_}", f"parameter {name} differs: {was} → {is_}")
            yield Difference("parameter", name, was, is_, message)


def _rest(old: Report, new: Report) -> Iterator[Difference]:
    files = [sorted((file.name, file.sha256) for file in report.waiver_files) for report in (old, new)]
    if files[0] != files[1]:
        names = [[name for name, _ in listed] for listed in files]
        shown = [("、".join(listed) or "无", ", ".join(listed) or "none") for listed in names]
        message = Text(
            f"豁免文件不同：{shown[0][0]} → {shown[1][0]}", f"waiver files differ: {shown[0][1]} → {shown[1][1]}"
        )
        yield Difference("waivers", "", names[0], names[1], message)
    nodes = [{node.id for node in report.nodes} for report in (old, new)]
    if nodes[0] != nodes[1]:
        message = Text("生命周期节点不同", "the lifecycles have different nodes")
        yield Difference("lifecycle", "", sorted(nodes[0] - nodes[1]), sorted(nodes[1] - nodes[0]), message)
    if old.version != new.version:
        message = Text(
            f"riskgate 版本不同：{old.version} → {new.version}", f"riskgate differs: {old.version} → {new.version}"
        )
        yield Difference("riskgate", "", old.version, new.version, message)
