"""Signing in: the password, then the second factor where there is one, then a session with its licence.

What the address row of `slow_down` refuses is not written to the audit log: a flood of guesses must not fill it.
"""

import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import city_links, operations, queries, second_factor, sessions, slow_down
from gongzhi.accounts.models import Person
from gongzhi.accounts.rules import FREE_TRIES, password_too_old
from gongzhi.accounts.slow_down import OPEN, Guess
from gongzhi.accounts.types import SECOND_FACTOR_ROLES, Duty, Role
from gongzhi.base.actor import SYSTEM, Actor, person
from gongzhi.base.errors import Refused
from gongzhi.trust import audit
from gongzhi.trust.crypto import keyed_digest
from gongzhi.trust.types import AuditKind

HALF, HALF_LASTS = "half_signed_in", timedelta(minutes=10)
DUTIES, CONFIRMED = "duties", "confirmed_at"
BACKEND = "django.contrib.auth.backends.ModelBackend"
KNOWN_COOKIE, KNOWN_SALT, KNOWN_LASTS, KNOWN_MOST = "known", "gongzhi.known", timedelta(days=180), 5


class Way(StrEnum):
    """How somebody proved who they are."""

    PASSWORD = "password"  # noqa: S105 - a word, no secret
    CODE = "code"
    PASSKEY = "passkey"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a try: the person, or how long to wait, or simply no."""

    person: uuid.UUID | None = None
    wait: timedelta = OPEN


# The password.


def try_password(
    request: HttpRequest, *, username: str, password: str, address: str, now: datetime
) -> Answer:
    """Check a name and a password; names nobody has take the same time and get the same answers."""
    name = _folded(username)
    at_name, at_address = _guess_at(request, name), slow_down.from_address(address)
    guesses = [at_name, at_address]
    wait = slow_down.take_try(guesses, now=now)
    if wait:
        return Answer(wait=wait)
    row = Person.objects.filter(username=name).first()
    if _fits(row, password, now):
        assert row is not None
        slow_down.forget([at_name], now=now)
        slow_down.give_back(at_address)
        return Answer(person=row.uuid)
    wait = slow_down.closed_for(guesses, now=now)
    _note_failure(row.uuid if row else None, Way.PASSWORD, wait, now)
    return Answer(wait=wait)


def has_password(request: HttpRequest) -> bool:
    """False for somebody who comes in by the city's sign-on alone."""
    return _here(request).has_usable_password()


def confirm_password(request: HttpRequest, *, password: str, now: datetime) -> Answer:
    """The person in the session gives the password again, before something that matters."""
    row = _here(request)
    guess = Guess("confirm", str(row.id))
    wait = slow_down.take_try([guess], now=now)
    if wait:
        return Answer(wait=wait)
    if not _fits(row, password, now):
        wait = slow_down.closed_for([guess], now=now)
        _note_failure(row.uuid, Way.PASSWORD, wait, now)
        return Answer(wait=wait)
    slow_down.forget([guess], now=now)
    mark_confirmed(request, now)
    return Answer(person=row.uuid)


def confirm_code(request: HttpRequest, *, code: str, now: datetime) -> Answer:
    """The same for somebody without a password: a code from the phone."""
    answer = try_code(person_id=_here(request).uuid, code=code, now=now)
    if answer.person:
        mark_confirmed(request, now)
    return answer


def _fits(row: Person | None, password: str, now: datetime) -> bool:
    if row is None:
        make_password(password)  # as long as a check takes
        return False
    return row.check_password(password) and row.usable_on(timezone.localdate(now))


def change_password(request: HttpRequest, *, password: str, by: Actor, now: datetime) -> None:
    """The person takes a new password; this session goes on under a new key, all others end."""
    before = _here(request)
    if before.check_password(password):
        raise Refused(
            _("This is the password you have now. Choose another."), code="same_password", field="new"
        )
    operations.set_password(person=before.uuid, password=password, by=by, now=now)
    row = _here(request)
    auth.update_session_auth_hash(request, row)
    here = sessions.own_id(request.session)
    sessions.end_all(person=row.uuid, by=by, now=now, why="password_changed", but=here)
    duty_done(request, Duty.PASSWORD)


# Between the password and the second factor.


def wait_for_factor(request: HttpRequest, person_id: uuid.UUID, way: Way, now: datetime) -> None:
    """Remember who gave the right password; nothing opens yet."""
    to_tie = request.session.get(city_links.TO_TIE) if way is Way.CITY else None
    request.session.flush()
    if to_tie:
        request.session[city_links.TO_TIE] = to_tie
    request.session[HALF] = {"person": str(person_id), "way": way, "at": now.timestamp()}
    request.session.set_expiry(int(HALF_LASTS.total_seconds()))


def half_signed_in(request: HttpRequest, now: datetime) -> uuid.UUID | None:
    """Who gave the right password a moment ago and still owes the second factor."""
    half = request.session.get(HALF)
    if not half or now.timestamp() - half["at"] > HALF_LASTS.total_seconds():
        return None
    return uuid.UUID(half["person"])


def try_code(*, person_id: uuid.UUID, code: str, now: datetime) -> Answer:
    """Check a code from the phone, or one of the recovery codes."""
    return _try_factor(person_id, Way.CODE, now, lambda: second_factor.check_code(person_id, code))


def try_passkey(*, person_id: uuid.UUID, credential: str, now: datetime) -> Answer:
    """Check what a passkey answered."""
    return _try_factor(
        person_id, Way.PASSKEY, now, lambda: second_factor.check_passkey(person_id, credential)
    )


def _try_factor(person_id: uuid.UUID, way: Way, now: datetime, fits: Callable[[], bool]) -> Answer:
    guess = Guess("factor", str(person_id))
    wait = slow_down.take_try([guess], now=now)
    if wait:
        return Answer(wait=wait)
    row = Person.objects.filter(id=person_id).first()
    if row is not None and row.usable_on(timezone.localdate(now)) and fits():
        slow_down.forget([guess], now=now)
        return Answer(person=person_id)
    wait = slow_down.closed_for([guess], now=now)
    _note_failure(person_id, way, wait, now)
    return Answer(wait=wait)


# In and out.


def enter(request: HttpRequest, *, person_id: uuid.UUID, way: Way, now: datetime) -> None:
    """Open a session under a new key, and say what must be done first in it."""
    row = Person.objects.get(id=person_id)
    half, to_tie = request.session.pop(HALF, {}), request.session.pop(city_links.TO_TIE, None)
    first = half.get("way") if way in (Way.CODE, Way.PASSKEY) else way
    if to_tie and first == Way.CITY:
        city_links.tie(person_id=person_id, identity=to_tie, now=now)
    auth.login(request, row, backend=BACKEND)  # changes the session's key; `admit` gives it its licence
    mark_confirmed(request, now)
    audit.note(
        kind=AuditKind.SIGNED_IN,
        by=person(person_id),
        now=now,
        subject=f"person:{person_id}",
        data={"way": way},
    )


def admit(*, request: HttpRequest, user: Person, now: datetime) -> None:
    """What every session begins with, whoever opened it: a licence, and the duties that come first."""
    roles = queries.scope_of(user.uuid, timezone.localdate(now)).roles
    agent = request.META.get("HTTP_USER_AGENT", "")
    sessions.open_session(session=request.session, person=user.uuid, roles=roles, agent=agent, now=now)
    request.session[DUTIES] = duties_of(user, roles, now)


def leave(request: HttpRequest, *, now: datetime) -> None:
    """Sign out: the session, its licence and all in it are gone."""
    person_id = request.user.pk
    sessions.drop(request.session)
    auth.logout(request)
    if person_id is not None:
        by = person(person_id)
        audit.note(kind=AuditKind.SIGNED_OUT, by=by, now=now, subject=f"person:{person_id}")


def duties_of(user: Person, roles: frozenset[Role], now: datetime) -> list[Duty]:
    """What must be done before any other page opens."""
    old = password_too_old(user.password_set_on, settings.GONGZHI_PASSWORD_DAYS, timezone.localdate(now))
    duties = [Duty.PASSWORD] if user.has_usable_password() and (user.must_change_password or old) else []
    if settings.GONGZHI_SECOND_FACTOR == "required" and needs_factor(user.uuid, roles):
        duties.append(Duty.FACTOR)
    return duties


def needs_factor(person_id: uuid.UUID, roles: frozenset[Role]) -> bool:
    """True for somebody in a role that asks for a second factor who has none yet."""
    return not SECOND_FACTOR_ROLES.isdisjoint(roles) and not second_factor.has_any(person_id)


def open_duties(request: HttpRequest) -> list[str]:
    """The duties of this session that are still to be done, the first one first."""
    return list(request.session.get(DUTIES, []))


def duty_done(request: HttpRequest, duty: Duty) -> None:
    """One duty less."""
    request.session[DUTIES] = [other for other in open_duties(request) if other != duty]


def mark_confirmed(request: HttpRequest, now: datetime) -> None:
    """The person has just proved again who they are: what somebody copied before is worth nothing after."""
    request.session.cycle_key()
    request.session[CONFIRMED] = now.timestamp()


def confirmed_lately(request: HttpRequest, now: datetime) -> bool:
    """True when the person proved who they are a few minutes ago."""
    then: float = request.session.get(CONFIRMED, 0)
    return bool(now.timestamp() - then < settings.GONGZHI_CONFIRM_MINUTES * 60)


# Browsers in which somebody signed in before.


def remember_browser(request: HttpRequest, response: HttpResponse, person_id: uuid.UUID) -> None:
    """Let the owner try in peace here, whatever strangers guess elsewhere."""
    mark = _mark(Person.objects.values_list("username", flat=True).get(id=person_id))
    marks = [mark, *(other for other in _known(request) if other != mark)][:KNOWN_MOST]
    response.set_cookie(
        _known_cookie(),
        signing.dumps(marks, salt=KNOWN_SALT),
        max_age=KNOWN_LASTS,
        path="/sign-in/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known_cookie() -> str:
    """Behind HTTPS the browser takes this name over HTTPS only; `__Host-` would forbid the path."""
    return f"__Secure-{KNOWN_COOKIE}" if settings.SESSION_COOKIE_SECURE else KNOWN_COOKIE


def _known(request: HttpRequest) -> list[str]:
    try:
        marks = signing.loads(request.COOKIES.get(_known_cookie(), ""), salt=KNOWN_SALT, max_age=KNOWN_LASTS)
    except signing.BadSignature:
        return []
    return [str(mark) for mark in marks]


def _mark(name: str) -> str:
    return keyed_digest("known_browser", name.encode(errors="replace")).hex()[:32]


def _guess_at(request: HttpRequest, name: str) -> Guess:
    known = _mark(name) in _known(request)
    return Guess("known_name" if known else "name", name, FREE_TRIES)


def _here(request: HttpRequest) -> Person:
    """The row of who is signed in, as it is now."""
    return Person.objects.get(id=str(request.user.pk))


def _folded(username: str) -> str:
    return unicodedata.normalize("NFKC", username).strip().lower()[:200]


def _note_failure(person_id: uuid.UUID | None, way: Way, wait: timedelta, now: datetime) -> None:
    """Who was meant is noted only if there is such a person; what was typed never is."""
    subject = f"person:{person_id}" if person_id else ""
    audit.note(
        kind=AuditKind.SIGN_IN_FAILED, by=SYSTEM, now=now, subject=subject, data={"way": way}, succeeded=False
    )
    if wait:
        data = {"way": way, "seconds": round(wait.total_seconds())}
        audit.note(kind=AuditKind.LOCKED_OUT, by=SYSTEM, now=now, subject=subject, data=data, succeeded=False)
