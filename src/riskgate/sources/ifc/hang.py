"""Doors, windows, railings and stairs: each into the room or building that the model, or its place, shows."""

from collections.abc import Iterable, Sequence

from riskgate.sources.ifc.choose import Candidate, choose
from riskgate.sources.ifc.classify import is_entrance, yes_or_no
from riskgate.sources.ifc.drawn import Drawn, Room
from riskgate.sources.ifc.entry import Entry
from riskgate.sources.ifc.facts import Opening, Part, Space
from riskgate.sources.ifc.flats import UNKNOWN
from riskgate.sources.ifc.mapping import Section
from riskgate.sources.ifc.telling import listed, named, names_of
from riskgate.text import Text

FEET = 0.3048
_CLOSE = 1e-6


def outer_windows(drawn: Drawn) -> dict[str, Opening]:
    """An outer window of each room that has one, by the room's GlobalId."""
    found: dict[str, Opening] = {}
    for one in drawn.model.openings:
        if _is_window(one) and yes_or_no(one, drawn.mapping.windows.external):
            for guid in one.bounds or one.near:
                found.setdefault(guid, one)
    return found


def hang_openings(drawn: Drawn) -> None:
    """Every door and window into one room; what belongs to no room is listed, and the snapshot is not whole."""
    kind = drawn.type_of("door")
    if drawn.model.openings:
        for room in drawn.rooms.values():
            room.entry.under(drawn.vocabulary, kind, "")
    open_: list[Opening] = []
    common: list[Opening] = []
    placed = 0
    for one in drawn.model.openings:
        ties = [drawn.spaces[guid] for guid in one.bounds or one.near if guid in drawn.spaces]
        rooms = sorted((drawn.rooms[tie.guid] for tie in ties if tie.guid in drawn.rooms), key=_by_id)
        if not ties:
            open_.append(one)
        elif not rooms:
            common.append(one)
        else:
            placed += not one.bounds
            _hang(drawn, one, rooms, [tie for tie in ties if tie.guid not in drawn.rooms])
    _tell_openings(drawn, open_, common, placed)


def hang_railings(drawn: Drawn) -> None:
    """Railings into their buildings."""
    kind = drawn.type_of("railing")
    lost: list[Part] = []
    for one in drawn.model.railings:
        home = _home(drawn, one)
        if home is None:
            lost.append(one)
            continue
        entry = Entry(kind, {"id": one.guid})
        drawn.fill(entry, "railing", one, {"location": _location(drawn, one)})
        if "location" in kind.fields and "location" not in entry.fields:
            entry.origins["location"] = f"{drawn.where(one)}: it does not say where the railing stands"
        home.under(drawn.vocabulary, kind, "").append(entry)
    if lost:
        names = names_of(lost)
        message = Text(
            f"栏杆不知属于哪栋楼，未列入（{len(lost)} 个）：{names.zh}",
            f"railings that belong to no known building, left out ({len(lost)}): {names.en}",
        )
        drawn.telling.missing("railing-without-building", message, len(lost))


def hang_stairs(drawn: Drawn) -> None:
    """Public stairs into their buildings. A stair within a flat is no public stair: it is noted."""
    kind = drawn.type_of("stair")
    inner: list[Part] = []
    open_: list[Part] = []
    feet: list[str] = []
    for one in drawn.model.stairs:
        feet += _compare(drawn, one)
        rooms = [drawn.rooms[guid] for guid in one.near if guid in drawn.rooms]
        elsewhere = {space.guid for space in drawn.flats.elsewhere}
        home = _home(drawn, one)
        if any(room.flat.told for room in rooms):
            inner.append(one)
        elif rooms or not one.near or home is None or not set(one.near) <= elsewhere:
            open_.append(one)
        else:
            entry = Entry(kind, {"id": one.guid})
            drawn.fill(entry, "stair", one, {})
            frame = f"{drawn.model.file}: the frame of a snapshot, not in the model"
            home.under(drawn.vocabulary, kind, frame).append(entry)
    if feet:
        names = listed(feet)
        message = Text(
            f"两个来源相差正好 3.2808 倍，有一个像是英尺：{names.zh}",
            f"two sources differ by 3.2808, so one of them is in feet: {names.en}",
        )
        drawn.telling.note("feet-and-metres", message, len(feet))
    if inner:
        names = names_of(inner)
        message = Text(
            f"楼梯在户内，不是公共楼梯，未列入（{len(inner)} 部）：{names.zh}",
            f"stairs within flats are no public stairs, left out ({len(inner)}): {names.en}",
        )
        drawn.telling.note("inner-stair", message, len(inner))
    if open_:
        names = names_of(open_)
        message = Text(
            f"楼梯不知在户内还是公共部位，未列入（{len(open_)} 部）：{names.zh}",
            f"stairs that may be public or not, left out ({len(open_)}): {names.en}",
        )
        drawn.telling.missing("stair-left-out", message, len(open_))


def _hang(drawn: Drawn, opening: Opening, rooms: Sequence[Room], others: Sequence[Space]) -> None:
    served = _served(drawn, opening, rooms)
    section: Section = "window" if _is_window(opening) else "door"
    entry = Entry(drawn.type_of(section), {"id": opening.guid})
    kind = _window_kind(drawn, opening) if _is_window(opening) else _door_kind(drawn, opening, served, rooms, others)
    room_kind = served.entry.fields.get("kind")
    ties = " + ".join(named(one) for one in (*(room.space for room in rooms), *others))
    said = f"of {ties}" if opening.bounds else f"between {ties} by its place"
    derived = {
        "kind": None if kind is None else Candidate(kind, said),
        "room_kind": None if room_kind is None else Candidate(room_kind, f"its room {named(served.space)}"),
        "other_room_kind": _other(served, rooms, others),
    }
    drawn.fill(entry, section, opening, derived)
    if "kind" not in entry.fields:
        entry.origins["kind"] = f"{drawn.where(opening)}, {said}: it does not say which kind of opening this is"
    overall = next((one.value for one in opening.values if one.name == "OverallWidth"), None)
    if overall is not None and "clear_width_m" in entry.kind.fields and "clear_width_m" not in entry.fields:
        entry.origins["clear_width_m"] = f"{drawn.where(opening)}: overall width {overall:.6g} m, no clear width"
    served.entry.under(drawn.vocabulary, entry.kind, "").append(entry)


def _served(drawn: Drawn, opening: Opening, rooms: Sequence[Room]) -> Room:
    """The room in which an opening stands: of a door the one it serves, else the first by id."""
    if not _is_window(opening):
        for kind in drawn.mapping.doors.serves:
            for room in rooms:
                if room.entry.fields.get("kind") == kind:
                    return room
    return rooms[0]


def _window_kind(drawn: Drawn, opening: Opening) -> str | None:
    inner = yes_or_no(opening, drawn.mapping.windows.external) is False
    return None if inner else drawn.mapping.windows.kind or None


def _door_kind(
    drawn: Drawn, opening: Opening, served: Room, rooms: Sequence[Room], others: Sequence[Space]
) -> str | None:
    """Which kind of door: only where both of its sides say so."""
    doors = drawn.mapping.doors
    external = yes_or_no(opening, doors.external)
    kind = served.entry.fields.get("kind")
    if others and len(rooms) == 1 and rooms[0].flat.told:
        return doors.entry or None if all(is_entrance(one, drawn.mapping) for one in others) else None
    if len(rooms) == 1 and not others and external is True:
        return doors.entry or None if kind in doors.entry_rooms else None
    known = len({room.flat.id for room in rooms}) == 1 and (len(rooms) > 1 or external is False) and not others
    return doors.kinds.get(kind or "") if known else None


def _other(served: Room, rooms: Sequence[Room], others: Sequence[Space]) -> Candidate | None:
    """The kind of the room on the other side, where there is one other room and nothing else."""
    if len(rooms) != 2 or others or rooms[0].flat is not rooms[1].flat:  # noqa: PLR2004 - a door has two sides
        return None
    other = rooms[0] if rooms[1] is served else rooms[1]
    kind = other.entry.fields.get("kind")
    return None if kind is None else Candidate(kind, f"the room on its other side, {named(other.space)}")


def _location(drawn: Drawn, part: Part) -> Candidate | None:
    railings = drawn.mapping.railings
    if part.whole in railings.parts:
        return Candidate(railings.parts[part.whole], f"part of an {part.whole}")
    kinds = {drawn.rooms[guid].entry.fields.get("kind") for guid in part.near if guid in drawn.rooms}
    if len(kinds) != 1 or len(part.near) != 1:
        return None
    kind = str(next(iter(kinds)))
    return Candidate(railings.rooms[kind], f"in a {kind}") if kind in railings.rooms else None


def _compare(drawn: Drawn, stair: Part) -> list[str]:
    """Records where a stair's own lengths are not those of its sets, even of stairs that become no entity.

    Gives the fields of which one source is in feet.
    """
    kind = drawn.type_of("stair")
    feet: list[str] = []
    for name, sources in drawn.mapping.fields.get("stair", {}).items():
        chosen = choose(stair.values, sources, kind.fields[name], drawn.mapping.tolerance)
        if chosen.first is None or not chosen.others:
            continue
        drawn.disagreements.append((f"{kind.name}.{name}", named(stair), chosen))
        for other in chosen.others:
            pair = sorted(value for value in (chosen.first.value, other.value) if isinstance(value, float))
            if len(pair) == 2 and abs(pair[0] / pair[1] - FEET) < _CLOSE:  # noqa: PLR2004 - two numbers
                feet.append(f"{name} ({other.said})")
    return feet


def _home(drawn: Drawn, part: Part) -> Entry | None:
    if part.building in drawn.buildings:
        return drawn.buildings[part.building]
    return next(iter(drawn.buildings.values())) if len(drawn.buildings) == 1 else None


def _tell_openings(drawn: Drawn, open_: Sequence[Opening], common: Sequence[Opening], placed: int) -> None:
    telling = drawn.telling
    for glazed in (False, True):
        ones = [one for one in open_ if _is_window(one) is glazed]
        if ones:
            names = _guids(ones)
            what = Text("窗", "windows") if glazed else Text("门", "doors")
            message = Text(
                f"{what.zh}不知属于哪个房间，未列入（{len(ones)} 樘）：{names.zh}",
                f"{what.en} that are tied to no room, left out ({len(ones)}): {names.en}",
            )
            telling.missing("opening-without-room", message, len(ones))
    if common:
        names = _guids(common)
        message = Text(
            f"门窗不在户内房间，未列入（{len(common)} 樘）：{names.zh}",
            f"doors and windows of no room of a flat, left out ({len(common)}): {names.en}",
        )
        telling.note("opening-not-of-a-flat", message, len(common))
    if placed:
        message = Text(
            f"门窗按几何位置归入房间，因为模型没有写空间边界（{placed} 樘）",
            f"doors and windows tied to rooms by their place, as the model has no space boundary for them ({placed})",
        )
        telling.note("tied-by-place", message, placed)
    lost = {one.guid for one in (*open_, *common)}
    windows = [one for one in drawn.model.openings if _is_window(one) and one.guid not in lost]
    inner = [one for one in windows if yes_or_no(one, drawn.mapping.windows.external) is False]
    if inner:
        names = _guids(inner)
        message = Text(
            f"{len(inner)} 樘内窗没有 kind：{names.zh}", f"{len(inner)} inner windows have no kind: {names.en}"
        )
        telling.note("inner-window", message, len(inner))
    if drawn.rooms and not drawn.model.openings:
        message = Text("模型里没有门窗", "the model has no doors and windows")
        telling.missing("no-openings", message)


def _guids(openings: Iterable[Opening]) -> Text:
    return listed(one.guid for one in openings)


def _is_window(opening: Opening) -> bool:
    return opening.type.startswith("IfcWindow")


def _by_id(room: Room) -> tuple[bool, str]:
    return room.flat.id == UNKNOWN, str(room.entry.fields["id"])
