"""The state of the cell as a row of lamps: each says what is so, whether it is well, and what to do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongzhi.base import machine
from gongzhi.base.templatetags.show import span, time_words
from gongzhi.cases import queries as cases
from gongzhi.notices import queries as notices

SILENT_AFTER = timedelta(seconds=15)
OLD_OUTBOX = timedelta(minutes=5)
MANY_JOBS = 500
GIGABYTE = 1024**3
LITTLE_ROOM, NO_ROOM = 10, 3  # percent of the disk
FINE, LOOK, WRONG = "on_time", "soon", "late"
SIGNS = {FINE: "circle-check", LOOK: "alert-triangle", WRONG: "alert-circle"}


@dataclass(frozen=True, slots=True)
class Lamp:
    """One thing to look after."""

    title: str
    level: str
    words: str
    advice: str = ""

    @property
    def sign(self) -> str:
        return SIGNS[self.level]

    @property
    def verdict(self) -> str:
        """The level in a word."""
        return {FINE: _("Well"), LOOK: _("Look at it"), WRONG: _("Act now")}[self.level]


def lamps(now: datetime) -> list[Lamp]:
    """All of them, the worst first."""
    every = [_clock_loop(now), _blind(now), _outbox(now), _undelivered(now), _jobs(now), _disk(), _database()]
    return sorted(every, key=lambda lamp: (WRONG, LOOK, FINE).index(lamp.level))


def _clock_loop(now: datetime) -> Lamp:
    state, title = cases.loop_state(now), _("Clock loop")
    if state.beat_at is None:
        return Lamp(title, WRONG, _("It has never run: no limit is watched."), _start("clock"))
    age = now - state.beat_at
    ago = _("Last sign of life %(ago)s ago; it watches %(n)s clocks.") % {
        "ago": span(int(age.total_seconds())),
        "n": state.running,
    }
    return Lamp(title, WRONG, ago, _start("clock")) if age > SILENT_AFTER else Lamp(title, FINE, ago)


def _blind(now: datetime) -> Lamp:
    blind, title = cases.loop_state(now).blind, _("Times nobody watched the clocks")
    if not blind:
        return Lamp(title, FINE, _("None in the last seven days."))
    began, ended = blind[0]
    words = ngettext("%(n)s in the last seven days", "%(n)s in the last seven days", len(blind))
    last = _("the latest from %(from)s, for %(long)s.") % {
        "from": time_words(began, now),
        "long": span(int((ended - began).total_seconds())),
    }
    advice = _(
        "Verdicts come from the steps and stay right; warnings came late. Find out why the machine or the process stopped."
    )
    return Lamp(title, LOOK, f"{words % {'n': len(blind)}}, {last}", advice)


def _outbox(now: datetime) -> Lamp:
    state, title = notices.outbox_state(now), _("Outbox")
    if state.oldest_at is None:
        return Lamp(title, FINE, _("Empty: every notice has been sent."))
    words = _("%(n)s to send; the oldest has waited %(long)s.") % {
        "n": state.waiting,
        "long": span(int((now - state.oldest_at).total_seconds())),
    }
    late = now - state.oldest_at > OLD_OUTBOX
    return Lamp(title, WRONG, words, _start("worker")) if late else Lamp(title, FINE, words)


def _undelivered(now: datetime) -> Lamp:
    lost, title = notices.outbox_state(now).undelivered, _("Notices nobody got")
    if not lost:
        return Lamp(title, FINE, _("None."))
    advice = _(
        "The governance centre sees them under “Not told” and calls. If they are many, check the mail server's settings."
    )
    return Lamp(title, LOOK, _("%(n)s given up.") % {"n": lost}, advice)


def _jobs(now: datetime) -> Lamp:
    jobs, title = machine.jobs(now), _("Background jobs")
    words = _("%(waiting)s waiting, %(failed)s failed for good.") % {
        "waiting": jobs.waiting,
        "failed": jobs.failed,
    }
    if jobs.waiting > MANY_JOBS:
        return Lamp(title, WRONG, words, _start("worker"))
    advice = _("Look into the log of the worker for the reason.") if jobs.failed else ""
    return Lamp(title, LOOK if jobs.failed else FINE, words, advice)


def _disk() -> Lamp:
    disk, title = machine.disk(Path(settings.GONGZHI_DATA)), _("Disk")
    percent = disk.free * 100 // disk.total
    words = _("%(free)s GB free of %(total)s GB (%(percent)s %%).") % {
        "free": disk.free // GIGABYTE,
        "total": disk.total // GIGABYTE,
        "percent": percent,
    }
    if percent >= LITTLE_ROOM:
        return Lamp(title, FINE, words)
    advice = _("Make room or add a larger disk. When it is full, nothing can be reported any more.")
    return Lamp(title, WRONG if percent < NO_ROOM else LOOK, words, advice)


def _database() -> Lamp:
    found = machine.database()
    words = _("PostgreSQL %(version)s answers; %(size)s MB.") % {
        "version": found.version,
        "size": found.size // 1024**2,
    }
    return Lamp(_("Database"), FINE, words)


def _start(process: str) -> str:
    return _("On the server: see whether “gongzhi %(process)s” runs, and start it again.") % {
        "process": process
    }
