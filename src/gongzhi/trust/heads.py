"""Sealing: number what is new, sign a head over all of it, and keep the head outside the database too."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, overload

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gongzhi.base.actor import Actor
from gongzhi.base.canonical import canonical
from gongzhi.base.errors import Refused
from gongzhi.base.ids import new_id
from gongzhi.trust import heads_file, log, merkle, signing
from gongzhi.trust.models import LogHead
from gongzhi.trust.types import Head, PublicKey

SEALER = 0x7365616C  # the advisory lock of the single sealer
HEAD_VERSION = 1
STATEMENT = "gongzhi log head"
SIGNED = ("v", "number", "size", "previous", "root", "signed_at", "algorithm", "key")


def seal(*, by: Actor, now: datetime, everything: bool = False) -> Head:
    """Seal all new rows under a new head, also when there are none; `everything` looks at every row ever written."""
    head = _seal(by, now, everything=everything)
    publish()
    return head


def publish() -> int:
    """Bring the file outside the database up to date; safe after any interruption. Returns how many heads it lacked."""
    return heads_file.append(lambda number: [as_json(head) for head in since(number)], _keys())


@transaction.atomic
def _seal(by: Actor, now: datetime, *, everything: bool) -> Head:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER])
    last = latest()
    _refuse_a_broken_log(last)
    own = signing.signer()
    signing.list_key(own, by=by, now=now)
    growing = merkle.Frontier(last.size if last else 0, log.Tree())
    begin = log.first_id(last.signed_at - log.LOOK_BACK) if last and not everything else log.FROM_THE_START
    for rows in log.unsealed(begin):
        log.append(growing, rows)
    return _sign(growing, last, own, now)


def _refuse_a_broken_log(last: Head | None) -> None:
    """Nothing is signed over a log that was cut, nor over a database older than what was published from it."""
    if log.length() != (last.size if last else 0):
        raise Refused(
            _("The log does not end where its last head says. Run gongzhi verify --proof."), code="log_broken"
        )
    if heads_file.last_number() > (last.number if last else 0):
        raise Refused(
            _(
                "The database is older than the heads already published (was a backup restored?). "
                "Run gongzhi verify --proof; docs/howto/check-the-proof.md says how to go on."
            ),
            code="log_forked",
        )


def _sign(growing: merkle.Frontier, last: Head | None, own: signing.Signer, now: datetime) -> Head:
    head = Head(
        version=HEAD_VERSION,
        number=last.number + 1 if last else 1,
        size=growing.size,
        previous=last.size if last else 0,
        root=growing.root().hex(),
        signed_at=now.astimezone(UTC).replace(microsecond=0),
        algorithm=own.algorithm,
        key=own.key,
    )
    head = replace(head, signature=own.sign(statement(head)).hex())
    _row(head).save(force_insert=True)
    return head


def _row(head: Head) -> LogHead:
    return LogHead(
        id=new_id(),
        number=head.number,
        version=head.version,
        size=head.size,
        previous=head.previous,
        root=bytes.fromhex(head.root),
        signed_at=head.signed_at,
        algorithm=head.algorithm,
        key=head.key,
        signature=bytes.fromhex(head.signature),
    )


def statement(head: Head) -> bytes:
    """The bytes that are signed: canonical JSON of all a head says."""
    told = as_json(head)
    return canonical({"statement": STATEMENT, **{name: told[name] for name in SIGNED}})


def as_json(head: Head) -> dict[str, Any]:
    """A head as it is published."""
    return {
        "v": head.version,
        "number": head.number,
        "size": head.size,
        "previous": head.previous,
        "root": head.root,
        "signed_at": f"{head.signed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "algorithm": head.algorithm,
        "key": head.key,
        "signature": head.signature,
    }


def as_line(head: Head) -> str:
    """A head as one line, the same in the file outside and in the feed."""
    return json.dumps(as_json(head), separators=(",", ":"))


def key_as_json(key: PublicKey) -> dict[str, Any]:
    """A public key as it is published."""
    since = f"{key.since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return {"key": key.key, "algorithm": key.algorithm, "public": key.public, "since": since}


def _keys() -> list[dict[str, Any]]:
    return [key_as_json(key) for key in signing.public_keys().values()]


def latest() -> Head | None:
    """The newest head; None before the first."""
    row = LogHead.objects.order_by("-number").first()
    return _head(row) if row else None


def numbered(number: int) -> Head | None:
    """One head by its number."""
    row = LogHead.objects.filter(number=number).first()
    return _head(row) if row else None


def since(number: int, limit: int | None = None) -> Iterator[Head]:
    """The heads after a number, the oldest first."""
    rows = LogHead.objects.filter(number__gt=number).order_by("number")[:limit]
    return (_head(row) for row in rows.iterator(chunk_size=1000))


def newest(limit: int, offset: int = 0) -> list[Head]:
    """Heads, the newest first."""
    return [_head(row) for row in LogHead.objects.order_by("-number")[offset : offset + limit]]


class Listing(Sequence[Head]):
    """All heads, the newest first, read a page at a time."""

    def __len__(self) -> int:
        return LogHead.objects.count()

    @overload
    def __getitem__(self, wanted: int) -> Head: ...

    @overload
    def __getitem__(self, wanted: slice) -> list[Head]: ...

    def __getitem__(self, wanted: int | slice) -> Head | list[Head]:
        if isinstance(wanted, int):
            return newest(1, wanted)[0]
        return newest(wanted.stop - wanted.start, wanted.start)


def extension(old: Head, new: Head) -> list[str]:
    """The proof that the log of the newer head begins with all of the older one's."""
    if not 0 < old.size <= new.size:
        return []
    return [each.hex() for each in merkle.consistency(old.size, new.size, log.Tree())]


def _head(row: LogHead) -> Head:
    return Head(
        version=row.version,
        number=row.number,
        size=row.size,
        previous=row.previous,
        root=bytes(row.root).hex(),
        signed_at=row.signed_at,
        algorithm=row.algorithm,
        key=row.key,
        signature=bytes(row.signature).hex(),
    )
