"""Keys put away between two requests: shut in the session, and the key to that only in a cookie.

Neither the session table nor the cookie alone opens anything; after fifteen minutes both together don't.
"""

import json
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from gongzhi.tips.types import LockedAway, MemberKey, ReceiptKey
from gongzhi.trust import boxes

LASTS = timedelta(minutes=15)
BOUND_TO = "tips.keyring"


class Gone(Exception):
    """The key was put away too long ago, or the cookie does not fit: ask again."""


def lock_away(key: MemberKey | ReceiptKey, *, now: datetime) -> LockedAway:
    """Put a key away; `shut` into the session, `cookie` into an HttpOnly cookie of its own."""
    cookie = secrets.token_bytes(boxes.KEY_BYTES)
    words = {**_plain(key), "until": int((now + LASTS).timestamp())}
    return LockedAway(boxes.shut(cookie, json.dumps(words).encode(), BOUND_TO).hex(), cookie.hex())


def take_out(shut: str, cookie: str, *, now: datetime) -> MemberKey | ReceiptKey:
    """The key again, while its time lasts; `Gone` otherwise."""
    try:
        words = json.loads(boxes.unshut(bytes.fromhex(cookie), bytes.fromhex(shut), BOUND_TO))
    except (ValueError, TypeError, boxes.NotOpened) as error:
        raise Gone from error
    if now.timestamp() > words["until"]:
        raise Gone
    return _key(words)


def _plain(key: MemberKey | ReceiptKey) -> dict[str, Any]:
    if isinstance(key, ReceiptKey):
        return {"tip": str(key.tip), "secret": key.content_key.hex()}
    return {"person": str(key.person), "key": str(key.key_id), "secret": key.private.hex()}


def _key(words: dict[str, Any]) -> MemberKey | ReceiptKey:
    secret = bytes.fromhex(words["secret"])
    if "tip" in words:
        return ReceiptKey(uuid.UUID(words["tip"]), secret)
    return MemberKey(uuid.UUID(words["person"]), uuid.UUID(words["key"]), secret)
