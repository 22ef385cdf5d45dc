"""Turning rows into pictures: clocks with their signal, tasks with names, lines for a queue."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import get_language

from gongzhi.accounts import queries as accounts
from gongzhi.base.bounds import passing
from gongzhi.cases import places, rules, titles
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseClock, CaseRecord, CaseTask
from gongzhi.cases.pictures import CaseRow, ClockPicture, PhotoPicture, TaskPicture
from gongzhi.cases.queries.contents import EXCERPT, Opened, first_words
from gongzhi.cases.reach import joined_counts, subject
from gongzhi.cases.types import CaseStatus, ClockStatus, TaskRole, TaskStatus, Verdict
from gongzhi.programs.types import CaseKind

PASSES_AT_MOST = 100  # more than a page holds
SOON_SHARE = 0.8  # of the limit spent: the clock is called “soon”
CENTRE_HOLDS = {CaseStatus.REPORTED, CaseStatus.ACCEPTED, CaseStatus.RETURNED, CaseStatus.AWAITING_RULING}


@dataclass(frozen=True, slots=True)
class Names:
    """Names looked up once for a whole list."""

    areas: Mapping[uuid.UUID, str]
    organisations: Mapping[uuid.UUID, str]
    people: Mapping[uuid.UUID, str]


def names_for(records: Sequence[CaseRecord], tasks: Iterable[CaseTask]) -> Names:
    """The names a list needs, in three queries."""
    tasks = list(tasks)
    return Names(
        areas=places.names_of({r.area_id for r in records if r.area_id}),
        organisations=accounts.organisation_names({t.organisation_id for t in tasks}),
        people=accounts.names_of({t.person for t in tasks if t.person}),
    )


def kind_of(record: CaseRecord) -> CaseKind:
    """The definition a case is pinned to."""
    return LAWS.kind(record.definition)


def clock_picture(row: CaseClock, record: CaseRecord, now: datetime) -> ClockPicture:
    """A clock as pages show it."""
    profile = next(p for p in LAWS.kind(row.definition).clocks if p.name == row.name)
    codes = tuple(places.codes_of(record.area_id)) if record.area_id else ()
    left = (row.due_at - now).total_seconds() if row.due_at and row.status == ClockStatus.RUNNING else None
    return ClockPicture(
        id=row.uuid,
        name=row.name,
        title=profile.title.show(get_language()),
        limit=titles.limit_words(rules.limit_of(profile, record.severity, codes)),
        task=str(row.task_id or ""),
        status=ClockStatus(row.status),
        verdict=Verdict(row.verdict) if row.verdict else None,
        started_at=row.started_at,
        due_at=row.due_at,
        stopped_at=row.stopped_at,
        level=_level(row, now),
        seconds_left=None if left is None else int(left),
    )


def _level(row: CaseClock, now: datetime) -> str:
    if row.status == ClockStatus.STOPPED:
        return {Verdict.MET: "on_time", Verdict.BREACHED: "late"}.get(
            Verdict(row.verdict or "unknown"), "waiting"
        )
    if row.due_at is None:
        return "waiting"
    if now > row.due_at:
        return "late"
    spent = (now - row.started_at) / max(
        row.due_at - row.started_at, (row.due_at - row.started_at).resolution
    )
    return "soon" if spent >= SOON_SHARE else "waiting"


def task_picture(row: CaseTask, names: Names, clocks: Iterable[ClockPicture]) -> TaskPicture:
    """A task with its names and clocks."""
    return TaskPicture(
        id=str(row.id),
        role=TaskRole(row.role),
        organisation_id=str(row.organisation_id),
        organisation=names.organisations.get(row.organisation_id, ""),
        team=row.team,
        person_id=str(row.person or ""),
        person=names.people.get(row.person, "") if row.person else "",
        status=TaskStatus(row.status),
        status_title=str(titles.TASK[row.status]),
        assigned_at=row.assigned_at,
        arrived_at=row.arrived_at,
        ended_at=row.ended_at,
        clocks=tuple(c for c in clocks if c.task == str(row.id)),
    )


def case_rows(cases: Iterable[CaseRecord], now: datetime) -> list[CaseRow]:
    """Lines for a queue: a fixed number of queries, whatever the number of lines."""
    records = list(cases)
    # The lock let these rows through: it need not work out again for each read what the person reaches. A pass is
    # looked for one by one, so a long export goes without.
    through = records if len(records) <= PASSES_AT_MOST else ()
    with passing(*(subject(record.uuid) for record in through)):
        return _case_rows(records, now)


def _case_rows(records: list[CaseRecord], now: datetime) -> list[CaseRow]:
    ids = [r.pk for r in records]
    clocks: dict[uuid.UUID, list[CaseClock]] = defaultdict(list)
    tasks: dict[uuid.UUID, list[CaseTask]] = defaultdict(list)
    for clock in CaseClock.objects.filter(case__in=ids).exclude(status=ClockStatus.STOPPED):
        clocks[clock.case_id].append(clock)
    for task in CaseTask.objects.filter(case__in=ids).order_by("assigned_at", "id"):
        tasks[task.case_id].append(task)
    names = names_for(records, (t for group in tasks.values() for t in group))
    opened, joined = first_words(ids), joined_counts(ids)
    rows = [_row(r, clocks[r.pk], tasks[r.pk], names, opened.get(r.pk, Opened({})), now) for r in records]
    return [replace(row, linked_count=joined.get(row.id, 0)) for row in rows]


def _row(
    record: CaseRecord,
    clocks: list[CaseClock],
    tasks: list[CaseTask],
    names: Names,
    opened: Opened,
    now: datetime,
) -> CaseRow:
    kind = kind_of(record)
    title = kind.title.show(get_language())
    text = opened.first("text") or ""
    biting = _biting(clocks)
    return CaseRow(
        id=record.uuid,
        code=record.code,
        title=record.title or title,
        excerpt=text[:EXCERPT] + ("…" if len(text) > EXCERPT else ""),
        kind=record.kind,
        kind_title=title,
        status=CaseStatus(record.status),
        status_title=str(titles.STATUS[record.status]),
        severity=record.severity,
        area_name=names.areas.get(record.area_id, "") if record.area_id else "",
        place_text=record.place_text,
        lon=None if record.lon_e7 is None else record.lon_e7 / 1e7,
        lat=None if record.lat_e7 is None else record.lat_e7 / 1e7,
        reported_at=record.reported_at,
        holder=holder(record, tasks, names),
        clock=clock_picture(biting, record, now) if biting else None,
        linked_count=0,
        photo_count=len(opened.by_name.get("photo", ())),
        source=str(titles.SOURCE.get(record.source, record.source)),
        drill=record.drill,
        supervised=record.supervised,
    )


def _biting(clocks: list[CaseClock]) -> CaseClock | None:
    """The running clock that is due first."""
    running = [c for c in clocks if c.status == ClockStatus.RUNNING and c.due_at]
    return min(running, key=lambda c: c.due_at or c.started_at) if running else None


def holder(record: CaseRecord, tasks: list[CaseTask], names: Names) -> str:
    """Who has it now: the lead agency, or the centre (empty: nobody, it has ended)."""
    leads = [
        t for t in tasks if t.role == TaskRole.LEAD and t.status in (TaskStatus.ASSIGNED, TaskStatus.STARTED)
    ]
    if leads:
        return names.organisations.get(leads[-1].organisation_id, "")
    return "" if record.status in rules.ENDED else str(titles.CENTRE)


def photo_pictures(ids: Iterable[uuid.UUID], taken_by: str, base: str) -> tuple[PhotoPicture, ...]:
    """Photos with the addresses a face serves them at."""
    return tuple(PhotoPicture(i, f"{base}/{i}/full/", f"{base}/{i}/thumbnail/", taken_by) for i in ids)
