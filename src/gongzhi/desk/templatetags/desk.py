"""Small words the desk's templates need. Load with `{% load desk %}`."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from django import forms, template
from django.utils.translation import gettext as _

from gongzhi.cases.pictures import CaseRow, StepPicture
from gongzhi.cases.types import CaseStatus
from gongzhi.desk import money

register = template.Library()

NOTICEABLE = timedelta(minutes=1)
CHECKING = (CaseStatus.RESOLVED, CaseStatus.VERIFIED)
STATUS_SIGNS: dict[str, tuple[str, str]] = {  # status → (signal, icon)
    CaseStatus.REPORTED: ("soon", "inbox"),
    CaseStatus.RETURNED: ("soon", "arrow-back-up"),
    CaseStatus.AWAITING_RULING: ("soon", "gavel"),
    CaseStatus.REOPENED: ("soon", "repeat"),
    CaseStatus.ACCEPTED: ("soon", "send"),
    CaseStatus.ASSIGNED: ("accent", "user-check"),
    CaseStatus.UNDER_WAY: ("accent", "tools"),
    CaseStatus.RESOLVED: ("on_time", "clipboard-check"),
    CaseStatus.VERIFIED: ("on_time", "checks"),
    CaseStatus.SUSPENDED: ("waiting", "player-pause"),
    CaseStatus.CLOSED: ("waiting", "archive"),
    CaseStatus.DECLINED: ("waiting", "circle-x"),
    CaseStatus.LINKED: ("waiting", "link"),
}


@register.filter
def headline(row: CaseRow) -> str:
    """The title somebody gave the case, else the reporter's first words, else its kind."""
    return row.title if row.title != row.kind_title else row.excerpt or row.kind_title


@register.filter
def yuan(amount: int) -> str:
    """Fen as people read them."""
    return money.yuan(amount)


@register.filter
def brief_area(name: str) -> str:
    """An area's path without the names that the next one repeats: “东门社区 东门社区第二网格” says it once."""
    return " ".join(
        part for part, following in pairwise([*name.split(), ""]) if not following.startswith(part)
    )


@register.filter
def pin_state(row: CaseRow) -> str:
    """How the case stands on the map: late, soon, to be checked (done), or simply open."""
    if row.clock and row.clock.level in ("late", "soon"):
        return row.clock.level
    return "done" if row.status in CHECKING else "open"


@register.filter
def signal(status: str) -> str:
    """The signal beside a status word."""
    return STATUS_SIGNS.get(status, ("waiting", "circle"))[0]


@register.filter
def sign(status: str) -> str:
    """The icon beside a status word."""
    return STATUS_SIGNS.get(status, ("waiting", "circle"))[1]


@register.filter
def described(field: forms.BoundField) -> Any:
    """The control of a field, tied to its hint and its error."""
    ids = [f"{field.auto_id}-hint"] if field.help_text else []
    ids += [f"{field.auto_id}-error"] if field.errors else []
    attributes: dict[str, str | bool] = {"aria-describedby": " ".join(ids)} if ids else {}
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs=attributes)


@register.filter
def is_group(field: forms.BoundField) -> bool:
    """True for radios and checkboxes, which want a legend instead of a label."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def written_later(step: StepPicture) -> bool:
    """True when a step was entered more than a minute after it happened."""
    return step.recorded_at - step.happened_at > NOTICEABLE


@register.filter
def of(mapping: dict[str, Any], key: str) -> Any:
    """The value of a key, nothing if it is not there."""
    return mapping.get(key)


@register.simple_tag
def desk_words() -> dict[str, str]:
    """The sentences the desk's scripts say."""
    return {
        "desk_new": _("new"),
        "desk_arrived": _("%(n)s new in the queue: %(title)s"),
        "desk_moved": _("The open case has just changed."),
        "desk_unsaved": _("What you wrote in the form has not been sent. Throw it away?"),
        "desk_offline": _("No network. Check the connection and try again."),
        "desk_broken": _(
            "That did not work: something broke on our side. What you wrote is still here; try again."
        ),
        "desk_just_now": _("updated just now"),
        "desk_minutes_ago": _("updated %(n)s min ago"),
        "desk_live": _("Live · %(ago)s"),
        "desk_again": _("Connecting again"),
        "desk_poll": _("Every 20 seconds · %(ago)s"),
        "desk_off": _("No connection: what you see may be old"),
    }
