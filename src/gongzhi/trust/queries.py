"""Reads of the trust part."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from gongzhi.trust import crypto
from gongzhi.trust.consent import consent_holds as consent_holds
from gongzhi.trust.consent import consents_of as consents_of
from gongzhi.trust.models import Content
from gongzhi.trust.operations import commit


def open_content(content_id: uuid.UUID) -> bytes | None:
    """The value of one content, None once it was erased."""
    return open_many([content_id]).get(content_id)


def open_many(content_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, bytes | None]:
    """The values of several contents in two queries; None where erased, absent where there never was one."""
    rows = list(Content.objects.filter(id__in=list(content_ids)))
    held = [row for row in rows if row.sealed is not None]
    values = crypto.decrypt_many([(bytes(row.sealed or b""), row.subject) for row in held])
    opened: dict[uuid.UUID, bytes | None] = {row.uuid: None for row in rows}
    opened.update({row.uuid: value for row, value in zip(held, values, strict=True)})
    return opened


def still_held(content_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Of these contents, those that were not erased."""
    rows = Content.objects.filter(id__in=list(content_ids), erased_at=None)
    return set(rows.values_list("id", flat=True))


def purposes_of_held(content_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What those of these contents that were not erased are held for."""
    rows = Content.objects.filter(id__in=list(content_ids), erased_at=None)
    return dict(rows.values_list("id", "purpose"))


def held(
    purpose: str, *, before: datetime, after: uuid.UUID | None, limit: int
) -> list[tuple[uuid.UUID, str]]:
    """A page of the contents held for a purpose and sealed before a moment: (id, subject), in the order of ids."""
    rows = Content.objects.filter(purpose=purpose, erased_at=None, created_at__lte=before)
    rows = rows.filter(id__gt=after) if after else rows
    return list(rows.order_by("id").values_list("id", "subject")[:limit])


def proves(content_id: uuid.UUID, commitment: str) -> bool:
    """True if the stored value still matches the commitment, or was erased; False if it was changed."""
    return not unproved({content_id: commitment})


def unproved(commitments: Mapping[uuid.UUID, str]) -> set[uuid.UUID]:
    """Of these contents, those whose stored value does not match its commitment, in two queries."""
    rows = {row.uuid: row for row in Content.objects.filter(id__in=commitments)}
    held = [row for row in rows.values() if row.salt is not None]
    values = crypto.decrypt_many([(bytes(row.sealed or b""), row.subject) for row in held])
    proved = {row.uuid for row, value in zip(held, values, strict=True) if _matches(row, value)}
    proved |= {row.uuid for row in rows.values() if row.salt is None and row.erased_at is not None}
    stated = {i for i, row in rows.items() if bytes(row.commitment).hex() == commitments[i]}
    return commitments.keys() - (proved & stated)


def _matches(row: Content, value: bytes | None) -> bool:
    return value is not None and commit(bytes(row.salt or b""), value) == bytes(row.commitment)
