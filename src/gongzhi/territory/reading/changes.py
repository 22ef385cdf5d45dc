"""A year's list of changed divisions: renamed, added, removed."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext as _

from gongzhi.territory.reading.divisions import asked_for, checked_code, checked_name
from gongzhi.territory.reading.tables import Record, Table, Where
from gongzhi.territory.types import Level

LEVELS = {
    "province": Level.PROVINCE,
    "city": Level.CITY,
    "county": Level.COUNTY,
    "town": Level.TOWNSHIP,
    "township": Level.TOWNSHIP,
    "village": Level.COMMUNITY,
    "community": Level.COMMUNITY,
}


class ChangeKind(StrEnum):
    RENAMED = "renamed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change as listed; a name the kind of change has no use for is empty."""

    kind: ChangeKind
    level: Level
    code: str
    old_name: str
    new_name: str
    where: Where


def read_changes(file: Path, county_code: str) -> tuple[ChangeRow, ...]:
    """The changes of one county (six digits) or city (four), from the larger areas to the smaller."""
    wanted, _level = asked_for(county_code)
    rows = [
        row for row in _rows(Table(file, required=("code", "change", "level"))) if row.code.startswith(wanted)
    ]
    return tuple(sorted(rows, key=lambda row: (row.level.depth, row.code)))


def _rows(table: Table) -> Iterator[ChangeRow]:
    seen: dict[tuple[Level, str], int] = {}
    for record in table:
        row = _row(record)
        if (row.level, row.code) in seen:
            reason = _("the code %(code)s is already in line %(line)s.")
            record.where.refuse(reason % {"code": row.code, "line": seen[row.level, row.code]})
        seen[row.level, row.code] = record.line
        yield row


def _row(record: Record) -> ChangeRow:
    kind, level = _kind(record), _level(record)
    old, new = _name_columns(record)
    return ChangeRow(
        kind=kind,
        level=level,
        code=checked_code(record, level),
        old_name="" if kind is ChangeKind.ADDED else checked_name(record, old),
        new_name="" if kind is ChangeKind.REMOVED else checked_name(record, new),
        where=record.where,
    )


def _kind(record: Record) -> ChangeKind:
    try:
        return ChangeKind(record["change"])
    except ValueError:
        reason = _("%(found)s is no kind of change; it is one of %(allowed)s.")
        allowed = ", ".join(ChangeKind)
        return record.where.refuse(reason % {"found": record["change"] or "''", "allowed": allowed})


def _level(record: Record) -> Level:
    found = record["level"]
    if found in LEVELS:
        return LEVELS[found]
    reason = _("%(found)s is no level; it is one of %(allowed)s.")
    return record.where.refuse(reason % {"found": found or "''", "allowed": ", ".join(LEVELS)})


def _name_columns(record: Record) -> tuple[str, str]:
    """The columns of the earlier and the later name: `name_2022` and `name_2023`, or `name_old` and `name_new`."""
    if "name_old" in record.columns and "name_new" in record.columns:
        return "name_old", "name_new"
    years = sorted(
        column for column in record.columns if column.startswith("name_") and column[5:].isdecimal()
    )
    if len(years) != 2:
        record.where.refuse(_("there must be two columns of names, such as name_2022 and name_2023."))
    return years[0], years[1]
