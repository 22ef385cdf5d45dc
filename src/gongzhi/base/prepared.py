"""Statements that are sent with every report: parsed and planned once on a connection, then only run.

Planning a statement over tables with row-level security takes longer than running it. Django writes the values into
the statement itself, so that PostgreSQL meets a new one each time; here they travel beside it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """A cursor for statements of which every text comes again and again; counted and wrapped as any other."""
    database: Any = connection  # the stubs know no psycopg 3
    database.ensure_connection()
    database.connection.prepare_threshold = 0  # Django's own cursors never prepare, whatever stands here
    with database._prepare_cursor(_Prepared(database.connection)) as cursor:
        yield cursor


_Bound: Any = ServerBindingCursor


class _Prepared(_Bound):  # type: ignore[misc]
    """Remembers its statement for whoever counts or logs them: psycopg forgets that of a prepared one."""

    _query: Any

    def execute(self, query: Any, params: Any = None, **named: Any) -> Any:
        answer = super().execute(query, params, **named)
        self._query = self._query or _Said(self.connection, query, params)
        return answer


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement with its values written in, put together only when somebody reads it."""

    connection: Any
    statement: Any
    values: Sequence[Any] | None

    @property
    def query(self) -> bytes:
        return psycopg.ClientCursor(self.connection).mogrify(self.statement, self.values).encode()
