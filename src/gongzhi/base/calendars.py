"""Which working calendar is in force: versions shipped as files, and later ones brought in by an administrator.

A paper can change days while clocks run. Importing a version changes no clock by itself: a case keeps the version it
was counted with until it is recalculated, and the trace of a due time names its version.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from importlib import resources
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.base.actor import Actor
from gongzhi.base.calendar import ONE_DAY, WorkingCalendar
from gongzhi.base.calendar_models import CalendarVersion
from gongzhi.base.errors import Conflict, NotFound, Refused
from gongzhi.base.recent import Recent

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Published:
    """A calendar and the date of the paper it follows."""

    calendar: WorkingCalendar
    published: date


def current() -> WorkingCalendar:
    """The version that follows the latest paper, shipped or imported."""
    return _CURRENT.get("current", _current)


_CURRENT: Recent[WorkingCalendar] = Recent()


def _current() -> WorkingCalendar:
    newest = shipped()
    row = CalendarVersion.objects.order_by("-published", "-name").values_list("published", "name").first()
    if row is not None and row > (newest.published, newest.calendar.version):
        return version(row[1])
    return newest.calendar


def version(name: str) -> WorkingCalendar:
    """A version by its name; clocks that were counted with an old one can always be counted again."""
    for published in _files():
        if published.calendar.version == name:
            return published.calendar
    return _imported(name)


def shipped() -> Published:
    """The newest version among the files that came with the software."""
    return max(_files(), key=lambda p: (p.published, p.calendar.version))


@dataclass(frozen=True, slots=True)
class Version:
    """One version as a list shows it; `imported_at` is None for those that came with the software."""

    calendar: WorkingCalendar
    published: date
    imported_at: datetime | None = None


def versions() -> list[Version]:
    """Every version, that of the latest paper first: the first one is in force."""
    known = [Version(one.calendar, one.published) for one in _files()]
    known += [
        Version(version(row.name), row.published, row.imported_at)
        for row in CalendarVersion.objects.only("name", "published", "imported_at")
    ]
    return sorted(known, key=lambda one: (one.published, one.calendar.version), reverse=True)


def read_file(data: bytes) -> Mapping[str, Any]:
    """The JSON of a calendar file, checked whole; refused with line and reason, or with the day that is wrong."""
    try:
        body = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _bad_line(line, _("this is not UTF-8 text")) from error
    except json.JSONDecodeError as error:
        raise _bad_line(error.lineno, _("this is not JSON (%(reason)s)") % {"reason": error.msg}) from error
    if not isinstance(body, dict):
        raise _bad_line(1, _("a calendar begins with {"))
    _refuse_by_line(body, data.decode("utf-8-sig"))
    return body


def _refuse_by_line(body: Mapping[str, Any], text: str) -> None:
    """Say in which line the day stands that a refusal is about."""
    try:
        read(body)
    except Refused as refusal:
        line = _line_of(str(refusal), text)
        if line is None:
            raise
        raise _bad_line(line, str(refusal)) from refusal


def _line_of(reason: str, text: str) -> int | None:
    """The last line with the day the reason names, else the first with a day that no month has."""
    named = DAY.search(reason)
    lines = list(enumerate(text.splitlines(), 1))
    if named:
        return next((number for number, line in reversed(lines) if named.group() in line), None)
    return next((number for number, line in lines if any(map(_no_day, DAY.findall(line)))), None)


def _no_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return True
    return False


def _bad_line(line: int, reason: str) -> Refused:
    said = _("line %(line)s: %(reason)s") % {"line": line, "reason": reason}
    return Refused(said, code="bad_calendar", field="file", line=line)


def import_version(*, body: Mapping[str, Any], by: Actor, now: datetime) -> WorkingCalendar:
    """Bring in a new version, for example after a paper that changes days in mid-year."""
    calendar = read(body)
    with transaction.atomic():
        if _is_known(calendar.version):
            raise Conflict(
                _("A working calendar named %(name)s is here already: give the new one a new name.")
                % {"name": calendar.version},
                code="calendar_exists",
            )
        CalendarVersion.objects.create(
            name=calendar.version,
            published=date.fromisoformat(body["published"]),
            body=dict(body),
            imported_by=str(by),
            imported_at=now,
        )
        transaction.on_commit(_CURRENT.forget)
    return calendar


def read(body: Mapping[str, Any]) -> WorkingCalendar:
    """A calendar from its JSON form; refused with the reason when days contradict each other."""
    try:
        date.fromisoformat(body["published"])
        calendar = _parsed(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = _("This is not a working calendar: %(reason)s") % {"reason": error}
        raise Refused(message, code="bad_calendar") from error
    for problem in _contradictions(calendar):
        raise Refused(problem, code="bad_calendar")
    return calendar


def _parsed(body: Mapping[str, Any]) -> WorkingCalendar:
    names = {
        day: spell["name"] for year in body["years"] for spell in year["holidays"] for day in _days(spell)
    }
    return WorkingCalendar(
        version=str(body["version"]),
        holidays=frozenset(names),
        makeup_days=frozenset(date.fromisoformat(d) for year in body["years"] for d in year["makeup_days"]),
        hours=tuple(
            (time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in body["hours"]
        ),
        years=frozenset(int(year["year"]) for year in body["years"]),
        names=names,
    )


def _days(spell: Mapping[str, str]) -> Iterator[date]:
    day, last = date.fromisoformat(spell["from"]), date.fromisoformat(spell["to"])
    if day > last:
        raise ValueError(f"{spell['from']} > {spell['to']}")
    while day <= last:
        yield day
        day += ONE_DAY


def _contradictions(calendar: WorkingCalendar) -> Iterator[str]:
    for day in sorted(calendar.makeup_days):
        if day in calendar.holidays:
            yield _("%(day)s is both a day off and a make-up workday.") % {"day": day}
        elif day.weekday() < 5:
            yield _("%(day)s is no Saturday or Sunday: it can't be a make-up workday.") % {"day": day}
    for day in sorted(calendar.holidays | calendar.makeup_days):
        if day.year not in calendar.years:
            yield _("%(day)s is in a year this calendar does not cover.") % {"day": day}
    flat = [moment for span in calendar.hours for moment in span]
    if flat != sorted(set(flat)):
        yield _("The working hours must follow one another and not overlap.")


@lru_cache(maxsize=1)
def _files() -> tuple[Published, ...]:
    folder = resources.files("gongzhi.base").joinpath("data", "calendars")
    bodies = [json.loads(path.read_text("utf-8")) for path in folder.iterdir() if path.name.endswith(".json")]
    return tuple(Published(read(body), date.fromisoformat(body["published"])) for body in bodies)


@lru_cache(maxsize=64)
def _imported(name: str) -> WorkingCalendar:
    row = CalendarVersion.objects.filter(name=name).only("body").first()
    if row is None:
        raise NotFound(_("There is no working calendar named %(name)s.") % {"name": name}, code="no_calendar")
    return read(row.body)


def _is_known(name: str) -> bool:
    shipped_names = {published.calendar.version for published in _files()}
    return name in shipped_names or CalendarVersion.objects.filter(name=name).exists()
