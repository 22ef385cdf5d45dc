"""Writes of the trust part: seal a content, erase it for ever."""

import hashlib
import secrets
import uuid
from datetime import datetime

from django.db import transaction

from gongzhi.base.actor import Actor
from gongzhi.base.ids import new_id
from gongzhi.trust import crypto
from gongzhi.trust.models import Content
from gongzhi.trust.purposes import PURPOSES
from gongzhi.trust.types import Sealed

SALT_BYTES = 16


def seal(
    *, subject: str, name: str, value: bytes, purpose: str, now: datetime, media_type: str = "text/plain"
) -> Sealed:
    """Encrypt a value under its subject's key and return the commitment that may stand in a ledger."""
    if purpose not in PURPOSES:
        raise ValueError(f"undeclared purpose {purpose!r}: declare it in gongzhi.trust.purposes")
    salt = secrets.token_bytes(SALT_BYTES)
    commitment = commit(salt, value)
    content = Content(
        id=new_id(),
        subject=subject,
        name=name,
        media_type=media_type,
        purpose=purpose,
        commitment=commitment,
        salt=salt,
        sealed=crypto.encrypt(value, subject),
        created_at=now,
    )
    content.save(force_insert=True)
    return Sealed(content.uuid, commitment.hex())


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
