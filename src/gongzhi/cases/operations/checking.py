"""Verification by somebody else, closing with an outcome, the reporter's verdict."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.base.actor import RESIDENT, SYSTEM, Actor
from gongzhi.base.errors import NotAllowed, Refused
from gongzhi.cases.informing import inform
from gongzhi.cases.models import CaseRecord
from gongzhi.cases.operations.ledger import Wish, locked, photos, take, words
from gongzhi.cases.reach import acting
from gongzhi.cases.receipts import is_receipt
from gongzhi.cases.types import CHECKED_OUTCOMES, CaseStatus, Content, Outcome, StepKind


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
    if outcome not in CHECKED_OUTCOMES:
        raise Refused(_("Choose how it ended."), code="bad_outcome", field="outcome")
    data = {"outcome": Outcome(outcome).value}
    contents = words("reply", reply, required=outcome is Outcome.NOT_FIXED)
    inform(take(case, Wish(StepKind.CLOSED, by, now, data, contents, happened_at, version)))


@transaction.atomic
def give_verdict(*, case: str, receipt: str, solved: bool, now: datetime, why: str = "") -> None:
    """The reporter says whether it is solved; "not solved" reopens the case, also from a linked report."""
    with acting(RESIDENT, case, now):
        record = locked(case)
        if not is_receipt(record.client_id, receipt):
            wrong = _("The receipt code does not fit this case.")
            raise NotAllowed(wrong, code="wrong_receipt", field="receipt")
        _judge(record, solved, now, words("text", why, required=not solved))


def _judge(record: CaseRecord, solved: bool, now: datetime, contents: tuple[Content, ...]) -> None:
    lead = record.lead_case
    if lead is not None and lead.status != CaseStatus.CLOSED:
        raise NotAllowed(_("The case is still being worked on."), code="wrong_state")
    verdict = Wish(StepKind.VERDICT_GIVEN, RESIDENT, now, {"solved": solved}, contents, holds_receipt=True)
    inform(take(record.code, verdict))
    if not solved:
        data = {"because": "verdict", "from_case": str(record.id)}
        inform(take((lead or record).code, Wish(StepKind.REOPENED, SYSTEM, now, data)))


def reopen_case(*, case: str, ground: str, by: Actor, now: datetime, version: int | None = None) -> None:
    """A later re-inspection found it not solved."""
    contents = words("ground", ground, required=True)
    inform(
        take(case, Wish(StepKind.REOPENED, by, now, {"because": "re_inspection"}, contents, None, version))
    )
