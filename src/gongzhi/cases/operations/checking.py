"""Verification by somebody else, closing with an outcome, the reporter's verdict, erasure."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.base.actor import RESIDENT, SYSTEM, Actor
from gongzhi.base.errors import NotAllowed, NotFound
from gongzhi.cases.informing import inform
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.operations.ledger import Wish, locked, photos, take, words
from gongzhi.cases.receipts import is_receipt
from gongzhi.cases.types import CaseStatus, Outcome, StepKind
from gongzhi.files import operations as files
from gongzhi.trust import operations as trust
from gongzhi.trust import queries as sealed


def verify_case(
    *,
    case: str,
    passed: bool,
    by: Actor,
    now: datetime,
    note: str = "",
    photo_ids: Sequence[uuid.UUID] = (),
    happened_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """Somebody other than the resolver checks; a failed check sends it back to work."""
    contents = (*words("note", note, required=not passed), *photos(photo_ids))
    kind = StepKind.VERIFIED if passed else StepKind.REWORK_ORDERED
    inform(take(case, Wish(kind, by, now, {}, contents, happened_at, version)))


def close_case(
    *,
    case: str,
    outcome: Outcome,
    by: Actor,
    now: datetime,
    reply: str = "",
    happened_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """End a checked case and name its outcome; `reply` is told to the reporter."""
    data = {"outcome": Outcome(outcome).value}
    contents = words("reply", reply, required=outcome is Outcome.NOT_FIXED)
    inform(take(case, Wish(StepKind.CLOSED, by, now, data, contents, happened_at, version)))


@transaction.atomic
def give_verdict(*, case: str, receipt: str, solved: bool, now: datetime, why: str = "") -> None:
    """The reporter says whether it is solved; "not solved" reopens the case, also from a linked report."""
    record = locked(case)
    if not is_receipt(record.client_id, receipt):
        raise NotAllowed(_("The receipt code does not fit this case."), code="wrong_receipt", field="receipt")
    lead = record.lead_case
    if lead is not None and lead.status != CaseStatus.CLOSED:
        raise NotAllowed(_("The case is still being worked on."), code="wrong_state")
    contents = words("text", why, required=not solved)
    inform(
        take(
            case,
            Wish(StepKind.VERDICT_GIVEN, RESIDENT, now, {"solved": solved}, contents, holds_receipt=True),
        )
    )
    if not solved:
        code = lead.code if lead else record.code
        data = {"because": "verdict", "from_case": str(record.id)}
        inform(take(code, Wish(StepKind.REOPENED, SYSTEM, now, data)))


def reopen_case(*, case: str, ground: str, by: Actor, now: datetime, version: int | None = None) -> None:
    """A later re-inspection found it not solved."""
    contents = words("ground", ground, required=True)
    inform(
        take(case, Wish(StepKind.REOPENED, by, now, {"because": "re_inspection"}, contents, None, version))
    )


@transaction.atomic
def erase_content(*, case: str, content: uuid.UUID, reason: str, by: Actor, now: datetime) -> None:
    """Erase one text or photo for ever: a tombstone step says so, and the chain stays whole."""
    record = locked(case)
    name = _name_of(record, content)
    photo = sealed.open_content(content) if name == "photo" else None
    data = {"content": str(content), "name": name, "reason": reason[:100]}
    take(case, Wish(StepKind.CONTENT_ERASED, by, now, data))
    trust.erase(content=content, by=by, now=now, reason=reason)
    if name == "place_text":
        CaseRecord.objects.filter(pk=record.pk).update(place_text="")
    if photo:
        files.erase_photo(photo=uuid.UUID(photo.decode()), by=by, now=now, reason=reason)


def _name_of(record: CaseRecord, content: uuid.UUID) -> str:
    for contents in CaseStep.objects.filter(case=record).values_list("contents", flat=True):
        for name, content_id, _commitment in contents:
            if content_id == str(content):
                return str(name)
    raise NotFound(_("There is no such content on this case."), code="no_content")
