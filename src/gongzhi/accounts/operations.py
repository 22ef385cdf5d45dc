"""Every write of people and organisations: keyword-only, by whom, when, one transaction each.

The system administrator makes accounts and organisations; the security administrator says who may do what.
"""

import secrets
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import queries, words
from gongzhi.accounts.models import ApiToken, AreaDeputy, AreaHead, Organisation, Person, RoleGrant, Team
from gongzhi.accounts.rules import clash
from gongzhi.accounts.types import OrganisationKind, Role
from gongzhi.base.actor import Actor, ActorKind
from gongzhi.base.errors import Conflict, NotAllowed, NotFound, Refused
from gongzhi.base.ids import new_id
from gongzhi.territory import queries as territory

TOKEN_PREFIX = "gongzhi_"  # noqa: S105 - tells people and scanners what the key opens
LONGEST_TOKEN = timedelta(days=366)


# Organisations and teams.


@transaction.atomic
def create_organisation(
    *,
    code: str,
    name: str,
    kind: OrganisationKind,
    by: Actor,
    now: datetime,
    area: uuid.UUID | None = None,
    parent: uuid.UUID | None = None,
    dispatchable: bool = True,
) -> uuid.UUID:
    """Add a department, a centre or a partner; its code is how programs name it."""
    _only(by, Role.SYSTEM_ADMIN, now)
    _must_exist(area=area, organisation=parent)
    row = Organisation(
        id=new_id(),
        code=words.code(code),
        name=words.name(name, field="name", limit=80),
        kind=OrganisationKind(kind),
        area_id=area,
        parent_id=parent,
        dispatchable=dispatchable,
        valid_from=timezone.localdate(now),
    )
    _insert(
        row, Conflict(_("There is already an organisation with this code."), code="code_taken", field="code")
    )
    return row.uuid


@transaction.atomic
def end_organisation(*, organisation: uuid.UUID, by: Actor, now: datetime) -> None:
    """Nothing more can be given to it from today; what it did stays readable."""
    _only(by, Role.SYSTEM_ADMIN, now)
    Organisation.objects.filter(id=organisation, valid_to=None).update(valid_to=timezone.localdate(now))


@transaction.atomic
def create_team(
    *, organisation: uuid.UUID, name: str, by: Actor, now: datetime, area: uuid.UUID | None = None
) -> uuid.UUID:
    """Add a team to an organisation."""
    _only(by, Role.SYSTEM_ADMIN, now)
    _must_exist(area=area, organisation=organisation)
    title = words.name(name, field="name", limit=80)
    row = Team(
        id=new_id(),
        organisation_id=organisation,
        name=title,
        area_id=area,
        valid_from=timezone.localdate(now),
    )
    _insert(
        row, Conflict(_("The organisation already has a team of this name."), code="team_taken", field="name")
    )
    return row.uuid


# People.


@transaction.atomic
def create_person(
    *,
    username: str,
    display_name: str,
    by: Actor,
    now: datetime,
    password: str | None = None,
    email: str = "",
    expires_on: date | None = None,
) -> uuid.UUID:
    """Open an account; without a password nobody can sign in to it until one is set."""
    _only(by, Role.SYSTEM_ADMIN, now)
    row = Person(
        id=new_id(),
        username=words.username(username),
        display_name=words.name(display_name, field="display_name", limit=40),
        email=_email(email),
        expires_on=expires_on,
        created_at=now,
    )
    _put_password(row, password)
    _insert(row, Conflict(_("This user name is taken."), code="username_taken", field="username"))
    return row.uuid


@transaction.atomic
def set_password(*, person: uuid.UUID, password: str, by: Actor, now: datetime) -> None:
    """Give an account a new password: one's own, or anybody's by the system administrator."""
    if by.kind is not ActorKind.PERSON or by.person_id != person:
        _only(by, Role.SYSTEM_ADMIN, now)
    row = _lock(person)
    _put_password(row, password)
    row.save(update_fields=["password"])


@transaction.atomic
def set_expiry(*, person: uuid.UUID, expires_on: date | None, by: Actor, now: datetime) -> None:
    """From this day the account no longer opens; None lets it go on."""
    _only(by, Role.SYSTEM_ADMIN, now)
    row = _lock(person)
    row.expires_on = expires_on
    row.save(update_fields=["expires_on"])


@transaction.atomic
def close_account(*, person: uuid.UUID, by: Actor, now: datetime, reason: str) -> None:
    """Shut an account at once: sign-in, keys, roles and posts end; what the person did stays named."""
    _only(by, Role.SYSTEM_ADMIN, now)
    row, today = _lock(person), timezone.localdate(now)
    row.enabled, row.email = False, ""
    row.save(update_fields=["enabled", "email"])
    open_grants = RoleGrant.objects.filter(person=row, valid_to=None)
    open_grants.filter(valid_from__lte=today).update(
        valid_to=today, ended_by=str(by), end_reason=reason[:200]
    )
    ApiToken.objects.filter(person=row, revoked_at=None).update(revoked_at=now, revoked_by=str(by))
    AreaHead.objects.filter(person=row, valid_to=None, valid_from__lte=today).update(valid_to=today)


# Roles and posts.


@transaction.atomic
def grant_role(
    *,
    person: uuid.UUID,
    role: Role,
    organisation: uuid.UUID,
    area: uuid.UUID,
    by: Actor,
    now: datetime,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> uuid.UUID:
    """Let a person act in a role for an organisation, in an area and all below it."""
    _only(by, Role.SECURITY_ADMIN, now)
    if by.kind is ActorKind.PERSON and by.person_id == person:
        raise NotAllowed(_("Nobody gives roles to themselves."), code="own_role")
    _must_exist(area=area, organisation=organisation)
    row = _lock(person)  # one grant at a time, so that two administrations can't meet in one person
    first_day = valid_from or timezone.localdate(now)
    if valid_to is not None and valid_to <= first_day:
        raise Refused(_("The end must come after the start."), code="period", field="valid_to")
    _refuse_clash(row, Role(role), first_day)
    grant = RoleGrant(
        id=new_id(),
        person=row,
        role=Role(role),
        organisation_id=organisation,
        area_id=area,
        valid_from=first_day,
        valid_to=valid_to,
        granted_by=str(by),
        granted_at=now,
    )
    _insert(grant, Conflict(_("The person already has this role there."), code="role_held", field="role"))
    return grant.uuid


@transaction.atomic
def end_grant(*, grant: uuid.UUID, by: Actor, now: datetime, reason: str = "") -> None:
    """End a role from today; the grant stays on record."""
    _only(by, Role.SECURITY_ADMIN, now)
    row, today = RoleGrant.objects.select_for_update().filter(id=grant).first(), timezone.localdate(now)
    if row is None:
        raise NotFound(_("There is no such role."), code="no_grant")
    if row.valid_to is not None and row.valid_to <= today:
        return
    row.valid_to, row.ended_by, row.end_reason = max(today, row.valid_from), str(by), reason[:200]
    row.save(update_fields=["valid_to", "ended_by", "end_reason"])


@transaction.atomic
def appoint_head(
    *,
    area: uuid.UUID,
    person: uuid.UUID,
    by: Actor,
    now: datetime,
    deputies: Sequence[uuid.UUID] = (),
    valid_from: date | None = None,
) -> uuid.UUID:
    """Name who answers for an area and who stands in, in order; whoever held the post until then steps down."""
    _only(by, Role.SECURITY_ADMIN, now)
    if person in deputies or len(set(deputies)) != len(deputies):
        raise Refused(_("Name each person once."), code="named_twice", field="deputies")
    _must_exist(area=area, people=(person, *deputies))
    first_day = valid_from or timezone.localdate(now)
    before = AreaHead.objects.select_for_update().filter(area=area, valid_to=None).first()
    if before is not None:
        before.valid_to = max(first_day, before.valid_from)
        before.save(update_fields=["valid_to"])
    head = AreaHead(
        id=new_id(),
        area_id=area,
        person_id=person,
        valid_from=first_day,
        appointed_by=str(by),
        appointed_at=now,
    )
    _insert(head, Conflict(_("Somebody else has just filled this post."), code="post_filled", field="area"))
    AreaDeputy.objects.bulk_create(
        AreaDeputy(id=new_id(), head=head, person_id=deputy, turn=turn)
        for turn, deputy in enumerate(deputies, 1)
    )
    return head.uuid


# Keys for machines.


@transaction.atomic
def issue_token(*, person: uuid.UUID, name: str, expires: datetime, by: Actor, now: datetime) -> str:
    """A key with which a machine acts as this person; shown once, only its digest is kept."""
    if by.kind is not ActorKind.PERSON or by.person_id != person:
        _only(by, Role.SECURITY_ADMIN, now)
    if not now < expires <= now + LONGEST_TOKEN:
        raise Refused(_("A key lasts from now to one year at most."), code="expiry", field="expires")
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        id=new_id(),
        person=_lock(person),
        name=words.name(name, field="name", limit=60),
        digest=queries.token_digest(token),
        created_at=now,
        created_by=str(by),
        expires_at=expires,
    )
    row.save(force_insert=True)
    return token


@transaction.atomic
def revoke_token(*, token: uuid.UUID, by: Actor, now: datetime) -> None:
    """A key stops working at once."""
    row = ApiToken.objects.select_for_update().filter(id=token).first()
    if row is None:
        raise NotFound(_("There is no such key."), code="no_token")
    if by.kind is not ActorKind.PERSON or by.person_id != row.person_id:
        _only(by, Role.SECURITY_ADMIN, now)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = now, str(by)
        row.save(update_fields=["revoked_at", "revoked_by"])


def use_token(*, token: str, now: datetime) -> uuid.UUID | None:
    """Whose key this is, if it holds; notes the day of use, so that forgotten keys can be found."""
    row = queries.find_token(token, now)
    if row is None:
        return None
    today = timezone.localdate(now)
    if row.last_used_on != today:
        ApiToken.objects.filter(id=row.id).update(last_used_on=today)
    return row.person_id


# What the operations share.


def _only(by: Actor, role: Role, now: datetime) -> None:
    """The command line acts as the system; everybody else needs the role."""
    if by.kind is ActorKind.SYSTEM:
        return
    if by.kind is not ActorKind.PERSON or by.person_id is None:
        raise NotAllowed(_("Only staff with the right may do this."), code="not_staff")
    if not queries.scope_of(by.person_id, timezone.localdate(now)).has(role):
        raise NotAllowed(_("This is done by: %(role)s.") % {"role": role.label}, code="not_your_role")


def _must_exist(
    *, area: uuid.UUID | None = None, organisation: uuid.UUID | None = None, people: Sequence[uuid.UUID] = ()
) -> None:
    if area is not None:
        territory.area(area)
    if organisation is not None:
        queries.organisation(organisation)
    for person in people:
        queries.person(person)


def _insert(row: Model, otherwise: Conflict) -> None:
    """The database decides who was first; the other one gets the sentence."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise otherwise from error


def _lock(person: uuid.UUID) -> Person:
    row = Person.objects.select_for_update().filter(id=person).first()
    if row is None:
        raise NotFound(_("There is no such person."), code="no_person")
    return row


def _refuse_clash(person: Person, wanted: Role, first_day: date) -> None:
    """Grants that start later count too: what is refused today isn't allowed tomorrow."""
    running = RoleGrant.objects.filter(person=person).exclude(valid_to__lte=first_day)
    reason = clash([Role(role) for role in running.values_list("role", flat=True)], wanted)
    if reason is not None:
        raise Refused(words.clash(reason), code=reason, field="role")


def _put_password(row: Person, password: str | None) -> None:
    if password is not None:
        try:
            validate_password(password, row)
        except ValidationError as error:
            raise Refused(" ".join(error.messages), code="weak_password", field="password") from error
    row.set_password(password)


def _email(text: str) -> str:
    address = text.strip()
    try:
        if address:
            validate_email(address)
    except ValidationError as error:
        raise Refused(_("This is not an e-mail address."), code="email", field="email") from error
    return address
