"""What is to be said of the flats, the rooms and the values of a model."""

from riskgate.sources.ifc.choose import Chosen
from riskgate.sources.ifc.drawn import Drawn
from riskgate.sources.ifc.flats import UNKNOWN
from riskgate.sources.ifc.telling import listed, names_of, places, short
from riskgate.text import Text


def tell_rooms(drawn: Drawn) -> None:
    """What is to be said of flats and rooms."""
    telling, flats = drawn.telling, drawn.flats
    known = [flat for flat in flats.flats if flat.told]
    if known:
        by = listed(sorted({flat.told for flat in known if flat.told}))
        ids = listed(flat.id for flat in known)
        telling.note(
            "flats-told",
            Text(f"户 {ids.zh}：依据 {by.zh}", f"flats {ids.en}: told by {by.en}"),
            len(known),
        )
    for flat in flats.flats:
        if not flat.told:
            number = len(flat.rooms)
            telling.missing(
                "flats-not-told",
                Text(
                    f"模型没有说明房间属于哪一户，{number} 个房间放在户 `{UNKNOWN}` 里",
                    f"the model does not say which rooms make a flat: {number} rooms stand in one unit `{UNKNOWN}`",
                ),
                number,
            )
    if flats.left:
        names = names_of(flats.left)
        telling.missing(
            "rooms-without-flat",
            Text(
                f"房间不知属于哪一户，未列入（{len(flats.left)} 个）：{names.zh}",
                f"rooms that belong to no known flat, left out ({len(flats.left)}): {names.en}",
            ),
            len(flats.left),
        )
    if flats.elsewhere:
        names = names_of(flats.elsewhere)
        telling.note(
            "not-of-a-flat",
            Text(
                f"不是户内房间，未列入（{len(flats.elsewhere)} 个）：{names.zh}",
                f"no rooms of a flat, left out ({len(flats.elsewhere)}): {names.en}",
            ),
            len(flats.elsewhere),
        )
    if not drawn.rooms:
        telling.missing("no-rooms", Text("模型里没有户内房间", "the model has no rooms of flats"))
    unknown = [room.space for room in drawn.rooms.values() if "kind" not in room.entry.fields]
    if unknown:
        names = names_of(unknown)
        telling.note(
            "room-without-kind",
            Text(
                f"名称说明不了是什么房间，没有 kind（{len(unknown)} 个）：{names.zh}",
                f"rooms whose names do not say what they are have no kind ({len(unknown)}): {names.en}",
            ),
            len(unknown),
        )


def tell_values(drawn: Drawn) -> None:
    """Where sources disagree, field by field; and numbers of which nobody knows what they measure."""
    by_field: dict[str, list[tuple[str, Chosen]]] = {}
    for name, element, chosen in drawn.disagreements:
        by_field.setdefault(name, []).append((element, chosen))
    for name, ones in sorted(by_field.items()):
        element, chosen = ones[0]
        assert chosen.first is not None  # noqa: S101 - what others contradict is there
        said = "; ".join(f"{short(one.value)} ({one.said})" for one in (chosen.first, *chosen.others))
        names, where = listed(one for one, _ in ones), places(len(ones))
        rest = Text(f"；共 {names.zh}", f"; in all: {names.en}") if len(ones) > 1 else Text.of("")
        message = Text(
            f"`{name}` 在 {where.zh}来源不一致，例如 {element}：{said}{rest.zh}",
            f"sources of `{name}` disagree in {where.en}, such as {element}: {said}{rest.en}",
        )
        drawn.telling.note("sources-disagree", message, len(ones))
    if drawn.unsure:
        names = listed(sorted(drawn.unsure))
        message = Text(
            f"数值没有度量单位，未采用（可在映射里写 unit）：{names.zh}",
            f"numbers that are no measures were not used (a mapping may give their unit): {names.en}",
        )
        drawn.telling.note("no-measure", message, sum(drawn.unsure.values()))
