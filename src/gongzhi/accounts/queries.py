"""Every read of people and organisations that is used outside this part."""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import roster
from gongzhi.accounts.models import ApiToken, AreaHead, Organisation, Person, RoleGrant, Team
from gongzhi.accounts.rules import in_line
from gongzhi.accounts.types import (
    Grant,
    OrganisationKind,
    OrganisationPicture,
    PersonPicture,
    Role,
    Scope,
    TeamPicture,
    TokenPicture,
)
from gongzhi.base.errors import NotFound
from gongzhi.base.recent import Recent
from gongzhi.territory import queries as territory
from gongzhi.territory.types import Chain

TOLD_BY_AREA = (Role.DISPATCHER, Role.VERIFIER)
_POSTS: Recent[roster.Posts] = Recent(at_most=10_000)  # areas


def scope_of(person_id: uuid.UUID, on: date) -> Scope:
    """Where a person may act on a day; somebody whose account is closed or expired may act nowhere."""
    person = _person(person_id)
    grants = tuple(_as_grant(row) for row in _grants(on, person=person)) if person.usable_on(on) else ()
    return Scope(person.uuid, person.display_name, grants)


# Organisations and teams.


def organisation(organisation_id: uuid.UUID) -> OrganisationPicture:
    """One organisation, also one that has ended."""
    row = Organisation.objects.filter(id=organisation_id).first()
    if row is None:
        raise NotFound(_("There is no such organisation."), code="no_organisation")
    return _organisation_picture(row)


def organisation_by_code(code: str) -> OrganisationPicture | None:
    """The organisation that programs name by this code."""
    row = Organisation.objects.filter(code=code).first()
    return _organisation_picture(row) if row else None


def organisations(
    kind: OrganisationKind | str | None = None, *, on: date | None = None
) -> list[OrganisationPicture]:
    """Organisations that matters can be given to on a day (today if none is named), in the order of their codes."""
    rows = Organisation.objects.filter(_valid(_day(on)), dispatchable=True).order_by("code")
    if kind is not None:
        rows = rows.filter(kind=kind)
    return [_organisation_picture(row) for row in rows]


def organisations_by_code(codes: Iterable[str]) -> dict[str, OrganisationPicture]:
    """Several organisations in one query; codes nobody has are absent."""
    rows = Organisation.objects.filter(code__in=set(codes))
    return {row.code: _organisation_picture(row) for row in rows}


def organisation_codes(*, on: date | None = None) -> set[str]:
    """The codes of all organisations there are on a day, also of those no matter is given to."""
    return set(Organisation.objects.filter(_valid(_day(on))).values_list("code", flat=True))


def organisation_names(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of organisations, for a list."""
    return dict(Organisation.objects.filter(id__in=set(ids)).values_list("id", "name"))


def line_of(organisation_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """An organisation, everything above it and everything below it: those who answer to it or it answers to."""
    parents: dict[uuid.UUID, uuid.UUID | None] = dict(Organisation.objects.values_list("id", "parent_id"))
    return in_line(organisation_id, parents)


def known_by_name(names: Collection[str]) -> list[uuid.UUID]:
    """The people of open accounts whose display name is one of these."""
    wanted = ["".join(name.split()) for name in names]
    return list(Person.objects.filter(enabled=True, display_name__in=wanted).values_list("id", flat=True))


def teams_of(organisation: uuid.UUID, *, on: date | None = None) -> list[TeamPicture]:
    """The teams of an organisation."""
    rows = Team.objects.filter(_valid(_day(on)), organisation=organisation).order_by("name")
    return [TeamPicture(row.uuid, row.organisation_id, row.name, row.area_id) for row in rows]


# People.


def person(person_id: uuid.UUID, *, on: date | None = None) -> PersonPicture:
    """One person with their present roles."""
    return _pictures([_person(person_id)], _day(on))[0]


def person_by_username(username: str) -> PersonPicture | None:
    """The person who signs in with this name."""
    row = Person.objects.filter(username=username.strip().lower()).first()
    return _pictures([row], _day(None))[0] if row else None


def names_of(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What people are called, for a list."""
    return dict(Person.objects.filter(id__in=set(ids)).values_list("id", "display_name"))


def email_of(person_id: uuid.UUID, on: date) -> str:
    """Where notices to a person may be mailed; empty if nowhere, or if the account is closed."""
    row = Person.objects.filter(id=person_id).first()
    return row.email if row and row.usable_on(on) else ""


def with_email(people: Collection[uuid.UUID], on: date) -> set[uuid.UUID]:
    """Those of these people to whom notices may be mailed."""
    held = roster.for_people(on, people)
    rows = (
        [held.people[person] for person in people]
        if held
        else Person.objects.filter(_usable(on), id__in=people)
    )
    return {row.uuid for row in rows if row and row.email}


def usable(ids: Collection[uuid.UUID], on: date) -> list[uuid.UUID]:
    """Those of these people whose accounts are open on a day, in the order given."""
    if held := roster.for_people(on, ids):
        return [person_id for person_id in ids if held.people[person_id]]
    open_ids = set(Person.objects.filter(_usable(on), id__in=ids).values_list("id", flat=True))
    return [person_id for person_id in ids if person_id in open_ids]


def people_of(
    organisation: uuid.UUID, role: Role | None = None, *, on: date | None = None
) -> list[PersonPicture]:
    """Who works for an organisation, or holds one role in it."""
    day = _day(on)
    grants = _grants(day, organisation=organisation).filter(_usable(day, "person__"))
    if role is not None:
        grants = grants.filter(role=role)
    people = Person.objects.filter(id__in=grants.values("person")).order_by("username")
    return _pictures(list(people), day)


def people_with(role: Role, area_chain: Chain, *, on: date | None = None) -> list[uuid.UUID]:
    """Who holds a role for a place: those of the smallest area first, those of the whole cell last."""
    day, areas = _day(on), _upwards(area_chain)
    held = roster.held_for(day, areas=areas) if role in TOLD_BY_AREA else None
    if held:
        return list(dict.fromkeys(grant.person_id for grant in held.with_role(role, areas)))
    grants = _grants(day, role=role, area__in=areas).filter(_usable(day, "person__"))
    ordered = sorted(grants, key=lambda grant: areas.index(grant.area_id))
    return list(dict.fromkeys(grant.person_id for grant in ordered))


def holders(organisation: uuid.UUID, role: Role, *, on: date) -> list[uuid.UUID]:
    """Who holds a role in an organisation, by user name: `people_of` without the pictures."""
    held = roster.held_for(on, organisations=[organisation]) if role is Role.HANDLER else None
    if held:
        return [person.uuid for person in held.staff_of(organisation, role)]
    grants = _grants(on, organisation=organisation, role=role).filter(_usable(on, "person__"))
    people = Person.objects.filter(id__in=grants.values("person")).order_by("username")
    return list(people.values_list("id", flat=True))


def head_of(chain: Chain, on: date) -> tuple[uuid.UUID, ...]:
    """Whom to turn to: the head of the smallest area that has one, the deputies, then the same of each area above."""
    areas = _upwards(chain)
    held = roster.held_for(on, areas=areas)
    heads = held.heads_of(areas) if held else _heads(areas, on)
    ordered = sorted(heads, key=lambda head: areas.index(head.area_id))
    people = [person_id for head in ordered for person_id in (head.person_id, *_deputies(head))]
    return tuple(usable(list(dict.fromkeys(people)), on))


@contextmanager
def reading_ahead(chains: Iterable[Chain], organisations: Iterable[uuid.UUID], on: date) -> Iterator[None]:
    """Within it, who is to be told of matters in these places and agencies is known: read once, in five statements.

    Outside a transaction, who is told of an area is remembered for two seconds.
    """
    areas = frozenset(area for chain in chains for area in _upwards(chain))
    agencies = frozenset(organisations)
    if roster.held_for(on, areas=areas, organisations=agencies):
        yield
        return
    with roster.holding(_roster(areas, agencies, on)):
        yield


def person_for_token(token: str, now: datetime) -> uuid.UUID | None:
    """Whose key this is, if it holds and the account is open; `operations.use_token` also notes the day of use."""
    row = find_token(token, now)
    return row.person_id if row else None


def tokens_of(person_id: uuid.UUID, now: datetime) -> list[TokenPicture]:
    """The keys of a person that hold now, newest first."""
    rows = ApiToken.objects.filter(person=person_id, revoked_at=None, expires_at__gt=now).order_by(
        "-created_at"
    )
    return [_token_picture(row) for row in rows]


def find_token(token: str, now: datetime) -> ApiToken | None:
    """The row of a key that holds now. For this part only."""
    row = ApiToken.objects.select_related("person").filter(digest=token_digest(token)).first()
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        return None
    return row if row.person.usable_on(timezone.localdate(now)) else None


def token_digest(token: str) -> bytes:
    """How a key is kept: it is 256 random bits, so a plain SHA-256 can't be guessed back."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


# How rows become pictures.


def _day(on: date | None) -> date:
    return on or timezone.localdate()


def _valid(on: date, prefix: str = "") -> Q:
    """The database's form of `rules.in_force`."""
    started = Q(**{f"{prefix}valid_from__lte": on})
    return started & (Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": on}))


def _usable(on: date, prefix: str = "") -> Q:
    """The database's form of `Person.usable_on`."""
    unexpired = Q(**{f"{prefix}expires_on__isnull": True}) | Q(**{f"{prefix}expires_on__gt": on})
    return Q(**{f"{prefix}enabled": True}) & unexpired


def _grants(on: date, **where: object) -> "QuerySet[RoleGrant]":
    rows = RoleGrant.objects.filter(_valid(on), **where).filter(_valid(on, "organisation__"))
    return rows.select_related("area").order_by("granted_at", "id")


def _as_grant(row: RoleGrant) -> Grant:
    return Grant(Role(row.role), row.organisation_id, row.area_id, row.area.level)


def _person(person_id: uuid.UUID) -> Person:
    row = Person.objects.filter(id=person_id).first()
    if row is None:
        raise NotFound(_("There is no such person."), code="no_person")
    return row


def _organisation_picture(row: Organisation) -> OrganisationPicture:
    return OrganisationPicture(row.uuid, row.code, row.name, OrganisationKind(row.kind), row.area_id)


def _pictures(people: list[Person], on: date) -> list[PersonPicture]:
    grants: dict[uuid.UUID, list[RoleGrant]] = {}
    for grant in _grants(on, person__in=people).select_related("organisation"):
        grants.setdefault(grant.person_id, []).append(grant)
    return [_picture(row, grants.get(row.uuid, [])) for row in people]


def _picture(row: Person, grants: list[RoleGrant]) -> PersonPicture:
    first = grants[0].organisation if grants else None
    return PersonPicture(
        id=row.uuid,
        display_name=row.display_name,
        organisation=first.uuid if first else None,
        roles=tuple(dict.fromkeys(Role(grant.role) for grant in grants)),
        organisation_name=first.name if first else "",
    )


def _token_picture(row: ApiToken) -> TokenPicture:
    return TokenPicture(
        row.uuid, row.name, tuple(row.scopes), row.created_at, row.expires_at, row.last_used_on
    )


def _upwards(chain: Chain) -> list[uuid.UUID]:
    """The areas of a chain from the smallest up, ending with the cell itself."""
    areas = (chain.grid, chain.community, chain.township, chain.county, territory.root().id)
    return list(dict.fromkeys(area for area in areas if area is not None))


def _heads(areas: Collection[uuid.UUID], on: date) -> "QuerySet[AreaHead]":
    return AreaHead.objects.filter(_valid(on), area__in=areas).prefetch_related("deputies")


def _roster(areas: frozenset[uuid.UUID], organisations: frozenset[uuid.UUID], on: date) -> roster.Roster:
    remembered = _POSTS.get_all(
        [(area, on) for area in areas], lambda asked: _posts({a for a, _on in asked}, on)
    )
    read = roster.Roster(on, {area: posts for (area, _on), posts in remembered.items()}, organisations)
    for posts in read.posts.values():
        read.people.update(posts.people)
    for grant in _open_grants(on).filter(organisation__in=organisations, role=Role.HANDLER):
        read.by_agency.setdefault((Role(grant.role), grant.organisation_id), []).append(grant)
        read.people[grant.person_id] = grant.person
    return read


def forget_posts() -> None:
    """Ask the database again who is told of an area: for whoever has changed it."""
    _POSTS.forget()


def _posts(areas: Collection[uuid.UUID], on: date) -> dict[tuple[uuid.UUID, date], roster.Posts]:
    grants, heads = defaultdict(list), defaultdict(list)
    for grant in _open_grants(on).filter(area__in=areas, role__in=TOLD_BY_AREA):
        grants[grant.area_id].append(grant)
    for head in _heads(areas, on):
        heads[head.area_id].append(head)
    named = {p for found in heads.values() for head in found for p in (head.person_id, *_deputies(head))}
    usable = {person.uuid: person for person in Person.objects.filter(_usable(on), id__in=named)}
    return {
        (area, on): roster.Posts(
            tuple(grants[area]), tuple(heads[area]), _people_of(grants[area], heads[area], usable)
        )
        for area in areas
    }


def _people_of(
    grants: Iterable[RoleGrant], heads: Iterable[AreaHead], usable: Mapping[uuid.UUID, Person]
) -> dict[uuid.UUID, Person | None]:
    """Everybody an area's posts name, with None for whose account is closed."""
    named = (person for head in heads for person in (head.person_id, *_deputies(head)))
    granted: dict[uuid.UUID, Person | None] = {grant.person_id: grant.person for grant in grants}
    return {**{person: usable.get(person) for person in named}, **granted}


def _open_grants(on: date) -> "QuerySet[RoleGrant]":
    return _grants(on).filter(_usable(on, "person__")).select_related("person")


def _deputies(head: AreaHead) -> list[uuid.UUID]:
    return [deputy.person_id for deputy in sorted(head.deputies.all(), key=lambda deputy: deputy.turn)]
