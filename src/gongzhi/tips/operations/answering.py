"""What members do with a tip: write to the reporter, close it, decline it, look again, keep it longer."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from gongzhi.base.actor import Actor
from gongzhi.tips import access, ledger, words
from gongzhi.tips.models import Tip
from gongzhi.tips.operations import filing
from gongzhi.tips.types import MemberKey, RightDoor, TipOutcome, TipStepKind

YEAR = timedelta(days=365)


@transaction.atomic
def answer_reporter(*, tip: uuid.UUID, text: str, key: MemberKey, by: Actor, now: datetime) -> None:
    """Write to the reporter, who finds it with the receipt."""
    row = ledger.locked(tip)
    _say(row, TipStepKind.MESSAGE_TO_REPORTER, text, {}, key, by, now)


@transaction.atomic
def close_tip(
    *, tip: uuid.UUID, outcome: TipOutcome, words: str, key: MemberKey, by: Actor, now: datetime
) -> None:
    """Close it with an outcome and an answer to the reporter."""
    row = ledger.locked(tip)
    row.outcome, row.closed_on = TipOutcome(outcome).value, ledger.day_of(now)
    _say(row, TipStepKind.CLOSED, words, {"outcome": row.outcome}, key, by, now)


@transaction.atomic
def decline_tip(
    *, tip: uuid.UUID, door: RightDoor, words: str, key: MemberKey, by: Actor, now: datetime
) -> None:
    """Say that it belongs elsewhere, and where."""
    row = ledger.locked(tip)
    row.door, row.closed_on = RightDoor(door).value, ledger.day_of(now)
    _say(row, TipStepKind.DECLINED, words, {"right_door": row.door}, key, by, now)


@transaction.atomic
def reopen_tip(*, tip: uuid.UUID, key: MemberKey, by: Actor, now: datetime) -> None:
    """Look into a closed tip again; a date of erasure is off."""
    row = ledger.locked(tip)
    access.content_key(row, key, by, ledger.day_of(now))
    row.closed_on = row.erase_on = None
    row.outcome = row.door = ""
    ledger.take(row, TipStepKind.REOPENED, by=by, now=now)


@transaction.atomic
def keep_longer(*, tip: uuid.UUID, key: MemberKey, by: Actor, now: datetime) -> None:
    """Put the erasure of a closed tip off by a year."""
    row, on = ledger.locked(tip), ledger.day_of(now)
    access.content_key(row, key, by, on)
    row.erase_on = (row.erase_on or on) + YEAR
    ledger.take(row, TipStepKind.KEPT_LONGER, by=by, now=now, data={"until": row.erase_on.isoformat()})


def _say(
    tip: Tip, kind: TipStepKind, text: str, data: Mapping[str, Any], key: MemberKey, by: Actor, now: datetime
) -> None:
    on = ledger.day_of(now)
    opened = access.content_key(tip, key, by, on)
    said = {"text": words.text(text, field="words" if data else "text")}
    row = filing.message(tip, opened, said, from_reporter=False, on=on)
    tip.reporter_wrote_last = False
    ledger.take(tip, kind, by=by, now=now, data=data, boxes=filing.boxes_of([row]))
    filing.write([row])
