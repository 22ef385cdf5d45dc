"""Encryption behind one door: master keys outside the database, one key per subject wrapped by one of them.

Beside every value stands the id of its suite, beside every wrapped key the number of its master key.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterator, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from gongzhi.base.many_rows import insert
from gongzhi.trust import keyring, suites
from gongzhi.trust.models import SubjectKey

BATCH = 500
LEGACY_MAC_BYTES = 32  # a keyed digest without an id is an HMAC-SHA-256


class KeyErased(Exception):
    """The key of this subject was destroyed: what it sealed can't be read any more."""


def chosen() -> suites.Suite:
    """The suite that seals new values in this cell."""
    return suites.SUITES[settings.GONGZHI_CRYPTO]


def encrypt(data: bytes, subject: str) -> bytes:
    """Seal bytes under the subject's key, making the key at its first use."""
    [box] = encrypt_many([(data, subject)])
    return box


def encrypt_many(values: Sequence[tuple[bytes, str]], *, new: bool = False) -> list[bytes]:
    """Seal several values, each under its subject's key, with the same few statements; `new`: no key is expected yet."""
    suite, keys = chosen(), _subject_keys({subject for _data, subject in values}, new=new)
    return [suites.seal(suite, keys[subject], data, subject.encode()) for data, subject in values]


def decrypt(blob: bytes, subject: str) -> bytes:
    """Open bytes sealed by `encrypt`; raises KeyErased when the key is gone, InvalidTag when tampered with."""
    return suites.open_sealed(_subject_key(subject), bytes(blob), subject.encode())


def decrypt_many(blobs: list[tuple[bytes, str]]) -> list[bytes | None]:
    """Open several sealed values with one query for their keys; None where the key is gone."""
    rows = SubjectKey.objects.filter(subject__in={subject for _, subject in blobs}, wrapped__isnull=False)
    keys = {row.subject: _unwrap(row) for row in rows}
    return [
        suites.open_sealed(keys[subject], bytes(blob), subject.encode()) if subject in keys else None
        for blob, subject in blobs
    ]


def erase_key(subject: str) -> None:
    """Destroy a subject's key."""
    SubjectKey.objects.filter(subject=subject).update(wrapped=None, erased_at=timezone.now())


def keyed_digest(label: str, data: bytes) -> bytes:
    """HMAC-SHA-256 under a key derived for one use: the same for ever, whatever suite or master key is in use.

    For what can carry no id beside it, such as the twelve digits of a receipt code.
    """
    return hmac.new(_derived(label), data, hashlib.sha256).digest()


def seal_under(secret: bytes, data: bytes, bound_to: str) -> bytes:
    """Seal bytes under a secret that somebody else holds, and bind them to a place; the key is kept nowhere."""
    return suites.seal(chosen(), keyed_digest("held elsewhere", secret), data, bound_to.encode())


def open_under(secret: bytes, blob: bytes, bound_to: str) -> bytes:
    """Open what `seal_under` made; raises InvalidTag when secret or place are others."""
    return suites.open_sealed(keyed_digest("held elsewhere", secret), blob, bound_to.encode())


def mac(label: str, data: bytes) -> bytes:
    """A keyed digest in the chosen suite, with the suite's id before it; compare with `mac_fits`."""
    suite = chosen()
    return suite.id + suite.mac(_derived(label), data)


def mac_fits(label: str, data: bytes, kept: bytes) -> bool:
    """Whether a kept keyed digest is of this data, in whatever suite it was made."""
    if len(kept) == LEGACY_MAC_BYTES:
        return hmac.compare_digest(keyed_digest(label, data), kept)
    return hmac.compare_digest(suites.of(kept).mac(_derived(label), data), kept[1:])


def keys_in_use() -> dict[int, int]:
    """How many subject keys each master key wraps."""
    numbers = SubjectKey.objects.filter(wrapped__isnull=False).values_list("master", flat=True)
    counted = dict.fromkeys(keyring.numbers(), 0)
    for number in numbers.distinct().order_by("master"):
        counted[number] = numbers.filter(master=number).count()
    return counted


def rotate(*, batch: int = BATCH) -> Iterator[tuple[int, int]]:
    """Bring every subject key under the newest master key, a batch at a time; yields (done, of how many).

    Makes a new master key, unless an earlier rotation was cut off: then that one is finished. Each batch is
    committed for itself, so a cut costs at most one, and readers find every key under the number beside it.
    """
    if not _behind(keyring.current()).exists():
        keyring.add()
    newest = keyring.current()
    done, total = 0, _behind(newest).count()
    yield done, total
    while moved := _move(newest, batch):
        done += moved
        yield done, max(done, total)


@transaction.atomic
def _move(newest: int, batch: int) -> int:
    rows = list(_behind(newest).select_for_update(skip_locked=True).order_by("subject")[:batch])
    for row in rows:
        row.wrapped, row.master = _wrap(_unwrap(row), row.subject, newest), newest
    SubjectKey.objects.bulk_update(rows, ["wrapped", "master"])
    return len(rows)


def _behind(newest: int) -> QuerySet[SubjectKey]:
    return SubjectKey.objects.filter(wrapped__isnull=False).exclude(master=newest)


def _subject_key(subject: str) -> bytes:
    row = SubjectKey.objects.filter(subject=subject).first()
    if row is None or row.wrapped is None:
        raise KeyErased(subject)
    return _unwrap(row)


def _subject_keys(subjects: Collection[str], *, new: bool = False) -> dict[str, bytes]:
    """The keys of these subjects, made where there are none yet."""
    rows = {} if new else SubjectKey.objects.in_bulk(subjects)
    missing = [subject for subject in sorted(subjects) if subject not in rows]
    if missing:
        made = {row.subject: row for row in map(_new_key, missing)}
        written = insert(list(made.values()), ignore_conflicts=True)
        rows.update({subject: made[subject] for subject in written})
        if late := set(missing) - written:  # of two who make one at once, the first one's holds
            rows.update(SubjectKey.objects.in_bulk(late))
    for row in rows.values():
        if row.wrapped is None:
            raise KeyErased(row.subject)
    return {subject: _unwrap(row) for subject, row in rows.items()}


def _new_key(subject: str) -> SubjectKey:
    number = keyring.current()
    wrapped = _wrap(secrets.token_bytes(suites.KEY_BYTES), subject, number)
    return SubjectKey(subject=subject, wrapped=wrapped, master=number)


def _wrap(key: bytes, subject: str, number: int) -> bytes:
    return suites.seal(chosen(), keyring.master_key(number), key, subject.encode())


def _unwrap(row: SubjectKey) -> bytes:
    return suites.open_sealed(keyring.master_key(row.master), bytes(row.wrapped or b""), row.subject.encode())


def _derived(label: str) -> bytes:
    return hmac.new(keyring.derivation_key(), label.encode(), hashlib.sha256).digest()
