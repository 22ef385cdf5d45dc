"""Who reaches a case while an operation or a public read runs: the passes through the second lock.

Staff act within their own scope and nobody else's. Residents and the system reach the one case they name.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import Actor, ActorKind
from gongzhi.base.bounds import Bounds, bounded, passing, present
from gongzhi.base.ids import clean_code
from gongzhi.base.prepared import prepared


def subject(case: uuid.UUID | str) -> str:
    """A case as passes, contents and notices name it."""
    return f"case:{case}"


@contextmanager
def acting(by: Actor, case: str, now: datetime) -> Iterator[None]:
    """Within what the actor reaches: a person their scope, anybody else the named case (and its lead) alone."""
    if by.kind is ActorKind.PERSON:
        with bounded(_bounds_of(by, now)):
            yield
    else:
        with passing(*map(subject, of_code(case))):
            yield


def of_code(code: str) -> list[uuid.UUID]:
    """The case of a code, and the lead it was joined to."""
    return _ids("SELECT gongzhi_cases_of_code(%s)", clean_code(code))


def lead_of_code(code: str) -> list[uuid.UUID]:
    """The same for a case that others may be joined to: nobody's report is joined to a support case."""
    return _ids("SELECT gongzhi_cases_to_join(%s)", clean_code(code))


def in_grid(grid: uuid.UUID) -> list[uuid.UUID]:
    """The cases of a grid that ends, whoever ends it."""
    return _ids("SELECT gongzhi_cases_in_grid(%s)", grid)


def counted_otherwise(calendar: str) -> list[tuple[uuid.UUID, str]]:
    """Cases (id and code) with a clock that still counts, by another calendar than this."""
    rows = _rows("SELECT case_id, code FROM gongzhi_cases_counted_otherwise(%s)", calendar)
    return [(case, str(code)) for case, code in rows]


def clock_counts(now: datetime) -> tuple[int, int]:
    """How many clocks run, and how many are due and not fired: numbers, for whoever looks after the machine."""
    [(running, due)] = _rows("SELECT running, due FROM gongzhi_clock_counts(%s)", now)
    return int(running), int(due)


def clock_lateness(now: datetime) -> tuple[int, datetime | None, int]:
    """How many clocks are due (up to a thousand), since when the oldest, and how many are set aside."""
    [(due, oldest_at, aside)] = _rows("SELECT due, oldest_at, aside FROM gongzhi_clock_lateness(%s)", now)
    return int(due), oldest_at, int(aside)


def of_clients(clients: Sequence[uuid.UUID]) -> list[tuple[uuid.UUID, uuid.UUID, str, bytes]]:
    """The cases opened under these client ids: client id, case, code, fingerprint."""
    statement = "SELECT client, id, code, fingerprint FROM gongzhi_known_reports(%s)"
    with prepared() as cursor:
        cursor.execute(statement, [list(clients)])
        return [(client, case, code, bytes(kept)) for client, case, code, kept in cursor.fetchall()]


def of_photo(photo: uuid.UUID) -> list[uuid.UUID]:
    """The case a photo hangs on, if it hangs on one."""
    return _ids("SELECT gongzhi_case_of_photo(%s)", photo)


def near(
    box: tuple[int, int, int, int],
    *,
    kinds: Iterable[str],
    since: datetime,
    closed_since: datetime,
    at_most: int,
) -> list[uuid.UUID]:
    """The newest cases of these kinds in a box (south, north, west, east), whoever asks."""
    asked = [list(kinds), *box, since, closed_since, at_most]
    return _ids("SELECT gongzhi_cases_near(%s, %s, %s, %s, %s, %s, %s, %s)", *asked)


def with_words(words: str, digits: str, *, at_most: int) -> list[uuid.UUID]:
    """The newest cases whose public words hold these, or whose code holds these digits; the asker's areas and tasks only."""
    return _ids("SELECT gongzhi_cases_with_words(%s, %s, %s)", words, digits, at_most)


def listed(tab: str, tabs: Sequence[str], **asked: Any) -> tuple[list[int], list[uuid.UUID]]:
    """Ids of one page of a list, in its order, and up to `count_to` how many each of these tabs holds.

    What else is asked has the names of `gongzhi_cases_listed` in locks.sql.
    """
    names = ", ".join(f"{name} => %s" for name in asked)
    statement = f"SELECT counts, ids FROM gongzhi_cases_listed(%s, %s, {names})"  # noqa: S608 - names of arguments
    [(counts, ids)] = _rows(statement, tab, list(tabs), *asked.values())
    return counts, ids


def open_tasks(
    person: uuid.UUID, handling: Iterable[uuid.UUID], shared: Iterable[uuid.UUID], *, at_most: int
) -> list[uuid.UUID]:
    """The oldest open tasks of a person, of organisations they handle matters for, and unnamed ones of shared ones."""
    return _ids("SELECT gongzhi_open_tasks(%s, %s, %s, %s)", person, list(handling), list(shared), at_most)


def any_hangs(photos: Iterable[uuid.UUID]) -> bool:
    """Whether one of these photos hangs on a case already."""
    return bool(_rows("SELECT gongzhi_any_photo_hangs(%s)", list(photos))[0][0])


def is_lead(case: uuid.UUID) -> bool:
    """Whether others were joined to this case."""
    return bool(_rows("SELECT gongzhi_is_lead(%s)", case)[0][0])


def joined_counts(leads: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many reports were joined to each of these cases."""
    ids = list(leads)
    rows = _rows("SELECT lead, joined FROM gongzhi_joined_counts(%s)", ids) if ids else []
    return {lead: int(joined) for lead, joined in rows}


def joined_contacts(lead: uuid.UUID) -> list[str]:
    """The contacts that the reporters joined to a case left, as ids of sealed contents."""
    return [str(row[0]) for row in _rows("SELECT gongzhi_joined_contacts(%s)", lead)]


def _bounds_of(by: Actor, now: datetime) -> Bounds:
    """The present bounds if they are this person's, else looked up."""
    held = present()
    if held.person == by.person_id:
        return held
    assert by.person_id is not None
    return accounts.scope_of(by.person_id, timezone.localdate(now)).bounds


def _ids(statement: str, *values: Any) -> list[uuid.UUID]:
    return [row[0] for row in _rows(statement, *values) if row[0] is not None]


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
