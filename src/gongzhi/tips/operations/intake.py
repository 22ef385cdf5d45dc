"""What a reporter does: give a tip, come back with the receipt, write, leave an identity, fetch a claim code."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import RESIDENT, Actor
from gongzhi.base.errors import NotFound, Refused
from gongzhi.base.ids import check_digit, clean_code
from gongzhi.programs import queries as programs
from gongzhi.programs.types import TipRules
from gongzhi.territory import queries as territory
from gongzhi.tips import access, contents, ledger, proofs, receipts, words
from gongzhi.tips.guesses import WRONG_RECEIPTS, counted
from gongzhi.tips.models import RecoveryAccess, RecoveryKey, Tip
from gongzhi.tips.operations import filing, identities, telling
from gongzhi.tips.rules.blocking import RoutedTo
from gongzhi.tips.types import (
    Identity,
    Proof,
    ReceiptKey,
    Submitted,
    TipDoor,
    TipStatus,
    TipStepKind,
    Upload,
)
from gongzhi.trust import boxes


def submit_tip(
    *,
    text: str,
    by: Actor,
    now: datetime,
    area: uuid.UUID | None = None,
    reported: uuid.UUID | None = None,
    keep_from: Sequence[str] = (),
    files: Sequence[Upload] = (),
    identity: Identity | None = None,
    door: TipDoor = TipDoor.WEB,
) -> Submitted:
    """Seal a tip for the first unit that may know of it; the receipt in the answer is shown once.

    Without an area it is the whole county's; `keep_from` are names of people who must not see it.
    """
    said = {"text": words.text(text), "keep_from": words.names(keep_from)}
    given = words.identity(identity) if identity else None
    rules, recovery, on = _rules(now), _recovery(), ledger.day_of(now)
    routed = _routed(rules, reported, said["keep_from"], on)
    receipt, key = receipts.new_receipt(), boxes.new_key()
    opened = receipts.stretch(receipt)
    tip = _header(rules, routed, area, reported, opened.locator, on)
    rows: filing.Rows = [
        filing.message(tip, key, said, from_reporter=True, on=on),
        *filing.files(tip, key, files, on=on),
    ]
    with transaction.atomic():
        first = ledger.begin(
            tip, by=by, now=now, data=_first_data(tip, TipDoor(door), rules), boxes=filing.boxes_of(rows)
        )
        filing.write(rows)
        proof = proofs.make(bytes(first.digest), on)
        _wrap(tip, key, opened.key, proof, routed, recovery)
        for person, ground in routed.blocked:
            access.block(tip, person, ground, on)
            ledger.take(tip, TipStepKind.BLOCKED, by=by, now=now, data={"ground": ground})
        if given is not None:
            identities.keep(tip, given, by=by, now=now)
        telling.tell_members(tip, first.seq, now)
    return Submitted(receipt, proof, accounts.organisation(routed.unit).name, given is not None)


def open_receipt(*, receipt: str, now: datetime) -> ReceiptKey:
    """The key to one tip; wrong receipts are counted for everybody together. Takes about half a second or more."""
    digits = clean_code(receipt)
    with counted("receipt", WRONG_RECEIPTS, now):
        if len(digits) != receipts.DIGITS:
            raise _no_receipt()
        opened = receipts.stretch(digits)
        row = RecoveryAccess.objects.filter(tip__locator=opened.locator).first()
        if row is None:
            raise _no_receipt()
        key = boxes.unshut(opened.key, bytes(row.for_reporter), contents.place(row.tip_id, "receipt"))
    return ReceiptKey(row.tip_id, key)


@transaction.atomic
def add_message(*, key: ReceiptKey, text: str, now: datetime, files: Sequence[Upload] = ()) -> None:
    """The reporter writes again, or adds files."""
    tip, on = ledger.locked(key.tip), ledger.day_of(now)
    said = words.text(text, required=not files)
    rows: filing.Rows = [*filing.files(tip, key.content_key, files, on=on)]
    if said:
        rows.insert(0, filing.message(tip, key.content_key, {"text": said}, from_reporter=True, on=on))
    tip.reporter_wrote_last = True
    step = ledger.take(
        tip, TipStepKind.MESSAGE_FROM_REPORTER, by=RESIDENT, now=now, boxes=filing.boxes_of(rows)
    )
    filing.write(rows)
    telling.tell_members(tip, step.seq, now)


@transaction.atomic
def give_identity(*, key: ReceiptKey, identity: Identity, now: datetime) -> None:
    """The reporter leaves, or replaces, a sealed identity."""
    tip = ledger.locked(key.tip)
    identities.keep(tip, words.identity(identity), by=RESIDENT, now=now)


# How a tip is made.


def _rules(now: datetime) -> TipRules:
    rules = programs.current_tip_rules(ledger.day_of(now))
    if rules is None:
        raise _nobody()
    return rules


def _recovery() -> RecoveryKey:
    """No tip is taken before recovery is set up: it could be lost with its members."""
    found = RecoveryKey.objects.order_by("-made_at").first()
    if found is None:
        raise _nobody()
    return found


def _routed(rules: TipRules, reported: uuid.UUID | None, keep_from: Sequence[str], on: date) -> RoutedTo:
    if reported is not None:
        accounts.organisation(reported)
    routed = access.routed(rules, reported, accounts.known_by_name(keep_from), on)
    if routed is None:
        raise _nobody()
    return routed


def _header(
    rules: TipRules,
    routed: RoutedTo,
    area: uuid.UUID | None,
    reported: uuid.UUID | None,
    locator: bytes,
    on: date,
) -> Tip:
    return Tip(
        id=uuid.uuid4(),
        number=_number(),
        locator=locator,
        area_id=(territory.area(area) if area else territory.root()).id,
        reported_id=reported,
        unit_id=routed.unit,
        status=TipStatus.RECEIVED,
        rule=rules.sha256,
        opened_on=on,
    )


def _number() -> str:
    digits = "".join(secrets.choice("0123456789") for _ in range(8))
    return digits + check_digit(digits)


def _first_data(tip: Tip, door: TipDoor, rules: TipRules) -> dict[str, Any]:
    """The header as it was: a header changed later is found by the chain."""
    return {
        "number": tip.number,
        "area": str(tip.area_id),
        "reported": str(tip.reported_id or ""),
        "unit": str(tip.unit_id),
        "door": door.value,
        "rule": rules.sha256,
    }


def _wrap(
    tip: Tip, key: bytes, receipt_key: bytes, proof: Proof, routed: RoutedTo, recovery: RecoveryKey
) -> None:
    access.give(tip, key, access.keys_of(routed.members))
    RecoveryAccess(
        id=uuid.uuid4(),
        tip=tip,
        recovery_key=recovery.id,
        sealed=boxes.seal_to(bytes(recovery.public), key, contents.place(tip.id, "recovery")),
        for_reporter=boxes.shut(receipt_key, key, contents.place(tip.id, "receipt")),
        proof=contents.shut_words(
            key, {"text": proof.text, "salt": proof.salt}, contents.place(tip.id, "proof")
        ),
    ).save(force_insert=True)


def _no_receipt() -> NotFound:
    return NotFound(
        _("There is no tip under this receipt. Please check the 16 digits."),
        code="no_receipt",
        field="receipt",
    )


def _nobody() -> Refused:
    return Refused(
        _("Nobody here may receive this tip. Please call 110, or 12388 if it is about officials."),
        code="nobody_to_receive",
        field="reported",
    )
