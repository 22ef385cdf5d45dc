"""The receipt code of an ordinary report: derived from the client id under a server key, never stored."""

import hmac
import uuid

from gongzhi.base.ids import clean_code
from gongzhi.trust import crypto

RECEIPT_DIGITS = 12


def receipt_code(client_id: uuid.UUID) -> str:
    """Twelve digits that only this server can derive from the client id: a retry gets the same ones."""
    number = int.from_bytes(crypto.keyed_digest("receipt", client_id.bytes), "big")
    return str(number % 10**RECEIPT_DIGITS).zfill(RECEIPT_DIGITS)


def is_receipt(client_id: uuid.UUID, typed: str) -> bool:
    """Whether the digits a person typed are the receipt of this report."""
    return hmac.compare_digest(receipt_code(client_id), clean_code(typed))
