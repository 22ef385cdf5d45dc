"""Group commit: pieces of work that arrive while the last commit runs share one transaction.

Each is answered after its commit. One that is refused leaves its own savepoint and harms no neighbour; one that fails
otherwise is tried again alone. Too many waiting are refused at once, with a time to come back.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, Full, Queue
from threading import Lock, Thread

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from gongzhi.base.bounds import Bounds, bounded, present
from gongzhi.base.errors import Refused

WAITING = 64  # beyond these a newcomer would wait longer than a second
TOGETHER = 32
RETRY_AFTER = 2  # seconds
PATIENCE = 10.0  # a writer that hangs this long answers nobody: the caller may send the same again


class Busy(Refused):
    """More work waits than can be done soon; the same may be sent again."""

    status = 503
    retry_after = RETRY_AFTER


@dataclass(slots=True)
class Piece:
    """One caller's work, with the bounds and the language it was asked in."""

    work: Callable[[], object]
    bounds: Bounds = field(default_factory=present)
    language: str | None = field(default_factory=get_language)
    answer: Future[object] = field(default_factory=Future)
    result: object = None
    error: Exception | None = None
    again: bool = False

    def do(self) -> None:
        """Work in a transaction of its own, or in a savepoint of the one that is open; a refusal is a result."""
        self.error, self.again = None, False
        try:
            with override(self.language), bounded(self.bounds), transaction.atomic():
                self.result = self.work()
        except Refused as refused:
            self.error = refused
        except Exception as error:
            self.error, self.again = error, True

    def tell(self) -> None:
        """Answer the caller who waits."""
        if self.error is None:
            self.answer.set_result(self.result)
        else:
            self.answer.set_exception(self.error)


class Together:
    """A bounded queue and the threads that empty it, a transaction for all that waits."""

    def __init__(self, *, writers: int = 2, waiting: int = WAITING, together: int = TOGETHER) -> None:
        self._queue: Queue[Piece | None] = Queue(waiting)
        self._together = together
        self._lock, self._closed, self._begun = Lock(), False, False
        self._writers = [Thread(target=self._write, name="together", daemon=True) for _n in range(writers)]

    def run(self, work: Callable[[], object]) -> object:
        """Do the work with others, and come back when it is durable."""
        piece = Piece(work)
        with self._lock:  # nothing joins the queue behind the writers' end
            if self._closed:
                raise _busy()
            self._begin()
            try:
                self._queue.put_nowait(piece)
            except Full:
                raise _busy() from None
        try:
            return piece.answer.result(PATIENCE)
        except TimeoutError:
            raise _busy() from None

    def _begin(self) -> None:
        if not self._begun:  # at the first piece: a thread begun before a fork would be missing after it
            self._begun = True
            for writer in self._writers:
                writer.start()

    def drain(self, within: float = 4.0) -> bool:
        """Take nothing more, finish what waits; whether all of it was done in time."""
        with self._lock:
            self._closed = True
        if not self._begun:
            return True
        until = time.monotonic() + within
        for _writer in self._writers:
            self._queue.put(None)
        for writer in self._writers:
            writer.join(max(0.0, until - time.monotonic()))
        return not any(writer.is_alive() for writer in self._writers)

    def _write(self) -> None:
        try:
            while pieces := self._next():
                close_old_connections()
                write(pieces)
        finally:
            connection.close()

    def _next(self) -> list[Piece]:
        first = self._queue.get()
        pieces = [first] if first else []
        while pieces and len(pieces) < self._together:
            try:
                piece = self._queue.get_nowait()
            except Empty:
                break
            if piece is None:  # an end is for one writer: leave it for the next look
                self._queue.put(None)
                break
            pieces.append(piece)
        return pieces


def write(pieces: list[Piece]) -> None:
    """One transaction for all; what failed, or all if the commit failed, once more each alone; then the answers."""
    try:
        _all_in_one(pieces)
    except Exception:
        for piece in pieces:
            piece.again = True
    for piece in pieces:
        if piece.again:
            close_old_connections()
            piece.do()
        piece.tell()


@transaction.atomic
def _all_in_one(pieces: list[Piece]) -> None:
    for piece in pieces:
        piece.do()
    if connection.needs_rollback or connection.closed_in_transaction:
        # Django would leave such a block without a word, and everybody would be told of a commit that never was.
        raise DatabaseError("the transaction of a group was lost")


def _busy() -> Busy:
    return Busy(
        _("Very many reports are coming in just now. Nothing was lost: send it again in a few seconds."),
        code="busy",
    )
