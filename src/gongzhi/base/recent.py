"""What is asked of the database with every report and changes a few times a year: remembered for two seconds.

Within a transaction nothing is remembered: what is read there may yet be taken back. A writer of the same process calls
`forget` when its change is committed; other processes see it two seconds later.
"""

import time
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

from django.db import connection

T = TypeVar("T")
Q = TypeVar("Q", bound=Hashable)
SECONDS = 2.0
AT_MOST = 16  # answers: the days and databases one process asks about


class Recent(Generic[T]):
    """The last answers to one question, by what was asked."""

    def __init__(self, at_most: int = AT_MOST) -> None:
        self._at_most = at_most
        self._kept: dict[Hashable, tuple[float, T]] = {}

    def get(self, asked: Hashable, find: Callable[[], T]) -> T:
        """The answer, at most two seconds old."""
        if connection.in_atomic_block:
            return find()
        return self.get_all([asked], lambda _missing: {asked: find()})[asked]

    def get_all(self, asked: Collection[Q], find: Callable[[Collection[Q]], Mapping[Q, T]]) -> dict[Q, T]:
        """The answers to many questions; those that are not remembered are found together."""
        if connection.in_atomic_block:
            return dict(find(asked))
        where = (connection.settings_dict["PORT"], connection.settings_dict["NAME"])
        began, kept = time.monotonic(), self._kept
        held = {one: kept[where, one] for one in asked if (where, one) in kept}
        answers = {one: answer for one, (until, answer) in held.items() if began < until}
        missing = [one for one in asked if one not in answers]
        if missing:
            found = find(missing)
            until = time.monotonic() + SECONDS
            fresh: dict[Hashable, tuple[float, T]] = {
                (where, one): (until, answer) for one, answer in found.items() if answer is not None
            }
            # A new table in place of the old one: other threads may be reading that.
            self._kept = {**(kept if len(kept) + len(fresh) <= self._at_most else {}), **fresh}
            answers.update(found)
        return answers

    def forget(self) -> None:
        """Ask again."""
        self._kept = {}
