"""A file's true coordinate system is found by laying it over outlines we trust."""

import json

import pytest
import shapely
from shapely.geometry import shape

from gongzhi.territory.datums import convert, convert_back, detect_crs
from gongzhi.territory.demo_files import DATA
from gongzhi.territory.types import CRS


def outlines(path) -> list[shapely.Geometry]:
    return [
        shape(feature["geometry"]) for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
    ]


@pytest.mark.parametrize("crs", CRS)
def test_it_tells_the_system_of_townships_that_fill_a_county(crs):
    drawn = convert_back(outlines(DATA / "township.geojson"), crs)
    assert detect_crs(drawn, outlines(DATA / "county.geojson")) is crs


@pytest.mark.parametrize("crs", CRS)
def test_an_outline_comes_back_as_it_was(crs):
    original = outlines(DATA / "county.geojson")
    back = convert(convert_back(original, crs), crs)
    assert shapely.get_coordinates(back) == pytest.approx(shapely.get_coordinates(original), abs=1e-9)


def test_one_township_alone_tells_nothing():
    assert detect_crs(outlines(DATA / "township.geojson")[:1], outlines(DATA / "county.geojson")) is None


def test_without_a_reference_it_knows_nothing():
    assert detect_crs(outlines(DATA / "township.geojson"), []) is None
    assert detect_crs([], outlines(DATA / "county.geojson")) is None


def test_outlines_of_another_place_tell_nothing():
    assert detect_crs([shapely.box(100, 40, 101, 41)], outlines(DATA / "county.geojson")) is None


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "crs"),
    [("shenzhen_streets_gcj02.geojson", CRS.GCJ02), ("shenzhen_streets_wgs84.geojson", CRS.WGS84)],
)
def test_the_shenzhen_file_that_lies_is_found_out(shared_data, name, crs):
    folder = shared_data / "boundaries"
    assert detect_crs(outlines(folder / name), outlines(folder / "shenzhen_districts_wgs84.geojson")) is crs
