"""A small cache that every process of the cell shares: counters and marks that live for minutes.

Django's own database cache pickles its values, counts with two statements and counts all rows at every write. This one
keeps JSON, counts in one statement, and keeps no key in the clear, since keys hold network addresses.
"""

import json
import random
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils.crypto import salted_hmac

TIDY_ONCE_IN = 200  # writes
TIDY_AT_ONCE = 500  # rows

GET = """SELECT value FROM base_shared_cache
    WHERE key = %s AND (expires IS NULL OR expires > clock_timestamp())"""
PUT = """INSERT INTO base_shared_cache (key, value, expires) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires RETURNING 1"""
ADD = """INSERT INTO base_shared_cache AS here (key, value, expires) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires
    WHERE here.expires <= clock_timestamp() RETURNING 1"""
COUNT = """UPDATE base_shared_cache SET value = (value::bigint + %s)::text
    WHERE key = %s AND (expires IS NULL OR expires > clock_timestamp()) RETURNING value"""
TOUCH = """UPDATE base_shared_cache SET expires = %s
    WHERE key = %s AND (expires IS NULL OR expires > clock_timestamp()) RETURNING 1"""
DELETE = "DELETE FROM base_shared_cache WHERE key = %s RETURNING 1"
CLEAR = "DELETE FROM base_shared_cache RETURNING 1"
TIDY = """DELETE FROM base_shared_cache WHERE key IN (
    SELECT key FROM base_shared_cache WHERE expires <= clock_timestamp() LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING 1"""


class SharedCache(BaseCache):
    """Django's cache over one unlogged PostgreSQL table: emptied by a crash, which loses nothing but counters."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value under a key that has not run out."""
        rows = _run(GET, [self._digest(key, version)])
        return json.loads(rows[0][0]) if rows else default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Put a value, whatever was there."""
        self._put(key, value, timeout, version, PUT)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Put a value where there is none; of several processes one is told True."""
        return self._put(key, value, timeout, version, ADD)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count in one statement, so that no count is lost between processes."""
        rows = _run(
            COUNT,
            [delta, self._digest(key, version)],
        )
        if not rows:
            raise ValueError("no such key")
        return int(rows[0][0])

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Let a value live longer."""
        return bool(_run(TOUCH, [self._expires(timeout), self._digest(key, version)]))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a value."""
        return bool(_run(DELETE, [self._digest(key, version)]))

    def clear(self) -> None:
        """Forget everything."""
        _run(CLEAR, [])

    def _put(self, key: str, value: Any, timeout: Any, version: int | None, sql: str) -> bool:
        if random.randrange(TIDY_ONCE_IN) == 0:  # noqa: S311 - when to tidy is no secret
            _tidy()
        rows = _run(sql, [self._digest(key, version), json.dumps(value), self._expires(timeout)])
        return bool(rows)

    def _digest(self, key: str, version: int | None) -> bytes:
        named = self.make_and_validate_key(key, version=version)
        return salted_hmac("gongzhi.shared_cache", named, algorithm="sha256").digest()

    def _expires(self, timeout: Any) -> datetime | None:
        moment = self.get_backend_timeout(timeout)
        return None if moment is None else datetime.fromtimestamp(moment, UTC)


def _tidy() -> None:
    _run(TIDY, [TIDY_AT_ONCE])


def _run(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
