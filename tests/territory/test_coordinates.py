"""Coordinates: there and back within a centimetre, nothing moved outside China, swapped pairs refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.base.errors import Refused
from gongzhi.territory.coordinates import (
    EAST,
    NORTH,
    SOUTH,
    WEST,
    from_wgs84,
    gcj02_to_wgs84,
    in_china,
    metres_between,
    to_wgs84,
    wgs84_to_gcj02,
)
from gongzhi.territory.types import CRS, Point

CENTIMETRE = 0.01
BORDER_PLACES = [
    Point(135.0, 48.4),  # the Ussuri
    Point(73.6, 39.4),  # the Pamirs
    Point(123.3, 53.5),  # Mohe
    Point(109.5, 18.2),  # Sanya
    Point(112.3, 3.9),  # Zengmu
    Point(114.06, 22.54),  # Shenzhen
    Point(105.0, 35.0),  # where the published formula has its origin
]

in_the_rectangle = st.builds(Point, st.floats(WEST, EAST), st.floats(SOUTH, NORTH))
well_inside = st.builds(Point, st.floats(WEST + 0.1, EAST - 0.1), st.floats(SOUTH + 0.1, NORTH - 0.1))
anywhere = st.builds(Point, st.floats(-180, 180), st.floats(-90, 90))
systems = st.sampled_from(list(CRS))


@given(point=in_the_rectangle, crs=systems)
def test_there_and_back_ends_within_a_centimetre(point, crs):
    assert metres_between(to_wgs84(*from_wgs84(point, crs), crs), point) < CENTIMETRE


@pytest.mark.parametrize("crs", CRS)
def test_there_and_back_holds_on_a_grid_over_china_and_its_borders(crs):
    grid = [Point(lon / 2, lat / 2) for lon in range(147, 271) for lat in range(7, 108)]
    worst = max(metres_between(to_wgs84(*from_wgs84(p, crs), crs), p) for p in grid + BORDER_PLACES)
    assert worst < CENTIMETRE


@given(pair=well_inside, crs=systems)
def test_back_and_there_ends_within_a_centimetre(pair, crs):
    there = from_wgs84(to_wgs84(pair.lon, pair.lat, crs), crs)
    assert metres_between(Point(*there), pair) < CENTIMETRE


@given(point=anywhere, crs=systems)
def test_outside_china_every_system_is_the_same(point, crs):
    if not in_china(point.lon, point.lat):
        assert from_wgs84(point, crs) == (point.lon, point.lat)


@given(point=anywhere)
def test_far_outside_china_the_way_back_changes_nothing(point):
    if not (WEST - 1 < point.lon < EAST + 1 and SOUTH - 1 < point.lat < NORTH + 1):
        assert gcj02_to_wgs84(point.lon, point.lat) == (point.lon, point.lat)


@given(point=in_the_rectangle)
def test_the_shift_is_never_more_than_a_kilometre_and_a_half(point):
    assert metres_between(Point(*wgs84_to_gcj02(point.lon, point.lat)), point) < 1500


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_it_agrees_with_the_published_shift(wgs84, gcj02):
    # From the tests of eviltransform, whose earth is 108 m smaller: 9 cm apart at most.
    assert metres_between(Point(*wgs84_to_gcj02(*wgs84)), Point(*gcj02)) < 0.2


def test_it_agrees_with_the_published_baidu_shift():
    lon, lat = from_wgs84(to_wgs84(116.404, 39.915, CRS.GCJ02), CRS.BD09)
    assert (lon, lat) == (pytest.approx(116.41036949, abs=1e-7), pytest.approx(39.92133699, abs=1e-7))


def test_wgs84_is_handed_through_to_the_last_bit():
    assert to_wgs84(119.691234567890123, 29.8, CRS.WGS84) == Point(119.691234567890123, 29.8)


def test_it_refuses_latitude_before_longitude():
    with pytest.raises(Refused) as refusal:
        to_wgs84(29.80, 119.69, CRS.WGS84)
    assert refusal.value.code == "swapped_coordinates"
    assert refusal.value.field == "location"


@pytest.mark.parametrize("pair", [(math.nan, 30), (120, math.inf), (190, 10), (10, -91), (-181, 0)])
def test_it_refuses_what_is_no_place_on_earth(pair):
    with pytest.raises(Refused) as refusal:
        to_wgs84(*pair, CRS.GCJ02)
    assert refusal.value.code == "bad_coordinates"


def test_distances_are_true():
    assert metres_between(Point(119, 29), Point(119, 30)) == pytest.approx(111_195, rel=0.001)
    assert metres_between(Point(119, 30), Point(120, 30)) == pytest.approx(96_297, rel=0.001)
