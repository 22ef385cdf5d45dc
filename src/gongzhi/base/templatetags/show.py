"""How values look on every page: icons, clocks, times, case codes. Load with `{% load show %}`."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gongzhi.base.ids import show_code

register = template.Library()

SPRITE = "base/icons.svg"
SENIOR_COOKIE = "senior"
SENIOR_SIZES = {"1": "large", "2": "larger", "3": "largest"}  # what the cookie says → how large
UNKNOWN_ICON = "flag"
SOON_SHARE = 5  # a clock becomes "soon" on screen in the last fifth of its time


class Clock(Protocol):
    """What a clock must offer to be shown; `cases.pictures.ClockPicture` does."""

    @property
    def title(self) -> str: ...
    @property
    def limit(self) -> str: ...
    @property
    def status(self) -> Any: ...
    @property
    def verdict(self) -> Any: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def stopped_at(self) -> datetime | None: ...
    @property
    def level(self) -> str: ...
    @property
    def seconds_left(self) -> int | None: ...


# -- icons ------------------------------------------------------------------


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """The names the sprite really has."""
    sprite = Path(__file__).resolve().parent.parent / "static" / SPRITE
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite.read_text(encoding="utf-8")))


@register.simple_tag
def icon(name: str, words: str = "") -> SafeString:
    """An icon beside its word; alone it needs `words`, which are read out in its place."""
    known = name if name in icon_names() else UNKNOWN_ICON
    label = format_html('role="img" aria-label="{}"', words) if words else mark_safe('aria-hidden="true"')
    address = staticfiles_storage.url(SPRITE)
    return format_html('<svg class="icon" {}><use href="{}#{}"></use></svg>', label, address, known)


# -- codes and times ----------------------------------------------------------


@register.simple_tag
def code(case_code: str) -> SafeString:
    """A case code in groups, kept on one line."""
    return format_html('<span class="code">{}</span>', show_code(case_code))


def time_words(moment: datetime, now: datetime) -> str:
    """Local time, with the day when it is not today."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    clock = f"{local:%H:%M}"
    days = (local.date() - today).days
    if days == 0:
        return clock
    if days == 1:
        return _("tomorrow %(time)s") % {"time": clock}
    if days == -1:
        return _("yesterday %(time)s") % {"time": clock}
    return f"{local:%m-%d} {clock}" if local.year == today.year else f"{local:%Y-%m-%d} {clock}"


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None) -> SafeString | str:
    """A `<time>` element: short to read, exact underneath."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    words = time_words(moment, _now(context))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), f"{local:%Y-%m-%d %H:%M:%S}", words
    )


def span(seconds: int) -> str:
    """A length of time in the one or two units that matter: "40 s", "4 min", "3 h 20 min", "2 d 4 h"."""
    seconds = abs(seconds)
    if seconds < 60:
        return _("%(n)s s") % {"n": seconds}
    if seconds < 3600:
        return _("%(n)s min") % {"n": seconds // 60}
    if seconds < 86400:
        return _two(_("%(n)s h"), seconds // 3600, _("%(n)s min"), seconds % 3600 // 60)
    return _two(_("%(n)s d"), seconds // 86400, _("%(n)s h"), seconds % 86400 // 3600)


def _two(large: str, many: int, small: str, rest: int) -> str:
    words = large % {"n": many}
    return f"{words} {small % {'n': rest}}" if rest else words


# -- clocks --------------------------------------------------------------------

RUNNING_SIGNS = {"late": "alert-triangle", "soon": "hourglass-high", "on_time": "clock", "waiting": "clock"}


@dataclass(frozen=True, slots=True)
class ClockWords:
    """A clock put into words: the signal, its sign, what is left, and until when."""

    level: str
    sign: str
    left: str
    until: str


def clock_words(picture: Clock, now: datetime) -> ClockWords:
    """The words for a clock: running, paused or stopped."""
    if picture.stopped_at is not None or str(picture.status) == "stopped":
        return _stopped_words(picture)
    if picture.due_at is None or picture.seconds_left is None:
        return ClockWords("waiting", "clock-pause", _("Clock paused"), "")
    when_due = time_words(picture.due_at, now)
    if picture.seconds_left < 0:
        left = _("%(span)s late") % {"span": span(picture.seconds_left)}
        return ClockWords("late", RUNNING_SIGNS["late"], left, _("was due %(when)s") % {"when": when_due})
    left = _("%(span)s left") % {"span": span(picture.seconds_left)}
    level = picture.level if picture.level in RUNNING_SIGNS else "waiting"
    return ClockWords(level, RUNNING_SIGNS[level], left, _("by %(when)s") % {"when": when_due})


def _stopped_words(picture: Clock) -> ClockWords:
    took = ""
    if picture.stopped_at is not None:
        seconds = int((picture.stopped_at - picture.started_at).total_seconds())
        took = _("took %(span)s") % {"span": span(seconds)}
    verdict = str(picture.verdict or "unknown")
    if verdict == "met":
        return ClockWords("on_time", "circle-check", _("In time"), took)
    if verdict == "breached":
        return ClockWords("late", "alert-triangle", _("Too late"), took)
    return ClockWords("waiting", "clock-pause", _("Time unknown"), took)


@register.simple_tag(takes_context=True)
def clock(context: Context, picture: Clock | None) -> SafeString | str:
    """A clock as a tag: icon, what is left, until when; counts down by itself while it runs."""
    if picture is None:
        return ""
    words = clock_words(picture, _now(context))
    until = format_html(' <span class="limit">· {}</span>', words.until) if words.until else ""
    return format_html(
        '<span class="tag clock {}" title="{}"{}>{}<span class="left">{}</span>{}</span>',
        words.level, picture.title, _ticking(picture), icon(words.sign), words.left, until,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def dial(context: Context, picture: Clock) -> SafeString:
    """A clock as a box for a case page: its name and limit, what is left in large figures, until when."""
    words = clock_words(picture, _now(context))
    return format_html(
        '<div class="dial {}"{}><div class="name"><span>{}</span><span>{}</span></div>'
        '<div class="left-line">{}<span class="left">{}</span></div><div class="until">{}</div></div>',
        words.level, _ticking(picture), picture.title, picture.limit, icon(words.sign), words.left, words.until,
    )  # fmt: skip


def _ticking(picture: Clock) -> SafeString | str:
    """The attributes clocks.js counts down by, for a running clock only."""
    if picture.due_at is None or picture.seconds_left is None or picture.stopped_at is not None:
        return ""
    soon: datetime = picture.due_at - (picture.due_at - picture.started_at) / SOON_SHARE
    if picture.level == "soon":
        soon = picture.due_at - timedelta(seconds=picture.seconds_left)
    return format_html(' data-due="{}" data-soon="{}"', picture.due_at.isoformat(), soon.isoformat())


# -- the page itself --------------------------------------------------------------


@register.simple_tag(takes_context=True)
def senior_class(context: Context) -> str:
    """The classes of `<html>` for the size of letters this reader chose."""
    size = senior_size(context)
    return "" if not size else f"senior senior-{size}"


@register.simple_tag(takes_context=True)
def senior_size(context: Context) -> str:
    """large, larger, largest, or nothing when senior mode is off."""
    request = context.get("request")
    return SENIOR_SIZES.get(request.COOKIES.get(SENIOR_COOKIE, ""), "") if request is not None else ""


@register.simple_tag(takes_context=True)
def page_now(context: Context) -> str:
    """The server's time, so that clocks on a phone with a wrong clock count right."""
    return _now(context).isoformat()


@register.simple_tag
def words(more: Mapping[str, str] | None = None) -> SafeString:
    """The sentences scripts need, as data (a script block of data is no inline script); `more` is a page's own."""
    sentences = dict(more) if more is not None else _script_words()
    text = json.dumps(sentences, ensure_ascii=False)
    text = text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    return format_html('<script type="application/json" data-words>{}</script>', mark_safe(text))  # noqa: S308


def _script_words() -> dict[str, str]:
    return {
        "s": _("%(n)s s"),
        "min": _("%(n)s min"),
        "h": _("%(n)s h"),
        "d": _("%(n)s d"),
        "left": _("%(span)s left"),
        "late": _("%(span)s late"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "illustrative": _("Illustrative map"),
        "many": _("%(n)s matters here, zoom in"),
        "picked": _("Chosen place. Arrow keys move it."),
        "map_failed": _("The map could not be loaded. Everything on it is in the list too."),
        "copied": _("Copied"),
        "offline": _("No network. Check the connection and try again."),
    }


def _now(context: Context) -> datetime:
    now = context.get("now")
    return now if isinstance(now, datetime) else timezone.now()
