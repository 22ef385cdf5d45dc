"""Support cases and rights requests: which steps belong to them, and what these steps change."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.base.calendar import LOCAL
from gongzhi.base.errors import Refused
from gongzhi.cases.rules.arrows import ENDED
from gongzhi.cases.types import (
    RIGHTS_KIND,
    AppointmentState,
    CaseState,
    CaseStatus,
    Outcome,
    Step,
    TaskStatus,
)
from gongzhi.cases.types import StepKind as K
from gongzhi.programs.types import CaseKind

ONLY_SUPPORT = frozenset(
    {K.APPOINTMENT_AGREED, K.APPOINTMENT_HELD, K.APPOINTMENT_CANCELLED, K.CONSENT_RENEWED, K.SUPPORT_ENDED}
)
# Nothing here chases, rates, checks or passes on a person: the steps of the one lifecycle that remain.
IN_SUPPORT = ONLY_SUPPORT | {
    *(K.INFORMATION_ADDED, K.ASSIGNED, K.DELEGATED, K.STARTED, K.NOTED, K.FED_BACK, K.CONTENT_ERASED),
    *(K.CLOCK_WARNED, K.CLOCK_BREACHED, K.RECALCULATED),
}


def months_later(moment: datetime, months: int) -> datetime:
    """The same hour so many months later, or on the month's last day if it is shorter."""
    local = moment.astimezone(LOCAL)
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def fits(kind: CaseKind, step: K) -> bool:
    """Whether cases of this kind know this step at all."""
    if kind.support is not None:
        return step in IN_SUPPORT
    return step not in ONLY_SUPPORT and (step is not K.RIGHT_ANSWERED or kind.key == RIGHTS_KIND)


def belongs(state: CaseState, step: Step, kind: CaseKind) -> None:
    """Refuse a step that cases of this kind do not know; nothing is written into support that has ended."""
    if kind.support is not None and state.status in ENDED and step.kind is not K.CONTENT_ERASED:
        raise Refused(_("This support has ended: nothing more is written down."), code="support_ended")
    if not fits(kind, step.kind):
        raise Refused(_("Cases of this kind have no such step."), code="not_this_kind")


def past_the_queue(state: CaseState, step: Step, kind: CaseKind) -> bool:
    """Whether a step would hand out an ordinary case nobody at the centre has accepted."""
    return step.kind is K.ASSIGNED and state.status is CaseStatus.REPORTED and kind.support is None


def appointment_is_open(state: CaseState, step: Step) -> None:
    """Refuse to hold or cancel what was never agreed, or is over."""
    found = next((a for a in state.appointments if a.id == step.data.get("appointment")), None)
    if found is None or not found.open:
        raise Refused(_("There is no such appointment any more."), code="no_appointment", field="appointment")


def lies_ahead(state: CaseState, step: Step) -> None:
    """An appointment is agreed before it takes place."""
    if datetime.fromisoformat(step.data["at"]) <= step.happened_at:
        raise Refused(_("The date must lie ahead."), code="past_date", field="at")


def _agreed(after: CaseState, step: Step, before: CaseState) -> CaseState:
    data = step.data
    agreed = AppointmentState(data["appointment"], data["way"], datetime.fromisoformat(data["at"]))
    return replace(after, appointments=(*after.appointments, agreed))


def _with(after: CaseState, step: Step, **changes: Any) -> CaseState:
    wanted = step.data["appointment"]
    found = tuple(replace(a, **changes) if a.id == wanted else a for a in after.appointments)
    return replace(after, appointments=found)


def _held(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return _with(after, step, held_at=step.happened_at)


def _cancelled(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return _with(after, step, cancelled=True)


def _renewed(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(after, support_until=datetime.fromisoformat(step.data["until"]))


def _ended(after: CaseState, step: Step, before: CaseState) -> CaseState:
    tasks = tuple(
        replace(t, status=TaskStatus.WITHDRAWN, ended_at=step.happened_at) if t.open else t
        for t in after.tasks
    )
    return replace(after, tasks=tasks, outcome=Outcome.ENDED.value, closed_at=step.happened_at)


def _answered(after: CaseState, step: Step, before: CaseState) -> CaseState:
    outcome = Outcome.GRANTED if step.data["granted"] else Outcome.REFUSED
    return replace(_ended(after, step, before), outcome=outcome.value)


CHANGES: dict[K, Callable[[CaseState, Step, CaseState], CaseState]] = {
    K.APPOINTMENT_AGREED: _agreed,
    K.APPOINTMENT_HELD: _held,
    K.APPOINTMENT_CANCELLED: _cancelled,
    K.CONSENT_RENEWED: _renewed,
    K.SUPPORT_ENDED: _ended,
    K.RIGHT_ANSWERED: _answered,
}
