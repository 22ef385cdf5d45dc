"""Counters that all web processes of a machine share: one small file, mapped into each of them.

A process that counted for itself would tell a monitor a part of the truth, and another part at the next question.
"""

import fcntl
import mmap
import os
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

WIDTH = 8  # bytes of one counter


class Tally:
    """Named whole numbers that only grow, kept in a file until the names change."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self.path, self.names = path, tuple(names)
        self._places = {name: place for place, name in enumerate(self.names)}
        self._map: mmap.mmap | None = None
        self._file = -1
        self._thread = threading.Lock()

    def add(self, amounts: Mapping[str, int]) -> None:
        """Count all of these, or none."""
        with self._held() as page:
            for name, amount in amounts.items():
                at = self._places[name] * WIDTH
                struct.pack_into("<Q", page, at, struct.unpack_from("<Q", page, at)[0] + amount)

    def read(self) -> dict[str, int]:
        """Every counter, all of one moment."""
        with self._held() as page:
            return dict(zip(self.names, struct.unpack_from(f"<{len(self.names)}Q", page), strict=True))

    @contextmanager
    def _held(self) -> Iterator[mmap.mmap]:
        """Ours alone, among threads by one lock and among processes by the other; a killed process lets go of both."""
        with self._thread:
            page = self._map or self._open()
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield page
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _open(self) -> mmap.mmap:
        size = len(self.names) * WIDTH
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        if os.fstat(self._file).st_size != size:  # of another version: it counted other things
            os.ftruncate(self._file, 0)
            os.ftruncate(self._file, size)
        self._map = mmap.mmap(self._file, size)
        return self._map
