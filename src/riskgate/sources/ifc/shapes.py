"""What the shape of a space says: its floor area, its height, its short side, and whether a point lies in it.

Only plain shapes say something: a floor in one plane that lies below all of the space, a ceiling in one plane. Nothing
is taken from which way a face looks: models get that wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskgate.sources.ifc.facts import Value

Points = NDArray[np.float64]

FLAT = 1e-3
"""Heights within a millimetre are one plane."""
SAME = 1e-3
"""Areas within a thousandth are equal."""
EDGE = 1e-2
"""A point so near beside a floor, in metres, still lies on it."""
GROUP = "geometry"


class Shapes:
    """The shapes of the elements of a model, in metres and in the coordinates of the model."""

    def __init__(self) -> None:
        # the library has types in part only; slow to import, and not needed for the text of a model
        geometry: Any = import_module("ifcopenshell.geom")
        self._make: Any = geometry.create_shape
        self._settings: Any = geometry.settings()
        self.failed: list[str] = []
        """GlobalIds of elements that have a shape which cannot be made."""

    def placed(self, element: Any) -> "Placed | None":
        """The shape of an element; None if it has none, or none that can be made."""
        if element is None or element.Representation is None:
            return None
        try:
            made = self._make(self._settings, element)
        except RuntimeError:  # what the geometry library cannot make of a shape: told once for all
            self.failed.append(element.GlobalId)
            return None
        corners = np.asarray(made.geometry.verts, dtype=np.float64).reshape(-1, 3)
        faces = np.asarray(made.geometry.faces, dtype=np.int64).reshape(-1, 3)
        frame = np.asarray(made.transformation.matrix, dtype=np.float64).reshape(4, 4).T
        if not len(faces) or not np.isfinite(corners).all() or not np.isfinite(frame).all():
            return None
        return Placed(corners, faces, frame)


@dataclass(frozen=True, slots=True)
class Placed:
    """A shape: corners in the element's own frame, triangles, and the frame (a matrix) in the model."""

    corners: Points
    faces: NDArray[np.int64]
    frame: Points

    @property
    def world(self) -> Points:
        found: Points = self.corners @ self.frame[:3, :3].T + self.frame[:3, 3]
        return found

    def within(self, frame: Points) -> Points:
        """The corners in another element's frame."""
        back = np.linalg.inv(frame)
        found: Points = self.world @ back[:3, :3].T + back[:3, 3]
        return found


class Room:
    """The shape of a space. `floor` holds the triangles of its lowest plane, seen from above."""

    def __init__(self, shape: Placed) -> None:
        corners = shape.world
        self.box: tuple[Points, Points] = corners.min(axis=0) - EDGE, corners.max(axis=0) + EDGE
        self.low, self.high = float(corners[:, 2].min()), float(corners[:, 2].max())
        triangles = corners[shape.faces]
        self.floor = _level(triangles, self.low)
        self.area = _area(self.floor)
        ceiling = _area(_level(triangles, self.high))
        upright = self.area > 0 and all(self._covers(x, y) for x, y in corners[:, :2])
        self.plain = bool(upright)
        """Whether nothing of the space lies beside its floor."""
        self.level = self.plain and abs(ceiling - self.area) <= SAME * self.area

    def values(self) -> tuple[Value, ...]:
        """What the shape says by itself."""
        if not self.plain:
            return ()
        found = [Value("geometry", GROUP, "floor_area", self.area, "m2")]
        if self.level and self.high > self.low:
            found.append(Value("geometry", GROUP, "height", self.high - self.low, "m"))
        short = short_side(self.floor.reshape(-1, 2), self.area)
        if short is not None:
            found.append(Value("geometry", GROUP, "short_side", short, "m"))
        return tuple(found)

    def holds(self, point: Sequence[float] | Points, beside: float = 0.0) -> bool:
        """Whether a point lies in the space, or no further than `beside` (metres) from its floor."""
        x, y, z = point
        return bool(self.low - EDGE <= z <= self.high + EDGE and self._covers(float(x), float(y), edge=beside))

    def _covers(self, x: float, y: float, *, edge: float = EDGE) -> bool:
        if not len(self.floor):
            return False
        a, b, c = self.floor[:, 0], self.floor[:, 1], self.floor[:, 2]
        point = np.array([x, y])
        sides = [_side(a, b, point), _side(b, c, point), _side(c, a, point)]
        inside = np.ones(len(self.floor), dtype=bool)
        turned = np.sign(_cross(b - a, c - a))
        for side in sides:
            inside &= side * turned >= -edge
        return bool(inside.any())


def short_side(points: Points, area: float) -> float | None:
    """The short side of a rectangle, by its corners and its area; None if it is no rectangle."""
    hull = _hull(points)
    for start, end in zip(hull, np.roll(hull, -1, axis=0), strict=True):
        along = end - start
        length = float(np.hypot(*along))
        if length < FLAT:
            continue
        along = along / length
        across = np.array([-along[1], along[0]])
        first, second = np.ptp(points @ along), np.ptp(points @ across)
        if abs(float(first * second) - area) <= SAME * area:
            return float(min(first, second))
    return None


def _level(triangles: Points, height: float) -> Points:
    """The triangles at a height, seen from above; slivers are left out."""
    flat = (np.abs(triangles[:, :, 2] - height) <= FLAT).all(axis=1)
    seen = triangles[flat][:, :, :2]
    sized = np.abs(_cross(seen[:, 1] - seen[:, 0], seen[:, 2] - seen[:, 0])) > 1e-9  # noqa: PLR2004 - m², nothing
    found: Points = seen[sized]
    return found


def _area(triangles: Points) -> float:
    if not len(triangles):
        return 0.0
    return float(np.abs(_cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])).sum() / 2)


def _cross(first: Points, second: Points) -> Points:
    found: Points = first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
    return found


def _side(start: Points, end: Points, point: Points) -> Points:
    """How far a point lies to the left of each line, in metres."""
    along = end - start
    length = np.hypot(along[:, 0], along[:, 1])
    found: Points = _cross(along, point - start) / np.where(length > 0, length, 1.0)
    return found


def _hull(points: Points) -> Points:
    """The convex hull, counterclockwise."""
    ordered = sorted({(round(float(x), 6), round(float(y), 6)) for x, y in points})
    if len(ordered) < 3:  # noqa: PLR2004 - a line has no inside
        return np.array(ordered, dtype=np.float64).reshape(-1, 2)

    def chain(run: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        kept: list[tuple[float, float]] = []
        for x, y in run:
            while len(kept) > 1:
                (ax, ay), (bx, by) = kept[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                kept.pop()
            kept.append((x, y))
        return kept[:-1]

    return np.array(chain(ordered) + chain(ordered[::-1]), dtype=np.float64)
