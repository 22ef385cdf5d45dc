"""What the three administrators read of accounts: everybody and everything, ended ones too. Faces bound it by role."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from gongzhi.accounts.models import ApiToken, AreaHead, Organisation, Person, RoleGrant, Team
from gongzhi.accounts.types import OrganisationKind, Role
from gongzhi.base.actor import Actor
from gongzhi.base.errors import NotFound
from gongzhi.territory import queries as territory

PAGE = 50


@dataclass(frozen=True, slots=True)
class Find:
    """Which people to list: a part of the name or user name, an organisation they have a role in, open or not."""

    text: str = ""
    organisation: uuid.UUID | None = None
    state: str = "open"  # open · ended · all


@dataclass(frozen=True, slots=True)
class PersonLine:
    """An account as the administrators see it."""

    id: uuid.UUID
    username: str
    display_name: str
    email: str
    enabled: bool
    usable: bool
    expires_on: date | None
    created_at: datetime
    has_password: bool
    roles: tuple[str, ...]
    organisations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of the list and where it stands in the whole."""

    people: tuple[PersonLine, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation with how many work for it; ended ones say since when."""

    id: uuid.UUID
    code: str
    name: str
    kind: OrganisationKind
    area_name: str
    ended_on: date | None
    people: int
    teams: tuple[tuple[uuid.UUID, str], ...]


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One role of a person, with who gave it and why it ended."""

    id: uuid.UUID
    role: Role
    organisation: str
    area: str
    valid_from: date
    valid_to: date | None
    running: bool
    granted_by: str
    end_reason: str


@dataclass(frozen=True, slots=True)
class PostLine:
    """Who answers for an area."""

    area: uuid.UUID
    area_name: str
    head: str
    deputies: tuple[str, ...]
    since: date


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A key of a person, without the key."""

    id: uuid.UUID
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_on: date | None
    revoked_at: datetime | None
    works: bool


# People.


def people(find: Find, *, page: int, on: date, size: int = PAGE) -> PeoplePage:
    """The accounts that fit, by user name."""
    rows = _found(find, on)
    total = rows.count()
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    return PeoplePage(_lines(rows[(page - 1) * size : page * size], on), total, page, pages)


def person(person_id: uuid.UUID, *, on: date) -> PersonLine:
    """One account, closed ones too."""
    found = _lines(Person.objects.filter(id=person_id), on)
    if not found:
        raise NotFound(_("There is no such person."), code="no_person")
    return found[0]


def ids_named(text: str, *, limit: int = 200) -> list[uuid.UUID]:
    """Whoever's name or user name contains these words, closed accounts too."""
    return list(Person.objects.filter(_named(text)).values_list("id", flat=True)[:limit])


def taken(usernames: Iterable[str]) -> set[str]:
    """Those of these user names that somebody has."""
    return set(Person.objects.filter(username__in=list(usernames)).values_list("username", flat=True))


def grants_of(person_id: uuid.UUID, *, on: date) -> list[GrantLine]:
    """Every role the person ever had, the running ones first."""
    rows = RoleGrant.objects.filter(person=person_id).select_related("organisation", "area")
    names = _actor_names(row.granted_by for row in rows)
    lines = [_grant_line(row, names, on) for row in rows.order_by("-valid_from", "-granted_at")]
    return sorted(lines, key=lambda line: not line.running)


def tokens_of(person_id: uuid.UUID, *, now: datetime) -> list[TokenLine]:
    """Every key that was ever made for the person, the newest first."""
    rows = ApiToken.objects.filter(person=person_id).order_by("-created_at")
    return [_token_line(row, now) for row in rows]


# Organisations and posts.


def organisations(*, on: date) -> list[OrganisationLine]:
    """Every organisation with its teams; the ended ones last."""
    working = Q(grants__valid_from__lte=on) & (Q(grants__valid_to=None) | Q(grants__valid_to__gt=on))
    rows = Organisation.objects.annotate(people=Count("grants__person", filter=working, distinct=True))
    teams: dict[uuid.UUID, list[tuple[uuid.UUID, str]]] = {}
    for team in Team.objects.filter(valid_to=None).order_by("name"):
        teams.setdefault(team.organisation_id, []).append((team.uuid, team.name))
    rows = rows.select_related("area").order_by("code")
    lines = [_organisation_line(row, row.people, tuple(teams.get(row.uuid, ()))) for row in rows]
    return sorted(lines, key=lambda line: line.ended_on is not None)


def posts(*, on: date) -> list[PostLine]:
    """Who heads which area today, from the largest area to the smallest."""
    rows = AreaHead.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
    found = rows.select_related("area", "person").prefetch_related("deputies__person")
    lines = [(territory.area(row.area_id), _post_line(row)) for row in found]
    return [line for _area, line in sorted(lines, key=lambda pair: (pair[0].level.depth, pair[0].code))]


# How rows become lines.


def _named(text: str) -> Q:
    return Q(username__contains=text.lower()) | Q(display_name__contains=text)


def _found(find: Find, on: date) -> "QuerySet[Person]":
    rows = Person.objects.order_by("username")
    if find.text:
        rows = rows.filter(_named(find.text))
    if find.organisation:
        there = RoleGrant.objects.filter(organisation=find.organisation)
        rows = rows.filter(id__in=there.filter(Q(valid_to=None) | Q(valid_to__gt=on)).values("person"))
    usable = Q(enabled=True) & (Q(expires_on=None) | Q(expires_on__gt=on))
    return {"open": rows.filter(usable), "ended": rows.exclude(usable)}.get(find.state, rows)


def _lines(rows: "QuerySet[Person]", on: date) -> tuple[PersonLine, ...]:
    people = list(rows)
    grants: dict[uuid.UUID, list[RoleGrant]] = {}
    running = Q(valid_to=None) | Q(valid_to__gt=on)
    held = RoleGrant.objects.filter(running, person__in=people, valid_from__lte=on)
    for grant in held.select_related("organisation").order_by("granted_at"):
        grants.setdefault(grant.person_id, []).append(grant)
    return tuple(_person_line(row, grants.get(row.uuid, []), on) for row in people)


def _person_line(row: Person, grants: list[RoleGrant], on: date) -> PersonLine:
    return PersonLine(
        id=row.uuid,
        username=row.username,
        display_name=row.display_name,
        email=row.email,
        enabled=row.enabled,
        usable=row.usable_on(on),
        expires_on=row.expires_on,
        created_at=row.created_at,
        has_password=row.has_usable_password(),
        roles=tuple(dict.fromkeys(Role(grant.role).label for grant in grants)),
        organisations=tuple(dict.fromkeys(grant.organisation.name for grant in grants)),
    )


def _actor_names(actors: Iterable[str]) -> dict[str, str]:
    ids = {text: Actor.parse(text).person_id for text in set(actors)}
    known = dict(
        Person.objects.filter(id__in=list(filter(None, ids.values()))).values_list("id", "display_name")
    )
    return {text: known[person] for text, person in ids.items() if person in known}


def _grant_line(row: RoleGrant, names: dict[str, str], on: date) -> GrantLine:
    return GrantLine(
        id=row.uuid,
        role=Role(row.role),
        organisation=row.organisation.name,
        area=row.area.name,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        running=row.valid_to is None or on < row.valid_to,
        granted_by=names.get(row.granted_by, ""),
        end_reason=row.end_reason,
    )


def _token_line(row: ApiToken, now: datetime) -> TokenLine:
    works = row.revoked_at is None and row.expires_at > now
    return TokenLine(
        row.uuid, row.name, row.created_at, row.expires_at, row.last_used_on, row.revoked_at, works
    )


def _organisation_line(
    row: Organisation, people: int, teams: tuple[tuple[uuid.UUID, str], ...]
) -> OrganisationLine:
    area = row.area.name if row.area else ""
    kind = OrganisationKind(row.kind)
    return OrganisationLine(row.uuid, row.code, row.name, kind, area, row.valid_to, people, teams)


def _post_line(row: AreaHead) -> PostLine:
    deputies = sorted(row.deputies.all(), key=lambda deputy: deputy.turn)
    area = territory.area(row.area_id)
    return PostLine(
        area=row.area_id,
        area_name=" ".join(area.path_names[1:] or area.path_names) or area.name,
        head=row.person.display_name,
        deputies=tuple(deputy.person.display_name for deputy in deputies),
        since=row.valid_from,
    )
