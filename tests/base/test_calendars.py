"""Which version of the working calendar is in force, and how a new one comes in."""

import copy
import json
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

import pytest

from gongzhi.base import calendars
from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import Conflict, NotFound, Refused

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def paper() -> dict[str, Any]:
    """A paper in the middle of the year that gives one more day off, as the one of 27 January 2020 did."""
    folder = resources.files("gongzhi.base").joinpath("data", "calendars")
    body: dict[str, Any] = json.loads(folder.joinpath("cn-2026.1.json").read_text("utf-8"))
    body |= {"version": "cn-2026.7", "published": "2026-11-20"}
    body["years"][1]["holidays"].append({"name": "National Day", "from": "2026-11-24", "to": "2026-11-24"})
    return body


def test_the_shipped_calendar_is_read_from_its_file() -> None:
    shipped = calendars.shipped()
    assert shipped.calendar.version == "cn-2026.1"
    assert shipped.calendar.years == {2025, 2026}
    assert calendars.version("cn-2026.1") == shipped.calendar


@pytest.mark.django_db
def test_without_a_later_paper_the_shipped_one_is_in_force() -> None:
    assert calendars.current().version == "cn-2026.1"


@pytest.mark.django_db
def test_a_later_paper_comes_into_force_and_the_old_version_stays_readable() -> None:
    brought_in = calendars.import_version(body=paper(), by=SYSTEM, now=NOW)
    assert calendars.current() == brought_in
    assert not calendars.current().is_working(date(2026, 11, 24))
    assert calendars.version("cn-2026.1").is_working(date(2026, 11, 24))


@pytest.mark.django_db
def test_an_older_paper_does_not_come_into_force() -> None:
    old = paper() | {"version": "cn-2024.9", "published": "2024-01-01"}
    calendars.import_version(body=old, by=SYSTEM, now=NOW)
    assert calendars.current().version == "cn-2026.1"


@pytest.mark.django_db
def test_a_name_is_used_once() -> None:
    with pytest.raises(Conflict, match="已经有名为"):
        calendars.import_version(body=paper() | {"version": "cn-2026.1"}, by=SYSTEM, now=NOW)


@pytest.mark.django_db
def test_an_unknown_version_is_not_found() -> None:
    with pytest.raises(NotFound):
        calendars.version("cn-1999.1")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"makeup_days": ["2026-10-01"]}, "既写成放假又写成调休上班"),
        ({"makeup_days": ["2026-11-24"]}, "既写成放假"),
        ({"makeup_days": ["2026-11-25"]}, "不是周六、周日"),
        ({"makeup_days": ["2027-10-10"]}, "不在这份日历写明的年份里"),
        ({"makeup_days": ["2026-13-01"]}, "这不是一份工作日历"),
        (
            {"holidays": [{"name": "New Year", "from": "2026-01-03", "to": "2026-01-01"}]},
            "这不是一份工作日历",
        ),
    ],
)
def test_it_refuses_days_that_contradict_each_other(change: dict[str, Any], says: str) -> None:
    body = copy.deepcopy(paper())
    body["years"][1] |= change
    with pytest.raises(Refused, match=says):
        calendars.read(body)


def test_it_refuses_hours_that_overlap() -> None:
    with pytest.raises(Refused, match="工作时间要按先后写"):
        calendars.read(paper() | {"hours": [["08:30", "12:00"], ["11:00", "17:30"]]})
