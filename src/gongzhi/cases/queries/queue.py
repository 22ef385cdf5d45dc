"""The desk's queue: tabs with exact counts, filters, text search, pages."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from gongzhi.accounts.types import Role, Scope
from gongzhi.base.ids import clean_code
from gongzhi.cases import rules
from gongzhi.cases.models import CaseClock, CaseRecord
from gongzhi.cases.pictures import CaseRow, QueuePage
from gongzhi.cases.queries.pictures_of import case_rows
from gongzhi.cases.queries.visibility import in_lists, own_tasks
from gongzhi.cases.reach import with_words
from gongzhi.cases.types import CaseStatus, ClockStatus, TaskStatus

PAGE = 40
FOUND_AT_MOST = 1000  # a search goes through the newest so many that hold its words
TABS = ("mine", "late", "open", "to_verify", "all")
CENTRE_ACTS = (
    CaseStatus.REPORTED,
    CaseStatus.ACCEPTED,
    CaseStatus.RETURNED,
    CaseStatus.AWAITING_RULING,
    CaseStatus.REOPENED,
    CaseStatus.VERIFIED,
)


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """What somebody is looking for."""

    tab: str = "mine"
    text: str = ""
    kind: str = ""
    status: str = ""
    area: uuid.UUID | None = None
    since: datetime | None = None
    page: int = 1


def queue(scope: Scope, filters: QueueFilters, now: datetime) -> QueuePage:
    """One page of the queue, most pressing first, with the count of every tab under the same filters."""
    words = _with_words(filters.text)
    found = _filtered(in_lists(scope), filters, words)
    counts = {tab: tab_cases(found, tab, scope, now).count() for tab in TABS}
    tab = filters.tab if filters.tab in TABS else "all"
    total = counts[tab]
    pages = max(1, ceil(total / PAGE))
    page = min(max(1, filters.page), pages)
    cases = ordered(tab_cases(found, tab, scope, now))[(page - 1) * PAGE : page * PAGE]
    cut = words is not None and len(words) == FOUND_AT_MOST
    return QueuePage(tuple(case_rows(cases, now)), counts, total, page, pages, cut)


def all_rows(scope: Scope, filters: QueueFilters, now: datetime, *, at_most: int = 5000) -> list[CaseRow]:
    """Every line the filters find, for an export."""
    found = _filtered(in_lists(scope), filters, _with_words(filters.text))
    found = tab_cases(found, filters.tab, scope, now)
    return case_rows(ordered(found)[:at_most], now)


def row_of(scope: Scope, code: str, now: datetime) -> CaseRow | None:
    """One line, if the person may see it."""
    return next(iter(case_rows(in_lists(scope).filter(code=clean_code(code)), now)), None)


def tab_cases(found: QuerySet[CaseRecord], tab: str, scope: Scope, now: datetime) -> QuerySet[CaseRecord]:
    """The cases of one tab."""
    if tab == "mine":
        return found.filter(mine(scope))
    if tab == "late":
        late = CaseClock.objects.filter(case=OuterRef("pk"), status=ClockStatus.RUNNING, due_at__lt=now)
        return found.filter(Exists(late))
    if tab == "open":
        return found.filter(status__in=rules.OPEN)
    if tab == "supervised":
        return found.filter(supervised=True, status__in=rules.OPEN)
    if tab == "to_verify":
        return found.filter(status=CaseStatus.RESOLVED)
    return found


def mine(scope: Scope) -> Q:
    """What waits for this person: the centre's own steps, open tasks, checks to make."""
    waiting = Q(pk__in=[])
    if scope.has(Role.DISPATCHER, Role.CENTRE_HEAD):
        waiting |= Q(status__in=CENTRE_ACTS)
    if scope.has(Role.VERIFIER):
        waiting |= Q(status=CaseStatus.RESOLVED)
    open_tasks = own_tasks(scope).filter(status__in=(TaskStatus.ASSIGNED, TaskStatus.STARTED))
    return waiting | Q(Exists(open_tasks), status__in=rules.OPEN)


def ordered(cases: QuerySet[CaseRecord]) -> QuerySet[CaseRecord]:
    """Most pressing first: by the next due time, then the newest."""
    due = CaseClock.objects.filter(case=OuterRef("pk"), status=ClockStatus.RUNNING).order_by("due_at")
    return cases.annotate(next_due=Subquery(due.values("due_at")[:1])).order_by(
        F("next_due").asc(nulls_last=True), "-reported_at"
    )


def _filtered(
    cases: QuerySet[CaseRecord], filters: QueueFilters, words: list[uuid.UUID] | None
) -> QuerySet[CaseRecord]:
    if filters.kind:
        cases = cases.filter(kind=filters.kind)
    if filters.status:
        cases = cases.filter(status=filters.status)
    if filters.since:
        cases = cases.filter(reported_at__gte=filters.since)
    if filters.area:
        area = filters.area
        cases = cases.filter(
            Q(county=area) | Q(township=area) | Q(community=area) | Q(grid=area) | Q(area=area)
        )
    return cases if words is None else cases.filter(pk__in=words)


def _with_words(text: str) -> list[uuid.UUID] | None:
    """The newest cases with these public words: the title, the place, the code. What is sealed is not searched."""
    text = text.strip().replace("\x00", "")[:60]
    if not text:
        return None
    digits = clean_code(text)
    return with_words(text, digits if len(digits) >= 4 else "", at_most=FOUND_AT_MOST)
