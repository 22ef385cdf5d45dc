"""A long working in a few lines, with nothing lost."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.base import calendars
from gongzhi.base.calendar import LOCAL, UNITS, TraceLine, due_at
from gongzhi.base.calendar_runs import READABLE, collapsed
from gongzhi.base.calendar_words import explain
from tests.base.test_calendar import PAUSES, STARTS

CALENDAR = calendars.shipped().calendar
DATES = ("from", "to")
AMOUNTS = ("days", "seconds")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def dates(trace: Iterable[TraceLine]) -> Counter[date]:
    """How often each date is spoken of by a line about whole dates."""
    found: Counter[date] = Counter()
    for line in trace:
        if line.code != "paused" and "from" in line.params:
            first, last = (date.fromisoformat(str(line.params[key])) for key in DATES)
            found.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return found


def counted(trace: Iterable[TraceLine], unit: str) -> int:
    return sum(int(line.params.get(unit, 0)) for line in trace)


@given(STARTS, st.integers(1, 90), st.sampled_from(UNITS), PAUSES, st.integers(1, 60))
@settings(max_examples=200, deadline=None)
def test_the_short_trace_covers_the_same_dates_and_counts_the_same(start, value, unit, pauses, more):  # type: ignore[no-untyped-def]
    whole = due_at(start, value, unit, CALENDAR, pauses, [(more, "working_days")]).trace
    short = collapsed(whole)
    assert dates(short) == dates(whole)
    assert [counted(short, each) for each in AMOUNTS] == [counted(whole, each) for each in AMOUNTS]
    assert (short[0], short[-1]) == (whole[0], whole[-1])
    assert [line.at for line in short] == sorted(line.at for line in short)
    assert len(short) <= len(whole)


def test_each_day_of_a_run_is_a_day_of_work_or_a_day_off() -> None:
    trace = collapsed(
        due_at(local("2026-10-09 10:00"), 40, "working_hours", CALENDAR, (), [(60, "working_days")]).trace
    )
    runs = [line for line in trace if line.code == "weeks"]
    assert runs
    for line in runs:
        first, last = (date.fromisoformat(str(line.params[key])) for key in DATES)
        assert int(line.params["worked"]) + int(line.params["off"]) == (last - first).days + 1


def test_an_extension_of_sixty_working_days_reads_in_a_few_lines() -> None:
    trace = due_at(local("2026-08-23 10:00"), 3, "working_days", CALENDAR, (), [(60, "working_days")]).trace
    assert len(trace) > 25
    assert explain(collapsed(trace)) == [
        "2026-08-23 10:00 起算，时限 3 个工作日",
        "08-23 是第一天，不计，从次日算起",
        "08-24 至 08-26 上班，计 3 天",
        "08-26 17:30 批准延期 60 个工作日，从此时接着算",
        "08-26 是第一天，不计，从次日算起",
        "08-27 至 09-24 上班 22 天（含调休 1 天），计 22 天；周末 7 天，不计",
        "09-25 至 09-27 中秋节放假，不计",
        "09-28 至 09-30 上班，计 3 天",
        "10-01 至 10-07 国庆放假，不计",
        "10-08 至 11-24 上班 35 天（含调休 1 天），计 35 天；周末 13 天，不计",
        "到期 2026-11-24 17:30",
    ]


def test_a_short_working_is_left_as_it_is() -> None:
    trace = due_at(local("2026-09-30 17:40"), 4, "working_days", CALENDAR).trace
    assert len(trace) <= READABLE
    assert collapsed(trace) == trace
