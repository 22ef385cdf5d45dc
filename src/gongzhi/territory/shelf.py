"""The newest atlas of this process: read from the tables, and read again when the territory has a new revision."""

import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import shapely
from django.db import connection, transaction

from gongzhi.territory.atlas import Atlas, Drawn, Named, Period
from gongzhi.territory.models import Area, AreaCode, AreaName, Boundary, Cell, Revision
from gongzhi.territory.names import is_placeholder
from gongzhi.territory.types import AreaPicture, Level, Scheme

SECONDS_BETWEEN_CHECKS = 2.0


class _Shelf:
    """Keeps the newest atlas of this process and asks the database now and then whether it still is."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.atlas: Atlas | None = None
        self.database = ""  # a process may be led to another database; revisions count in each
        self.checked_at = 0.0
        self.unsettled = False  # a writer of this process may yet roll back

    def current(self) -> Atlas:
        if self.atlas and not self._due():
            return self.atlas
        with self.lock:
            return self._checked()

    def touched(self) -> None:
        """A writer of this process changed something, and may still take it back."""
        self.unsettled = True
        transaction.on_commit(self.settled)

    def settled(self) -> None:
        """It was committed: one more look, then the usual pace."""
        self.unsettled, self.checked_at = False, 0.0

    def _due(self) -> bool:
        late = time.monotonic() - self.checked_at > SECONDS_BETWEEN_CHECKS
        return late or self.unsettled or self.database != _database()

    def _checked(self) -> Atlas:
        if self.atlas and not self._due():
            return self.atlas
        # After a rollback nobody says so; outside a transaction the next look settles it.
        if not connection.in_atomic_block:
            self.unsettled = False
        if self.atlas is None or self.database != _database() or self.atlas.revision != latest_revision():
            self.atlas, self.database = load(), _database()
        self.checked_at = time.monotonic()
        return self.atlas


def _database() -> str:
    return "{HOST}:{PORT}/{NAME}".format_map(connection.settings_dict)


_shelf = _Shelf()


def current() -> Atlas:
    """The territory as it is now, at most two seconds old."""
    return _shelf.current()


def touched() -> None:
    """Make the next reader of this process look again."""
    _shelf.touched()


def latest_revision() -> int:
    """The number of the last change, 0 before the first."""
    return Revision.objects.order_by("-number").values_list("number", flat=True).first() or 0


def load() -> Atlas:
    """Read everything; once more if somebody changed the territory meanwhile."""
    while True:
        atlas = _read()
        if latest_revision() == atlas.revision:
            return atlas


def _read() -> Atlas:
    revision = latest_revision()
    # The areas come last, so that nothing read before them can point to one they lack.
    root, drawn, codes = Cell.objects.values_list("root_id", flat=True).first(), _drawn(), _current_codes()
    former_names, former_codes = _former_names(), _former_codes()
    rows = {row.id: row for row in Area.objects.all()}
    return Atlas(
        revision=revision,
        root=root,
        areas={row.id: _picture(row, rows, codes) for row in rows.values()},
        periods={row.id: Period(row.valid_from, row.valid_to) for row in rows.values()},
        code_since=_code_since(),
        former_names=former_names,
        former_codes=former_codes,
        drawn=drawn,
    )


def _picture(row: Area, by_id: Mapping[uuid.UUID, Area], codes: Mapping[uuid.UUID, str]) -> AreaPicture:
    return AreaPicture(
        id=row.id,
        name=row.name,
        level=Level(row.level),
        code=codes.get(row.id, ""),
        parent_id=row.parent_id,
        path_names=_path(row, by_id),
        pinyin=row.pinyin,
        ended=row.valid_to is not None,
    )


def _path(row: Area, by_id: Mapping[uuid.UUID, Area]) -> tuple[str, ...]:
    names: list[str] = []
    at: Area | None = row
    while at:
        if at is row or not is_placeholder(at.name):
            names.append(at.name)
        at = by_id[at.parent_id] if at.parent_id else None
    return tuple(reversed(names))


def _current_codes() -> dict[uuid.UUID, str]:
    """One code per area: the national one if it has one; an ended area keeps its last."""
    rows = AreaCode.objects.order_by("area_id", "valid_to").values_list(
        "area_id", "scheme", "code", "valid_to"
    )
    best: dict[uuid.UUID, tuple[bool, bool, date, str]] = {}
    for area, scheme, code, ended in rows:
        rank = (ended is None, scheme == Scheme.NBS, ended or date.max, code)
        best[area] = max(best.get(area, rank), rank)
    return {area: rank[-1] for area, rank in best.items()}


def _code_since() -> dict[uuid.UUID, date]:
    rows = AreaCode.objects.filter(valid_to__isnull=True, valid_from__isnull=False)
    return {row.area_id: row.valid_from for row in rows if row.valid_from}


def _former_codes() -> dict[tuple[Level, str], tuple[uuid.UUID, ...]]:
    found: dict[tuple[Level, str], list[uuid.UUID]] = defaultdict(list)
    for row in AreaCode.objects.filter(valid_to__isnull=False).order_by("valid_to", "id"):
        found[Level(row.level), row.code].append(row.area_id)
    return {key: tuple(areas) for key, areas in found.items()}


def _former_names() -> dict[uuid.UUID, tuple[Named, ...]]:
    found: dict[uuid.UUID, list[Named]] = defaultdict(list)
    for row in AreaName.objects.order_by("valid_to", "id"):
        found[row.area_id].append(Named(row.name, Period(row.valid_from, row.valid_to)))
    return {area: tuple(names) for area, names in found.items()}


def _drawn() -> tuple[Drawn, ...]:
    rows = Boundary.objects.filter(valid_to__isnull=True).values_list("area_id", "geometry", "illustrative")
    return tuple(Drawn(area, shapely.from_wkb(bytes(wkb)), illustrative) for area, wkb, illustrative in rows)
