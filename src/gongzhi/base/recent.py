"""What is asked of the database with every report and changes a few times a year: remembered for two seconds.

Within a transaction nothing is remembered: what is read there may yet be taken back. A writer of the same process calls
`forget` when its change is committed; other processes see it two seconds later.
"""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.db import connection

T = TypeVar("T")
SECONDS = 2.0
AT_MOST = 16  # answers: the days and databases one process asks about


class Recent(Generic[T]):
    """The last answers to one question, by what was asked."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[float, T]] = {}

    def get(self, asked: Hashable, find: Callable[[], T]) -> T:
        """The answer, at most two seconds old."""
        if connection.in_atomic_block:
            return find()
        key = (connection.settings_dict["PORT"], connection.settings_dict["NAME"], asked)
        until, answer = self._kept.get(key, (0.0, None))
        if answer is not None and time.monotonic() < until:
            return answer
        if len(self._kept) >= AT_MOST:
            self.forget()
        found = find()
        self._kept[key] = (time.monotonic() + SECONDS, found)
        return found

    def forget(self) -> None:
        """Ask again."""
        self._kept = {}
