"""How long the desk's lists, searches and pages take in a big county, with the second lock and without it."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from math import ceil
from typing import Any

from bench import dataset
from bench.figure import Figure
from gongzhi.base import postgres
from tests import cell

Ask = Callable[[], object]

TIMES = 10
AIM = "p95 < 100 ms"
PEOPLE = ("dispatcher", "verifier", "handler", "gridworker", "head", "head.")  # the last: of a township
TABS = ("mine", "late", "open", "to_verify", "all")
WORDS = ("路灯", "文化东路", "井盖缺失", "路", "399号", "没有这样的词")
LEVELS = ("township", "community", "grid")
PAGES = {  # whole pages, as the browser gets them
    "dispatcher": ("/desk/", "/desk/?tab=all", "/desk/supervision/", "/desk/undelivered/", "/desk/inbox/"),
    "head": ("/desk/", "/desk/supervision/"),
    "handler": ("/desk/", "/desk/?tab=all", "/desk/inbox/", "/desk/support/", "/field/", "/field/messages/"),
    "gridworker": ("/field/", "/field/messages/"),
    "sysadmin": ("/administration/people/", "/administration/organisations/", "/administration/status/"),
}


def measure() -> Iterator[Figure]:
    """Per person and page: p50 and p95 as the application, held against p50 as the owner, whom no policy binds."""
    with dataset.county() as server:
        yield Figure("cases in the county", _count(), "cases", aim="1,000,000")
        locked = {name: _times(ask) for name, ask in _all()}
        cell.use_role(postgres.OWNER, server)
        free = {name: _times(ask) for name, ask in _all()}
        for name, taken in locked.items():
            yield Figure(f"{name}: p50", _at(taken, 50), "ms", ceiling=_at(free[name], 50), aim="ratio < 1.2")
            yield Figure(f"{name}: p95", _at(taken, 95), "ms", aim=AIM)
        yield from _worst(locked)


def _worst(locked: dict[str, list[float]]) -> Iterator[Figure]:
    """What to look at first."""
    over = [name for name, taken in locked.items() if _at(taken, 95) >= 100]
    yield Figure("slowest of all: p95", max(_at(taken, 95) for taken in locked.values()), "ms", aim=AIM)
    yield Figure(f"at 100 ms or more, of {len(locked)}", len(over), "", aim="0")


def _all() -> Iterator[tuple[str, Ask]]:
    """What each person opens, by name."""
    for who in PEOPLE:
        yield from ((f"{who.replace('head.', 'township head')}, {page}", ask) for page, ask in _lists_of(who))
    for who, addresses in PAGES.items():
        yield from ((f"{who}, {address}", ask) for address, ask in _pages_of(who, addresses))


def _lists_of(who: str) -> Iterator[tuple[str, Ask]]:
    from gongzhi.accounts import queries as accounts
    from gongzhi.base.bounds import bounded
    from gongzhi.cases import queries

    person = accounts.person_by_username(_username(who))
    assert person is not None
    scope = accounts.scope_of(person.id, dataset.NOW.date())

    def listed(**filters: Any) -> Any:
        with bounded(scope.bounds):
            return queries.queue(scope, queries.QueueFilters(**filters), dataset.NOW)

    def opened(code: str) -> object:
        with bounded(scope.bounds):
            return queries.case_picture(scope, code, dataset.NOW)

    for name, filters in _filters():
        yield name, partial(listed, **filters)
    first = listed(tab="all")
    yield "second page", partial(listed, tab="all", after=first.after)
    for row in first.rows[5:6]:
        yield "a code", partial(listed, tab="all", text=row.code)
        yield "part of a code", partial(listed, tab="all", text=row.code[3:8])
        yield "a case", partial(opened, row.code)


def _username(who: str) -> str:
    """The demo's account of this name, or the first that begins with it."""
    from gongzhi.accounts.models import Person

    if not who.endswith("."):
        return who
    found: str = (
        Person.objects.filter(username__startswith=who).order_by("username").values_list("username")[0][0]
    )
    return found


def _filters() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every tab, filter and search of the queue, alone and together."""
    for tab in TABS:
        yield f"list “{tab}”", {"tab": tab}
    kind = {"kind": "hazards.manhole"}
    yield "a kind", {"tab": "all", **kind}
    yield "a kind, open", {"tab": "open", **kind}
    yield "a state", {"tab": "all", "status": "closed"}
    yield "a kind and a state", {"tab": "all", **kind, "status": "returned"}
    for hours, name in ((24, "24 hours"), (30 * 24, "30 days")):
        yield f"{name}", {"tab": "all", "since": dataset.NOW - hours * dataset.HOUR}
        yield f"{name} and a kind", {"tab": "all", "since": dataset.NOW - hours * dataset.HOUR, **kind}
    for level in LEVELS:
        area = dataset.an_area(level)
        yield f"a {level}", {"tab": "all", "area": area}
        yield f"a {level}, open", {"tab": "open", "area": area}
        yield f"a {level} and a kind", {"tab": "all", "area": area, **kind}
    for words in WORDS:
        yield f"search “{words}”", {"tab": "all", "text": words}
    yield "search “路灯”, open", {"tab": "open", "text": "路灯"}
    yield "search “路灯” and a kind", {"tab": "all", "text": "路灯", **kind}


def _pages_of(who: str, addresses: tuple[str, ...]) -> Iterator[tuple[str, Ask]]:
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.get(username=who))

    def opened(address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    for address in addresses:
        yield address, partial(opened, address)


def _count() -> float:
    from gongzhi.base.bounds import EVERYTHING, bounded
    from gongzhi.cases.models import CaseRecord

    with bounded(EVERYTHING):
        return CaseRecord.objects.count()


def _times(ask: Ask) -> list[float]:
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
