"""Whom to turn to for many matters at once: read in a few statements, and the queries for one answer from it.

Within `reading_ahead` it answers only for the day, the places and the agencies it was read for; all else is asked of
the database as ever.
"""

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date

from gongzhi.accounts.models import AreaHead, Person, RoleGrant
from gongzhi.accounts.types import Role

Ids = Collection[uuid.UUID]


@dataclass(frozen=True, slots=True)
class Posts:
    """Who is told of matters in one area on one day, in the order in which the grants were given."""

    grants: tuple[RoleGrant, ...]
    heads: tuple[AreaHead, ...]
    people: Mapping[uuid.UUID, Person | None]  # everybody named above; None: the account is closed


@dataclass(slots=True)
class Roster:
    """Who holds which role where on one day."""

    on: date
    posts: Mapping[uuid.UUID, Posts]  # by area
    organisations: frozenset[uuid.UUID]
    by_agency: dict[tuple[str, uuid.UUID], list[RoleGrant]] = field(default_factory=dict)
    people: dict[uuid.UUID, Person | None] = field(default_factory=dict)

    def covers(self, on: date, areas: Ids, organisations: Ids) -> bool:
        """Whether it was read for all of this."""
        return (
            self.on == on and self.posts.keys() >= set(areas) and self.organisations.issuperset(organisations)
        )

    def with_role(self, role: Role, areas: Ids) -> list[RoleGrant]:
        """The grants of a role in these areas."""
        return [grant for area in areas for grant in self.posts[area].grants if grant.role == role]

    def heads_of(self, areas: Ids) -> list[AreaHead]:
        """The heads of these areas that have one."""
        return [head for area in areas for head in self.posts[area].heads]

    def staff_of(self, organisation: uuid.UUID, role: Role) -> list[Person]:
        """Who holds a role in an agency, by user name."""
        found = {grant.person_id: grant.person for grant in self.by_agency.get((role, organisation), ())}
        return sorted(found.values(), key=lambda person: person.username)


_present: ContextVar[Roster | None] = ContextVar("gongzhi_roster", default=None)


def held_for(on: date, *, areas: Ids = (), organisations: Ids = ()) -> Roster | None:
    """The roster at hand, if it was read for this day and all of these areas and agencies."""
    held = _present.get()
    return held if held and held.covers(on, areas, organisations) else None


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
