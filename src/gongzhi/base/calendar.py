"""Working time, pure: when a limit runs out in China's calendar, and the working behind it line by line.

How each unit counts:

- seconds, minutes, hours: time on the wall, day and night.
- working_hours: time inside the calendar's business hours on working days.
- working_days: civil-law rule. The day it starts is not counted; the limit ends at close of business of the n-th
  working day after it. A make-up day is a working day.
- calendar_days: the day it starts is not counted, every later day is. If the last one is a day off (weekend or
  holiday; a make-up day is none), the next working day is the last. It ends at close of business.

A pause is not counted: its seconds for the first two, and for days every day that closes while the clock is paused.
An approved extension runs on from the moment the limit before it would have ended.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
DEFAULT_HOURS = ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))
SECONDS_IN = {"seconds": 1, "minutes": 60, "hours": 3600, "working_hours": 3600}
DAY_UNITS = ("working_days", "calendar_days")
UNITS = (*SECONDS_IN, *DAY_UNITS)

# The days the law fixes by the solar calendar; the lunar ones need the year's notice.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
ONE_DAY = timedelta(days=1)
FAR = datetime(9999, 12, 31, tzinfo=UTC)

Span = tuple[datetime, datetime]
Pause = tuple[datetime, datetime | None]


class DayKind(StrEnum):
    """What a date is for working time."""

    WORKING = "working"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """One version of the working calendar; nothing about it changes after it was published."""

    version: str
    holidays: frozenset[date]  # every date off in the schedules, weekends inside them too
    makeup_days: frozenset[date]  # Saturdays and Sundays that are worked
    hours: tuple[tuple[time, time], ...] = DEFAULT_HOURS  # () means business never closes: days end at 24:00
    years: frozenset[int] = frozenset()  # years whose schedule is known
    names: Mapping[date, str] = field(default_factory=dict, compare=False)  # holiday names, as msgids

    def __post_init__(self) -> None:
        if not self.years:
            object.__setattr__(self, "years", frozenset(d.year for d in self.holidays | self.makeup_days))

    def kind_of(self, day: date) -> DayKind:
        """Working day, make-up day, weekend or holiday; by fixed days alone where the schedule is unknown."""
        if day in self.makeup_days:
            return DayKind.MAKEUP
        if day in self.holidays or self._fixed_holiday(day):
            return DayKind.HOLIDAY
        return DayKind.WORKING if day.weekday() < 5 else DayKind.WEEKEND

    def is_working(self, day: date) -> bool:
        return self.kind_of(day) in (DayKind.WORKING, DayKind.MAKEUP)

    def open_spans(self, day: date) -> tuple[Span, ...]:
        """The business hours of a date, none on a day off."""
        if not self.is_working(day):
            return ()
        if not self.hours:
            return ((_local(day, time(0)), _local(day + ONE_DAY, time(0))),)
        return tuple((_local(day, opens), _local(day, closes)) for opens, closes in self.hours)

    def close_of(self, day: date) -> datetime:
        """When a date ends for a limit in days: close of business."""
        return _local(day, self.hours[-1][1]) if self.hours else _local(day + ONE_DAY, time(0))

    def _fixed_holiday(self, day: date) -> bool:
        return day.year not in self.years and (day.month, day.day) in FIXED_HOLIDAYS


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One line of the working: what happened to the count at this moment. `calendar_words.explain` says it."""

    at: datetime
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Due:
    """The moment a limit runs out, and why."""

    at: datetime
    trace: tuple[TraceLine, ...]


@dataclass(frozen=True, slots=True)
class WorkingLeft:
    """Working time still left; both figures are negative once the limit has passed."""

    seconds: int
    days: int  # closes of business between now and the due time


class StillPaused(ValueError):
    """A clock that stands still has no due time yet."""


def due_at(
    start: datetime,
    limit_value: int,
    limit_unit: str,
    calendar: WorkingCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[tuple[int, str]] = (),
) -> Due:
    """When a limit that started at `start` runs out, and the working behind it."""
    stood_still = merged(pauses)
    at = start.astimezone(UTC)
    trace: list[TraceLine] = []
    for value, unit in ((limit_value, limit_unit), *extensions):
        leg = _Leg(at, value, unit, calendar, stood_still)
        trace.append(TraceLine(at, "extended" if trace else "started", {"value": value, "unit": unit}))
        trace += leg.trace()
        at = leg.end
    return Due(at, (*trace, TraceLine(at, "due")))


def share_at(
    start: datetime,
    limit_value: int,
    limit_unit: str,
    percent: int,
    calendar: WorkingCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[tuple[int, str]] = (),
) -> datetime:
    """When this share of the counted time has gone: the moment to warn. A limit in working days is shared by hours."""
    stood_still = merged(pauses)
    due = due_at(start, limit_value, limit_unit, calendar, stood_still, extensions).at
    spans = list(_counted(start.astimezone(UTC), due, limit_unit, calendar, stood_still))
    seconds = sum((end - begin for begin, end in spans), timedelta()) * percent // 100
    return _walk(seconds, spans, due)


def working_left(now: datetime, due: datetime, calendar: WorkingCalendar) -> WorkingLeft:
    """Working hours and working days between now and a due time, for display."""
    sign, begin, end = (1, now, due) if now <= due else (-1, due, now)
    spans = _counted(begin.astimezone(UTC), end.astimezone(UTC), "working_hours", calendar, ())
    seconds = sum((b - a for a, b in spans), timedelta())
    closes = (calendar.close_of(day) for day in _dates(begin, end) if calendar.is_working(day))
    return WorkingLeft(
        sign * int(seconds.total_seconds()), sign * sum(begin < close <= end for close in closes)
    )


def merged(pauses: Iterable[Pause]) -> tuple[Span, ...]:
    """Pauses in order, overlapping ones made into one; an open pause is refused."""
    spans: list[Span] = []
    for begin, end in sorted(pauses, key=lambda pause: pause[0]):
        if end is None:
            raise StillPaused("the clock is paused: it has no due time before it resumes")
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        elif begin < end:
            spans.append((begin, end))
    return tuple((begin.astimezone(UTC), end.astimezone(UTC)) for begin, end in spans)


class _Leg:
    """The limit, or one extension of it, counted from where it begins."""

    def __init__(
        self, start: datetime, value: int, unit: str, calendar: WorkingCalendar, pauses: Sequence[Span]
    ) -> None:
        if unit not in UNITS:
            raise ValueError(f"unknown unit of time: {unit!r}; known: {', '.join(UNITS)}")
        if value < 0:
            raise ValueError(f"a limit is not negative: {value}")
        self.start, self.value, self.unit = start, value, unit
        self.calendar, self.pauses = calendar, pauses
        self.last_counted = self._last_counted() if value and unit in DAY_UNITS else _date(start)
        self.end = self._end()

    def trace(self) -> list[TraceLine]:
        """What happened to the count between the two ends."""
        if not self.value:
            return []
        if self.unit in DAY_UNITS:
            lines = self._day_lines(self._day_in_days)
        elif self.unit == "working_hours":
            lines = self._day_lines(self._day_in_hours) + self._pause_lines()
        else:
            lines = self._pause_lines()
        return sorted(lines, key=lambda line: line.at)

    def _end(self) -> datetime:
        if not self.value:
            return self.start
        if self.unit in DAY_UNITS:
            return self.calendar.close_of(self._last_day()).astimezone(UTC)
        spans = _counted(self.start, FAR, self.unit, self.calendar, self.pauses)
        return _walk(timedelta(seconds=self.value * SECONDS_IN[self.unit]), spans, FAR)

    def _last_counted(self) -> date:
        day, left = _date(self.start), self.value
        while left:
            day += ONE_DAY
            left -= self._counts(day)
        return day

    def _counts(self, day: date) -> bool:
        works = self.unit == "calendar_days" or self.calendar.is_working(day)
        return works and not self._paused_at_close(day)

    def _last_day(self) -> date:
        day = self.last_counted
        while not self.calendar.is_working(day) or self._paused_at_close(day):
            day += ONE_DAY
        return day

    def _paused_at_close(self, day: date) -> bool:
        close = self.calendar.close_of(day)
        return any(begin < close <= end for begin, end in self.pauses)

    def _pause_lines(self) -> list[TraceLine]:
        return [
            TraceLine(max(begin, self.start), "paused", {"from": begin.isoformat(), "to": stop.isoformat()})
            for begin, stop in self.pauses
            if begin < self.end and stop > self.start
        ]

    def _day_lines(self, describe: Callable[[date], "_Day"]) -> list[TraceLine]:
        """One line for each run of days that are alike, and one where the schedule stops being known."""
        lines: list[TraceLine] = []
        run: list[tuple[date, _Day]] = []
        for day in _dates(self.start, self.end):
            said = describe(day)
            if run and run[-1][1] != said:
                lines.append(_run_line(run, self.start))
                run = []
            run.append((day, said))
        lines.append(_run_line(run, self.start))
        return lines + self._unknown_years()

    def _unknown_years(self) -> list[TraceLine]:
        years = {day.year: day for day in reversed(list(_dates(self.start, self.end)))}
        return [
            TraceLine(
                max(self.start, _local(first, time(0)).astimezone(UTC)), "schedule_unknown", {"year": year}
            )
            for year, first in sorted(years.items())
            if year not in self.calendar.years
        ]

    def _day_in_hours(self, day: date) -> "_Day":
        begin, end = _local(day, time(0)), _local(day + ONE_DAY, time(0))
        spans = _counted(max(begin, self.start), min(end, self.end), self.unit, self.calendar, self.pauses)
        seconds = sum((b - a for a, b in spans), timedelta())
        unit = "seconds" if self.calendar.is_working(day) else ""
        return _Day(
            str(self.calendar.kind_of(day)),
            self.calendar.names.get(day, ""),
            int(seconds.total_seconds()),
            unit,
        )

    def _day_in_days(self, day: date) -> "_Day":
        kind, name = str(self.calendar.kind_of(day)), self.calendar.names.get(day, "")
        if day == _date(self.start):
            return _Day("first_day")
        if self._paused_at_close(day):
            return _Day("paused_days")
        if self.unit == "working_days":
            return _Day(kind, name, unit="days" if self.calendar.is_working(day) else "")
        if day > self.last_counted:
            return _Day("rolled" if not self.calendar.is_working(day) else "last_day", name)
        return _Day("counted", unit="days")


@dataclass(frozen=True, slots=True)
class _Day:
    """How one date counts, so that like dates share a line of the trace."""

    code: str
    name: str = ""
    seconds: int = 0
    unit: str = ""  # what counts here: seconds, days, or nothing


def _run_line(run: Sequence[tuple[date, _Day]], start: datetime) -> TraceLine:
    (first, said), last = run[0], run[-1][0]
    params: dict[str, str | int] = {"from": first.isoformat(), "to": last.isoformat()}
    if said.name:
        params["name"] = said.name
    if said.unit == "days":
        params["days"] = len(run)
    elif said.unit == "seconds":
        params["seconds"] = said.seconds * len(run)
    return TraceLine(max(start, _local(first, time(0)).astimezone(UTC)), said.code, params)


def _counted(
    start: datetime, end: datetime, unit: str, calendar: WorkingCalendar, pauses: Sequence[Span]
) -> Iterator[Span]:
    """The stretches between two moments that count for a unit, pauses cut out."""
    by_work = unit.startswith("working")
    stretches: Iterable[Span] = _working(start, end, calendar) if by_work else [(start, end)]
    return _without(stretches, pauses)


def _working(start: datetime, end: datetime, calendar: WorkingCalendar) -> Iterator[Span]:
    for day in _dates(start, end):
        for opens, closes in calendar.open_spans(day):
            if opens < end and closes > start:
                yield max(opens, start).astimezone(UTC), min(closes, end).astimezone(UTC)


def _without(spans: Iterable[Span], pauses: Sequence[Span]) -> Iterator[Span]:
    for begin, end in spans:
        at = begin
        for stop, resume in pauses:
            if at < stop < end:
                yield at, stop
            if stop < end:
                at = max(at, resume)
        if at < end:
            yield at, end


def _walk(seconds: timedelta, spans: Iterable[Span], last: datetime) -> datetime:
    """The moment this much time has gone along the stretches."""
    left = seconds
    for begin, end in spans:
        if begin + left <= end:
            return begin + left
        left -= end - begin
    return last


def _dates(start: datetime, end: datetime) -> Iterator[date]:
    day, last = _date(start), _date(end)
    while day <= last:
        yield day
        day += ONE_DAY


def _date(at: datetime) -> date:
    return at.astimezone(LOCAL).date() if at < FAR else at.date()


def _local(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LOCAL)
