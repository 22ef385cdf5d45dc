"""Which area a point is in: inside, on borders, in gaps, just outside, far outside."""

import json
import random
import statistics
import time
import uuid

import pytest
import shapely
from shapely.geometry import shape

from gongzhi.territory.coordinates import to_wgs84
from gongzhi.territory.datums import convert
from gongzhi.territory.locate import BoundaryIndex, Outline
from gongzhi.territory.types import CRS, Level, Point

LON, LAT = 119.6, 29.8
METRE = 1 / 111_195
COUNTY = uuid.UUID(int=1)


def square(
    code: str, x: float, y: float, size: float = 1000, level=Level.TOWNSHIP, under=(COUNTY,)
) -> Outline:
    """A square of some metres, at metres east and north of a corner in 桐庐县."""
    east = METRE / 0.8678  # cos 29.8°
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
    ring = shapely.Polygon([(LON + a * east, LAT + b * METRE) for a, b in corners])
    return Outline(uuid.UUID(int=int(code)), level, code, frozenset(under), ring)


def at(x: float, y: float) -> Point:
    return Point(LON + x * METRE / 0.8678, LAT + y * METRE)


def code_at(index: BoundaryIndex, point: Point) -> int | None:
    hit = index.locate(point)
    return hit and hit.area.int


@pytest.fixture
def two_and_a_grid() -> BoundaryIndex:
    """West (10) and east (20) of a border; the east has a grid (201) that leaves a hairline gap in the west."""
    return BoundaryIndex(
        [
            square("20", 1000, 0),
            square("10", 0, 0),
            square("201", 1003, 0, 400, Level.GRID, (COUNTY, uuid.UUID(int=20))),
        ]
    )


def test_a_point_inside_belongs_to_its_area(two_and_a_grid):
    assert code_at(two_and_a_grid, at(500, 500)) == 10
    assert code_at(two_and_a_grid, at(1500, 900)) == 20


def test_the_smallest_area_wins(two_and_a_grid):
    assert code_at(two_and_a_grid, at(1200, 200)) == 201


def test_a_point_on_a_shared_border_belongs_to_the_lowest_code(two_and_a_grid):
    assert code_at(two_and_a_grid, at(1000, 700)) == 10


def test_the_order_of_the_file_changes_nothing():
    one = [square("10", 0, 0), square("20", 1000, 0)]
    assert code_at(BoundaryIndex(one), at(1000, 500)) == code_at(BoundaryIndex(reversed(one)), at(1000, 500))


def test_a_point_in_a_hairline_gap_belongs_to_the_nearest():
    index = BoundaryIndex([square("10", 0, 0), square("20", 1006, 0)])
    assert code_at(index, at(1002, 500)) == 10
    assert code_at(index, at(1004, 500)) == 20
    assert index.locate(at(1002, 500)).distance_m == 0


def test_a_gap_between_an_area_and_its_grid_does_not_hide_the_grid(two_and_a_grid):
    assert code_at(two_and_a_grid, at(1001, 200)) == 201


def test_a_grid_of_the_neighbour_does_not_reach_over_the_border(two_and_a_grid):
    assert code_at(two_and_a_grid, at(997, 200)) == 10


def test_a_point_just_outside_is_told_with_its_distance(two_and_a_grid):
    hit = two_and_a_grid.locate(at(-1500, 500))
    assert hit.area.int == 10
    assert hit.distance_m == pytest.approx(1500, rel=0.01)


def test_two_kilometres_is_the_limit(two_and_a_grid):
    assert two_and_a_grid.locate(at(-1980, 500)).distance_m == pytest.approx(1980, rel=0.01)
    assert two_and_a_grid.locate(at(-2020, 500)) is None


def test_the_limit_holds_at_the_ends_of_a_large_territory():
    far = Outline(uuid.UUID(int=99), Level.TOWNSHIP, "99", frozenset(), shapely.box(119.6, 39.8, 119.7, 39.9))
    index = BoundaryIndex([square("10", 0, 0), far])
    assert index.locate(at(-1980, 500)).distance_m == pytest.approx(1980, rel=0.01)
    assert index.locate(at(-2020, 500)) is None


def test_an_index_without_outlines_finds_nothing():
    assert BoundaryIndex([]).locate(at(0, 0)) is None


def test_a_crossing_outline_is_mended():
    bow = shapely.Polygon([(119.6, 29.8), (119.7, 29.9), (119.7, 29.8), (119.6, 29.9)])
    index = BoundaryIndex([Outline(COUNTY, Level.COUNTY, "1", frozenset(), bow)])
    assert code_at(index, Point(119.69, 29.85)) == 1


def streets(folder, name: str, crs: CRS) -> list[Outline]:
    features = json.loads((folder / "boundaries" / name).read_text(encoding="utf-8"))["features"]
    shapes = convert([shape(feature["geometry"]) for feature in features], crs)
    codes = [feature["properties"]["street_code"] for feature in features]
    return [
        Outline(uuid.UUID(int=int(c)), Level.TOWNSHIP, c, frozenset(), s)
        for c, s in zip(codes, shapes, strict=True)
    ]


@pytest.fixture(scope="module")
def shenzhen():
    """The 74 streets from both files, as two indexes."""
    from tests.conftest import _need_shared

    folder = _need_shared() / "data"
    in_wgs84 = streets(folder, "shenzhen_streets_wgs84.geojson", CRS.WGS84)
    in_gcj02 = streets(folder, "shenzhen_streets_gcj02.geojson", CRS.GCJ02)
    return in_wgs84, BoundaryIndex(in_wgs84), BoundaryIndex(in_gcj02)


def places_in(outlines, count: int) -> list[Point]:
    west, south, east, north = shapely.total_bounds([outline.geometry for outline in outlines])
    chance = random.Random(74)
    return [Point(chance.uniform(west, east), chance.uniform(south, north)) for _ in range(count)]


@pytest.mark.shared
def test_every_point_lies_in_the_street_that_holds_it(shenzhen):
    outlines, index, _other = shenzhen
    tree = shapely.STRtree([outline.geometry for outline in outlines])
    for place in places_in(outlines, 5000):
        holding = tree.query(shapely.Point(place.lon, place.lat), predicate="within")
        if len(holding) == 1 and not _on_a_border(outlines, place):
            assert code_at(index, place) == int(outlines[holding[0]].code)


@pytest.mark.shared
def test_both_datums_agree(shenzhen):
    outlines, index, other = shenzhen
    for place in places_in(outlines, 5000):
        assert code_at(index, place) == code_at(other, place)


@pytest.mark.shared
def test_both_datums_agree_on_the_borders(shenzhen):
    outlines, index, other = shenzhen
    corners = [Point(*pair) for outline in outlines for pair in shapely.get_coordinates(outline.geometry)]
    differ = [corner for corner in corners if code_at(index, corner) != code_at(other, corner)]
    # The publishers simplified each file by itself and left out other corners here and there, by up to 2 m.
    assert len(differ) <= 5
    for corner in differ:
        assert _on_a_border(outlines, corner)


@pytest.mark.shared
def test_a_border_point_belongs_to_one_of_the_streets_that_meet_there(shenzhen):
    outlines, index, _other = shenzhen
    tree = shapely.STRtree([outline.geometry for outline in outlines])
    for outline in outlines:
        for pair in shapely.get_coordinates(outline.geometry)[::7]:
            touching = tree.query(shapely.Point(pair), predicate="dwithin", distance=2e-6)
            assert code_at(index, Point(*pair)) in {int(outlines[number].code) for number in touching}


@pytest.mark.shared
def test_a_pair_read_as_the_wrong_datum_would_lie_elsewhere(shenzhen):
    outlines, index, _other = shenzhen
    places = places_in(outlines, 2000)
    moved = [to_wgs84(place.lon, place.lat, CRS.GCJ02) for place in places]
    assert sum(code_at(index, a) != code_at(index, b) for a, b in zip(places, moved, strict=True)) > 100


@pytest.mark.shared
def test_it_answers_in_microseconds(shenzhen):
    outlines, index, _other = shenzhen
    spent = []
    for place in places_in(outlines, 3000):
        start = time.perf_counter()
        index.locate(place)
        spent.append(time.perf_counter() - start)
    assert statistics.median(spent) < 0.000_2  # about 15 µs on an idle machine


def _on_a_border(outlines, place: Point) -> bool:
    spot = shapely.Point(place.lon, place.lat)
    return any(outline.geometry.boundary.distance(spot) < 3e-6 for outline in outlines)
