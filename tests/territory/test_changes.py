"""A year's change list: names and codes get periods, ended areas stay, nobody's case loses its place."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import Refused
from gongzhi.territory import operations, queries
from gongzhi.territory.codes import DIGITS
from gongzhi.territory.models import Area, AreaCode, AreaName
from gongzhi.territory.reading.changes import ChangeKind, read_changes
from gongzhi.territory.reading.divisions import FILES, read_divisions
from gongzhi.territory.reading.tables import Table
from gongzhi.territory.types import ChangeSummary, ImportSummary, Level
from tests.conftest import _need_shared
from tests.territory import lists

pytestmark = pytest.mark.django_db
ON = date(2026, 1, 1)
BEFORE = ON - timedelta(days=1)


@pytest.fixture
def county(tmp_path):
    operations.import_divisions(
        folder_or_files=lists.folder(tmp_path / "list"), county_code=lists.COUNTY, by=SYSTEM, now=lists.NOW
    )
    return tmp_path


def change(folder, *lines: str, on: date = ON) -> ChangeSummary:
    file = lists.changes(folder / "changes.csv", *lines)
    return operations.apply_changes(file=file, county_code=lists.COUNTY, by=SYSTEM, now=lists.NOW, on=on)


RENAMED = "330122003001,renamed,village,迎春社区居委会,迎春苑社区居委会"
REMOVED = "330122101201,removed,village,芦茨村村委会,"
ADDED = "330122101202,added,village,,茆坪村村委会"
RECODED = ("330122003002,removed,village,东门社区居委会,", "330122003012,added,village,,东门社区居委会")


def test_a_renamed_area_keeps_its_id_and_its_former_name(county):
    area = queries.area_by_code("330122003001")
    assert change(county, RENAMED).renamed == 1
    assert queries.area(area.id).name == "迎春苑社区居委会"
    assert AreaName.objects.get(area=area.id).name == "迎春社区居委会"
    assert [one.id for one in queries.search_areas("迎春社区")] == [area.id]


def test_an_area_is_listed_under_the_name_it_had_on_a_day(county):
    change(county, RENAMED)
    names = [{area.name for area in queries.areas_at(Level.COMMUNITY, on=day)} for day in (BEFORE, ON)]
    assert "迎春社区居委会" in names[0]
    assert "迎春苑社区居委会" in names[1]


def test_a_removed_area_ends_and_can_still_be_read(county):
    area = queries.area_by_code("330122101201")
    assert change(county, REMOVED).removed == 1
    assert queries.area_by_code("330122101201") is None
    assert queries.area(area.id).ended
    assert queries.area(area.id).code == "330122101201"
    assert queries.chain_of(area.id).township == area.parent_id
    assert area.id not in {one.id for one in queries.areas_at(Level.COMMUNITY)}
    assert area.id in {one.id for one in queries.areas_at(Level.COMMUNITY, on=BEFORE)}


def test_an_added_area_begins_on_the_day(county):
    assert change(county, ADDED).added == 1
    area = queries.area_by_code("330122101202")
    assert area.path_names == ("浙江省", "杭州市", "桐庐县", "富春江镇", "茆坪村村委会")
    assert area.id not in {one.id for one in queries.areas_at(Level.COMMUNITY, on=BEFORE)}


def test_a_recoded_area_keeps_its_id_and_its_codes_get_periods(county):
    area = queries.area_by_code("330122003002")
    assert change(county, *RECODED) == ChangeSummary(recoded=1)
    assert queries.area_by_code("330122003012").id == area.id
    assert queries.area_by_code("330122003002") is None
    periods = {code.code: (code.valid_from, code.valid_to) for code in AreaCode.objects.filter(area=area.id)}
    assert periods == {"330122003002": (None, ON), "330122003012": (ON, None)}


def test_applying_the_list_again_changes_nothing(county):
    change(county, RENAMED, REMOVED, ADDED, *RECODED)
    before = Area.objects.count(), AreaCode.objects.count(), AreaName.objects.count()
    again = change(county, RENAMED, REMOVED, ADDED, *RECODED)
    assert again == ChangeSummary(unchanged=5)
    assert (Area.objects.count(), AreaCode.objects.count(), AreaName.objects.count()) == before


def test_one_bad_line_and_nothing_is_applied(county):
    with pytest.raises(Refused, match="330122003099"):
        change(county, RENAMED, "330122003099,renamed,village,某社区居委会,某某社区居委会")
    assert queries.area_by_code("330122003001").name == "迎春社区居委会"


def test_a_list_of_the_future_is_refused(county):
    with pytest.raises(Refused) as refusal:
        change(county, RENAMED, on=lists.TODAY + timedelta(days=1))
    assert refusal.value.code == "not_yet"


def test_a_list_older_than_the_last_change_is_refused(county):
    change(county, RENAMED)
    with pytest.raises(Refused, match="2026-01-01"):
        change(county, "330122003001,renamed,village,迎春苑社区居委会,迎春里社区居委会", on=BEFORE)


def test_the_older_division_list_is_refused_afterwards(county):
    change(county, REMOVED)
    with pytest.raises(Refused, match="330122101201"):
        operations.import_divisions(
            folder_or_files=county / "list", county_code=lists.COUNTY, by=SYSTEM, now=lists.NOW
        )


MUCH_CHANGED = (
    "654002",  # a township split in four
    "441424",  # every township and village got another code
    "3401",  # a city in which three counties got another code
)


@pytest.fixture(scope="module")
def national(tmp_path_factory):
    """The rows of these places, taken from the national list in one go; it has 660,000."""
    folder, source = tmp_path_factory.mktemp("national"), _need_shared() / "data" / "divisions"
    for stem, level in FILES.items():
        rows = Table(next(source.glob(f"{stem}.csv*")), required=("code", "name"))
        kept = [f"{row['code']},{row['name']}" for row in rows if _concerns(row["code"][: DIGITS[level]])]
        (folder / f"{stem}.csv").write_text("\n".join(["code,name", *kept, ""]), encoding="utf-8")
    return folder


def _concerns(code: str) -> bool:
    return any(code.startswith(place) or place.startswith(code) for place in MUCH_CHANGED)


def earlier(folder, national, changes: Path, place: str) -> Path:
    """The list of the year before, found by undoing the change list."""
    rows = {row.key: row.name for row in read_divisions(national, place).rows}
    for row in read_changes(changes, place):
        if row.kind is ChangeKind.ADDED:
            del rows[row.level, row.code]
        else:
            rows[row.level, row.code] = row.old_name
    for stem, level in FILES.items():
        lines = [f"{code},{name}" for (at, code), name in rows.items() if at is level]
        (folder / f"{stem}.csv").write_text("\n".join(["code,name", *lines, ""]), encoding="utf-8")
    return folder


def take(folder: Path, place: str) -> ImportSummary:
    return operations.import_divisions(folder_or_files=folder, county_code=place, by=SYSTEM, now=lists.NOW)


@pytest.mark.shared
@pytest.mark.parametrize("place", MUCH_CHANGED)
def test_the_list_of_one_year_and_its_changes_give_the_list_of_the_next(
    tmp_path, national, shared_data, place
):
    changes = shared_data / "divisions" / "changes_2022_2023.csv.gz"
    take(earlier(tmp_path, national, changes, place), place)
    before = set(Area.objects.values_list("id", flat=True))
    summary = operations.apply_changes(file=changes, county_code=place, by=SYSTEM, now=lists.NOW, on=ON)
    expected = {row.key: row.name for row in read_divisions(national, place).rows}
    found = {
        (area.level, area.code): area.name for level in FILES.values() for area in queries.areas_at(level)
    }
    assert found == expected
    assert before <= set(Area.objects.values_list("id", flat=True))
    assert summary.unknown == ()
    again = take(national, place)
    assert (again.added, again.renamed, again.not_listed) == (0, 0, ())


@pytest.mark.shared
def test_a_county_whose_codes_all_changed_keeps_nearly_all_its_areas(tmp_path, national, shared_data):
    changes = shared_data / "divisions" / "changes_2022_2023.csv.gz"
    take(earlier(tmp_path, national, changes, "441424"), "441424")
    summary = operations.apply_changes(file=changes, county_code="441424", by=SYSTEM, now=lists.NOW, on=ON)
    # The three that end were named anew under another code: nobody can tell from the list what became of them.
    assert (summary.recoded, summary.removed, summary.added) == (351, 3, 3)


@pytest.mark.shared
def test_the_changes_may_be_applied_to_a_list_that_has_them_already(national, shared_data):
    take(national, "441424")
    changes = shared_data / "divisions" / "changes_2022_2023.csv.gz"
    summary = operations.apply_changes(file=changes, county_code="441424", by=SYSTEM, now=lists.NOW, on=ON)
    assert (summary.renamed, summary.added, summary.removed, summary.recoded) == (0, 0, 0, 0)
    assert len(summary.unknown) == 3
