"""Canonical JSON, so that the same value always has the same digest."""

import hashlib
import json
import math
from typing import Any

HASH_VERSION = 1


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no blanks, UTF-8; floats are refused because two programs print them differently."""
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: Any) -> bytes:
    """SHA-256 over the canonical JSON of a value."""
    return hashlib.sha256(canonical(value)).digest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError(
            f"no floats in a hashed value: {value!r}{' (not finite)' if not math.isfinite(value) else ''}"
        )
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"keys of a hashed value are text: {key!r}")
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
