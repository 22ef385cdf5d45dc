"""The public log in the database: which rows are still to be sealed, its entries, and proofs read from it.

Rows come from sources that the parts above register. Their ids are made in the order of time but committed in any
order, so a sealer looks a whole day behind the last head and leaves out what it has: a transaction may take that
long and its rows are still found. A row that comes later yet, or under an id of long ago, is named by
`gongzhi verify --proof` and taken in by `gongzhi seal --all`.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from gongzhi.trust import merkle
from gongzhi.trust.models import AuditRow, LogLeaf, LogNode
from gongzhi.trust.types import LogRow, LogSource, Place

LOOK_BACK = timedelta(days=1)
KEPT = 8  # subtrees of every eighth height are stored: 256 entries, 65,536, 16,777,216
TILE = 1 << KEPT
BATCH = 10_000
FROM_THE_START = uuid.UUID(int=0)


def _audit_rows(since: uuid.UUID) -> Iterator[LogRow]:
    rows = AuditRow.objects.filter(id__gte=since).order_by("id").values_list("id", "digest")
    for row, digest in rows.iterator(chunk_size=BATCH):
        yield LogRow(row, None, bytes(digest))


def _audit_name(row: uuid.UUID, about: uuid.UUID | None) -> str:
    found = AuditRow.objects.filter(id=row).values_list("seq", "kind").first()
    return f"audit log: row {found[0]} ({found[1]})" if found else f"audit log: a row of {made_at(row)}"


SOURCES: list[LogSource] = [LogSource("audit", _audit_rows, _audit_name)]


def made_at(row: uuid.UUID) -> str:
    """When an id was made, to the second: a UUIDv7 begins with it."""
    moment = datetime.fromtimestamp((row.int >> 80) / 1000, UTC)
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


def first_id(moment: datetime) -> uuid.UUID:
    """The lowest id that can have been made at a moment."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)


def unsealed(since: uuid.UUID) -> Iterator[list[tuple[str, LogRow]]]:
    """Rows of every source that the log doesn't hold yet, in batches, oldest first within a source."""
    for source in SOURCES:
        rows = source.rows(since)
        while batch := list(islice(rows, BATCH)):
            held = _held_between(batch[0].id, batch[-1].id)
            if fresh := [(source.name, row) for row in batch if row.id not in held]:
                yield fresh


def _held_between(first: uuid.UUID, last: uuid.UUID) -> set[uuid.UUID]:
    return set(LogLeaf.objects.filter(id__range=(first, last)).values_list("id", flat=True))


def sealed(rows: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Of these rows, those the log holds, in one query."""
    return set(LogLeaf.objects.filter(id__in=list(rows)).values_list("id", flat=True))


def length() -> int:
    """The number that the next entry gets."""
    last: int | None = LogLeaf.objects.aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


def append(growing: merkle.Frontier, rows: Iterable[tuple[str, LogRow]]) -> None:
    """Write rows as the next entries; the caller holds the sealer's lock."""
    fresh = list(rows)
    first, nodes = growing.size, []
    for _source, row in fresh:
        completed = growing.add(merkle.leaf_hash(row.digest))
        nodes += [each for each in completed if each[0] % KEPT == 0]
    _insert(first, fresh)
    LogNode.objects.bulk_create(LogNode(height=h, index=i, hash=found) for h, i, found in nodes)


def _insert(first: int, rows: list[tuple[str, LogRow]]) -> None:
    """One statement with a list per column: many times quicker than a parameter for each value."""
    columns: list[Any] = [  # lists, which the stubs of execute don't know
        [row.id for _source, row in rows],
        list(range(first, first + len(rows))),
        [source for source, _row in rows],
        [row.about for _source, row in rows],
        [row.digest for _source, row in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO trust_logleaf (id, "index", source, about, digest)'
            " SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::uuid[], %s::bytea[])",
            columns,
        )


class Tree:
    """The complete subtrees of the log, read 256 hashes at a time and kept while the reader lives."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """The hash of one complete subtree."""
        kept = level - level % KEPT
        first, count = index << level - kept, 1 << level - kept
        start = first % TILE
        hashes = self._tile(kept, first // TILE)[start : start + count]
        if len(hashes) != count:
            raise LookupError(f"the log lacks entries below {index + 1 << level}")
        return merkle.fold(hashes)

    def _tile(self, height: int, number: int) -> list[bytes]:
        key = height, number
        if key not in self._tiles:
            self._tiles[key] = list(_read(height, number * TILE))
        return self._tiles[key]


def _read(height: int, first: int) -> Iterator[bytes]:
    part = range(first, first + TILE)
    if height == 0:
        leaves = LogLeaf.objects.filter(index__gte=part.start, index__lt=part.stop).order_by("index")
        return (merkle.leaf_hash(bytes(digest)) for digest in leaves.values_list("digest", flat=True))
    nodes = LogNode.objects.filter(height=height, index__gte=part.start, index__lt=part.stop)
    return (bytes(found) for found in nodes.order_by("index").values_list("hash", flat=True))


def places(rows: Iterable[uuid.UUID], size: int) -> dict[uuid.UUID, Place]:
    """Where each of these rows stands among the first `size` entries, with its proof; absent if it doesn't yet."""
    leaves = LogLeaf.objects.filter(id__in=list(rows), index__lt=size).order_by("index")
    tree = Tree()
    return {
        leaf.uuid: Place(leaf.index, bytes(leaf.digest), tuple(merkle.inclusion(leaf.index, size, tree)))
        for leaf in leaves
    }
