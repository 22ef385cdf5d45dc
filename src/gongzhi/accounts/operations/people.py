"""Accounts: the system administrator opens, changes and closes them."""

import secrets
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import city_links, sessions, words
from gongzhi.accounts.models import ApiToken, AreaHead, Person, RoleGrant
from gongzhi.accounts.operations.writing import insert, lock, only, posts_changed
from gongzhi.accounts.types import ADMIN_ROLES, NewPerson, Role
from gongzhi.base.actor import Actor, ActorKind
from gongzhi.base.errors import Conflict, NotAllowed, Refused
from gongzhi.base.ids import new_id
from gongzhi.trust import audit
from gongzhi.trust.types import AuditKind

PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - none that look alike


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
    only(by, Role.SYSTEM_ADMIN, now)
    row = _new_person(NewPerson(username, display_name, email, expires_on), now)
    _put_password(row, password, now)
    row.must_change_password = password is not None
    insert(row, _taken(row.username))
    _note(AuditKind.ACCOUNT_OPENED, row, by, now)
    return row.uuid


@transaction.atomic
def create_people(
    *,
    people: Sequence[NewPerson],
    by: Actor,
    now: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Open many accounts, all or none; they have no password until one is set."""
    only(by, Role.SYSTEM_ADMIN, now)
    rows = [_new_person(new, now) for new in people]
    for row in rows:
        row.set_password(None)
    _insert_all(rows)
    for done, row in enumerate(rows, 1):  # last, because sign-ins wait for the end of the audit log meanwhile
        _note(AuditKind.ACCOUNT_OPENED, row, by, now, data={"from": "list"})
        progress(done, len(rows))
    return len(rows)


@transaction.atomic
def set_password(*, person: uuid.UUID, password: str, by: Actor, now: datetime) -> None:
    """Give an account a new password: one's own, or anybody's by the system administrator, to be changed at once."""
    own = by.kind is ActorKind.PERSON and by.person_id == person
    if not own:
        only(by, Role.SYSTEM_ADMIN, now)
    row = lock(person)
    if not own and by.kind is ActorKind.PERSON:
        _refuse_for_administrators(row, timezone.localdate(now))
    _put_password(row, password, now)
    row.must_change_password = not own
    row.save(update_fields=["password", "password_set_on", "must_change_password"])
    if not own:
        sessions.end_all(person=person, by=by, now=now, why="password_given")
    _note(AuditKind.PASSWORD_CHANGED, row, by, now, data={"by": "self" if own else "administrator"})


@transaction.atomic
def set_expiry(*, person: uuid.UUID, expires_on: date | None, by: Actor, now: datetime) -> None:
    """From this day the account no longer opens; None lets it go on."""
    only(by, Role.SYSTEM_ADMIN, now)
    row = lock(person)
    row.expires_on = expires_on
    row.save(update_fields=["expires_on"])
    data = {"expires_on": expires_on.isoformat() if expires_on else ""}
    _note(AuditKind.ACCOUNT_CHANGED, row, by, now, data=data)
    posts_changed()


@transaction.atomic
def close_account(*, person: uuid.UUID, by: Actor, now: datetime, reason: str) -> None:
    """Shut an account at once: sign-in, keys, roles and posts end; what the person did stays named."""
    only(by, Role.SYSTEM_ADMIN, now)
    if by.kind is ActorKind.PERSON and by.person_id == person:
        raise NotAllowed(_("Nobody closes their own account: ask a colleague."), code="own_account")
    if not reason.strip():
        raise Refused(_("Please write why."), code="missing", field="reason")
    row, today = lock(person), timezone.localdate(now)
    row.enabled, row.email = False, ""
    row.save(update_fields=["enabled", "email"])
    open_grants = RoleGrant.objects.filter(person=row, valid_to=None)
    open_grants.filter(valid_from__lte=today).update(
        valid_to=today, ended_by=str(by), end_reason=reason[:200]
    )
    ApiToken.objects.filter(person=row, revoked_at=None).update(revoked_at=now, revoked_by=str(by))
    sessions.end_all(person=person, by=by, now=now, why="account_closed")
    city_links.untie(person_id=row.uuid, by=by, now=now, purpose=reason)
    AreaHead.objects.filter(person=row, valid_to=None, valid_from__lte=today).update(valid_to=today)
    _note(AuditKind.ACCOUNT_CLOSED, row, by, now, purpose=reason)
    posts_changed()


def one_time_password() -> str:
    """A password to hand over once: twelve letters and digits, none that look alike."""
    letters = "".join(secrets.choice(PASSWORD_LETTERS) for _letter in range(12))
    return "-".join(letters[i : i + 4] for i in (0, 4, 8))


def _new_person(new: NewPerson, now: datetime) -> Person:
    return Person(
        id=new_id(),
        username=words.username(new.username),
        display_name=words.name(new.display_name, field="display_name", limit=40),
        email=words.email(new.email),
        expires_on=new.expires_on,
        created_at=now,
    )


def _insert_all(rows: Sequence[Person]) -> None:
    try:
        with transaction.atomic():
            Person.objects.bulk_create(rows, batch_size=500)
    except IntegrityError as error:
        taken = _("Somebody has just taken one of the user names: check the list again.")
        raise Conflict(taken, code="username_taken", field="file") from error


def _taken(username: str) -> Conflict:
    message = _("The user name %(name)s is taken.") % {"name": username}
    return Conflict(message, code="username_taken", field="username")


def _refuse_for_administrators(person: Person, today: date) -> None:
    """Whoever could set another administrator's password could do that administrator's work."""
    running = RoleGrant.objects.filter(person=person).exclude(valid_to__lte=today)
    held = set(running.values_list("role", flat=True))
    if held & ADMIN_ROLES:
        raise NotAllowed(
            _("An administrator's password is set at the server: gongzhi people password %(name)s")
            % {"name": person.username},
            code="administrators_password",
        )


def _note(kind: AuditKind, row: Person, by: Actor, now: datetime, **more: Any) -> None:
    audit.note(kind=kind, by=by, now=now, subject=f"person:{row.uuid}", **more)


def _put_password(row: Person, password: str | None, now: datetime) -> None:
    if password is not None:
        try:
            validate_password(password, row)
        except ValidationError as error:
            raise Refused(" ".join(error.messages), code="weak_password", field="password") from error
        row.password_set_on = timezone.localdate(now)
    row.set_password(password)
