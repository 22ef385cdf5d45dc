"""What other parts ask of the territory, and what they are told when there is nothing."""

import uuid

import pytest

from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import NotFound, Refused
from gongzhi.territory import operations, queries
from gongzhi.territory.types import Chain, Level, Located, Point
from tests.territory import lists

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(tmp_path):
    operations.import_divisions(
        folder_or_files=lists.folder(tmp_path), county_code="330122", by=SYSTEM, now=lists.NOW
    )


def test_before_any_import_there_is_no_root(settings):
    with pytest.raises(NotFound) as refusal:
        queries.root()
    assert refusal.value.code == "no_territory"
    assert queries.areas_at(Level.COUNTY) == []


def test_an_unknown_area_is_not_found(county):
    for ask in (queries.area, queries.chain_of):
        with pytest.raises(NotFound):
            ask(uuid.UUID(int=7))


def test_without_outlines_a_place_is_taken_on_trust(county):
    chain = Chain(county=queries.root().id)
    assert queries.locate(Point(119.69, 29.8)) == Located(None, chain, cross_border=False, distance_m=0)


@pytest.mark.parametrize(
    ("lon", "lat"), [(float("nan"), 29.8), (119.6, float("inf")), (500.0, 29.8), (29.8, 119.6)]
)
def test_a_place_that_is_none_is_refused_here_whoever_asks(county, lon, lat):
    with pytest.raises(Refused) as refusal:
        queries.locate(Point(lon, lat))
    assert refusal.value.code in ("bad_coordinates", "swapped_coordinates")
    assert refusal.value.field == "location"


def test_the_chain_of_an_area_ends_with_itself(county):
    community = queries.area_by_code("330122003001")
    township = queries.area(community.parent_id)
    assert queries.chain_of(community.id) == Chain(queries.root().id, township.id, community.id)
    assert queries.chain_of(queries.root().parent_id) == Chain()


def test_areas_are_listed_under_a_parent_at_any_distance(county):
    assert len(queries.areas_at(Level.COMMUNITY, parent=queries.root().id)) == 3
    assert [
        area.short_name for area in queries.areas_at(Level.COMMUNITY, queries.area_by_code("330122101").id)
    ] == ["芦茨村"]


def test_headings_of_the_national_list_are_no_part_of_a_path(tmp_path):
    lines = ["330000000000,某省", "330100000000,市辖区", "330122000000,桐庐县"]
    (tmp_path / "all.csv").write_text("\n".join(["code,name", *lines]), encoding="utf-8")
    operations.import_divisions(
        folder_or_files=tmp_path / "all.csv", county_code="330122", by=SYSTEM, now=lists.NOW
    )
    assert queries.root().path_names == ("某省", "桐庐县")
