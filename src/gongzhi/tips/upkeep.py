"""What the clock does: warn before erasure, erase what was closed long ago, let rewards and ceremonies lapse."""

import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction

from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import Refused
from gongzhi.programs import queries as programs
from gongzhi.tips import guesses, ledger
from gongzhi.tips.models import Ceremony, Reward, Tip
from gongzhi.tips.operations import erasing, rewards, telling
from gongzhi.tips.types import RewardState, TipStatus, TipStepKind

ENDED = [TipStatus.CLOSED, TipStatus.DECLINED]


def sweep(now: datetime) -> None:
    """Everything that is due; cheap when nothing is, and safe to run at any time and twice."""
    on = ledger.day_of(now)
    late = Reward.objects.filter(state=RewardState.CLAIMABLE, claim_until__lt=on)
    for reward in late.values_list("id", flat=True):
        with suppress(Refused):  # somebody was quicker
            rewards.lapse(reward=reward, by=SYSTEM, now=now)
    _end_ceremonies(now)
    for tip in _near(on):
        warn(tip=tip, now=now)
    due = Tip.objects.filter(status__in=ENDED, erased_on=None, erase_on__lte=on)
    for tip in due.values_list("id", flat=True):
        erase_due(tip=tip, now=now)
    guesses.forget_old(now)


def _near(on: date) -> Iterator[uuid.UUID]:
    """Closed tips that must be warned of, by the rules each was received under."""
    open_ended = Tip.objects.filter(status__in=ENDED, erased_on=None, erase_on=None)
    for sha256 in open_ended.order_by().values_list("rule", flat=True).distinct():
        rule = programs.tip_rules(sha256)
        before = on - timedelta(days=rule.retention_days - rule.warn_days)
        yield from open_ended.filter(rule=sha256, closed_on__lte=before).values_list("id", flat=True)


@transaction.atomic
def warn(*, tip: uuid.UUID, now: datetime) -> None:
    """Set the day of erasure and say so, once it is near."""
    row, on = ledger.locked(tip), ledger.day_of(now)
    rule = programs.tip_rules(row.rule)
    if not _ended(row) or row.closed_on is None or row.erase_on is not None:
        return
    if on < row.closed_on + timedelta(days=rule.retention_days - rule.warn_days):
        return
    row.erase_on = max(
        row.closed_on + timedelta(days=rule.retention_days), on + timedelta(days=rule.warn_days)
    )
    data = {"until": row.erase_on.isoformat()}
    step = ledger.take(row, TipStepKind.DELETION_WARNED, by=SYSTEM, now=now, data=data)
    telling.tell_members(row, step.seq, now)


@transaction.atomic
def erase_due(*, tip: uuid.UUID, now: datetime) -> None:
    """Erase one tip whose day has come; not a live one, not without a warning, not while a reward is open."""
    row, on = ledger.locked(tip), ledger.day_of(now)
    if (
        _ended(row)
        and _warned(row, on)
        and not Reward.objects.filter(tip=row, state__in=rewards.OPEN).exists()
    ):
        erasing.erase(row, by=SYSTEM, now=now)


def _ended(row: Tip) -> bool:
    return TipStatus(row.status).ended and row.erased_on is None


def _warned(row: Tip, on: date) -> bool:
    return row.erase_on is not None and row.erase_on <= on


@transaction.atomic
def _end_ceremonies(now: datetime) -> None:
    """Released shares and opened identities last as long as their ceremony."""
    over = Ceremony.objects.filter(ends_at__lt=now)
    for row in over.filter(releases__isnull=False).distinct():
        row.releases.all().delete()
    over.filter(sealed__isnull=False).update(sealed=None)
