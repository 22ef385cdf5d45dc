"""The working behind a due time in words: one sentence for each line of a trace."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from gongzhi.base.calendar import LOCAL, TraceLine

HOLIDAY_NAMES = (
    gettext_noop("New Year"),
    gettext_noop("Spring Festival"),
    gettext_noop("Qingming Festival"),
    gettext_noop("Labour Day"),
    gettext_noop("Dragon Boat Festival"),
    gettext_noop("Mid-Autumn Festival"),
    gettext_noop("National Day"),
    gettext_noop("National Day and Mid-Autumn Festival"),
)


def explain(trace: Iterable[TraceLine]) -> list[str]:
    """Each line of a due time's working as a sentence, in the reader's language and in local time."""
    lines = list(trace)
    home = lines[0].at.astimezone(LOCAL).year if lines else 0
    return [words(line, home) for line in lines]


def words(line: TraceLine, home_year: int = 0) -> str:
    """One line of the working; dates of `home_year` are written without the year."""
    return SENTENCES[line.code](line, home_year)


def limit_words(value: int, unit: str) -> str:
    """A limit as people say it: "5 minutes"."""
    match unit:
        case "seconds":
            return ngettext("%d second", "%d seconds", value) % value
        case "minutes":
            return ngettext("%d minute", "%d minutes", value) % value
        case "hours":
            return ngettext("%d hour", "%d hours", value) % value
        case "working_hours":
            return ngettext("%d working hour", "%d working hours", value) % value
        case "working_days":
            return ngettext("%d working day", "%d working days", value) % value
        case _:
            return ngettext("%d calendar day", "%d calendar days", value) % value


def span_words(seconds: int) -> str:
    """A length of time in hours, minutes and seconds, without the parts that are nought."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "hours"), (minutes, "minutes"), (left, "seconds"))
    return " ".join(limit_words(value, unit) for value, unit in parts if value) or limit_words(0, "minutes")


def _started(line: TraceLine, home: int) -> str:
    limit = limit_words(int(line.params["value"]), str(line.params["unit"]))
    return _("%(at)s: starts, limit %(limit)s") % {"at": _moment(line.at, 0), "limit": limit}


def _extended(line: TraceLine, home: int) -> str:
    limit = limit_words(int(line.params["value"]), str(line.params["unit"]))
    return _("%(at)s: extended by %(limit)s, counted from here") % {
        "at": _moment(line.at, home),
        "limit": limit,
    }


def _paused(line: TraceLine, home: int) -> str:
    begin, end = (datetime.fromisoformat(str(line.params[key])) for key in ("from", "to"))
    return _("%(from)s to %(to)s: suspended, not counted") % {
        "from": _moment(begin, home),
        "to": _moment(end, home),
    }


def _paused_days(line: TraceLine, home: int) -> str:
    return _("%(days)s: suspended, not counted") % {"days": _range(line, home)}


def _first_day(line: TraceLine, home: int) -> str:
    return _("%(days)s: the first day is not counted") % {"days": _range(line, home)}


def _holiday(line: TraceLine, home: int) -> str:
    return _("%(days)s: %(name)s, days off, not counted") % {"days": _range(line, home), "name": _name(line)}


def _weekend(line: TraceLine, home: int) -> str:
    return _("%(days)s: weekend, not counted") % {"days": _range(line, home)}


def _working(line: TraceLine, home: int) -> str:
    if not _amount(line):
        return _("%(days)s: outside working hours, not counted") % {"days": _range(line, home)}
    return _("%(days)s: at work, %(amount)s counted") % {"days": _range(line, home), "amount": _amount(line)}


def _makeup(line: TraceLine, home: int) -> str:
    if not _amount(line):
        return _("%(days)s: make-up workday, outside working hours, not counted") % {
            "days": _range(line, home)
        }
    amount = {"days": _range(line, home), "amount": _amount(line)}
    return _("%(days)s: make-up workday, %(amount)s counted") % amount


def _weeks(line: TraceLine, home: int) -> str:
    amount = _amount(line) or limit_words(0, "minutes")
    facts = {**line.params, "days": _range(line, home), "amount": amount}
    if line.params["makeup"]:
        return (
            _(
                "%(days)s: %(worked)s days worked, %(makeup)s of them make-up workdays, %(amount)s counted; "
                "%(off)s days of weekend, not counted"
            )
            % facts
        )
    return (
        _("%(days)s: %(worked)s days worked, %(amount)s counted; %(off)s days of weekend, not counted")
        % facts
    )


def _counted(line: TraceLine, home: int) -> str:
    return _("%(days)s: %(amount)s counted") % {"days": _range(line, home), "amount": _amount(line)}


def _rolled(line: TraceLine, home: int) -> str:
    return _("%(days)s: %(name)s, the last day moves on") % {"days": _range(line, home), "name": _name(line)}


def _last_day(line: TraceLine, home: int) -> str:
    return _("%(days)s: the next working day is the last day") % {"days": _range(line, home)}


def _schedule_unknown(line: TraceLine, home: int) -> str:
    return _(
        "The days off of %(year)s are not published yet: counted Monday to Friday, without the holidays fixed by law"
    ) % {"year": line.params["year"]}


def _due(line: TraceLine, home: int) -> str:
    return _("Due %(at)s") % {"at": _moment(line.at, 0)}


SENTENCES: dict[str, Callable[[TraceLine, int], str]] = {
    "started": _started,
    "extended": _extended,
    "paused": _paused,
    "paused_days": _paused_days,
    "first_day": _first_day,
    "holiday": _holiday,
    "weekend": _weekend,
    "working": _working,
    "makeup": _makeup,
    "weeks": _weeks,
    "counted": _counted,
    "rolled": _rolled,
    "last_day": _last_day,
    "schedule_unknown": _schedule_unknown,
    "due": _due,
}


def _name(line: TraceLine) -> str:
    name = str(line.params.get("name", ""))
    return _(name) if name else _("day off")


def _amount(line: TraceLine) -> str:
    if "days" in line.params:
        return ngettext("%d day", "%d days", int(line.params["days"])) % line.params["days"]
    seconds = int(line.params.get("seconds", 0))
    return span_words(seconds) if seconds else ""


def _range(line: TraceLine, home: int) -> str:
    first, last = (date.fromisoformat(str(line.params[key])) for key in ("from", "to"))
    if first == last:
        return _day(first, home)
    return _("%(from)s to %(to)s") % {"from": _day(first, home), "to": _day(last, home)}


def _day(day: date, home: int) -> str:
    return day.strftime("%m-%d" if day.year == home else "%Y-%m-%d")


def _moment(at: datetime, home: int) -> str:
    local = at.astimezone(LOCAL)
    return f"{_day(local.date(), home)} {local:%H:%M:%S}".removesuffix(":00")
