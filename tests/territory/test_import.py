"""Importing a county: areas with ids of our own, all or nothing, twice the same as once."""

import pytest

from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import NotFound, Refused
from gongzhi.territory import operations, queries
from gongzhi.territory.models import Area, AreaCode, Revision
from gongzhi.territory.types import Level
from tests.territory import lists

pytestmark = pytest.mark.django_db


def take(folder, county=lists.COUNTY):
    return operations.import_divisions(folder_or_files=folder, county_code=county, by=SYSTEM, now=lists.NOW)


def test_it_makes_the_areas_of_a_county(tmp_path):
    summary = take(lists.folder(tmp_path))
    assert (summary.added, summary.renamed, summary.unchanged) == (8, 0, 0)
    assert summary.per_level[Level.COMMUNITY] == 3
    assert queries.root().path_names == ("浙江省", "杭州市", "桐庐县")
    assert [area.name for area in queries.areas_at(Level.TOWNSHIP)] == ["富春江镇", "桐君街道"]


def test_an_area_has_an_id_of_its_own_and_codes_lead_to_it(tmp_path):
    take(lists.folder(tmp_path))
    area = queries.area_by_code("330122003")
    assert area == queries.area_by_code("330122003000") == queries.area(area.id)
    assert area.id.version == 7
    assert queries.area_by_code("330127") is None


def test_doing_it_again_changes_nothing(tmp_path):
    take(lists.folder(tmp_path))
    before = set(Area.objects.values_list("id", flat=True))
    summary = take(lists.folder(tmp_path))
    assert (summary.added, summary.unchanged) == (0, 8)
    assert set(Area.objects.values_list("id", flat=True)) == before
    assert Revision.objects.count() == 1


def test_a_bad_line_leaves_nothing_behind(tmp_path):
    with pytest.raises(Refused):
        take(
            lists.folder(
                tmp_path, villages=lists.with_line("villages", "33012200300,某社区,330122003,330122,3301,33")
            )
        )
    assert not Area.objects.exists()
    with pytest.raises(NotFound):
        queries.root()


def test_a_newer_list_adds_and_renames_and_tells_what_it_lacks(tmp_path):
    take(lists.folder(tmp_path))
    newer = [
        lists.ROWS["villages"][0],
        "330122003001,迎春苑社区居委会,330122003,330122,3301,33",
        "330122101201,芦茨村村委会,330122101,330122,3301,33",
        "330122101202,茆坪村村委会,330122101,330122,3301,33",
    ]
    summary = take(lists.folder(tmp_path, villages=newer))
    assert (summary.added, summary.renamed) == (1, 1)
    assert summary.not_listed == ("330122003002 东门社区居委会",)
    assert queries.area_by_code("330122003002") is not None


def test_an_older_list_is_refused(tmp_path):
    take(lists.folder(tmp_path))
    take(lists.folder(tmp_path, areas=["code,name", "330122,桐庐市"]))
    with pytest.raises(Refused, match="桐庐县"):
        take(lists.folder(tmp_path))


def test_importing_the_city_around_it_widens_the_cell(tmp_path):
    take(lists.folder(tmp_path))
    take(lists.folder(tmp_path), county="3301")
    assert queries.root().name == "杭州市"
    assert {area.name for area in queries.areas_at(Level.COUNTY)} == {"桐庐县", "淳安县"}


def test_another_county_does_not_become_the_one_we_serve(tmp_path):
    take(lists.folder(tmp_path))
    take(lists.folder(tmp_path), county="330127")
    assert queries.root().name == "桐庐县"


def test_the_revision_says_who_did_it_and_when(tmp_path):
    take(lists.folder(tmp_path))
    revision = Revision.objects.get()
    assert (revision.by, revision.at, revision.operation) == ("system", lists.NOW, "import_divisions")


@pytest.mark.shared
def test_it_takes_a_real_city_from_the_national_list(shared_data):
    summary = take(shared_data / "divisions", county="4403")
    assert summary.per_level == {
        Level.PROVINCE: 1,
        Level.CITY: 1,
        Level.COUNTY: 9,
        Level.TOWNSHIP: 79,
        Level.COMMUNITY: 788,
    }
    assert AreaCode.objects.count() == 878


@pytest.mark.shared
def test_a_city_without_counties_has_a_county_of_the_same_code(shared_data):
    take(shared_data / "divisions", county="4419")
    assert queries.area_by_code("441900").level is Level.COUNTY
    assert queries.area(queries.area_by_code("441900").parent_id).level is Level.CITY
