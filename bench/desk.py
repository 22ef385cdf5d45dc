"""How long the desk's lists, searches and case pages take in a big county, with the second lock and without it."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from math import ceil

from bench import dataset
from bench.figure import Figure
from gongzhi.base import postgres
from tests import cell

TIMES = 8
AIM = "p95 < 100 ms"
PEOPLE = ("dispatcher", "handler", "gridworker", "head")


def measure() -> Iterator[Figure]:
    """Per person and page: p50 and p95 as the application, held against p50 as the owner, whom no policy binds."""
    with dataset.county() as server:
        yield Figure("cases in the county", _count(), "cases", aim="1,000,000")
        locked = {name: _times(ask) for name, ask in _pages().items()}
        cell.use_role(postgres.OWNER, server)
        free = {name: _times(ask) for name, ask in _pages().items()}
        for name, taken in locked.items():
            yield Figure(f"{name}: p50", _at(taken, 50), "ms", ceiling=_at(free[name], 50), aim="ratio < 1.2")
            yield Figure(f"{name}: p95", _at(taken, 95), "ms", aim=AIM)


def _pages() -> dict[str, Callable[[], object]]:
    """What each person opens, by name."""
    return {f"{who}, {page}": ask for who in PEOPLE for page, ask in _pages_of(who)}


def _pages_of(who: str) -> Iterator[tuple[str, Callable[[], object]]]:
    from gongzhi.accounts import queries as accounts
    from gongzhi.base.bounds import bounded
    from gongzhi.cases import queries

    person = accounts.person_by_username(who)
    assert person is not None
    scope = accounts.scope_of(person.id, dataset.NOW.date())

    def within(act: Callable[[], object]) -> object:
        with bounded(scope.bounds):
            return act()

    def asked(**filters: object) -> Callable[[], object]:
        listed = queries.QueueFilters(**filters)  # type: ignore[arg-type]
        return partial(within, lambda: queries.queue(scope, listed, dataset.NOW))

    for tab in ("mine", "late", "open", "all"):
        yield f"list “{tab}”", asked(tab=tab)
    yield "a kind", asked(tab="all", kind="hazards.manhole")
    yield "a state", asked(tab="all", status="closed")
    for words in ("路灯", "文化东路", "井盖缺失", "路"):
        yield f"search “{words}”", asked(tab="all", text=words)
    rows = within(lambda: queries.queue(scope, queries.QueueFilters(tab="all"), dataset.NOW).rows)
    for row in list(rows)[5:6]:  # type: ignore[call-overload]
        yield "a case", partial(within, partial(queries.case_picture, scope, row.code, dataset.NOW))


def _count() -> float:
    from gongzhi.base.bounds import EVERYTHING, bounded
    from gongzhi.cases.models import CaseRecord

    with bounded(EVERYTHING):
        return CaseRecord.objects.count()


def _times(ask: Callable[[], object]) -> list[float]:
    """Milliseconds, in order; the first, which fills caches, is left out."""
    ask()
    taken = []
    for _time in range(TIMES):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)


def _at(taken: list[float], percent: int) -> float:
    """Nearest rank."""
    return taken[ceil(len(taken) * percent / 100) - 1]
