"""The words for states, steps and verdicts, short and active."""

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gongzhi.base import calendar_words
from gongzhi.cases.types import (
    FORM,
    AppointmentWay,
    ErasureGround,
    Outcome,
    RevealPurpose,
    Right,
    StepKind,
    TaskStatus,
)
from gongzhi.cases.types import CaseStatus as S
from gongzhi.programs.types import CaseKind, Limit, Source

CENTRE = _("Governance centre")
RESIDENT = _("Resident")
SYSTEM = _("System")
NO_PLACE = _("place unknown")
ERASED = _("(erased)")
SUPPORT = _("A matter of support")
NOT_SHOWN = _("Only its owner can open this")
SOLVED = _("solved")
NOT_SOLVED = _("not solved")

STATUS: dict[str, Promise] = {
    S.REPORTED: _("Waiting to be accepted"),
    S.ACCEPTED: _("To be assigned"),
    S.ASSIGNED: _("Assigned"),
    S.UNDER_WAY: _("Under way"),
    S.RESOLVED: _("To be checked"),
    S.VERIFIED: _("Checked"),
    S.CLOSED: _("Closed"),
    S.DECLINED: _("Declined"),
    S.LINKED: _("Joined to another"),
    S.RETURNED: _("Returned"),
    S.AWAITING_RULING: _("Waits for a ruling"),
    S.SUSPENDED: _("Suspended"),
    S.REOPENED: _("Reopened"),
}

NEXT: dict[str, Promise] = {
    S.REPORTED: _("The governance centre is about to look at it."),
    S.ACCEPTED: _("The centre is choosing who will handle it."),
    S.ASSIGNED: _("The agency has been told and will begin."),
    S.UNDER_WAY: _("People are working on it."),
    S.RESOLVED: _("The agency says it is done; somebody else will check."),
    S.VERIFIED: _("Checked; the centre is about to close it."),
    S.CLOSED: _("It is closed. Is it solved? Your word counts: “not solved” reopens it."),
    S.DECLINED: _("This is not for the centre; the answer below says where it belongs."),
    S.LINKED: _("Somebody reported the same before: you are kept informed of that case."),
    S.RETURNED: _("The agency says it is not theirs; the centre is choosing another."),
    S.AWAITING_RULING: _("The centre is deciding who is responsible; that decision binds."),
    S.SUSPENDED: _("It can't go on before the date shown."),
    S.REOPENED: _("Reopened: the centre is sending somebody again."),
}

NEXT_SUPPORT = _("Somebody who helps takes it up and gets in touch with you.")
NEXT_SUPPORT_ENDED = _("It has ended. You can ask again at any time.")
NEXT_RIGHT = _("The governance centre answers within the time shown.")
NEXT_RIGHT_ANSWERED = _("It was answered: read below.")

STAGE = {
    S.REPORTED: 1,
    S.ACCEPTED: 2,
    S.RETURNED: 2,
    S.AWAITING_RULING: 2,
    S.REOPENED: 2,
    S.ASSIGNED: 3,
    S.UNDER_WAY: 3,
    S.SUSPENDED: 3,
    S.RESOLVED: 4,
    S.VERIFIED: 4,
    S.CLOSED: 5,
    S.DECLINED: 5,
    S.LINKED: 2,
}

STEP: dict[str, Promise] = {
    StepKind.REPORTED: _("Reported"),
    StepKind.INFORMATION_ADDED: _("More facts"),
    StepKind.SORTED: _("Sorted as %(kind)s"),
    StepKind.RELOCATED: _("Place corrected"),
    StepKind.ACCEPTED: _("Accepted"),
    StepKind.DECLINED: _("Declined: %(door)s"),
    StepKind.LINKED: _("Joined to %(lead)s"),
    StepKind.ASSIGNED: _("Assigned to %(agencies)s"),
    StepKind.TASK_ADDED: _("%(agencies)s supports"),
    StepKind.DELEGATED: _("Given to %(delegate)s"),
    StepKind.RETURNED: _("%(agency)s says it is not theirs"),
    StepKind.RULED: _("Ruling: %(agencies)s leads, and that binds"),
    StepKind.RESPONDED: _("Answered"),
    StepKind.ARRIVED: _("On site"),
    StepKind.FED_BACK: _("Told the reporter"),
    StepKind.STARTED: _("%(agency)s has begun"),
    StepKind.NOTED: _("Note"),
    StepKind.RESOLVED: _("%(agency)s says it is done"),
    StepKind.TASK_WITHDRAWN: _("Order taken back from %(agency)s"),
    StepKind.VERIFIED: _("Checked: in order"),
    StepKind.REWORK_ORDERED: _("Checked: not in order, back to work"),
    StepKind.CLOSED: _("Closed: %(outcome)s"),
    StepKind.VERDICT_GIVEN: _("The reporter says: %(verdict)s"),
    StepKind.REOPENED: _("Reopened"),
    StepKind.SUSPENDED: _("Suspended until %(until)s"),
    StepKind.RESUMED: _("Resumed"),
    StepKind.EXTENSION_ASKED: _("More time asked for %(clock)s: %(limit)s"),
    StepKind.EXTENSION_APPROVED: _("More time granted for %(clock)s: %(limit)s"),
    StepKind.EXTENSION_REFUSED: _("More time refused for %(clock)s"),
    StepKind.SUPERVISED: _("Supervision order"),
    StepKind.SUPERVISION_ANSWERED: _("Supervision answered"),
    StepKind.CLOCK_WARNED: _("%(clock)s: time is running out"),
    StepKind.CLOCK_BREACHED: _("%(clock)s: late"),
    StepKind.RECALCULATED: _("Working calendar changed, clocks recalculated"),
    StepKind.CONTENT_ERASED: _("Erased: %(content)s (%(reason)s)"),
    StepKind.CONTACT_REVEALED: _("Opened %(field)s: %(purpose)s"),
    StepKind.ORIGINAL_OPENED: _("Opened the original of a photo"),
    StepKind.CONTENTS_HELD: _("Held as evidence until %(until)s"),
    StepKind.APPOINTMENT_AGREED: _("Agreed: %(way)s, %(at)s"),
    StepKind.APPOINTMENT_HELD: _("They met"),
    StepKind.APPOINTMENT_CANCELLED: _("Appointment called off"),
    StepKind.CONSENT_RENEWED: _("Agreed to go on until %(until)s"),
    StepKind.SUPPORT_ENDED: _("Support ended: %(because)s"),
    StepKind.RIGHT_ANSWERED: _("Answered: %(granted)s"),
}

QUIET = frozenset({StepKind.CLOCK_WARNED, StepKind.RECALCULATED, StepKind.SORTED})

TASK: dict[str, Promise] = {
    TaskStatus.ASSIGNED: _("Not begun"),
    TaskStatus.STARTED: _("At work"),
    TaskStatus.RESOLVED: _("Work finished"),
    TaskStatus.RETURNED: _("Returned"),
    TaskStatus.WITHDRAWN: _("Taken back"),
}

OUTCOME: dict[str, Promise] = {
    Outcome.FIXED: _("fixed"),
    Outcome.NOT_FIXED: _("not fixed, with the reason"),
    Outcome.NOT_OURS: _("not ours"),
    Outcome.NO_LONGER_THERE: _("no longer there"),
    Outcome.ENDED: _("support ended"),
    Outcome.GRANTED: _("done as asked"),
    Outcome.REFUSED: _("refused, with the reason"),
}

WAY: dict[str, Promise] = {
    AppointmentWay.VISIT: _("visit"),
    AppointmentWay.TALK: _("talk"),
    AppointmentWay.CALL: _("phone call"),
}

BECAUSE: dict[str, Promise] = {
    "done": _("help no longer needed"),
    "withdrawn": _("the person withdrew the consent"),
    "consent_over": _("the agreed time is over"),
}

RIGHT: dict[str, Promise] = {
    Right.KNOW: _("know what you hold about me"),
    Right.COPY: _("get a copy"),
    Right.CORRECT: _("correct it"),
    Right.DELETE: _("delete it"),
    Right.WITHDRAW: _("withdraw my consent"),
    Right.EXPLAIN: _("have a rule explained"),
}

DOOR: dict[str, Promise] = {
    "110": _("call the police, 110"),
    "119": _("call the fire brigade, 119"),
    "120": _("call an ambulance, 120"),
    "122": _("call the traffic police, 122"),
    "12345": _("the government hotline, 12345"),
    "court": _("the people's court"),
    "petition_office": _("the petition office"),
    "already_answered": _("answered before, nothing new"),
    "other": _("another office, see the answer"),
}

SOURCE: dict[str, Promise] = {
    Source.RESIDENT: _("Resident"),
    Source.HOTLINE: _("Hotline"),
    Source.GRID_WORKER: _("Grid worker"),
    Source.DEPARTMENT: _("Department"),
    Source.DEVICE: _("Device"),
    Source.CELL: _("Neighbouring county"),
}

CONTENT: dict[str, Promise] = {
    "text": _("words"),
    "place_text": _("place"),
    "contact": _("contact"),
    "photo": _("photo"),
    "note": _("note"),
    "ground": _("ground"),
    "reply": _("reply"),
}


REVEAL: dict[str, Promise] = {
    RevealPurpose.ASK: _("ask for details"),
    RevealPurpose.ARRANGE: _("agree on a time or place"),
    RevealPurpose.TELL: _("say how it stands"),
    RevealPurpose.CALL_BACK: _("ask afterwards whether it is solved"),
    RevealPurpose.UNDELIVERED: _("say what a notice could not"),
    RevealPurpose.DANGER: _("somebody is in danger"),
}

ERASURE: dict[str, Promise] = {
    ErasureGround.ASKED: _("the person asked for it"),
    ErasureGround.NOT_NEEDED: _("not needed any more"),
    ErasureGround.WRONG: _("wrong, or should not have been collected"),
    ErasureGround.UNLAWFUL: _("collected unlawfully"),
    ErasureGround.RETENTION: _("its time is over"),
    ErasureGround.EMERGENCY_OVER: _("the emergency is over"),
}


def content_title(name: str, kind: CaseKind) -> str:
    """What a sealed content is called: a question of the kind's own form, or one of ours."""
    asked = next((f for f in kind.form if FORM + f.name == name), None)
    return asked.title.show(get_language()) if asked else str(CONTENT.get(name, name))


def limit_words(limit: Limit) -> str:
    """A limit as people say it: “5 分钟”."""
    return calendar_words.limit_words(limit.value, limit.unit)
