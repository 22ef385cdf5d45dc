"""What notices say: short sentences with named gaps, in the reader's language, never a personal word.

A sender fills exactly the gaps a template needs; a tail is added when its gap is filled too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.base.ids import show_code

TIMES = frozenset({"due", "until"})
LINK = "link"


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of notice: a title, a sentence, the gaps it needs, and sentences added when more is known."""

    title: Promise
    words: Promise
    needs: frozenset[str]
    tails: Mapping[str, Promise] = field(
        default_factory=dict
    )  # each starts with its blank, which Chinese drops


def _of(title: Promise, words: Promise, needs: str, **tails: Promise) -> Template:
    return Template(title, words, frozenset(needs.split()), tails)


_BY = _(" At the latest %(due)s.")

TEMPLATES: Mapping[str, Template] = {
    # To staff.
    "case_reported": _of(
        _("New report: %(kind)s"),
        _("%(area)s: %(kind)s, just reported. Case %(code)s."),
        "code kind area",
        due=_BY,
    ),
    "case_assigned": _of(
        _("For you: %(kind)s"),
        _("%(area)s: %(kind)s is yours now. Case %(code)s."),
        "code kind area",
        due=_BY,
    ),
    "case_returned": _of(
        _("Returned: %(kind)s"),
        _("%(organisation)s says it is not theirs. Please give case %(code)s to somebody else."),
        "code kind organisation",
    ),
    "ruling_needed": _of(
        _("Please rule: %(kind)s"),
        _("Returned for the second time, now by %(organisation)s. Your ruling on case %(code)s binds."),
        "code kind organisation",
    ),
    "case_ruled": _of(
        _("Ruled: %(kind)s"),
        _("The centre has ruled: %(organisation)s handles case %(code)s, and it can't be returned."),
        "code kind organisation",
        due=_BY,
    ),
    "task_withdrawn": _of(
        _("No longer yours: %(kind)s"),
        _("Case %(code)s was taken back; you need do nothing more."),
        "code kind",
    ),
    "clock_warning": _of(
        _("Time is running out: %(kind)s"),
        _("“%(clock)s” ends at %(due)s. Case %(code)s."),
        "code kind clock due",
    ),
    "clock_breached": _of(
        _("Late: %(kind)s"),
        _("“%(clock)s” should have been done by %(due)s. Case %(code)s."),
        "code kind clock due",
        holder=_(" It is with %(holder)s."),
    ),
    "information_added": _of(
        _("New information: %(kind)s"), _("The reporter added something to case %(code)s."), "code kind"
    ),
    "support_ended": _of(
        _("Support ended"),
        _("Case %(code)s has ended. Nothing more is to be done, and it is closed to you."),
        "code",
    ),
    "appointment_cancelled": _of(
        _("Appointment called off"), _("An appointment of case %(code)s was called off."), "code"
    ),
    "verification_needed": _of(
        _("Please check: %(kind)s"),
        _("%(organisation)s says it is done. Please check case %(code)s."),
        "code kind organisation",
        due=_BY,
    ),
    "rework_ordered": _of(
        _("Not done yet: %(kind)s"),
        _("The check was not passed. Please go on with case %(code)s."),
        "code kind",
        due=_BY,
    ),
    "verdict_reopened": _of(
        _("Reopened: %(kind)s"),
        _("The reporter says it is not solved. Case %(code)s is open again."),
        "code kind",
    ),
    "extension_asked": _of(
        _("More time asked: %(kind)s"),
        _("%(organisation)s asks for more time for case %(code)s. Please decide."),
        "code kind organisation",
        until=_(" Asked for: until %(until)s."),
    ),
    "extension_approved": _of(
        _("More time given: %(kind)s"), _("You have more time for case %(code)s."), "code kind", due=_BY
    ),
    "extension_refused": _of(
        _("No more time: %(kind)s"),
        _("The time limit of case %(code)s stays as it was."),
        "code kind",
        due=_BY,
    ),
    "supervision": _of(
        _("Supervision order: %(kind)s"),
        _("The centre wants an answer from you about case %(code)s."),
        "code kind",
        due=_BY,
    ),
    "supervision_answered": _of(
        _("Supervision answered: %(kind)s"),
        _("%(organisation)s has answered the supervision order on case %(code)s."),
        "code kind organisation",
    ),
    # About protected tips: that something waits, and not a word more.
    "protected_message_waits": _of(
        _("A protected message waits"), _("Sign in and open your protected messages."), ""
    ),
    "custodians_asked": _of(_("Custodians are needed"), _("Sign in and open the key desk."), ""),
    "reward_waits": _of(_("A reward waits for a decision"), _("Sign in and open the reward fund."), ""),
    # To the reporter.
    "case_accepted_to_reporter": _of(
        _("We have your report: %(kind)s"),
        _("“%(kind)s” is accepted. Your case code is %(code)s."),
        "code kind",
        due=_BY,
    ),
    "case_assigned_to_reporter": _of(
        _("Somebody is on it: %(kind)s"),
        _("%(organisation)s now handles case %(code)s."),
        "code kind organisation",
        due=_BY,
    ),
    "case_declined_to_reporter": _of(
        _("About your report: %(kind)s"),
        _("We can't handle case %(code)s here. Open it to read why and where to turn."),
        "code kind",
    ),
    "case_suspended_to_reporter": _of(
        _("It will take longer: %(kind)s"),
        _("Case %(code)s has to wait."),
        "code kind",
        until=_(" We go on by %(until)s."),
    ),
    "reply_to_reporter": _of(
        _("There is an answer: %(kind)s"),
        _("Your case %(code)s has an answer. Open it to read it."),
        "code kind",
    ),
    "case_closed_to_reporter": _of(
        _("Finished: %(kind)s"),
        _(
            "Case %(code)s is finished: %(outcome)s. Is it solved? Please tell us; if not, it is opened again."
        ),
        "code kind outcome",
    ),
    "linked_update": _of(
        _("News about what you reported: %(kind)s"),
        _("Others reported the same, and it is handled together as case %(code)s: %(status)s."),
        "code kind status",
    ),
}


def check(template: str, params: Mapping[str, Any]) -> dict[str, str]:
    """The filled gaps as they are stored; a missing or unknown gap is a mistake of the sender, not of a user."""
    wanted = TEMPLATES[template]
    filled = {name: _stored(value) for name, value in params.items() if value not in ("", None)}
    missing = wanted.needs - filled.keys()
    unknown = filled.keys() - gaps(template) - {LINK}
    if missing or unknown:
        raise ValueError(f"notice {template}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    return filled


def gaps(template: str) -> frozenset[str]:
    """The gaps a sender may fill, besides the link."""
    wanted = TEMPLATES[template]
    return wanted.needs | wanted.tails.keys()


def write(template: str, params: Mapping[str, str], at: datetime) -> tuple[str, str]:
    """Title and words of a notice, as written at a moment."""
    wanted = TEMPLATES[template]
    filled = {name: _shown(name, value, at) for name, value in params.items()}
    sentences = [wanted.words, *(tail for name, tail in wanted.tails.items() if name in filled)]
    return str(wanted.title) % filled, "".join(str(sentence) % filled for sentence in sentences)


def _stored(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _shown(name: str, value: str, at: datetime) -> str:
    if name in TIMES:
        return _clock_time(datetime.fromisoformat(value), at)
    return show_code(value) if name == "code" else value


def _clock_time(moment: datetime, at: datetime) -> str:
    """The hour alone on the day of writing, with the date on any other."""
    local, written = timezone.localtime(moment), timezone.localtime(at)
    hour = f"{local:%H:%M}"
    if local.date() == written.date():
        return hour
    return gettext("%(month)d/%(day)d %(hour)s") % {"month": local.month, "day": local.day, "hour": hour}
