"""Which spaces an element belongs to: by what the model says, else by where it stands."""

from collections.abc import Iterator, Mapping

import numpy as np

from riskgate.sources.ifc.facts import Value
from riskgate.sources.ifc.shapes import GROUP, Placed, Points, Room, Shapes

STEP = 0.05
"""Metres between the points that are looked at on the way out of a wall."""
EYE = 1.0
"""Metres above the bottom of an opening at which its sides are looked at, at most."""
UPRIGHT = 0.99
LOWEST = 0.3
"""An opening lower than this, in metres, is no upright one: a roof light seen from above."""
MOST = 0.8
"""So much of a railing must lie in a space to belong to it."""
BESIDE = 0.3
"""A railing stands at the edge of its space: so far out, in metres, still counts."""


class Ties:
    """Finds spaces around elements. `rooms` are the shapes of spaces by GlobalId, `reach` how far a wall may reach."""

    def __init__(self, shapes: Shapes, rooms: Mapping[str, Room], reach: float) -> None:
        self.shapes = shapes
        self.rooms = rooms
        self.reach = reach
        self._boxes: tuple[list[str], Points, Points] | None = None

    def beside(self, void: Placed, frame: Points) -> tuple[str, ...]:
        """The spaces on both sides of an upright opening whose frame has x along the wall and z upwards."""
        if frame[2, 2] < UPRIGHT:
            return ()
        corners = void.within(frame)
        low, high = corners.min(axis=0), corners.max(axis=0)
        if high[2] - low[2] < LOWEST:
            return ()
        middle = (low + high) / 2
        middle[2] = min(middle[2], low[2] + EYE)
        found: list[str] = []
        for direction in (1.0, -1.0):
            for step in range(1, int(self.reach / STEP) + 1):
                point = middle + np.array([0.0, direction * step * STEP, 0.0])
                held = list(self._holding(point @ frame[:3, :3].T + frame[:3, 3]))
                if held:
                    found += [guid for guid in held if guid not in found]
                    break
        return tuple(found)

    def around(self, shape: Placed) -> tuple[str, ...]:
        """The spaces that hold the middle of an element, at its foot, half way and at its head."""
        corners = shape.world
        low, high = corners.min(axis=0), corners.max(axis=0)
        found: list[str] = []
        for part in (0.1, 0.5, 0.9):
            point = (low + high) / 2
            point[2] = low[2] + part * (high[2] - low[2])
            found += [guid for guid in self._holding(point) if guid not in found]
        return tuple(found)

    def along(self, shape: Placed) -> tuple[str, ...]:
        """The spaces that most of an element lies in, or stands at the edge of."""
        corners = shape.world
        sample = corners[:: max(1, len(corners) // 64)]
        near = self._meeting(corners.min(axis=0) - BESIDE, corners.max(axis=0) + BESIDE)
        return tuple(
            guid for guid in near if np.mean([self.rooms[guid].holds(point, BESIDE) for point in sample]) >= MOST
        )

    def _holding(self, point: Points) -> Iterator[str]:
        return (guid for guid in self._meeting(point, point) if self.rooms[guid].holds(point))

    def _meeting(self, low: Points, high: Points) -> list[str]:
        """The spaces whose boxes meet a box: few are left to be looked at closely."""
        if self._boxes is None:
            sides = np.array([room.box for room in self.rooms.values()]).reshape(len(self.rooms), 2, 3)
            self._boxes = list(self.rooms), sides[:, 0], sides[:, 1]
        names, lows, highs = self._boxes
        meeting = ((lows <= high) & (highs >= low)).all(axis=1)
        return [names[index] for index in np.flatnonzero(meeting)]


def opening_values(void: Placed, frame: Points, level: float | None, *, upright: bool) -> tuple[Value, ...]:
    """The width of the opening in the wall, and how high its bottom and top lie above the level of its storey."""
    if frame[2, 2] < UPRIGHT:
        return ()
    corners = void.within(frame)
    low, high = corners.min(axis=0), corners.max(axis=0)
    if high[2] - low[2] < LOWEST:
        return ()
    found = [Value("geometry", GROUP, "opening_width", float(high[0] - low[0]), "m")] if upright else []
    if level is not None:
        base = float(frame[2, 3]) - level
        found.append(Value("geometry", GROUP, "bottom", float(low[2]) + base, "m"))
        found.append(Value("geometry", GROUP, "top", float(high[2]) + base, "m"))
    return tuple(found)
