"""Boxes that only the right key opens, through libsodium: shut under a shared key, or sealed to a public one.

Every box begins with the id of its algorithm, so that others (SM2, SM4) can come beside it. Each is bound to what it
belongs to: moved elsewhere it does not open.
"""

import hashlib
from dataclasses import dataclass, field

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import Aead
from nacl.utils import random

KEY_BYTES = 32
SALT_BYTES = 16
XCHACHA20_POLY1305 = b"\x11"
X25519_SEALED = b"\x12"
ARGON2ID = b"\x13"


class NotOpened(Exception):
    """Wrong key, other place, or tampered with: one answer for all three."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A key pair: anybody may have the public half."""

    public: bytes
    private: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs: passes over memory, and how much of it, in MiB."""

    passes: int
    memory: int


def new_key() -> bytes:
    """A fresh key for `shut`."""
    return random(KEY_BYTES)


def new_pair() -> Pair:
    """A fresh key pair for `seal_to`."""
    private = PrivateKey.generate()
    return Pair(bytes(private.public_key), bytes(private))


def shut(key: bytes, data: bytes, bound_to: str) -> bytes:
    """Encrypt under a key, bound to a place."""
    return XCHACHA20_POLY1305 + bytes(Aead(key).encrypt(data, bound_to.encode()))


def unshut(key: bytes, box: bytes, bound_to: str) -> bytes:
    """Open what `shut` made."""
    _must_be(box, XCHACHA20_POLY1305)
    try:
        return bytes(Aead(key).decrypt(bytes(box[1:]), bound_to.encode()))
    except (CryptoError, ValueError) as error:
        raise NotOpened from error


def seal_to(public: bytes, data: bytes, bound_to: str) -> bytes:
    """Encrypt for whoever holds the private half; nobody else can, not even the sender."""
    return X25519_SEALED + bytes(SealedBox(PublicKey(public)).encrypt(_mark(bound_to) + data))


def unseal(private: bytes, box: bytes, bound_to: str) -> bytes:
    """Open what `seal_to` made."""
    _must_be(box, X25519_SEALED)
    try:
        data = bytes(SealedBox(PrivateKey(private)).decrypt(bytes(box[1:])))
    except (CryptoError, ValueError) as error:
        raise NotOpened from error
    mark = _mark(bound_to)
    if data[: len(mark)] != mark:
        raise NotOpened
    return data[len(mark) :]


def stretch(secret: str, salt: bytes, cost: Cost, size: int = KEY_BYTES) -> bytes:
    """Key material from something short enough to be typed: Argon2id, dear to guess at."""
    return bytes(
        argon2id.kdf(size, secret.encode(), salt, opslimit=cost.passes, memlimit=cost.memory * 1024 * 1024)
    )


def new_salt() -> bytes:
    """A salt for `stretch`."""
    return random(SALT_BYTES)


def _mark(bound_to: str) -> bytes:
    """A sealed box has no room for what it is bound to: its digest goes inside."""
    return hashlib.sha256(bound_to.encode()).digest()[:16]


def _must_be(box: bytes, algorithm: bytes) -> None:
    if bytes(box[:1]) != algorithm:
        raise NotOpened
