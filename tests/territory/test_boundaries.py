"""Importing outlines: matched by code or name, declared or detected, stored in WGS84 with their origin by name."""

import json
from datetime import date

import pytest
import shapely
from shapely.geometry import mapping, shape

from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import Refused
from gongzhi.territory import operations, queries
from gongzhi.territory.coordinates import from_wgs84
from gongzhi.territory.datums import convert_back
from gongzhi.territory.demo_files import DATA
from gongzhi.territory.models import Boundary, Revision
from gongzhi.territory.types import CRS, BoundarySummary, Level, NewGrid, Point
from tests.territory import lists

pytestmark = pytest.mark.django_db


@pytest.fixture
def tonglu():
    """The real divisions of 桐庐县, without any outline."""
    operations.import_divisions(
        folder_or_files=DATA / "divisions", county_code="330122", by=SYSTEM, now=lists.NOW
    )


def take(file, level=Level.TOWNSHIP, crs=None, match_by=None, **words) -> BoundarySummary:
    return operations.import_boundaries(
        file=file, crs=crs, level=level, match_by=match_by, by=SYSTEM, now=lists.NOW, **words
    )


def townships(tmp_path, crs: CRS, claims: str | None = None, **properties):
    """The demo's townships as a file in another coordinate system, claiming what it likes."""
    content = json.loads((DATA / "township.geojson").read_text(encoding="utf-8"))
    for feature in content["features"]:
        feature["geometry"] = mapping(convert_back([shape(feature["geometry"])], crs)[0])
        feature["properties"] |= {name: value(feature["properties"]) for name, value in properties.items()}
    if claims:
        content["crs"] = {"type": "name", "properties": {"name": claims}}
    path = tmp_path / "townships.geojson"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def stored() -> dict[str, shapely.Geometry]:
    rows = Boundary.objects.filter(valid_to__isnull=True, area__level=Level.TOWNSHIP)
    return {row.area.name: shapely.from_wkb(bytes(row.geometry)) for row in rows.select_related("area")}


def test_the_outline_is_stored_in_wgs84_with_its_origin_by_name(tonglu, tmp_path):
    take(townships(tmp_path, CRS.GCJ02), crs=CRS.GCJ02, source="县自然资源和规划局")
    boundary = Boundary.objects.filter(area__name="桐君街道").get()
    assert (boundary.crs, boundary.source_crs, boundary.source) == ("WGS84", "GCJ02", "县自然资源和规划局")


@pytest.mark.parametrize("crs", CRS)
def test_whatever_the_system_the_same_outlines_are_stored(tonglu, tmp_path, crs):
    take(townships(tmp_path, CRS.WGS84), crs=CRS.WGS84)
    before = stored()
    take(townships(tmp_path, crs), crs=crs)
    for name, outline in stored().items():
        assert shapely.hausdorff_distance(outline, before[name]) < 1e-8  # a millimetre


def test_the_same_file_again_changes_nothing(tonglu, tmp_path):
    file = townships(tmp_path, CRS.BD09)
    assert take(file, crs=CRS.BD09).stored == 14
    revisions = Revision.objects.count()
    again = take(file, crs=CRS.BD09)
    assert (again.stored, again.unchanged) == (0, 14)
    assert Revision.objects.count() == revisions


@pytest.mark.parametrize("crs", CRS)
def test_an_undeclared_system_is_detected_against_the_county(tonglu, tmp_path, crs):
    take(DATA / "county.geojson", Level.COUNTY, CRS.WGS84)
    summary = take(townships(tmp_path, crs))
    assert (summary.crs, summary.crs_from) == (crs, "detected")


def test_a_file_that_claims_crs84_and_lies_is_found_out(tonglu, tmp_path):
    take(DATA / "county.geojson", Level.COUNTY, CRS.WGS84)
    summary = take(townships(tmp_path, CRS.GCJ02, claims="urn:ogc:def:crs:OGC:1.3:CRS84"))
    assert (summary.crs, summary.crs_from) == (CRS.GCJ02, "detected")
    assert len(summary.warnings) == 1


def test_a_doubtful_declaration_is_followed_and_said(tonglu, tmp_path):
    take(DATA / "county.geojson", Level.COUNTY, CRS.WGS84)
    summary = take(townships(tmp_path, CRS.GCJ02), crs=CRS.WGS84)
    assert (summary.crs, summary.crs_from) == (CRS.WGS84, "declared")
    assert len(summary.warnings) == 1


def test_illustrative_outlines_are_no_reference(tonglu, tmp_path):
    take(DATA / "county.geojson", Level.COUNTY, CRS.WGS84, illustrative=True)
    with pytest.raises(Refused) as refusal:
        take(townships(tmp_path, CRS.GCJ02))
    assert (refusal.value.code, refusal.value.field) == ("unknown_crs", "crs")


def test_with_nothing_to_compare_the_claim_of_the_file_is_taken(tonglu, tmp_path):
    summary = take(townships(tmp_path, CRS.GCJ02, claims="GCJ-02"))
    assert (summary.crs, summary.crs_from) == (CRS.GCJ02, "file")


@pytest.mark.parametrize(
    "written",
    [
        lambda words: words["code"],
        lambda words: words["code"] + "000",
        lambda words: "156" + words["code"],
        lambda words: words["name"],
        lambda words: words["name"].removesuffix("街道").removesuffix("镇"),
    ],
    ids=["nine digits", "twelve digits", "with the country", "name", "short name"],
)
def test_outlines_find_their_areas_however_they_name_them(tonglu, tmp_path, written):
    file = townships(tmp_path, CRS.WGS84, which=written)
    assert take(file, crs=CRS.WGS84, match_by="which").stored == 14


def test_the_property_is_found_when_it_is_not_named(tonglu, tmp_path):
    file = townships(tmp_path, CRS.WGS84, number=lambda words: "7", county=lambda words: "桐庐县")
    assert take(file, crs=CRS.WGS84).stored == 14


def test_a_district_of_the_same_name_is_not_taken_for_a_township(tonglu, tmp_path):
    with pytest.raises(Refused):
        take(townships(tmp_path, CRS.WGS84, which=lambda words: words["name"][:2] + "区"), match_by="which")


def test_outlines_that_belong_to_nobody_are_told(tonglu, tmp_path):
    def which(words):
        return "上海市" if words["name"] == "合村乡" else words["name"]

    summary = take(townships(tmp_path, CRS.WGS84, which=which), crs=CRS.WGS84, match_by="which")
    assert (summary.stored, summary.unmatched) == (13, ("合村乡 上海市",))


def test_it_refuses_a_property_the_file_lacks(tonglu, tmp_path):
    with pytest.raises(Refused, match="street_code") as refusal:
        take(townships(tmp_path, CRS.WGS84), crs=CRS.WGS84, match_by="street_code")
    assert refusal.value.code == "no_such_property"


def test_it_refuses_outlines_none_of_which_are_ours(tonglu, tmp_path):
    with pytest.raises(Refused) as refusal:
        take(townships(tmp_path, CRS.WGS84), level=Level.COUNTY, crs=CRS.WGS84)
    assert refusal.value.code == "nothing_matched"


def test_parts_of_one_area_are_joined(tonglu, tmp_path):
    content = json.loads((DATA / "county.geojson").read_text(encoding="utf-8"))
    whole = shape(content["features"][0]["geometry"])
    west, south, _east, north = whole.bounds
    left = whole.intersection(shapely.box(west, south, 119.6, north))
    halves = [left, whole.difference(left)]
    content["features"] = [
        {"type": "Feature", "properties": {"gb": "156330122"}, "geometry": mapping(half)} for half in halves
    ]
    file = tmp_path / "county.geojson"
    file.write_text(json.dumps(content), encoding="utf-8")
    assert take(file, Level.COUNTY, CRS.WGS84, "gb").stored == 1
    assert shapely.from_wkb(bytes(Boundary.objects.get().geometry)).area == pytest.approx(whole.area)


def test_a_new_outline_ends_the_old_one(tonglu, tmp_path):
    take(townships(tmp_path, CRS.WGS84), crs=CRS.WGS84)
    take(townships(tmp_path, CRS.WGS84), crs=CRS.GCJ02)
    periods = Boundary.objects.filter(area__name="桐君街道").values_list("valid_from", "valid_to")
    assert set(periods) == {(None, lists.TODAY), (lists.TODAY, None)}


def test_an_area_may_end_before_the_day_its_outline_was_redrawn(tonglu, tmp_path):
    take(townships(tmp_path, CRS.WGS84), crs=CRS.WGS84)
    take(townships(tmp_path, CRS.WGS84), crs=CRS.GCJ02)
    under = queries.areas_at(Level.COMMUNITY, parent=queries.area_by_code("330122210").id)
    file = lists.changes(
        tmp_path / "changes.csv",
        "330122210000,removed,town,合村乡,",
        *(f"{one.code},removed,village,{one.name}," for one in under),
    )
    operations.apply_changes(file=file, county_code="330122", by=SYSTEM, now=lists.NOW, on=date(2026, 1, 1))
    assert not Boundary.objects.filter(area__name="合村乡", valid_to__isnull=True).exists()


def test_a_place_is_found_the_same_whatever_system_the_phone_speaks(tonglu, tmp_path):
    take(townships(tmp_path, CRS.GCJ02), crs=CRS.GCJ02)
    place = Point(119.69, 29.80)
    for crs in CRS:
        assert queries.locate(queries.to_wgs84(*from_wgs84(place, crs), crs)).area.name == "桐君街道"


def test_grids_are_added_renamed_and_redrawn(tonglu):
    square = mapping(shapely.box(119.68, 29.79, 119.70, 29.81))
    code = queries.area_by_code("330122003001").code

    def add(name, geometry):
        return operations.add_grids(grids=[NewGrid(code, 1, name, geometry)], by=SYSTEM, now=lists.NOW)[0]

    first = add("东门第一网格", square)
    assert (first.level, first.code, first.parent_id) == (
        Level.GRID,
        f"{code}001",
        queries.area_by_code(code).id,
    )
    assert queries.locate(Point(119.69, 29.80)).area == first
    assert add("东门第一网格", square) == first
    assert add("城东第一网格", None).id == first.id
    assert queries.area(first.id).name == "城东第一网格"


def test_a_grid_without_a_proper_outline_is_refused(tonglu):
    with pytest.raises(Refused) as refusal:
        operations.add_grids(
            grids=[NewGrid("330122003001", 1, "某网格", {"type": "Polygon", "coordinates": [[["a"]]]})],
            by=SYSTEM,
            now=lists.NOW,
        )
    assert refusal.value.code == "bad_grid"
    assert queries.areas_at(Level.GRID) == []


@pytest.mark.shared
def test_both_shenzhen_files_give_the_same_streets(shared_data):
    folder = shared_data / "boundaries"
    operations.import_divisions(
        folder_or_files=shared_data / "divisions", county_code="4403", by=SYSTEM, now=lists.NOW
    )
    take(folder / "shenzhen_districts_wgs84.geojson", Level.COUNTY, CRS.WGS84)
    answers = []
    for name, crs in (("shenzhen_streets_gcj02", CRS.GCJ02), ("shenzhen_streets_wgs84", CRS.WGS84)):
        summary = take(folder / f"{name}.geojson")
        assert (summary.crs, summary.crs_from, summary.unmatched) == (crs, "detected", ())
        places = [Point(113.8 + x / 100, 22.5 + y / 100) for x in range(0, 50, 2) for y in range(0, 30, 2)]
        answers.append([_area_at(place) for place in places])
    assert answers[0] == answers[1]


def _area_at(place: Point):
    try:
        return queries.locate(place).area
    except Refused as refusal:
        return refusal.code
