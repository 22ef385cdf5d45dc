"""Erasing by date: what its purpose does not need any more, and what an emergency gathered once it is over.

Each case is done for itself, in one transaction: a run cut off anywhere is finished by the next, and twice does
nothing more. The count starts at the last closing; a report joined to another waits for that one.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.db.models import Q, QuerySet

from gongzhi.base.actor import SYSTEM
from gongzhi.base.bounds import need_everything
from gongzhi.cases import rules
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.operations.erasing import erase_one
from gongzhi.cases.operations.ledger import locked
from gongzhi.cases.types import ErasureGround, StepKind
from gongzhi.programs import queries as programs
from gongzhi.trust import audit
from gongzhi.trust import queries as trust
from gongzhi.trust.purposes import PURPOSES
from gongzhi.trust.types import AuditKind

PAGE = 200
FAREWELL = timedelta(hours=1)  # after closing, so that the last notice still finds the reporter's address
# What the reporter gave; the agencies' own notes are kept as their purpose says.
GIVEN = (StepKind.REPORTED, StepKind.INFORMATION_ADDED, StepKind.VERDICT_GIVEN)
SUBJECT = "case:"
Progress = Callable[[Counter[str]], None]


@dataclass(frozen=True, slots=True)
class Due:
    """What has to go from one case, by what it was held for."""

    code: str
    contents: Mapping[uuid.UUID, str]  # content → purpose
    ground: ErasureGround
    closed_before: datetime


def erase_due(*, now: datetime, dry_run: bool = False, progress: Progress | None = None) -> Counter[str]:
    """Erase what is due and return how many contents per purpose; `dry_run` only counts."""
    need_everything()
    counted: Counter[str] = Counter()
    for due in chain(_after_emergencies(now), _by_purpose(now)):
        counted += Counter(due.contents.values()) if dry_run else _erase(due, now)
        if progress:
            progress(counted)
    return counted


@transaction.atomic
def _erase(due: Due, now: datetime) -> Counter[str]:
    record = locked(due.code)
    if not _over([record.pk], due.closed_before, now):  # reopened or held a moment ago
        return Counter()
    gone = [c for c in due.contents if erase_one(record, c, due.ground.value, SYSTEM, now)]
    counted = Counter(due.contents[content] for content in gone)
    if gone:
        subject = f"{SUBJECT}{record.id}"
        data = dict(counted)
        audit.note(
            kind=AuditKind.ERASED, by=SYSTEM, now=now, subject=subject, purpose=due.ground.value, data=data
        )
    return counted


def _by_purpose(now: datetime) -> Iterator[Due]:
    for purpose in PURPOSES.values():
        closed_before = now - timedelta(days=purpose.retention_days)
        last: uuid.UUID | None = None
        while page := trust.held(purpose.key, before=closed_before, after=last, limit=PAGE):
            last = page[-1][0]
            yield from _in_page(page, purpose.key, closed_before, now)


def _in_page(
    page: Iterable[tuple[uuid.UUID, str]], purpose: str, closed_before: datetime, now: datetime
) -> Iterator[Due]:
    of_case: dict[uuid.UUID, list[uuid.UUID]] = {}
    for content, subject in page:
        if subject.startswith(SUBJECT):
            of_case.setdefault(uuid.UUID(subject.removeprefix(SUBJECT)), []).append(content)
    for record in _over(of_case, closed_before, now):
        contents = dict.fromkeys(of_case[record.uuid], purpose)
        yield Due(record.code, contents, ErasureGround.RETENTION, closed_before)


def _after_emergencies(now: datetime) -> Iterator[Due]:
    """Cases of a kind whose personal data is destroyed at closing."""
    closed_before = now - FAREWELL
    records = CaseRecord.objects.filter(definition__in=programs.destroying_at_closing())
    ids = list(records.filter(_ended(closed_before)).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        given = _given(page)
        held = trust.purposes_of_held(content for contents in given.values() for content in contents)
        for record in _over(page, closed_before, now):
            contents = {c: held[c] for c in given.get(record.pk, ()) if c in held}
            if contents:
                yield Due(record.code, contents, ErasureGround.EMERGENCY_OVER, closed_before)


def _given(cases: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for row in CaseStep.objects.filter(case__in=list(cases), kind__in=GIVEN).order_by("case", "seq"):
        found.setdefault(row.case_id, []).extend(uuid.UUID(content) for _name, content, _ in row.contents)
    return found


def _over(cases: Iterable[uuid.UUID], closed_before: datetime, now: datetime) -> QuerySet[CaseRecord]:
    """Of these cases, those that ended long enough ago and that nobody holds; a joined one ends with its lead."""
    unheld = Q(held_until=None) | Q(held_until__lte=now)
    lead_unheld = Q(lead_case__held_until=None) | Q(lead_case__held_until__lte=now)
    lead_over = Q(lead_case=None) | (_ended(closed_before, "lead_case__") & lead_unheld)
    return CaseRecord.objects.filter(_ended(closed_before), unheld, lead_over, pk__in=list(cases)).order_by(
        "pk"
    )


def _ended(closed_before: datetime, of: str = "") -> Q:
    return Q(**{f"{of}status__in": rules.ENDED, f"{of}closed_at__lte": closed_before})
