"""Where each box of a tip is bound to, and how words go into it: padded, so that its size tells little."""

import hashlib
import json
import uuid
from typing import Any

from gongzhi.trust import boxes

BLOCK = 512  # words are filled up to a multiple of this
FILLER = b"\x00"
END = b"\x01"


def place(tip: uuid.UUID, what: str, row: uuid.UUID | str = "") -> str:
    """What a box is bound to: its tip, what it is, its row."""
    return f"tip:{tip}:{what}:{row}"


def shut_words(key: bytes, words: Any, bound_to: str) -> bytes:
    """A value as JSON, filled up and shut."""
    data = json.dumps(words, ensure_ascii=False).encode() + END
    return boxes.shut(key, data + FILLER * (-len(data) % BLOCK), bound_to)


def open_words(key: bytes, box: bytes, bound_to: str) -> Any:
    """The value again."""
    data = boxes.unshut(key, bytes(box), bound_to).rstrip(FILLER)
    return json.loads(data.removesuffix(END))


def fingerprint(*sealed: bytes | memoryview) -> str:
    """SHA-256 over boxes: what the ledger says of them, which needs no key to check."""
    digest = hashlib.sha256()
    for box in sealed:
        digest.update(len(box).to_bytes(8, "big") + bytes(box))
    return digest.hexdigest()
