"""Which coordinate system an outline is really in, found by laying it over outlines we trust (pure)."""

import math
from collections.abc import Sequence

import numpy as np
import shapely

from gongzhi.territory.coordinates import from_wgs84, to_wgs84
from gongzhi.territory.types import CRS, Point

# The datums lie about 500 m apart, so outlines may be coarsened to 50 m before they are compared.
_COARSE = 0.0005
# The best fit must leave at most this share of the second best one's misfit, or we don't claim to know.
_CLEARLY_BETTER = 0.8
_COVERED = 0.6


def detect_crs(features: Sequence[shapely.Geometry], reference: Sequence[shapely.Geometry]) -> CRS | None:
    """The system under which the features fit a reference in WGS84 clearly best; None if none does."""
    if not features or not reference:
        return None
    coarse = shapely.simplify(np.array(features, dtype=object), _COARSE)
    misfits = sorted((_misfit(convert(coarse, crs), reference), crs) for crs in CRS)
    (best, crs), (second, _other) = misfits[:2]
    return crs if math.isfinite(best) and best < second * _CLEARLY_BETTER else None


def convert(shapes: Sequence[shapely.Geometry], crs: CRS) -> list[shapely.Geometry]:
    """Outlines in WGS84, whatever system they were published in."""
    if crs is CRS.WGS84:
        return list(shapes)
    return [shapely.transform(one, lambda pairs: _each_to_wgs84(pairs, crs)) for one in shapes]


def convert_back(shapes: Sequence[shapely.Geometry], crs: CRS) -> list[shapely.Geometry]:
    """WGS84 outlines for a map in another system."""
    return [
        shapely.transform(one, lambda pairs: np.array([from_wgs84(Point(*pair), crs) for pair in pairs]))
        for one in shapes
    ]


def _each_to_wgs84(pairs: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", crs: CRS) -> object:
    points = [to_wgs84(float(lon), float(lat), crs) for lon, lat in pairs]
    return np.array([(point.lon, point.lat) for point in points])


def _misfit(features: Sequence[shapely.Geometry], reference: Sequence[shapely.Geometry]) -> float:
    """The share by which the features miss the outlines they belong to; infinite if they cover none."""
    trusted = [shapely.make_valid(one) for one in reference]
    tree = shapely.STRtree(trusted)
    groups: dict[int, list[shapely.Geometry]] = {}
    for feature in map(shapely.make_valid, features):
        overlaps = {number: feature.intersection(trusted[number]).area for number in tree.query(feature)}
        if overlaps:
            groups.setdefault(max(overlaps, key=overlaps.__getitem__), []).append(feature)
    pairs = [(shapely.union_all(group), trusted[number]) for number, group in groups.items()]
    # A reference outline that is drawn in part only says nothing: its neighbours may hide any shift.
    covered = [(drawn, whole) for drawn, whole in pairs if drawn.area > whole.area * _COVERED]
    if not covered:
        return math.inf
    missed = sum(drawn.symmetric_difference(whole).area for drawn, whole in covered)
    return float(missed / sum(whole.area for _drawn, whole in covered))
