"""Conversion between WGS84, GCJ-02 and BD-09, done once at the edge of the system (pure).

GCJ-02 shifts every point in China by 36 to 680 metres; BD-09 shifts it again. Both are published one way only,
so the way back is found by iteration until it changes nothing.
"""

import math
from collections.abc import Callable

from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused
from gongzhi.territory.types import CRS, Point

Pair = tuple[float, float]
Shift = Callable[[float, float], Pair]

EARTH_RADIUS_M = 6_371_008.8
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271

_KRASOVSKY_A = 6_378_245.0
_KRASOVSKY_EE = 0.006_693_421_622_965_943_23
_BAIDU_PI = math.pi * 3000.0 / 180.0
_CLOSE_ENOUGH = 1e-12
_ROUNDING = 1e-9  # degrees
_WIDEST_SHIFT = 0.05
_MOST_ROUNDS = 30


def to_wgs84(lon: float, lat: float, crs: CRS) -> Point:
    """The WGS84 point of a pair in a named coordinate system; a swapped or impossible pair is refused."""
    refuse_impossible(lon, lat)
    return Point(*_TO_WGS84[crs](lon, lat))


def from_wgs84(point: Point, crs: CRS) -> Pair:
    """The pair a map in another coordinate system wants for a point."""
    return _FROM_WGS84[crs](point.lon, point.lat)


def in_china(lon: float, lat: float) -> bool:
    """True inside the rectangle in which the GCJ-02 shift is applied."""
    return _within(lon, lat, 0.0)


def refuse_impossible(lon: float, lat: float) -> None:
    """Refuse a pair that is no place on earth, or whose latitude and longitude changed places."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise Refused(_("The position is not a pair of numbers."), code="bad_coordinates", field="location")
    if looks_swapped(lon, lat):
        raise Refused(
            _(
                "Longitude and latitude seem to have changed places: give the longitude first, for example 119.69, 29.80."
            ),
            code="swapped_coordinates",
            field="location",
        )
    if abs(lon) > 180 or abs(lat) > 90:
        raise Refused(_("The position is not a place on earth."), code="bad_coordinates", field="location")


def looks_swapped(lon: float, lat: float) -> bool:
    """True if the pair lies outside China as it is and inside China the other way round."""
    return not in_china(lon, lat) and in_china(lat, lon)


def wgs84_to_gcj02(lon: float, lat: float) -> Pair:
    """The published GCJ-02 shift; points outside China stay where they are."""
    return _there(_shifted, lon, lat)


def gcj02_to_wgs84(lon: float, lat: float) -> Pair:
    """The WGS84 pair whose GCJ-02 shift is this one."""
    return _back(_shifted, lon, lat)


def wgs84_to_bd09(lon: float, lat: float) -> Pair:
    """Baidu's own turn and shift on top of GCJ-02; points outside China stay where they are."""
    return _there(_shifted_twice, lon, lat)


def bd09_to_wgs84(lon: float, lat: float) -> Pair:
    """The WGS84 pair that Baidu shows here."""
    return _back(_shifted_twice, lon, lat)


def metres_between(a: Point, b: Point) -> float:
    """The distance between two points on a sphere, good to half a percent."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


def _there(shift: Shift, lon: float, lat: float) -> Pair:
    return shift(lon, lat) if in_china(lon, lat) else (lon, lat)


def _back(shift: Shift, lon: float, lat: float) -> Pair:
    # A pair just outside the rectangle may be the image of a point just inside, so the solution decides.
    pair = _solve(shift, lon, lat) if _within(lon, lat, _WIDEST_SHIFT) else (lon, lat)
    return pair if _within(*pair, _ROUNDING) else (lon, lat)


def _within(lon: float, lat: float, margin: float) -> bool:
    return WEST - margin <= lon <= EAST + margin and SOUTH - margin <= lat <= NORTH + margin


def _solve(shift: Shift, lon: float, lat: float) -> Pair:
    x, y = lon, lat
    for _round in range(_MOST_ROUNDS):
        seen_lon, seen_lat = shift(x, y)
        x, y = x - (seen_lon - lon), y - (seen_lat - lat)
        if abs(seen_lon - lon) + abs(seen_lat - lat) < _CLOSE_ENOUGH:
            break
    return x, y


def _shifted(lon: float, lat: float) -> Pair:
    radians = math.radians(lat)
    magic = 1 - _KRASOVSKY_EE * math.sin(radians) ** 2
    meridian = _KRASOVSKY_A * (1 - _KRASOVSKY_EE) / (magic * math.sqrt(magic))
    parallel = _KRASOVSKY_A / math.sqrt(magic) * math.cos(radians)
    east, north = _offset_metres(lon - 105.0, lat - 35.0)
    return lon + math.degrees(east / parallel), lat + math.degrees(north / meridian)


def _offset_metres(x: float, y: float) -> Pair:
    root, sin, pi = math.sqrt(abs(x)), math.sin, math.pi
    both = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    return east, north


def _shifted_twice(lon: float, lat: float) -> Pair:
    x, y = _shifted(lon, lat)
    radius = math.hypot(x, y) + 0.000_02 * math.sin(y * _BAIDU_PI)
    angle = math.atan2(y, x) + 0.000_003 * math.cos(x * _BAIDU_PI)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def _unchanged(lon: float, lat: float) -> Pair:
    return lon, lat


_TO_WGS84: dict[CRS, Shift] = {CRS.WGS84: _unchanged, CRS.GCJ02: gcj02_to_wgs84, CRS.BD09: bd09_to_wgs84}
_FROM_WGS84: dict[CRS, Shift] = {CRS.WGS84: _unchanged, CRS.GCJ02: wgs84_to_gcj02, CRS.BD09: wgs84_to_bd09}
