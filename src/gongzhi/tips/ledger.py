"""The one way a step of a tip is written: lock the header, ask the arrows, chain, bring the header up to date."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.base.actor import Actor
from gongzhi.base.canonical import HASH_VERSION, digest
from gongzhi.base.errors import NotFound, Refused
from gongzhi.tips import rules
from gongzhi.tips.models import Tip, TipStep
from gongzhi.tips.types import TipStatus, TipStepKind

Box = tuple[str, str, str]  # name, row, fingerprint


def locked(tip: uuid.UUID) -> Tip:
    """The header, locked until the transaction ends."""
    row = Tip.objects.select_for_update(of=("self",)).filter(id=tip).first()
    if row is None:
        raise no_such_tip()
    return row


def no_such_tip() -> NotFound:
    """The same answer for a tip that is not there and for one that may not be known of."""
    return NotFound(_("There is no such tip."), code="no_tip")


def begin(
    tip: Tip, *, by: Actor, now: datetime, data: Mapping[str, Any], boxes: Sequence[Box] = ()
) -> TipStep:
    """The first step of a tip, whose row it writes too."""
    tip.save(force_insert=True)
    return _append(tip, TipStepKind.RECEIVED, by, now, data, boxes)


def take(
    tip: Tip,
    kind: TipStepKind,
    *,
    by: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    boxes: Sequence[Box] = (),
) -> TipStep:
    """A step of a locked tip, or a refusal; the status follows from the arrow."""
    if tip.erased_on is not None or not rules.may_follow(TipStatus(tip.status), kind):
        raise Refused(
            _("This can't be done now: the tip is “%(status)s”.") % {"status": TipStatus(tip.status).label},
            code="not_now",
        )
    leads_to = rules.arrow(kind).leads_to
    if leads_to is not None:
        tip.status = leads_to
    return _append(tip, kind, by, now, data or {}, boxes)


def step_digest(row: TipStep) -> bytes:
    """The digest of a step over its tip, its place in the chain, and all it says."""
    return digest(
        {
            "v": row.hash_version,
            "tip": str(row.tip_id),
            "seq": row.seq,
            "kind": row.kind,
            "actor": row.actor,
            "day": row.day.isoformat(),
            "data": row.data,
            "boxes": row.boxes,
            "previous": bytes(row.previous).hex(),
        }
    )


def day_of(now: datetime) -> date:
    """Steps carry the day only: an hour could lead to the one who was at a keyboard then."""
    return timezone.localdate(now)


def _append(
    tip: Tip, kind: TipStepKind, by: Actor, now: datetime, data: Mapping[str, Any], boxes: Sequence[Box]
) -> TipStep:
    row = TipStep(
        id=uuid.uuid4(),
        tip=tip,
        seq=tip.last_seq + 1,
        kind=kind,
        actor=str(by),
        day=day_of(now),
        data=dict(data),
        boxes=[list(box) for box in boxes],
        hash_version=HASH_VERSION,
        previous=bytes(tip.last_digest),
    )
    row.digest = step_digest(row)
    row.save(force_insert=True)
    tip.last_seq, tip.last_digest = row.seq, row.digest
    tip.save()
    return row
