"""The audit log: who signed in, changed a right, revealed, exported or erased; written once, chained, never changed.

One chain over all rows, so a row can be neither changed nor dropped nor slipped in. Writers queue for its end
until they commit: such acts are rare, unlike the steps of cases, which have a chain each.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from gongzhi.base.actor import Actor
from gongzhi.base.canonical import HASH_VERSION, digest
from gongzhi.base.ids import new_id
from gongzhi.trust.models import AuditRow
from gongzhi.trust.types import AuditKind

END_OF_CHAIN = 0x676F6E67  # the advisory lock held while a row is added
LONGEST_PURPOSE = 200


@transaction.atomic
def note(
    *,
    kind: AuditKind,
    by: Actor,
    now: datetime,
    subject: str = "",
    purpose: str = "",
    data: Mapping[str, Any] | None = None,
    succeeded: bool = True,
) -> int:
    """Add a row and return its number; `subject` is a plain reference (`case:…`, `person:…`), `data` names no person.

    The row stands or falls with the caller's transaction: what is refused and must still be seen is noted outside it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [END_OF_CHAIN])
        cursor.execute("SELECT seq, digest FROM gongzhi_audit_end()")  # who writes the log may not read it
        last, previous = cursor.fetchone() or (0, b"")
    row = AuditRow(
        id=new_id(),
        seq=last + 1,
        kind=AuditKind(kind),
        actor=str(by),
        subject=subject,
        purpose=purpose[:LONGEST_PURPOSE],
        succeeded=succeeded,
        data=dict(data or {}),
        happened_at=now,
        hash_version=HASH_VERSION,
        previous=bytes(previous),
    )
    row.digest = row_digest(row)
    row.save(force_insert=True)
    return row.seq


def row_digest(row: AuditRow) -> bytes:
    """The digest of a row over its place in the chain and all it says."""
    return digest(
        {
            "v": row.hash_version,
            "seq": row.seq,
            "kind": row.kind,
            "actor": row.actor,
            "subject": row.subject,
            "purpose": row.purpose,
            "succeeded": row.succeeded,
            "data": row.data,
            "happened_at": row.happened_at.astimezone(UTC).isoformat(),
            "previous": bytes(row.previous).hex(),
        }
    )


def broken() -> Iterator[str]:
    """What is wrong with the chain, one line for each row that was changed, dropped or slipped in."""
    previous, expected = b"", 1
    for row in AuditRow.objects.order_by("seq").iterator(chunk_size=1000):
        if row.seq != expected:
            yield f"audit log: row {expected} is missing"
        elif bytes(row.previous) != previous:
            yield f"audit log: row {row.seq} ({row.kind}) does not follow the row before it"
        if row_digest(row) != bytes(row.digest):
            yield f"audit log: row {row.seq} ({row.kind}) was changed after it was written"
        previous, expected = bytes(row.digest), row.seq + 1
