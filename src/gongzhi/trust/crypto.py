"""Encryption behind one door: a master key outside the database, one key per subject wrapped by it.

Every sealed value starts with its algorithm's id, so that another cipher can be added later.
"""

import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils import timezone

from gongzhi.base.keeping import keep
from gongzhi.trust.models import SubjectKey

AES_256_GCM = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32


class KeyErased(Exception):
    """The key of this subject was destroyed: what it sealed can't be read any more."""


def encrypt(data: bytes, subject: str) -> bytes:
    """Seal bytes under the subject's key, making the key at its first use."""
    return _seal(_subject_key(subject, make=True), data, subject.encode())


def decrypt(blob: bytes, subject: str) -> bytes:
    """Open bytes sealed by `encrypt`; raises KeyErased when the key is gone, InvalidTag when tampered with."""
    return _open(_subject_key(subject, make=False), blob, subject.encode())


def decrypt_many(blobs: list[tuple[bytes, str]]) -> list[bytes | None]:
    """Open several sealed values with one query for their keys; None where the key is gone."""
    rows = SubjectKey.objects.filter(subject__in={subject for _, subject in blobs}, wrapped__isnull=False)
    keys = {row.subject: _unwrap(row) for row in rows}
    return [
        _open(keys[subject], blob, subject.encode()) if subject in keys else None for blob, subject in blobs
    ]


def erase_key(subject: str) -> None:
    """Destroy a subject's key."""
    SubjectKey.objects.filter(subject=subject).update(wrapped=None, erased_at=timezone.now())


def keyed_digest(label: str, data: bytes) -> bytes:
    """HMAC-SHA-256 under a key derived from the master key for one use."""
    return hmac.new(
        hmac.new(master_key(), label.encode(), hashlib.sha256).digest(), data, hashlib.sha256
    ).digest()


def _subject_key(subject: str, *, make: bool) -> bytes:
    row = SubjectKey.objects.filter(subject=subject).first()
    if row is None and make:
        wrapped = _seal(master_key(), secrets.token_bytes(KEY_BYTES), subject.encode())
        SubjectKey.objects.bulk_create([SubjectKey(subject=subject, wrapped=wrapped)], ignore_conflicts=True)
        row = SubjectKey.objects.get(subject=subject)
    if row is None or row.wrapped is None:
        raise KeyErased(subject)
    return _unwrap(row)


def _unwrap(row: SubjectKey) -> bytes:
    return _open(master_key(), bytes(row.wrapped or b""), row.subject.encode())


def _seal(key: bytes, data: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return AES_256_GCM + nonce + AESGCM(key).encrypt(nonce, data, bound_to)


def _open(key: bytes, blob: bytes, bound_to: bytes) -> bytes:
    blob = bytes(blob)
    if blob[:1] != AES_256_GCM:
        raise ValueError(f"unknown cipher {blob[:1]!r}")
    return AESGCM(key).decrypt(blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :], bound_to)


def master_key() -> bytes:
    """The installation's key, made at first use in the keys folder, which is backed up apart from the database."""
    return _read_master_key(Path(settings.GONGZHI_KEYS) / "master.key")


@lru_cache(maxsize=2)
def _read_master_key(path: Path) -> bytes:
    return bytes.fromhex(keep(path, secrets.token_hex(KEY_BYTES)))
