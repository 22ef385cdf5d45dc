"""Erasing a tip: every box and every key to it goes; header and ledger stay as a tombstone."""

from datetime import datetime

from gongzhi.base.actor import Actor
from gongzhi.tips import ledger
from gongzhi.tips.models import Access, Ceremony, HandOver, RecoveryAccess, Tip, TipFile, TipMessage
from gongzhi.tips.operations import identities
from gongzhi.tips.types import TipStepKind
from gongzhi.trust import audit
from gongzhi.trust.types import AuditKind


def erase(tip: Tip, *, by: Actor, now: datetime) -> None:
    """Erase a locked tip; the ledger's digests still prove that nothing was slipped in before."""
    ledger.take(tip, TipStepKind.ERASED, by=by, now=now)
    for copy in HandOver.objects.filter(tip=tip):
        copy.accesses.all().delete()
        copy.files.all().delete()
        copy.delete()
    identities.forget(tip)
    for model in (TipMessage, TipFile, Access, RecoveryAccess):
        model.objects.filter(tip=tip).delete()
    Ceremony.objects.filter(tip=tip).update(sealed=None)
    tip.erased_on, tip.locator = ledger.day_of(now), None
    tip.save()
    audit.note(kind=AuditKind.ERASED, by=by, now=now, subject=f"tip:{tip.id}", purpose="retention")
