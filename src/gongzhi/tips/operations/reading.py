"""What members open: the tip, a file's working copy, its original. Every opening is noted."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.base.actor import Actor
from gongzhi.base.errors import NotFound
from gongzhi.tips import access, contents, ledger, views
from gongzhi.tips.models import Tip, TipFile
from gongzhi.tips.types import FileContent, MemberKey, OriginalReason, TipStatus, TipStepKind, TipView
from gongzhi.trust import audit, boxes
from gongzhi.trust.types import AuditKind


@transaction.atomic
def open_tip(*, tip: uuid.UUID, key: MemberKey, by: Actor, now: datetime) -> TipView:
    """Open a tip: noted in the audit log, and the first time a step the reporter sees."""
    row, on = ledger.locked(tip), ledger.day_of(now)
    opened = access.content_key(row, key, by, on)
    if row.status == TipStatus.RECEIVED:
        ledger.take(row, TipStepKind.READ, by=by, now=now)
    _noted(AuditKind.TIP_OPENED, row, by, now, "look_into_tip", "words")
    return views.tip_view(row, opened, key.person)


@transaction.atomic
def open_file(*, tip: uuid.UUID, file: uuid.UUID, key: MemberKey, by: Actor, now: datetime) -> FileContent:
    """The cleaned working copy of a file."""
    row = ledger.locked(tip)
    opened = access.content_key(row, key, by, ledger.day_of(now))
    held = _file(row, file)
    _noted(AuditKind.TIP_OPENED, row, by, now, "look_into_tip", f"file:{file}")
    return views.file_content(held, opened)


@transaction.atomic
def open_original(
    *, tip: uuid.UUID, file: uuid.UUID, reason: OriginalReason, key: MemberKey, by: Actor, now: datetime
) -> FileContent:
    """The sealed original, for a reason from a closed list; the reporter sees that it was opened, and why."""
    row, why = ledger.locked(tip), OriginalReason(reason)
    opened = access.content_key(row, key, by, ledger.day_of(now))
    held = _file(row, file)
    about = views.about(held, opened)
    ledger.take(row, TipStepKind.ORIGINAL_OPENED, by=by, now=now, data={"reason": why.value})
    _noted(AuditKind.ORIGINAL_OPENED, row, by, now, why.value, f"file:{file}")
    data = boxes.unshut(opened, bytes(held.original), contents.place(row.id, "original", held.id))
    return FileContent(about["name"], "application/octet-stream", data)


def _file(tip: Tip, file: uuid.UUID) -> TipFile:
    row = TipFile.objects.filter(tip=tip, id=file).first()
    if row is None:
        raise NotFound(_("There is no such file."), code="no_file")
    return row


def _noted(kind: AuditKind, tip: Tip, by: Actor, now: datetime, purpose: str, what: str) -> None:
    audit.note(kind=kind, by=by, now=now, subject=f"tip:{tip.id}", purpose=purpose, data={"what": what})
