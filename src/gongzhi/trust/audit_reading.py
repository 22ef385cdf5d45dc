"""Reads of the audit log. The face bounds them to the audit administrator; every search and export leaves a row itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from gongzhi.base.actor import Actor
from gongzhi.trust import audit
from gongzhi.trust.models import AuditRow
from gongzhi.trust.types import AuditKind

PAGE = 50
NAMED_IN_NOTE = 20  # of the people a search fits, so many are listed in its own row


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """Which rows to show; empty means all. Actors and subjects are plain references such as `person:…`."""

    actors: tuple[str, ...] | None = None
    kind: str = ""
    subjects: tuple[str, ...] | None = None
    since: date | None = None
    until: date | None = None
    succeeded: bool | None = None

    def as_data(self) -> dict[str, Any]:
        """How a search is noted: references, no names."""
        data: dict[str, Any] = {"kind": self.kind} if self.kind else {}
        if self.actors is not None:
            data["actors"] = list(self.actors[:NAMED_IN_NOTE])
        if self.subjects is not None:
            data["subjects"] = list(self.subjects[:NAMED_IN_NOTE])
        if self.succeeded is not None:
            data["succeeded"] = self.succeeded
        days = {"since": self.since, "until": self.until}
        return data | {name: day.isoformat() for name, day in days.items() if day}


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One row of the log as it is read."""

    seq: int
    kind: str
    actor: str
    subject: str
    purpose: str
    succeeded: bool
    data: Mapping[str, Any]
    happened_at: datetime


def audit_page(
    filters: AuditFilters, *, before: int | None = None, size: int = PAGE
) -> tuple[list[AuditLine], bool]:
    """The newest rows that fit, those before a number if one is given; and whether there are older ones."""
    rows = _fitting(filters).order_by("-seq")
    if before is not None:
        rows = rows.filter(seq__lt=before)
    found = [_line(row) for row in rows[: size + 1]]
    return found[:size], len(found) > size


def audit_rows(filters: AuditFilters) -> Iterator[AuditLine]:
    """Every row that fits, the oldest first."""
    for row in _fitting(filters).order_by("seq").iterator(chunk_size=1000):
        yield _line(row)


def note_search(filters: AuditFilters, *, by: Actor, now: datetime) -> int:
    """Who reads the log stands in the log."""
    return audit.note(kind=AuditKind.AUDIT_READ, by=by, now=now, subject="audit", data=filters.as_data())


@transaction.atomic
def note_export(filters: AuditFilters, *, by: Actor, now: datetime, purpose: str) -> int:
    """An export of the log is both a reading and an export."""
    data = {"rows": _fitting(filters).count(), "of": filters.as_data()}
    audit.note(
        kind=AuditKind.AUDIT_READ, by=by, now=now, subject="audit", purpose=purpose, data=filters.as_data()
    )
    return audit.note(kind=AuditKind.EXPORTED, by=by, now=now, subject="audit", purpose=purpose, data=data)


def _fitting(filters: AuditFilters) -> "QuerySet[AuditRow]":
    rows = AuditRow.objects.all()
    if filters.actors is not None:
        rows = rows.filter(actor__in=filters.actors)
    if filters.subjects is not None:
        rows = rows.filter(subject__in=filters.subjects)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.succeeded is not None:
        rows = rows.filter(succeeded=filters.succeeded)
    if filters.since:
        rows = rows.filter(happened_at__gte=_midnight(filters.since))
    if filters.until and filters.until < date.max:
        rows = rows.filter(happened_at__lt=_midnight(filters.until + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _line(row: AuditRow) -> AuditLine:
    return AuditLine(
        row.seq, row.kind, row.actor, row.subject, row.purpose, row.succeeded, row.data, row.happened_at
    )
