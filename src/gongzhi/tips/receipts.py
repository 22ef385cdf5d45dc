"""Receipts and claim codes: shown once, never stored; what is stored can't be turned back without great cost.

The salt is the installation's own and lies with the keys, apart from the database: a stolen database alone can't even
be guessed at.
"""

import hashlib
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from gongzhi.base.keeping import keep
from gongzhi.trust import boxes
from gongzhi.trust.boxes import Cost

DIGITS = 16
CLAIM_DIGITS = 12
COST = Cost(passes=4, memory=256)
AT_A_TIME = threading.BoundedSemaphore(2)  # each takes COST.memory MiB
SALT_FILE = "tips-receipts.salt"


@dataclass(frozen=True, slots=True)
class Opened:
    """What a receipt stands for: where its tip is found, and the key that opens it."""

    locator: bytes
    key: bytes = field(repr=False)


def new_receipt() -> str:
    """Sixteen random digits, all of them free: ten thousand million million receipts."""
    return _digits(DIGITS)


def new_claim_code() -> str:
    """Twelve random digits for the cash desk."""
    return _digits(CLAIM_DIGITS)


def stretch(receipt: str) -> Opened:
    """The locator and the key of a receipt: Argon2id, about half a second."""
    with AT_A_TIME:
        both = boxes.stretch(receipt, _salt(), COST, size=2 * boxes.KEY_BYTES)
    half = boxes.KEY_BYTES
    return Opened(boxes.ARGON2ID + hashlib.sha256(both[:half]).digest(), both[half:])


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))


def _salt() -> bytes:
    path = Path(settings.GONGZHI_KEYS) / SALT_FILE
    return bytes.fromhex(keep(path, secrets.token_hex(boxes.SALT_BYTES)))
