"""Whom to turn to for many matters at once: read in a few statements, and the queries for one answer from it.

Within `reading_ahead` it answers only for the day, the places and the agencies it was read for; all else is asked of
the database as ever.
"""

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date

from gongzhi.accounts.models import AreaHead, Person, RoleGrant
from gongzhi.accounts.types import Role

Ids = Collection[uuid.UUID]


@dataclass(slots=True)
class Roster:
    """Who holds which role where on one day, in the order in which the grants were given."""

    on: date
    areas: frozenset[uuid.UUID]
    organisations: frozenset[uuid.UUID]
    by_area: dict[tuple[str, uuid.UUID], list[RoleGrant]] = field(default_factory=dict)
    by_agency: dict[tuple[str, uuid.UUID], list[RoleGrant]] = field(default_factory=dict)
    heads: dict[uuid.UUID, list[AreaHead]] = field(default_factory=dict)
    people: dict[uuid.UUID, Person | None] = field(default_factory=dict)  # None: the account is closed

    def with_role(self, role: Role, areas: Ids) -> list[RoleGrant]:
        """The grants of a role in these areas."""
        return [grant for area in areas for grant in self.by_area.get((role, area), ())]

    def heads_of(self, areas: Ids) -> list[AreaHead]:
        """The heads of these areas that have one."""
        return [head for area in areas for head in self.heads.get(area, ())]

    def staff_of(self, organisation: uuid.UUID, role: Role) -> list[Person]:
        """Who holds a role in an agency, by user name."""
        found = {grant.person_id: grant.person for grant in self.by_agency.get((role, organisation), ())}
        return sorted(found.values(), key=lambda person: person.username)


_present: ContextVar[Roster | None] = ContextVar("gongzhi_roster", default=None)


def for_areas(on: date, areas: Ids) -> Roster | None:
    """The roster at hand, if it was read for this day and all of these areas."""
    held = _present.get()
    return held if held and held.on == on and held.areas.issuperset(areas) else None


def for_agency(on: date, organisation: uuid.UUID) -> Roster | None:
    """The same for an agency."""
    held = _present.get()
    return held if held and held.on == on and organisation in held.organisations else None


def for_people(on: date, people: Ids) -> Roster | None:
    """The same for people it has read."""
    held = _present.get()
    return held if held and held.on == on and all(person in held.people for person in people) else None


@contextmanager
def holding(roster: Roster) -> Iterator[None]:
    """Questions are answered from this roster where it knows the answer."""
    token = _present.set(roster)
    try:
        yield
    finally:
        _present.reset(token)
