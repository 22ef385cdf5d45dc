"""The working behind a due time, as a page prints it."""

from datetime import datetime

from django.utils import translation

from gongzhi.base import calendars
from gongzhi.base.calendar import LOCAL, due_at
from gongzhi.base.calendar_words import explain, limit_words, span_words

CALENDAR = calendars.shipped().calendar


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def test_it_explains_a_limit_over_the_national_holiday_in_chinese() -> None:
    due = due_at(local("2026-09-30 17:40"), 4, "working_days", CALENDAR)
    assert explain(due.trace) == [
        "2026-09-30 17:40 起算，时限 4 个工作日",
        "09-30 是第一天，不计，从次日算起",
        "10-01 至 10-07 国庆放假，不计",
        "10-08 至 10-09 上班，计 2 天",
        "10-10 调休上班，计 1 天",
        "10-11 周末，不计",
        "10-12 上班，计 1 天",
        "到期 2026-10-12 17:30",
    ]


def test_it_explains_working_hours_with_a_suspension_and_an_extension() -> None:
    pause = (local("2026-11-23 10:00"), local("2026-11-24 10:00"))
    due = due_at(local("2026-11-23 09:00"), 4, "working_hours", CALENDAR, [pause], [(1, "working_days")])
    assert explain(due.trace) == [
        "2026-11-23 09:00 起算，时限 4 个工作时",
        "11-23 上班，计 1 小时",
        "11-23 10:00 至 11-24 10:00 暂停，不计",
        "11-24 上班，计 3 小时",
        "11-24 14:30 批准延期 1 个工作日，从此时接着算",
        "11-24 是第一天，不计，从次日算起",
        "11-25 上班，计 1 天",
        "到期 2026-11-25 17:30",
    ]


def test_it_says_when_the_last_day_rolls_off_a_holiday() -> None:
    due = due_at(local("2026-09-26 10:00"), 6, "calendar_days", CALENDAR)
    assert explain(due.trace)[2:] == [
        "09-27 至 10-02 计 6 天",
        "10-03 至 10-07 国庆，最后一天顺延",
        "10-08 是顺延后的最后一天",
        "到期 2026-10-08 17:30",
    ]


def test_it_says_that_next_years_schedule_is_not_published() -> None:
    due = due_at(local("2026-12-31 10:00"), 1, "working_days", CALENDAR)
    words = explain(due.trace)
    assert any("2027 年的放假安排还没公布" in line for line in words)
    assert words[-1] == "到期 2027-01-04 17:30"


def test_every_line_has_english_words_too() -> None:
    with translation.override("en"):
        due = due_at(local("2026-09-30 17:40"), 30, "seconds", CALENDAR)
        assert explain(due.trace) == ["2026-09-30 17:40: starts, limit 30 seconds", "Due 2026-09-30 17:40:30"]


def test_limits_and_spans_read_as_people_say_them() -> None:
    assert limit_words(5, "minutes") == "5 分钟"
    assert limit_words(30, "calendar_days") == "30 个自然日"
    assert span_words(12_000) == "3 小时 20 分钟"
    assert span_words(0) == "0 分钟"
