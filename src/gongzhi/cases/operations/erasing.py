"""Erasing for ever, and holding back from it: each leaves a step, the chain stays whole."""

import uuid
from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.base.actor import Actor
from gongzhi.base.errors import NotFound
from gongzhi.cases.informing import inform
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.operations.ledger import Wish, locked, take, words
from gongzhi.cases.reach import acting
from gongzhi.cases.types import StepKind
from gongzhi.files import operations as files
from gongzhi.trust import audit
from gongzhi.trust import operations as trust
from gongzhi.trust import queries as sealed
from gongzhi.trust.types import AuditKind

LONGEST_REASON = 100


@transaction.atomic
def erase_content(*, case: str, content: uuid.UUID, reason: str, by: Actor, now: datetime) -> None:
    """Erase one text or photo for ever: a tombstone step says so, and the chain stays whole."""
    with acting(by, case, now):
        record = locked(case)
        name = erase_one(record, content, reason, by, now)
    if name:
        subject = f"case:{record.id}"
        data = {name: 1}
        audit.note(
            kind=AuditKind.ERASED, by=by, now=now, subject=subject, purpose=reason[:LONGEST_REASON], data=data
        )


def erase_one(record: CaseRecord, content: uuid.UUID, reason: str, by: Actor, now: datetime) -> str:
    """Erase a content of a locked case and return its name, "" if it was erased before; the caller notes it."""
    name = _name_of(record, content)
    if not sealed.still_held([content]):
        return ""
    photo = sealed.open_content(content) if name == "photo" else None
    data = {"content": str(content), "name": name, "reason": reason[:LONGEST_REASON]}
    take(record.code, Wish(StepKind.CONTENT_ERASED, by, now, data))
    trust.erase(content=content, by=by, now=now, reason=reason)
    copies = {"fingerprint": b"", **({"place_text": ""} if name == "place_text" else {})}
    CaseRecord.objects.filter(pk=record.pk).update(**copies)  # a digest of the words would let one guess them
    if photo:
        files.erase_photo(photo=uuid.UUID(photo.decode()), by=by, now=now, reason=reason)
    return name


def hold_contents(*, case: str, until: datetime, ground: str, by: Actor, now: datetime) -> None:
    """Keep what the case holds as evidence until a date; a later hold replaces the date."""
    data = {"until": until.astimezone(UTC).isoformat()}
    contents = words("ground", ground, required=True)
    inform(take(case, Wish(StepKind.CONTENTS_HELD, by, now, data, contents)))


def _name_of(record: CaseRecord, content: uuid.UUID) -> str:
    for contents in CaseStep.objects.filter(case=record).values_list("contents", flat=True):
        for name, content_id, _commitment in contents:
            if content_id == str(content):
                return str(name)
    raise NotFound(_("There is no such content on this case."), code="no_content")
