"""The one lifecycle, as plain data: which step may follow in which state, by whose hand, and why."""

from dataclasses import dataclass
from enum import StrEnum

from gongzhi.cases.types import CaseStatus as S
from gongzhi.cases.types import StepKind as K


class Hand(StrEnum):
    """In what capacity somebody acts on this case."""

    REPORTER = "reporter"  # holds the receipt code
    CENTRE = "centre"  # dispatcher or head of a governance centre whose area covers the case
    HEAD = "head"  # centre head
    HANDLER = "handler"  # works for the organisation that has the task, or has the task
    VERIFIER = "verifier"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Arrow:
    step: K
    start: frozenset[S]
    end: S | None  # None: the state stays
    hands: frozenset[Hand]
    reason: str


OPEN = frozenset(S) - {S.CLOSED, S.DECLINED, S.LINKED}
AT_WORK = frozenset({S.ASSIGNED, S.UNDER_WAY})
WITH_TASKS = AT_WORK | {S.RESOLVED}
UNASSIGNED = frozenset({S.REPORTED, S.ACCEPTED, S.RETURNED, S.REOPENED})
ENDED = frozenset({S.CLOSED, S.DECLINED, S.LINKED})


def _arrow(step: K, start: frozenset[S] | set[S], end: S | None, hands: str, reason: str) -> Arrow:
    return Arrow(step, frozenset(start), end, frozenset(Hand(h) for h in hands.split()), reason)


ARROWS: tuple[Arrow, ...] = (
    _arrow(
        K.INFORMATION_ADDED, frozenset(S), None, "reporter centre handler", "more facts are always welcome"
    ),
    _arrow(
        K.SORTED, UNASSIGNED, None, "centre", "a report without a kind gets one; its response clock runs on"
    ),
    _arrow(
        K.RELOCATED,
        OPEN,
        None,
        "centre handler system",
        "the place was wrong or vague, or its grid has ended",
    ),
    _arrow(K.ACCEPTED, {S.REPORTED}, S.ACCEPTED, "centre", "the centre takes it on"),
    _arrow(
        K.DECLINED, UNASSIGNED, S.DECLINED, "centre", "not a matter for the centre: the right door is named"
    ),
    _arrow(K.LINKED, UNASSIGNED, S.LINKED, "centre reporter system", "the same matter as an earlier report"),
    _arrow(
        K.ASSIGNED,
        {S.ACCEPTED, S.RETURNED, S.REOPENED},
        S.ASSIGNED,
        "centre",
        "one agency leads, others support",
    ),
    _arrow(
        K.ASSIGNED,
        {S.REPORTED},
        S.ASSIGNED,
        "system",
        "a support case goes straight to those who support, past every queue",
    ),
    _arrow(K.TASK_ADDED, WITH_TASKS, None, "centre", "another agency is needed"),
    _arrow(K.DELEGATED, WITH_TASKS, None, "handler centre", "the agency names who goes"),
    _arrow(
        K.RETURNED,
        AT_WORK,
        S.RETURNED,
        "handler",
        "not theirs, with a written ground; the second goes to a ruling",
    ),
    _arrow(
        K.RULED, {S.AWAITING_RULING}, S.ASSIGNED, "centre", "the centre decides who leads, and that binds"
    ),
    _arrow(K.RESPONDED, OPEN, None, "centre handler", "somebody answered the call"),
    _arrow(K.ARRIVED, WITH_TASKS, None, "handler", "on site"),
    _arrow(K.FED_BACK, OPEN | {S.CLOSED}, None, "centre handler", "the reporter is told how it stands"),
    _arrow(K.STARTED, AT_WORK, S.UNDER_WAY, "handler", "work has begun"),
    _arrow(K.STARTED, {S.RESOLVED}, None, "handler", "a supporting agency begins after the lead was done"),
    _arrow(K.NOTED, frozenset(S), None, "centre handler verifier", "something worth writing down"),
    _arrow(K.RESOLVED, AT_WORK, S.RESOLVED, "handler", "the lead agency says it is done"),
    _arrow(K.RESOLVED, {S.RESOLVED}, None, "handler", "a supporting agency is done"),
    _arrow(K.TASK_WITHDRAWN, WITH_TASKS, S.ACCEPTED, "centre", "the centre takes an order back"),
    _arrow(K.VERIFIED, {S.RESOLVED}, S.VERIFIED, "verifier centre", "somebody else has checked it"),
    _arrow(K.REWORK_ORDERED, {S.RESOLVED}, S.UNDER_WAY, "verifier centre", "the check found it not done"),
    _arrow(K.CLOSED, {S.VERIFIED}, S.CLOSED, "centre verifier", "checked, and its outcome named"),
    _arrow(K.VERDICT_GIVEN, {S.CLOSED, S.LINKED}, None, "reporter", "the reporter says whether it is solved"),
    _arrow(
        K.REOPENED,
        {S.CLOSED},
        S.REOPENED,
        "reporter head system",
        "the reporter or a re-inspection says it is not solved",
    ),
    _arrow(K.SUSPENDED, AT_WORK | {S.ACCEPTED}, S.SUSPENDED, "centre", "it can't go on before a date"),
    _arrow(K.RESUMED, {S.SUSPENDED}, None, "centre system", "the date came, or the obstacle is gone"),
    _arrow(K.EXTENSION_ASKED, AT_WORK, None, "handler", "more time is needed, with a ground"),
    _arrow(K.EXTENSION_APPROVED, OPEN, None, "centre", "the centre grants it"),
    _arrow(K.EXTENSION_REFUSED, OPEN, None, "centre", "the centre does not"),
    _arrow(K.SUPERVISED, OPEN, None, "centre", "the centre chases, apart from the handling"),
    _arrow(K.SUPERVISION_ANSWERED, OPEN, None, "handler", "the agency answers the chase"),
    _arrow(K.CLOCK_WARNED, OPEN, None, "system", "a share of the limit has passed"),
    _arrow(K.CLOCK_BREACHED, OPEN, None, "system", "the limit has passed"),
    _arrow(K.RECALCULATED, OPEN, None, "system", "the working calendar changed"),
    _arrow(
        K.CONTACT_REVEALED,
        frozenset(S),
        None,
        "centre head handler verifier",
        "somebody needs to call the reporter, and says what for",
    ),
    _arrow(
        K.ORIGINAL_OPENED,
        frozenset(S),
        None,
        "head verifier",
        "a photo has to be seen with all that the camera wrote into it",
    ),
    _arrow(K.CONTENTS_HELD, frozenset(S), None, "head", "it may be needed as evidence: erased only later"),
    _arrow(
        K.CONTENT_ERASED, frozenset(S), None, "head system", "words were erased on request or by retention"
    ),
    _arrow(K.APPOINTMENT_AGREED, AT_WORK, None, "handler", "the person agreed to a visit or a talk"),
    _arrow(K.APPOINTMENT_HELD, AT_WORK, None, "handler", "they met"),
    _arrow(K.APPOINTMENT_CANCELLED, AT_WORK, None, "handler reporter", "either side may call it off"),
    _arrow(K.CONSENT_RENEWED, AT_WORK, None, "handler reporter", "the person agreed to go on"),
    _arrow(
        K.SUPPORT_ENDED, OPEN, S.CLOSED, "reporter handler system", "consent withdrawn or over, or help done"
    ),
    _arrow(K.RIGHT_ANSWERED, OPEN, S.CLOSED, "centre", "a request about one's own data got its answer"),
)


def arrow(step: K, status: S) -> Arrow | None:
    """The arrow a step would take from a state, if there is one."""
    return next((a for a in ARROWS if a.step is step and status in a.start), None)
