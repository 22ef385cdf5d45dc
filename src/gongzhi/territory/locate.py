"""Which area a point is in: an index of outlines kept in memory (pure; no table, no clock)."""

import math
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gongzhi.territory.coordinates import EARTH_RADIUS_M, metres_between
from gongzhi.territory.types import LEVELS, Level, Point

Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]
Pairs = np.ndarray[tuple[int, int], np.dtype[np.float64]]

BORDER_M = 0.1
"""A point this near a border stands on it; it belongs to the neighbour with the lowest code."""
GAP_M = 10.0
"""A point this far from every outline lies in a gap the drawing left, and belongs to the nearest."""
CROSS_BORDER_M = 2000.0
"""A report from this far outside is still taken in."""

# Published outlines carry six decimals (0.1 m). On the same grid an outline that went through GCJ-02 is equal to
# the one that was published in WGS84, to the last point.
_DECIMALS = 6
_SLACK = 1.1  # the plane stretches a little at the ends of a large territory
_METRES_PER_DEGREE = math.radians(1) * EARTH_RADIUS_M


@dataclass(frozen=True, slots=True)
class Outline:
    """An area's boundary in WGS84, with all that is needed to choose between neighbours."""

    area: uuid.UUID
    level: Level
    code: str
    ancestors: frozenset[uuid.UUID]
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Hit:
    """The smallest area at a point, and how far away it is (0 inside)."""

    area: uuid.UUID
    distance_m: float


class BoundaryIndex:
    """Finds the smallest area at a point in microseconds; immutable, so threads may share it."""

    def __init__(self, outlines: Iterable[Outline]) -> None:
        outlines = sorted(outlines, key=lambda outline: (outline.code, outline.area))
        self.plane = _Plane.around([outline.geometry for outline in outlines])
        self.layers = [
            _Layer([outline for outline in outlines if outline.level is level], self.plane)
            for level in reversed(LEVELS)
            if any(outline.level is level for outline in outlines)
        ]

    def locate(self, point: Point) -> Hit | None:
        """The area at a point, else the nearest within two kilometres, else None."""
        x, y = self.plane.of(point)
        spot = shapely.Point(x, y)
        for depth, layer in enumerate(self.layers):
            owner = layer.owner(spot)
            if owner:
                return Hit(self._past_a_gap(spot, owner, depth).area, 0.0)
        return self._nearest(spot)

    def _past_a_gap(self, spot: shapely.Point, owner: Outline, depth: int) -> Outline:
        """A smaller area of the owner, when only a hairline gap keeps the point out of it."""
        for layer in self.layers[:depth]:
            near = [o for o in layer.within(spot, GAP_M) if owner.area in o.ancestors]
            if near:
                return min(near, key=lambda o: (layer.distance(spot, o), o.code))
        return owner

    def _nearest(self, spot: shapely.Point) -> Hit | None:
        found = [nearest for layer in self.layers if (nearest := layer.nearest(spot))]
        if not found:
            return None
        # The layers run from the smallest areas up; a larger one wins only when it is clearly nearer.
        outline, way = min(found, key=lambda pair: round(pair[1].length / GAP_M))
        metres = self.plane.metres_along(way)
        if metres > CROSS_BORDER_M:
            return None
        return Hit(outline.area, 0.0 if metres <= GAP_M else metres)


class _Layer:
    """The outlines of one level."""

    def __init__(self, outlines: Sequence[Outline], plane: "_Plane") -> None:
        self.outlines = outlines
        self.shapes = plane.project([outline.geometry for outline in outlines])
        self.place = {outline.area: number for number, outline in enumerate(outlines)}
        shapely.prepare(self.shapes)
        self.tree = shapely.STRtree(self.shapes)

    def owner(self, spot: shapely.Point) -> Outline | None:
        """The outline that holds the point or has it on its border; the lowest code if there are several."""
        numbers = self.tree.query(spot, predicate="dwithin", distance=BORDER_M)
        return self.outlines[numbers.min()] if len(numbers) else None

    def within(self, spot: shapely.Point, metres: float) -> list[Outline]:
        return [
            self.outlines[number] for number in self.tree.query(spot, predicate="dwithin", distance=metres)
        ]

    def distance(self, spot: shapely.Point, outline: Outline) -> float:
        return float(shapely.distance(spot, self.shapes[self.place[outline.area]]))

    def nearest(self, spot: shapely.Point) -> tuple[Outline, shapely.LineString] | None:
        """The nearest outline and the straight way to it; the lowest code if several are as near."""
        numbers = self.tree.query_nearest(spot, max_distance=CROSS_BORDER_M * _SLACK)
        if not len(numbers):
            return None
        nearest = numbers.min()
        return self.outlines[nearest], shapely.shortest_line(spot, self.shapes[nearest])


@dataclass(frozen=True, slots=True)
class _Plane:
    """Metres east and north of the middle of the territory; true to half a percent across a large city."""

    lon: float
    lat: float
    east: float

    @classmethod
    def around(cls, shapes: Sequence[BaseGeometry]) -> "_Plane":
        if not shapes:
            return cls(0.0, 0.0, _METRES_PER_DEGREE)
        west, south, east, north = shapely.total_bounds(shapes)
        lat = (south + north) / 2
        return cls((west + east) / 2, lat, _METRES_PER_DEGREE * math.cos(math.radians(lat)))

    def of(self, point: Point) -> tuple[float, float]:
        return (point.lon - self.lon) * self.east, (point.lat - self.lat) * _METRES_PER_DEGREE

    def metres_along(self, way: shapely.LineString) -> float:
        """The true length of a straight way in this plane."""
        ends = [Point(self.lon + x / self.east, self.lat + y / _METRES_PER_DEGREE) for x, y in way.coords]
        return metres_between(ends[0], ends[-1])

    def project(self, shapes: Sequence[BaseGeometry]) -> Shapes:
        flat: Shapes = shapely.transform(np.array(shapes, dtype=object), self._flatten)
        return np.where(shapely.is_valid(flat), flat, shapely.make_valid(flat))

    def _flatten(self, pairs: Pairs) -> Pairs:
        return (np.round(pairs, _DECIMALS) - (self.lon, self.lat)) * (self.east, _METRES_PER_DEGREE)
