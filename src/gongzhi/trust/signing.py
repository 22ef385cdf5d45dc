"""Signing the heads of the log: a private key in the keys folder, its algorithm and name beside every signature.

Take the file away and the next head is signed by a new key; the public keys stay listed, so old heads can still be checked.
Another algorithm (SM2) is another row in `ALGORITHMS`.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from nacl.encoding import HexEncoder
from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from gongzhi.base.actor import Actor
from gongzhi.base.keeping import keep
from gongzhi.trust import audit
from gongzhi.trust.models import ProofKey
from gongzhi.trust.types import AuditKind, PublicKey

KEY_FILE = "proof-ed25519.key"


class Algorithm(Protocol):
    """A way of signing."""

    def verifies(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Whether the signature over the message was made by the owner of this public key."""


class Ed25519:
    """EdDSA over Curve25519 (RFC 8032), by libsodium."""

    def verifies(self, public: bytes, message: bytes, signature: bytes) -> bool:
        try:
            VerifyKey(public).verify(message, signature)
        except (CryptoError, ValueError):  # a wrong signature; one of a wrong length
            return False
        return True


ALGORITHMS: dict[str, Algorithm] = {"Ed25519": Ed25519()}


@dataclass(frozen=True, slots=True)
class Signer:
    """The key in use."""

    secret: SigningKey
    algorithm: str = "Ed25519"

    @property
    def public(self) -> bytes:
        return bytes(self.secret.verify_key)

    @property
    def key(self) -> str:
        return name_of(self.public)

    def sign(self, message: bytes) -> bytes:
        return self.secret.sign(message).signature


def name_of(public: bytes) -> str:
    """A key is called after the SHA-256 of its public half."""
    return hashlib.sha256(public).hexdigest()


def signer() -> Signer:
    """The key in the keys folder, made at first use."""
    kept = keep(
        Path(settings.GONGZHI_KEYS) / KEY_FILE, SigningKey.generate().encode(encoder=HexEncoder).decode()
    )
    return Signer(SigningKey(kept.encode(), encoder=HexEncoder))


def list_key(own: Signer, *, by: Actor, now: datetime) -> None:
    """Put the public half of a new key on the list for ever, with a row in the audit log."""
    if ProofKey.objects.filter(key=own.key).exists():
        return
    ProofKey.objects.create(key=own.key, algorithm=own.algorithm, public=own.public, since=now)
    audit.note(kind=AuditKind.PROOF_KEY_MADE, by=by, now=now, subject=f"proof-key:{own.key}")


def public_keys() -> dict[str, PublicKey]:
    """Every key that has signed heads, by name, the oldest first."""
    rows = ProofKey.objects.order_by("since", "id")
    return {row.key: PublicKey(row.key, row.algorithm, bytes(row.public).hex(), row.since) for row in rows}


def is_signed(message: bytes, signature: str, key: PublicKey) -> bool:
    """Whether a listed key made this signature; a key that doesn't bear its own name never did."""
    algorithm = ALGORITHMS.get(key.algorithm)
    public = bytes.fromhex(key.public)
    if algorithm is None or name_of(public) != key.key:
        return False
    return algorithm.verifies(public, message, bytes.fromhex(signature))
