"""Group commit: pieces of work that arrive while the last commit runs are written at once, in one transaction.

Each is answered after its commit. If the writing fails, for whatever reason, each piece is tried once more alone: what
was wrong with one is its own sender's trouble. Too many waiting are refused at once, with a time to come back.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, Full, Queue
from threading import Lock, Thread
from typing import Generic, TypeVar

from django.db import close_old_connections, connection
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused

WAITING = 128  # beyond these a newcomer would wait longer than a second
TOGETHER = 64
RETRY_AFTER = 2  # seconds
PATIENCE = 10.0  # a writer that hangs this long answers nobody: the caller may send the same again

T = TypeVar("T")
R = TypeVar("R")
Write = Callable[[Sequence[T]], Sequence[R]]


class Busy(Refused):
    """More work waits than can be done soon; the same may be sent again."""

    status = 503
    retry_after = RETRY_AFTER


@dataclass(slots=True)
class Piece(Generic[T, R]):
    """One caller's work, and the language in which a refusal is to be put."""

    work: T
    language: str | None = field(default_factory=get_language)
    answer: Future[R] = field(default_factory=Future)


class Together(Generic[T, R]):
    """A bounded queue and the threads that empty it; `write` writes a number of pieces in one transaction, or none."""

    def __init__(
        self, write: Write[T, R], *, writers: int = 1, waiting: int = WAITING, together: int = TOGETHER
    ) -> None:
        self._write = write
        self._queue: Queue[Piece[T, R] | None] = Queue(waiting)
        self._together = together
        self._lock, self._closed, self._begun = Lock(), False, False
        self._writers = [Thread(target=self._go_on, name="together", daemon=True) for _n in range(writers)]

    def run(self, work: T) -> R:
        """Do the work with others, and come back when it is durable."""
        piece: Piece[T, R] = Piece(work)
        with self._lock:  # nothing joins the queue behind the writers' end
            if self._closed:
                raise busy()
            self._begin()
            try:
                self._queue.put_nowait(piece)
            except Full:
                raise busy() from None
        try:
            return piece.answer.result(PATIENCE)
        except TimeoutError:
            raise busy() from None

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

    def _go_on(self) -> None:
        try:
            while pieces := self._next():
                close_old_connections()
                finish(self._write, pieces)
        finally:
            connection.close()

    def _next(self) -> list[Piece[T, R]]:
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


def finish(write: Write[T, R], pieces: Sequence[Piece[T, R]]) -> None:
    """Write all at once, or each alone if that fails; then the answers."""
    try:
        results = write([piece.work for piece in pieces])
    except Exception:
        for piece in pieces:
            _alone(write, piece)
        return
    for piece, result in zip(pieces, results, strict=True):
        piece.answer.set_result(result)


def _alone(write: Write[T, R], piece: Piece[T, R]) -> None:
    close_old_connections()
    try:
        with override(piece.language):
            [result] = write([piece.work])
    except Exception as error:
        piece.answer.set_exception(error)
    else:
        piece.answer.set_result(result)


def busy() -> Busy:
    """The refusal, in the language of whoever is refused."""
    return Busy(
        _("Very many reports are coming in just now. Nothing was lost: send it again in a few seconds."),
        code="busy",
    )
