"""Worked examples of due times, and what holds for every one of them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.base import calendars
from gongzhi.base.calendar import (
    DAY_UNITS,
    LOCAL,
    UNITS,
    DayKind,
    StillPaused,
    WorkingCalendar,
    due_at,
    share_at,
    working_left,
)

CALENDAR = calendars.shipped().calendar


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


EXAMPLES = [
    # wall time runs through nights and holidays
    ("2026-10-01 23:59:30", 90, "seconds", "2026-10-02 00:01:00"),
    ("2026-10-01 23:58", 5, "minutes", "2026-10-02 00:03"),
    ("2026-02-16 23:00", 2, "hours", "2026-02-17 01:00"),
    # working hours: lunch, evening, weekend, holiday, make-up day
    ("2026-11-23 08:30", 4, "working_hours", "2026-11-23 14:00"),
    ("2026-11-23 11:00", 1, "working_hours", "2026-11-23 12:00"),
    ("2026-11-23 12:30", 1, "working_hours", "2026-11-23 14:30"),
    ("2026-11-20 17:00", 1, "working_hours", "2026-11-23 09:00"),
    ("2026-09-30 17:00", 1, "working_hours", "2026-10-08 09:00"),
    ("2026-02-14 16:30", 2, "working_hours", "2026-02-24 09:30"),
    ("2026-10-10 09:00", 1, "working_hours", "2026-10-10 10:00"),
    # working days: the first day is not counted, the last ends at close of business
    ("2026-11-23 00:01", 1, "working_days", "2026-11-24 17:30"),
    ("2026-11-23 23:59", 1, "working_days", "2026-11-24 17:30"),
    ("2026-11-20 10:00", 1, "working_days", "2026-11-23 17:30"),
    ("2026-09-30 17:40", 3, "working_days", "2026-10-10 17:30"),
    ("2026-09-30 17:40", 4, "working_days", "2026-10-12 17:30"),
    ("2026-02-13 10:00", 1, "working_days", "2026-02-14 17:30"),
    ("2026-02-13 10:00", 2, "working_days", "2026-02-24 17:30"),
    ("2026-02-27 10:00", 1, "working_days", "2026-02-28 17:30"),
    ("2025-01-27 10:00", 1, "working_days", "2025-02-05 17:30"),
    ("2025-12-31 10:00", 1, "working_days", "2026-01-04 17:30"),
    ("2025-09-26 10:00", 3, "working_days", "2025-09-30 17:30"),
    # calendar days: every day counts, the last one rolls off a day off
    ("2026-11-02 10:00", 7, "calendar_days", "2026-11-09 17:30"),
    ("2026-11-02 10:00", 5, "calendar_days", "2026-11-09 17:30"),
    ("2026-09-15 10:00", 5, "calendar_days", "2026-09-20 17:30"),
    ("2026-09-26 10:00", 6, "calendar_days", "2026-10-08 17:30"),
    ("2026-09-10 10:00", 30, "calendar_days", "2026-10-10 17:30"),
    # the schedule of 2027 is not known: Monday to Friday, the fixed days off
    ("2026-12-31 10:00", 1, "working_days", "2027-01-04 17:30"),
    ("2027-09-30 10:00", 1, "working_days", "2027-10-04 17:30"),
    ("2026-11-23 09:00", 0, "working_days", "2026-11-23 09:00"),
]


@pytest.mark.parametrize(("start", "value", "unit", "due"), EXAMPLES)
def test_a_limit_runs_out_when_the_table_says(start: str, value: int, unit: str, due: str) -> None:
    assert due_at(local(start), value, unit, CALENDAR).at == local(due)


PAUSED = [
    ("2026-11-23 10:00", 30, "minutes", [("2026-11-23 10:10", "2026-11-23 11:00")], "2026-11-23 11:20"),
    ("2026-11-23 10:00", 30, "minutes", [("2026-11-23 10:30", "2026-11-23 11:00")], "2026-11-23 10:30"),
    ("2026-11-23 10:00", 30, "minutes", [("2026-11-23 09:00", "2026-11-23 10:20")], "2026-11-23 10:50"),
    ("2026-11-23 09:00", 4, "working_hours", [("2026-11-23 10:00", "2026-11-24 10:00")], "2026-11-24 14:30"),
    ("2026-11-23 09:00", 3, "working_days", [("2026-11-24 09:00", "2026-11-26 09:00")], "2026-11-30 17:30"),
    ("2026-11-23 09:00", 3, "working_days", [("2026-11-24 09:00", "2026-11-24 10:00")], "2026-11-26 17:30"),
    ("2026-11-23 09:00", 3, "working_days", [("2026-11-28 00:00", "2026-11-29 23:00")], "2026-11-26 17:30"),
    ("2026-11-02 10:00", 7, "calendar_days", [("2026-11-03 09:00", "2026-11-05 09:00")], "2026-11-11 17:30"),
]


@pytest.mark.parametrize(("start", "value", "unit", "pauses", "due"), PAUSED)
def test_a_pause_is_not_counted(
    start: str, value: int, unit: str, pauses: list[tuple[str, str]], due: str
) -> None:
    spans = [(local(begin), local(end)) for begin, end in pauses]
    assert due_at(local(start), value, unit, CALENDAR, spans).at == local(due)


def test_an_extension_runs_on_from_where_the_limit_would_have_ended() -> None:
    due = due_at(local("2026-11-23 09:00"), 3, "working_days", CALENDAR, extensions=[(2, "working_days")])
    assert due.at == local("2026-11-30 17:30")
    mixed = due_at(local("2026-11-23 09:00"), 30, "minutes", CALENDAR, extensions=[(1, "hours")])
    assert mixed.at == local("2026-11-23 10:30")


def test_an_open_pause_has_no_due_time() -> None:
    with pytest.raises(StillPaused):
        due_at(local("2026-11-23 09:00"), 5, "minutes", CALENDAR, [(local("2026-11-23 09:01"), None)])


def test_it_refuses_a_unit_nobody_knows_and_a_negative_limit() -> None:
    with pytest.raises(ValueError, match="unknown unit"):
        due_at(local("2026-11-23 09:00"), 5, "fortnights", CALENDAR)
    with pytest.raises(ValueError, match="negative"):
        due_at(local("2026-11-23 09:00"), -1, "minutes", CALENDAR)


def test_a_day_ends_at_midnight_where_business_never_closes() -> None:
    always = WorkingCalendar("always", frozenset({date(2026, 10, 1)}), frozenset(), hours=())
    assert due_at(local("2026-11-23 09:00"), 1, "working_days", always).at == local("2026-11-25 00:00")
    assert due_at(local("2026-11-20 23:00"), 2, "working_hours", always).at == local("2026-11-23 01:00")


def test_other_hours_move_the_due_time() -> None:
    summer = WorkingCalendar(
        "s", CALENDAR.holidays, CALENDAR.makeup_days, ((time(8), time(12)), (time(14), time(18)))
    )
    assert due_at(local("2026-11-23 09:00"), 4, "working_hours", summer).at == local("2026-11-23 15:00")


def test_the_warning_comes_at_a_share_of_the_counted_time() -> None:
    start = local("2026-11-23 09:00")
    assert share_at(start, 30, "minutes", 80, CALENDAR) == local("2026-11-23 09:24")
    assert share_at(start, 4, "working_hours", 50, CALENDAR) == local("2026-11-23 11:00")
    friday = local("2026-11-20 16:30")
    assert share_at(friday, 2, "working_hours", 50, CALENDAR) == local("2026-11-20 17:30")
    spring = local("2026-02-14 17:30")
    assert share_at(spring, 2, "working_days", 50, CALENDAR) == local("2026-02-24 17:30")


def test_what_is_left_is_counted_in_working_time() -> None:
    left = working_left(local("2026-11-20 16:30"), local("2026-11-23 10:00"), CALENDAR)
    assert (left.seconds, left.days) == (int(2.5 * 3600), 1)
    late = working_left(local("2026-11-23 10:00"), local("2026-11-20 16:30"), CALENDAR)
    assert (late.seconds, late.days) == (-int(2.5 * 3600), -1)


def test_an_unknown_year_says_so() -> None:
    trace = due_at(local("2026-12-30 10:00"), 5, "working_days", CALENDAR).trace
    assert [line.params["year"] for line in trace if line.code == "schedule_unknown"] == [2027]
    assert not any(
        line.code == "schedule_unknown"
        for line in due_at(local("2027-01-01 10:00"), 5, "minutes", CALENDAR).trace
    )


SECONDS = (int(local("2025-01-01 00:00").timestamp()), int(local("2027-06-01 00:00").timestamp()))
STARTS = st.integers(*SECONDS).map(lambda seconds: datetime.fromtimestamp(seconds, LOCAL))
PAUSES = st.lists(st.tuples(STARTS, st.integers(1, 400_000)), max_size=3).map(
    lambda pairs: [(begin, begin + timedelta(seconds=length)) for begin, length in pairs]
)
VALUES = st.integers(0, 40)


@given(STARTS, st.integers(0, 500_000), VALUES, st.sampled_from(UNITS), PAUSES)
@settings(max_examples=150, deadline=None)
def test_a_later_start_is_never_due_earlier(start, later, value, unit, pauses):  # type: ignore[no-untyped-def]
    first = due_at(start, value, unit, CALENDAR, pauses).at
    assert due_at(start + timedelta(seconds=later), value, unit, CALENDAR, pauses).at >= first


@given(STARTS, VALUES, st.sampled_from(UNITS), PAUSES)
@settings(max_examples=150, deadline=None)
def test_pauses_only_push_later(start, value, unit, pauses):  # type: ignore[no-untyped-def]
    assert due_at(start, value, unit, CALENDAR, pauses).at >= due_at(start, value, unit, CALENDAR).at


@given(STARTS, VALUES, st.sampled_from(UNITS), PAUSES)
@settings(max_examples=150, deadline=None)
def test_more_is_never_due_earlier_and_nought_is_due_at_once(start, value, unit, pauses):  # type: ignore[no-untyped-def]
    assert due_at(start, 0, unit, CALENDAR, pauses).at == start
    if value:
        assert (
            due_at(start, value + 1, unit, CALENDAR, pauses).at
            >= due_at(start, value, unit, CALENDAR, pauses).at
        )


@given(STARTS, st.integers(1, 40), st.sampled_from(UNITS), PAUSES)
@settings(max_examples=150, deadline=None)
def test_the_lines_of_the_trace_add_up_to_the_limit(start, value, unit, pauses):  # type: ignore[no-untyped-def]
    due = due_at(start, value, unit, CALENDAR, pauses)
    if unit in DAY_UNITS:
        assert sum(int(line.params.get("days", 0)) for line in due.trace) == value
    if unit == "working_hours":
        assert sum(int(line.params.get("seconds", 0)) for line in due.trace) == value * 3600
    assert due.trace[0].code == "started" and due.trace[-1].code == "due"
    assert [line.at for line in due.trace] == sorted(line.at for line in due.trace)


@given(STARTS, st.integers(1, 60))
@settings(max_examples=100, deadline=None)
def test_working_time_from_start_to_due_is_the_limit(start, value):  # type: ignore[no-untyped-def]
    due = due_at(start, value, "working_hours", CALENDAR).at
    assert working_left(start, due, CALENDAR).seconds == value * 3600


@given(STARTS, st.integers(1, 30))
@settings(max_examples=100, deadline=None)
def test_a_limit_in_working_days_ends_on_a_working_day_with_so_many_behind_it(start, value):  # type: ignore[no-untyped-def]
    due = due_at(start, value, "working_days", CALENDAR).at.astimezone(LOCAL)
    days = [start.date() + timedelta(days=n) for n in range(1, (due.date() - start.date()).days + 1)]
    assert sum(CALENDAR.is_working(day) for day in days) == value
    assert CALENDAR.is_working(due.date()) and due.time() == time(17, 30)


def test_due_times_are_in_utc() -> None:
    assert due_at(local("2026-11-23 09:00"), 3, "working_days", CALENDAR).at.tzinfo is UTC


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_year_has_as_many_working_days_as_the_law_leaves(year: int) -> None:
    """Thirteen legal holidays a year since 2025; make-up days only move days off, so none is won or lost."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    weekends = sum(day.weekday() >= 5 for day in days)
    assert sum(CALENDAR.is_working(day) for day in days) == 365 - weekends - 13


def test_the_make_up_days_are_those_of_the_papers() -> None:
    assert sorted(f"{day:%Y-%m-%d}" for day in CALENDAR.makeup_days) == [
        *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
        *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
    ]


def test_a_date_is_a_working_day_a_make_up_day_a_weekend_or_a_holiday() -> None:
    kinds = [CALENDAR.kind_of(date(2026, 10, day)) for day in (1, 8, 10, 11)]
    assert kinds == [DayKind.HOLIDAY, DayKind.WORKING, DayKind.MAKEUP, DayKind.WEEKEND]
