"""Behind `gongzhi verify --proof`: every row against the log, the log against its heads, the heads against copies outside."""

import heapq
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from gongzhi.trust import heads, heads_file, log, merkle, signing
from gongzhi.trust.models import LogLeaf, LogNode
from gongzhi.trust.types import Head, LogRow, PublicKey

Progress = Callable[[int, int], None]
Leaf = tuple[uuid.UUID, int, str, uuid.UUID | None, bytes | memoryview]  # id, index, source, about, digest
EVERY = 10_000


@dataclass
class Proved:
    """What the check went through and what it found, in words."""

    entries: int = 0
    heads: int = 0
    waiting: int = 0  # rows written since the last head
    problems: list[str] = field(default_factory=list)


def check(*, copies: Iterable[Path] = (), progress: Progress | None = None) -> Proved:
    """Check all of it; `copies` are files of heads kept elsewhere."""
    outside = {path: _read(path) for path in copies}
    own = heads_file.folder() / heads_file.HEADS
    kept = _read(own) if own.exists() else []
    with _one_view():
        signed = list(heads.since(0))
        found = Proved(heads=len(signed))
        found.problems += _head_problems(signed, signing.public_keys())
        found.problems += _log_problems(signed, found, progress)
        found.problems += _row_problems(signed, found)
        found.problems += _copy_problems(own, kept, signed)
        found.problems += _missing_outside(own, kept, signed)
        for path, lines in outside.items():
            found.problems += _copy_problems(path, lines, signed)
    return found


@contextmanager
def _one_view() -> Iterator[None]:
    """All reads see one moment, so that a head signed meanwhile raises no false alarm."""
    inside = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not inside:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _read(path: Path) -> list[dict[str, Any] | str]:
    try:
        return list(heads_file.read_copy(path))
    except heads_file.Unreadable as error:
        return [str(error)]


def _called(head: Head) -> str:
    return f"head {head.number} ({_local(head.signed_at)})"


def _local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


def _head_problems(signed: list[Head], keys: dict[str, PublicKey]) -> Iterator[str]:
    number, size = 0, 0
    for head in signed:
        number += 1
        if head.number != number:
            yield f"heads {number} to {head.number - 1} are missing"
            number, size = head.number, head.previous
        if head.previous != size or head.size < size:
            yield f"{_called(head)}: does not follow the head before it"
        if head.key not in keys:
            yield f"{_called(head)}: signed by a key that is not on the list ({head.key[:16]}…)"
        elif not signing.is_signed(heads.statement(head), head.signature, keys[head.key]):
            yield f"{_called(head)}: the signature does not fit what it says"
        size = head.size


def _log_problems(signed: list[Head], found: Proved, progress: Progress | None) -> Iterator[str]:
    """Grow the log again from its entries and compare at every head."""
    growing, ahead = merkle.Frontier(), _Ahead(deque(signed))
    subtrees: dict[tuple[int, int], bytes] = {}
    total = signed[-1].size if signed else 0
    ahead.compare(growing)
    for index, digest in _entries():
        if index != growing.size:
            yield f"log: entries {growing.size} to {index - 1} are missing; nothing after them can be proved"
            break
        completed = growing.add(merkle.leaf_hash(bytes(digest)))
        subtrees.update(((h, i), node) for h, i, node in completed if h % log.KEPT == 0)
        ahead.compare(growing)
        if progress and growing.size % EVERY == 0:
            progress(growing.size, total)
    found.entries = growing.size
    yield from ahead.problems(growing.size)
    yield from _node_problems(subtrees)


def _entries() -> Iterator[tuple[int, bytes | memoryview]]:
    return LogLeaf.objects.order_by("index").values_list("index", "digest").iterator(chunk_size=EVERY)


@dataclass
class _Ahead:
    """Heads still to be reached while the log grows again, and those whose root was another."""

    left: deque[Head]
    wrong: list[Head] = field(default_factory=list)
    reached: int = 0

    def compare(self, growing: merkle.Frontier) -> None:
        while self.left and self.left[0].size <= growing.size:
            head = self.left.popleft()
            self.reached = head.size
            if head.root != growing.root().hex():
                self.wrong.append(head)

    def problems(self, size: int) -> Iterator[str]:
        if self.left:
            head = self.left[0]
            yield f"{_called(head)}: covers {head.size} entries, the log holds {size}: the last ones are missing"
        elif size > self.reached:
            yield f"log: {size - self.reached} entries stand behind the last head"
        yield from _runs(self.wrong)


def _runs(wrong: list[Head]) -> Iterator[str]:
    """One line for heads in a row, since one changed entry spoils every head after it."""
    for _key, run in groupby(enumerate(wrong), key=lambda each: each[1].number - each[0]):
        found = [head for _place, head in run]
        more = f" and the {len(found) - 1} after it" if len(found) > 1 else ""
        yield f"{_called(found[0])}{more}: the root does not fit the first {found[0].size} entries of the log"


def _node_problems(subtrees: dict[tuple[int, int], bytes]) -> Iterator[str]:
    rows = LogNode.objects.order_by("height", "index").values_list("height", "index", "hash")
    for height, index, node in rows.iterator(chunk_size=EVERY):
        if subtrees.pop((height, index), None) != bytes(node):
            yield f"log: the stored subtree {index} of height {height} was changed"
    for height, index in sorted(subtrees):
        yield f"log: the stored subtree {index} of height {height} is missing"


def _row_problems(signed: list[Head], found: Proved) -> Iterator[str]:
    looked_at = log.first_id(signed[-1].signed_at - log.LOOK_BACK) if signed else log.FROM_THE_START
    for leaf, row in _pairs(_leaves(), _rows()):
        if row is None and leaf is not None:
            yield f"{_known_as(leaf[2], leaf[0], leaf[3])}, sealed as entry {leaf[1]}, is gone"
        elif row is not None and leaf is None:
            if row[2].id < looked_at:
                yield f"{_known_as(row[1], row[0], row[2].about)} was never sealed"
            else:
                found.waiting += 1
        elif row is not None and leaf is not None and bytes(leaf[4]) != row[2].digest:
            yield f"{_known_as(row[1], row[0], row[2].about)} is not what was sealed as entry {leaf[1]}"


def _known_as(source: str, row: uuid.UUID, about: uuid.UUID | None) -> str:
    name_of = next((each.name_of for each in log.SOURCES if each.name == source), None)
    return name_of(row, about) if name_of else f"{source} {row}"


Row = tuple[uuid.UUID, str, LogRow]


def _leaves() -> Iterator[Leaf]:
    rows = LogLeaf.objects.order_by("id").values_list("id", "index", "source", "about", "digest")
    return rows.iterator(chunk_size=EVERY)


def _rows() -> Iterator[Row]:
    return heapq.merge(
        *(_of(source.name, source.rows(log.FROM_THE_START)) for source in log.SOURCES), key=lambda row: row[0]
    )


def _of(name: str, rows: Iterable[LogRow]) -> Iterator[Row]:
    return ((row.id, name, row) for row in rows)


def _pairs(leaves: Iterator[Leaf], rows: Iterator[Row]) -> Iterator[tuple[Leaf | None, Row | None]]:
    """Leaves and rows side by side, both in the order of ids; None where one has no counterpart."""
    leaf, row = next(leaves, None), next(rows, None)
    while leaf or row:
        if leaf and row and leaf[0] == row[0]:
            yield leaf, row
            leaf, row = next(leaves, None), next(rows, None)
        elif row is None or (leaf and leaf[0] < row[0]):
            yield leaf, None
            leaf = next(leaves, None)
        else:
            yield None, row
            row = next(rows, None)


def _copy_problems(path: Path, lines: list[dict[str, Any] | str], signed: list[Head]) -> Iterator[str]:
    """Where a copy of the heads says something else than the database."""
    known = {head.number: heads.as_json(head) for head in signed}
    for line in lines:
        if isinstance(line, str):
            yield line
        elif (here := known.get(line.get("number", 0))) is None:
            yield f"head {line.get('number')} of {line.get('signed_at')} is in {path.name} and not in the database"
        elif here != line:
            differing = ", ".join(sorted(name for name in here if here[name] != line.get(name)))
            yield f"head {line['number']} in the database is not the one in {path.name}: {differing} differ"


def _missing_outside(path: Path, lines: list[dict[str, Any] | str], signed: list[Head]) -> Iterator[str]:
    held = {line.get("number") for line in lines if isinstance(line, dict)}
    missing = [head for head in signed if head.number not in held]
    if missing:
        yield f"{_called(missing[0])}: {len(missing)} heads are not in {path}"
