"""Writes of the trust part: seal a content, erase it for ever."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from gongzhi.base.actor import Actor
from gongzhi.base.ids import new_id
from gongzhi.base.many_rows import insert
from gongzhi.trust import crypto
from gongzhi.trust.models import Content
from gongzhi.trust.purposes import PURPOSES
from gongzhi.trust.types import Sealed, Unsealed

SALT_BYTES = 16


def seal(
    *, subject: str, name: str, value: bytes, purpose: str, now: datetime, media_type: str = "text/plain"
) -> Sealed:
    """Encrypt a value under its subject's key and return the commitment that may stand in a ledger."""
    [sealed] = seal_all([Unsealed(subject, name, value, purpose, media_type)], now=now)
    return sealed


def seal_all(values: Sequence[Unsealed], *, now: datetime, new: bool = False) -> list[Sealed]:
    """The same for many values with the same few statements, in their order; `new`: their subjects are just made."""
    for undeclared in {one.purpose for one in values} - set(PURPOSES):
        raise ValueError(f"undeclared purpose {undeclared!r}: declare it in gongzhi.trust.purposes")
    boxes = crypto.encrypt_many([(one.value, one.subject) for one in values], new=new)
    rows = [_content(one, box, now) for one, box in zip(values, boxes, strict=True)]
    insert(rows)
    return [Sealed(row.uuid, row.commitment.hex()) for row in rows]


def _content(one: Unsealed, box: bytes, now: datetime) -> Content:
    salt = secrets.token_bytes(SALT_BYTES)
    return Content(
        id=new_id(),
        subject=one.subject,
        name=one.name,
        media_type=one.media_type,
        purpose=one.purpose,
        commitment=commit(salt, one.value),
        salt=salt,
        sealed=box,
        created_at=now,
    )


def commit(salt: bytes, value: bytes) -> bytes:
    """SHA-256 over a random salt and the value: proves the value later, tells nothing before."""
    return hashlib.sha256(salt + value).digest()


@transaction.atomic
def erase(*, content: uuid.UUID, by: Actor, now: datetime, reason: str) -> None:
    """Remove value and salt; with the last content of a subject its key goes too."""
    row = Content.objects.select_for_update().get(id=content)
    if row.erased_at is not None:
        return
    row.sealed = row.salt = None
    row.erased_at, row.erased_by, row.erase_reason = now, str(by), reason[:200]
    row.save(update_fields=["sealed", "salt", "erased_at", "erased_by", "erase_reason"])
    if not Content.objects.filter(subject=row.subject, erased_at=None).exists():
        crypto.erase_key(row.subject)
