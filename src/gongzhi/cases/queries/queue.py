"""The desk's queue: tabs with their counts, filters, text search, page after page.

Which cases a list holds is found by one function of the database (`gongzhi_cases_listed`), which starts from the index
that fits; what it names is read again here, under both locks.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gongzhi.accounts.types import Role, Scope
from gongzhi.base.ids import clean_code
from gongzhi.cases.models import CaseRecord
from gongzhi.cases.pictures import CaseRow, QueuePage
from gongzhi.cases.queries.pictures_of import case_rows
from gongzhi.cases.queries.visibility import hands, in_lists
from gongzhi.cases.reach import listed, with_words
from gongzhi.cases.types import CaseStatus

PAGE = 40
COUNTED = 1000  # tabs are counted up to here
FOUND_AT_MOST = 1000  # a search goes through the newest so many that hold its words
TABS = ("mine", "late", "open", "to_verify", "all")
LISTS = (*TABS, "supervised")
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
    after: str = ""  # where the page before ended


def queue(scope: Scope, filters: QueueFilters, now: datetime) -> QueuePage:
    """One page of the queue, most pressing first, with the count of every tab under the same filters."""
    words = _with_words(filters.text)
    tab = filters.tab if filters.tab in LISTS else "all"
    tabs = TABS if tab in TABS else (*TABS, tab)
    counts, records = _page(scope, filters, now, words, tabs, PAGE + 1)
    more = tuple(name for name, count in zip(tabs, counts, strict=True) if count > COUNTED)
    shown = {name: min(count, COUNTED) for name, count in zip(tabs, counts, strict=True)}
    cut = words is not None and len(words) >= FOUND_AT_MOST
    after = _place(records[PAGE - 1]) if len(records) > PAGE else ""
    return QueuePage(tuple(case_rows(records[:PAGE], now)), shown, more, shown[tab], after, cut)


def all_rows(scope: Scope, filters: QueueFilters, now: datetime, *, at_most: int = 5000) -> list[CaseRow]:
    """Every line the filters find, for an export."""
    _counts, records = _page(scope, filters, now, _with_words(filters.text), (), at_most)
    return case_rows(records, now)


def row_of(scope: Scope, code: str, now: datetime) -> CaseRow | None:
    """One line, if the person may see it."""
    return next(iter(case_rows(in_lists(scope).filter(code=clean_code(code)), now)), None)


def _page(
    scope: Scope,
    filters: QueueFilters,
    now: datetime,
    words: list[uuid.UUID] | None,
    tabs: Sequence[str],
    at_most: int,
) -> tuple[list[int], list[CaseRecord]]:
    """How many each tab holds, and the cases of one page."""
    tab = filters.tab if filters.tab in LISTS else "all"
    place = _read_place(filters.after)
    asked = {
        **_reach(scope),
        "at": now,
        "kind": filters.kind,
        "status": filters.status,
        "since": filters.since,
        "place": filters.area,
        "hits": words,
        "after_at": place[0] if place else None,
        "after_id": place[1] if place else None,
        "at_most": at_most,
        "count_to": COUNTED + 1,
    }
    counts, ids = listed(tab, tabs, **asked)
    return counts, list(in_lists(scope).filter(pk__in=ids).order_by("queue_at", "pk"))


def _reach(scope: Scope) -> dict[str, Any]:
    """What the person's lists may hold, and in which states a case waits for them."""
    waiting = list(CENTRE_ACTS) if scope.has(Role.DISPATCHER, Role.CENTRE_HEAD) else []
    if scope.has(Role.VERIFIER):
        waiting.append(CaseStatus.RESOLVED)
    return {
        "whole": scope.sees_all,
        "areas": [area for areas in scope.visible_areas().values() for area in areas],
        "hands": hands(scope),
        "waiting": [str(status) for status in waiting],
    }


def _place(record: CaseRecord) -> str:
    """A case's place in the queue, as an address writes it."""
    return f"{record.queue_at.isoformat()}~{record.pk}"


def _read_place(text: str) -> tuple[datetime, uuid.UUID] | None:
    """The place that an address names; None, the beginning, if it makes no sense."""
    at, _sign, case = text.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        return (moment.astimezone(UTC), uuid.UUID(case)) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _with_words(text: str) -> list[uuid.UUID] | None:
    """The newest cases with these public words: the title, the place, the code. What is sealed is not searched."""
    text = text.strip().replace("\x00", "")[:60]
    if not text:
        return None
    digits = clean_code(text)
    return with_words(text, digits if len(digits) >= 4 else "", at_most=FOUND_AT_MOST)
