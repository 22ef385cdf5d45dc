"""Proofs of receipt: signed and dated, checked by anyone, linked to no tip.

The number in a proof is random and stored nowhere in plain; the commitment is to the first line of the tip's ledger
with a salt that only the reporter has.
"""

import base64
import hashlib
import json
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from gongzhi.base.canonical import canonical
from gongzhi.base.keeping import keep
from gongzhi.tips.types import Proof, ProofCheck

KIND = "gongzhi.proof-of-receipt"
KEY_FILE = "tips-proofs.key"


def make(first_digest: bytes, day: date) -> Proof:
    """A proof for one tip, and the salt with which its reporter can show that it is theirs."""
    salt = secrets.token_bytes(16)
    said = {
        "kind": KIND,
        "version": 1,
        "number": secrets.token_hex(16),
        "commitment": hashlib.sha256(salt + first_digest).hexdigest(),
        "day": day.isoformat(),
        "key": key_id(),
    }
    signature = base64.b64encode(sign(canonical(said))).decode()
    return Proof(json.dumps({**said, "signature": signature}, sort_keys=True), salt.hex())


def check(text: str) -> ProofCheck:
    """Whether a proof is genuine."""
    try:
        said: dict[str, Any] = json.loads(text)
        signature = base64.b64decode(said.pop("signature"), validate=True)
        VerifyKey(base64.b64decode(public_key())).verify(canonical(said), signature)
        right = said["kind"] == KIND and said["key"] == key_id()
        return ProofCheck(right, date.fromisoformat(said["day"]) if right else None)
    except (ValueError, TypeError, KeyError, AttributeError, BadSignatureError):
        return ProofCheck(False, None)


def belongs(proof: Proof, first_digest: bytes) -> bool:
    """Whether a proof is that of the tip whose ledger begins with this digest."""
    commitment = hashlib.sha256(bytes.fromhex(proof.salt) + bytes(first_digest)).hexdigest()
    return check(proof.text).genuine and json.loads(proof.text)["commitment"] == commitment


def sign(data: bytes) -> bytes:
    """An Ed25519 signature of this installation. The one place where proofs are signed."""
    return bytes(_key().sign(data).signature)


def public_key() -> str:
    """The key signatures are checked with, in base64."""
    return base64.b64encode(bytes(_key().verify_key)).decode()


def key_id() -> str:
    """The first digits of the public key's digest."""
    return hashlib.sha256(bytes(_key().verify_key)).hexdigest()[:16]


def _key() -> SigningKey:
    path = Path(settings.GONGZHI_KEYS) / KEY_FILE
    return SigningKey(bytes.fromhex(keep(path, secrets.token_hex(32))))
