"""Requests about one's own data: asked with the receipt, answered with reasons, carried out and proved."""

import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.base.actor import RESIDENT, SYSTEM, Actor
from gongzhi.base.bounds import passing
from gongzhi.base.errors import NotAllowed, NotFound, Refused
from gongzhi.base.ids import clean_code
from gongzhi.cases import titles
from gongzhi.cases.informing import inform
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.operations.erasing import erase_content
from gongzhi.cases.operations.intake import report_case
from gongzhi.cases.operations.ledger import Wish, locked, take, words
from gongzhi.cases.operations.support import withdraw_support
from gongzhi.cases.reach import acting, of_code, subject
from gongzhi.cases.receipts import is_receipt, receipt_code
from gongzhi.cases.rules import OPEN, RIGHTS_KIND
from gongzhi.cases.types import FORM, ErasureGround, Receipt, Right, StepKind
from gongzhi.programs.types import Source
from gongzhi.trust import audit
from gongzhi.trust import queries as sealed
from gongzhi.trust.types import AuditKind

Done = list[list[str]]  # name and content id of what was erased: the proof stands in the ledger
OWN = ("text", "place_text", "contact", "photo")
LONGEST_LAW = 100


@transaction.atomic
def ask_right(
    *,
    client_id: uuid.UUID,
    right: Right,
    about: str,
    receipt: str,
    by: Actor,
    now: datetime,
    text: str = "",
    source: Source = Source.RESIDENT,
) -> Receipt:
    """Somebody who holds a receipt asks about what was kept; no further identity is taken."""
    record = _owned(about, receipt)
    wish = str(titles.RIGHT[Right(right)])
    given = report_case(
        client_id=client_id,
        kind=RIGHTS_KIND,
        text=text.strip() or wish,
        source=source,
        by=by,
        now=now,
        form={"right": Right(right).value, "about": record.code},
    )
    if given.created:
        _note(AuditKind.RIGHTS_REQUEST, record, by, now, Right(right).value)
    return given


@transaction.atomic
def answer_right(
    *,
    case: str,
    granted: bool,
    reply: str,
    by: Actor,
    now: datetime,
    law: str = "",
    version: int | None = None,
) -> None:
    """Answer with the reason; what is granted is carried out in the same breath, what is refused names its article."""
    contents = words("reply", reply, required=True)
    law = law.strip()[:LONGEST_LAW]
    if not granted and not law:
        raise Refused(_("A refusal names the law and its article."), code="missing", field="law")
    with acting(by, case, now):
        right, about = asked_right(locked(case))
        data = {"granted": granted, "right": right, "law": law, "done": []}
        with passing(*([subject(about.uuid)] if about else [])):  # who answers need not have seen that case
            done = _carry_out(right, about, case, now) if granted else []
    inform(
        take(case, Wish(StepKind.RIGHT_ANSWERED, by, now, {**data, "done": done}, contents, None, version))
    )
    if about is not None:
        _note(AuditKind.RIGHTS_REQUEST, about, by, now, f"{right}: {'granted' if granted else 'refused'}")


@transaction.atomic
def withdraw_contact(*, case: str, receipt: str, now: datetime) -> int:
    """The reporter takes the phone number or address back: erased now, nobody is asked; returns how many."""
    with acting(RESIDENT, case, now):
        return len(_erase(_owned(case, receipt), ("contact",), now))


@transaction.atomic
def note_copy_taken(*, case: str, receipt: str, now: datetime) -> None:
    """The holder of the receipt takes a copy home: written down like every export."""
    _note(AuditKind.EXPORTED, _owned(case, receipt), RESIDENT, now, Right.COPY.value)


def asked_right(record: CaseRecord) -> tuple[str, CaseRecord | None]:
    """Which right a request invokes, and the case it is about; at the counter it may name none."""
    first = CaseStep.objects.get(case=record, seq=1)
    form = first.data.get("form", {})
    code = clean_code(form.get("about", "") or _sealed_answer(first, "about"))
    with passing(*map(subject, of_code(code))):
        about = CaseRecord.objects.filter(code=code).first()
    right = form.get("right", Right.EXPLAIN.value)
    return (right if right in set(Right) else Right.EXPLAIN.value), about


def _sealed_answer(first: CaseStep, field: str) -> str:
    """An answer that was sealed, as every free text is; "" if there is none or it was erased."""
    found = [uuid.UUID(content) for name, content, _commitment in first.contents if name == f"{FORM}{field}"]
    value = sealed.open_content(found[0]) if found else None
    return value.decode() if value else ""


def _owned(case: str, receipt: str) -> CaseRecord:
    with passing(*map(subject, of_code(case))):
        record = locked(case)
    if not is_receipt(record.client_id, receipt):
        raise NotAllowed(_("The receipt code does not fit this case."), code="wrong_receipt", field="receipt")
    return record


def _note(kind: AuditKind, record: CaseRecord, by: Actor, now: datetime, purpose: str) -> None:
    audit.note(kind=kind, by=by, now=now, subject=f"case:{record.id}", purpose=purpose)


def _carry_out(right: str, about: CaseRecord | None, request: str, now: datetime) -> Done:
    act = ACTS.get(Right(right))
    if act is None:
        return []
    if about is None:
        raise Refused(
            _("This request names no case: ask for its code, or answer without deleting anything."),
            code="no_case",
            field="granted",
        )
    return act(about, request, now)


def _delete(about: CaseRecord, request: str, now: datetime) -> Done:
    if about.status in OPEN:
        raise Refused(
            _(
                "That case is still being handled: its words are needed until it ends. The contact can go at any time."
            ),
            code="still_open",
            field="granted",
        )
    return _erase(about, OWN, now)


def _withdraw(about: CaseRecord, request: str, now: datetime) -> Done:
    if about.assigned_only:
        withdraw_support(case=about.code, receipt=receipt_code(about.client_id), now=now)
        return [["support", str(about.id)]]
    return _erase(about, ("contact",), now)


def _correct(about: CaseRecord, request: str, now: datetime) -> Done:
    """The reporter's correction goes on the file beside what it corrects."""
    wish = Wish(
        StepKind.INFORMATION_ADDED,
        RESIDENT,
        now,
        {"rights_request": request},
        words("text", _words_of(request)),
        holds_receipt=True,
    )
    inform(take(about.code, wish))
    return []


ACTS: dict[Right, Callable[[CaseRecord, str, datetime], Done]] = {
    Right.DELETE: _delete,
    Right.WITHDRAW: _withdraw,
    Right.CORRECT: _correct,
}


def _erase(record: CaseRecord, names: tuple[str, ...], now: datetime) -> Done:
    """Erase what the reporter gave under these names; the ledger keeps that it was there, without its words."""
    found = _given(record, names)
    for _name, content in found:
        erase_content(
            case=record.code, content=uuid.UUID(content), reason=ErasureGround.ASKED, by=SYSTEM, now=now
        )
    return found


def _given(record: CaseRecord, names: tuple[str, ...]) -> Done:
    steps = list(CaseStep.objects.filter(case=record).order_by("seq"))
    gone = {step.data["content"] for step in steps if step.kind == StepKind.CONTENT_ERASED}
    told = (StepKind.REPORTED, StepKind.INFORMATION_ADDED, StepKind.VERDICT_GIVEN)
    return [
        [name, content]
        for step in steps
        if step.kind in told and (step.seq == 1 or step.actor == str(RESIDENT))
        for name, content, _commitment in step.contents
        if content not in gone and (name in names or (name.startswith("form_") and "text" in names))
    ]


def _words_of(request: str) -> str:
    record = CaseRecord.objects.get(code=clean_code(request))
    first = CaseStep.objects.get(case=record, seq=1)
    content = next(content for name, content, _commitment in first.contents if name == "text")
    value = sealed.open_content(uuid.UUID(content))
    if value is None:
        raise NotFound(_("There is no such content on this case."), code="no_content")
    return value.decode()
