"""Heads outside the database: a file with one line per head, and one with the public keys, only ever appended to."""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings

HEADS, KEYS = "heads.jsonl", "keys.jsonl"
Line = dict[str, Any]


class Unreadable(Exception):
    """A line that is no head."""


def folder() -> Path:
    """Where heads are kept: GONGZHI_HEADS, best on a disk of its own."""
    return Path(settings.GONGZHI_HEADS)


def append(heads_after: Callable[[int], list[Line]], keys: Iterable[Line]) -> int:
    """Write the heads that the file doesn't hold yet; when this returns they survive a power cut."""
    folder().mkdir(parents=True, exist_ok=True)
    with _opened(folder() / KEYS) as file:
        known = {line["key"] for line in _lines(file)}
        _write(file, [key for key in keys if key["key"] not in known])
    with _opened(folder() / HEADS) as file:
        held = [line["number"] for line in _lines(file)]
        fresh = heads_after(held[-1] if held else 0)
        _write(file, fresh)
    return len(fresh)


def last_number() -> int:
    """The number of the last head outside; 0 when there is none."""
    path = folder() / HEADS
    return int(read(path)[-1]["number"]) if path.exists() and path.stat().st_size else 0


def read(path: Path) -> list[Line]:
    """The heads of a file, in its order."""
    with path.open("rb") as file:
        return list(_lines(file))


def read_copy(path: Path) -> list[Line]:
    """The heads somebody kept: the portal's `heads.json` as it was saved, or a file with one per line."""
    try:
        return list(json.loads(path.read_bytes())["heads"])
    except (ValueError, KeyError, TypeError):
        return read(path)


def _opened(path: Path) -> IO[bytes]:
    """The file, ours alone; half a line that a power cut left at its end is taken away."""
    file = path.open("a+b")
    fcntl.flock(file, fcntl.LOCK_EX)
    file.seek(0)
    whole = file.read().rpartition(b"\n")
    if whole[2]:
        file.truncate(len(whole[0]) + len(whole[1]))
    return file


def _lines(file: IO[bytes]) -> Iterator[Line]:
    file.seek(0)
    for number, line in enumerate(file, start=1):
        try:
            found = json.loads(line)
        except ValueError as error:
            raise Unreadable(f"{file.name}: line {number} is not JSON") from error
        if not isinstance(found, dict):
            raise Unreadable(f"{file.name}: line {number} is no head")
        yield found


def _write(file: IO[bytes], lines: Iterable[Line]) -> None:
    for line in lines:
        file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
    file.flush()
    os.fsync(file.fileno())
