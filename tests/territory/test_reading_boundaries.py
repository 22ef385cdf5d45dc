"""A GeoJSON file is read whole, or refused with the number of the feature that is wrong."""

import gzip
import json

import pytest

from gongzhi.base.errors import Refused
from gongzhi.territory.reading.boundaries import read_boundaries
from gongzhi.territory.types import CRS

SQUARE = [[[119.6, 29.8], [119.7, 29.8], [119.7, 29.9], [119.6, 29.9], [119.6, 29.8]]]


def collection(*geometries, crs: str | None = None) -> dict:
    features = [
        {"type": "Feature", "properties": {"name": "x"}, "geometry": geometry} for geometry in geometries
    ]
    member = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    return {"type": "FeatureCollection", "features": features, **member}


def polygon(rings=SQUARE) -> dict:
    return {"type": "Polygon", "coordinates": rings}


def written(path, content) -> object:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_it_reads_polygons_and_passes_over_lines_labels_and_empty_places(tmp_path):
    line = {"type": "LineString", "coordinates": [[119, 29], [120, 30]]}
    content = collection(polygon(), line, {"type": "Point", "coordinates": [119, 29]}, None)
    found = read_boundaries(written(tmp_path / "a.geojson", content))
    assert [feature.number for feature in found.features] == [1]


def test_it_reads_a_gzipped_file(tmp_path):
    path = tmp_path / "a.geojson.gz"
    path.write_bytes(gzip.compress(json.dumps(collection(polygon())).encode()))
    assert len(read_boundaries(path).features) == 1


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", CRS.WGS84),
        ("EPSG:4326", CRS.WGS84),
        ("urn:ogc:def:crs:EPSG::4490", CRS.WGS84),
        ("GCJ-02", CRS.GCJ02),
        ("gcj02", CRS.GCJ02),
        ("BD-09", CRS.BD09),
        (None, None),
    ],
)
def test_it_notes_the_coordinate_system_the_file_claims(tmp_path, name, crs):
    assert read_boundaries(written(tmp_path / "a.geojson", collection(polygon(), crs=name))).claims is crs


SWAPPED = [[[b, a] for a, b in SQUARE[0]]]
METRES = [[[a * 1e5, b * 1e5] for a, b in SQUARE[0]]]
NOT_NUMBERS = [[["a", "b"], ["c", "d"], ["a", "b"]]]


@pytest.mark.parametrize(
    "geometry", [polygon(SWAPPED), polygon(METRES), polygon(NOT_NUMBERS), polygon([]), {"type": "Blob"}]
)
def test_it_refuses_a_bad_outline_and_names_the_feature(tmp_path, geometry):
    with pytest.raises(Refused) as refusal:
        read_boundaries(written(tmp_path / "a.geojson", collection(polygon(), geometry)))
    assert (refusal.value.code, refusal.value.params["feature"]) == ("bad_file", 2)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[1, 2]",
        '{"type": "FeatureCollection"}',
        collection(),
        "[" * 100_000,
        collection(polygon(), crs="EPSG:3857"),
    ],
)
def test_it_refuses_a_file_that_is_no_collection_of_outlines(tmp_path, content):
    with pytest.raises(Refused) as refusal:
        read_boundaries(written(tmp_path / "a.geojson", content))
    assert refusal.value.code == "bad_file"


def test_it_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Refused):
        read_boundaries(tmp_path / "nothing.geojson")
