"""Support cases: opened with consent, kept by the assigned workers, ended by the person at any moment."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import RESIDENT, SYSTEM, Actor
from gongzhi.base.bounds import passing
from gongzhi.base.canonical import canonical
from gongzhi.base.errors import NotAllowed, Refused
from gongzhi.base.ids import new_case_code, new_id
from gongzhi.cases import places
from gongzhi.cases.informing import inform
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseRecord, CaseStep, CaseTask
from gongzhi.cases.operations.erasing import erase_content
from gongzhi.cases.operations.intake import (
    contents_of,
    definition_for,
    known_receipt,
    opening,
    where,
    write_first,
)
from gongzhi.cases.operations.ledger import SUPPORT, Wish, locked, take, words
from gongzhi.cases.reach import acting, subject
from gongzhi.cases.receipts import is_receipt
from gongzhi.cases.rules import OPEN, months_later
from gongzhi.cases.types import AppointmentWay, ErasureGround, Outcome, Receipt, StepKind, TaskRole
from gongzhi.programs import queries as programs
from gongzhi.programs.types import CaseKind, Consenting, Source
from gongzhi.programs.types import Support as Terms
from gongzhi.trust import crypto
from gongzhi.trust.consent import give_consent, withdraw_consent
from gongzhi.trust.types import ConsentGiver, ConsentWay

AT_ONCE = 200  # cases one round of the loop ends


@transaction.atomic
def open_support(
    *,
    client_id: uuid.UUID,
    kind: str,
    text: str,
    giver: Consenting,
    way: ConsentWay,
    source: Source,
    by: Actor,
    now: datetime,
    contact: str = "",
    area: uuid.UUID | None = None,
) -> Receipt:
    """Take in a wish for support with the consent it rests on, and hand it to its workers past every queue."""
    definition = definition_for(kind, source, now)
    terms = _terms(definition, giver)
    contents = (*words("text", text, required=True), *contents_of("", "", contact, ()))
    sent = {"kind": kind, "text": text, "contact": contact, "giver": giver}
    printed = canonical(sent)
    known = known_receipt(client_id, printed)
    if known is not None:
        return known
    until = months_later(now, terms.months)
    data = {
        **opening(definition, None, source, where(None, area)),
        "client_id": str(client_id),
        "form": {},
        "drill": False,
        "support_until": until.isoformat(),
    }
    fingerprint = crypto.mac("report", printed)
    record = CaseRecord(id=new_id(), code=new_case_code(), client_id=client_id, fingerprint=fingerprint)
    receipt = write_first(record, printed, Wish(StepKind.REPORTED, by, now, data, contents), None)
    if receipt.created:
        with passing(subject(record.uuid)):
            _agree(record, giver, way, until, by, now)
            _to_workers(record, definition, now)
    return receipt


@transaction.atomic
def take_up_support(*, case: str, by: Actor, now: datetime, version: int | None = None) -> None:
    """A worker of the team makes it theirs: from now on nobody else of the team is inside."""
    with acting(by, case, now):
        task = CaseTask.objects.get(case=_support_case(case), role=TaskRole.LEAD)
    delegated = {"task": str(task.id), "person": str(by.person_id or ""), "team": ""}
    inform(take(case, Wish(StepKind.DELEGATED, by, now, delegated, (), None, version)))
    inform(take(case, Wish(StepKind.STARTED, by, now, {"task": str(task.id)})))


def agree_appointment(
    *,
    case: str,
    way: AppointmentWay,
    at: datetime,
    by: Actor,
    now: datetime,
    note: str = "",
    version: int | None = None,
) -> str:
    """Write down a visit or talk the person agreed to; returns its id."""
    appointment = str(new_id())
    data = {"appointment": appointment, "way": AppointmentWay(way).value, "at": at.isoformat()}
    inform(take(case, Wish(StepKind.APPOINTMENT_AGREED, by, now, data, words("note", note), None, version)))
    return appointment


def hold_appointment(
    *,
    case: str,
    appointment: str,
    by: Actor,
    now: datetime,
    note: str = "",
    happened_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """They met; the person reads the note too."""
    data = {"appointment": appointment}
    wish = Wish(StepKind.APPOINTMENT_HELD, by, now, data, words("note", note), happened_at, version)
    inform(take(case, wish))


@transaction.atomic
def cancel_appointment(
    *, case: str, appointment: str, by: Actor, now: datetime, receipt: str = "", version: int | None = None
) -> None:
    """Call it off, by either side; no reason is asked."""
    with acting(by, case, now):
        holds = bool(receipt) and is_receipt(locked(case).client_id, receipt)
    data = {"appointment": appointment}
    wish = Wish(StepKind.APPOINTMENT_CANCELLED, by, now, data, (), None, version, holds_receipt=holds)
    inform(take(case, wish))


@transaction.atomic
def renew_support(
    *, case: str, giver: Consenting, way: ConsentWay, by: Actor, now: datetime, receipt: str = ""
) -> None:
    """The person agrees to go on: a new consent, counted from today."""
    with acting(by, case, now):
        record = locked(case)
    terms = _terms(LAWS.kind(record.definition), giver)
    until = months_later(now, terms.months)
    holds = bool(receipt) and is_receipt(record.client_id, receipt)
    data = {"until": until.isoformat()}
    inform(take(case, Wish(StepKind.CONSENT_RENEWED, by, now, data, holds_receipt=holds)))
    with passing(subject(record.uuid)):
        _agree(record, giver, way, until, by, now)


@transaction.atomic
def end_support(*, case: str, by: Actor, now: datetime, note: str = "", version: int | None = None) -> None:
    """The help is done, or the person said so to a worker."""
    contents = words("note", note)
    taken = take(case, _ending(by, now, "done", contents=contents, version=version))
    inform(taken)
    with passing(subject(taken.record.uuid)):  # it has ended: nobody at work reaches it any more
        withdraw_consent(ref=_ref(taken.record), purpose=SUPPORT, by=by, now=now)


@transaction.atomic
def withdraw_support(*, case: str, receipt: str, now: datetime) -> int:
    """The person takes the consent back: the case ends and its words are erased, now; returns how many."""
    with acting(RESIDENT, case, now):
        record = _support_case(case)
        if not is_receipt(record.client_id, receipt):
            wrong = _("The receipt code does not fit this case.")
            raise NotAllowed(wrong, code="wrong_receipt", field="receipt")
        return _withdraw(record, now)


def _withdraw(record: CaseRecord, now: datetime) -> int:
    withdraw_consent(ref=_ref(record), purpose=SUPPORT, by=RESIDENT, now=now)
    if record.status in OPEN:
        inform(take(record.code, _ending(RESIDENT, now, "withdrawn", holds_receipt=True)))
    held = _contents_of(record)
    for content in held:
        erase_content(case=record.code, content=content, reason=ErasureGround.ASKED, by=SYSTEM, now=now)
    return len(held)


def end_due_support(*, now: datetime) -> int:
    """End the support cases whose consent is over; returns how many."""
    due = CaseRecord.objects.filter(assigned_only=True, closed_at=None, support_until__lte=now)
    done = 0
    for code in due.values_list("code", flat=True)[:AT_ONCE]:
        try:
            inform(take(code, _ending(SYSTEM, now, "consent_over")))
        except Refused:  # it was renewed or ended a moment ago
            continue
        done += 1
    return done


def _support_case(code: str) -> CaseRecord:
    record = locked(code)
    if not record.assigned_only:
        raise Refused(_("Cases of this kind have no such step."), code="not_this_kind")
    return record


def _ending(by: Actor, now: datetime, because: str, **more: object) -> Wish:
    data = {"because": because, "outcome": Outcome.ENDED.value}
    return Wish(StepKind.SUPPORT_ENDED, by, now, data, **more)  # type: ignore[arg-type]


def _terms(definition: CaseKind, giver: Consenting) -> Terms:
    terms = definition.support
    if terms is None:
        raise Refused(_("This is no kind of support."), code="no_support", field="kind")
    if giver not in terms.by:
        who = _("The guardian has to agree to this.")
        raise Refused(
            who if Consenting.GUARDIAN in terms.by else _("The person has to agree to this in person."),
            code="wrong_giver",
            field="giver",
        )
    return terms


def _agree(
    record: CaseRecord, giver: Consenting, way: ConsentWay, until: datetime, by: Actor, now: datetime
) -> None:
    give_consent(
        ref=_ref(record), purpose=SUPPORT, giver=ConsentGiver(giver), way=way, until=until, by=by, now=now
    )


def _to_workers(record: CaseRecord, definition: CaseKind, now: datetime) -> None:
    """The dispatch rule names the team; a person of that team takes it up, and from then on it is theirs alone."""
    codes = tuple(places.codes_of(record.area_id)) if record.area_id else ()
    rule = programs.dispatch(definition, codes, record.severity, now)
    lead = accounts.organisations_by_code([rule.lead]).get(rule.lead) if rule else None
    if lead is None:
        raise Refused(_("Nobody here offers this kind of support yet."), code="no_workers", field="kind")
    task = {"task": str(new_id()), "organisation": str(lead.id), "role": TaskRole.LEAD.value}
    inform(take(record.code, Wish(StepKind.ASSIGNED, SYSTEM, now, {"tasks": [task]})))


def _contents_of(record: CaseRecord) -> list[uuid.UUID]:
    steps = CaseStep.objects.filter(case=record)
    gone = {step.data["content"] for step in steps.filter(kind=StepKind.CONTENT_ERASED)}
    held = [content for step in steps for _name, content, _commitment in step.contents]
    return [uuid.UUID(content) for content in held if content not in gone]


def _ref(record: CaseRecord) -> str:
    return f"case:{record.id}"
