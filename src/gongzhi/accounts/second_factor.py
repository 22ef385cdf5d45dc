"""Second factors: codes from a phone, passkeys, recovery codes. django-allauth does the cryptography; the pages are ours.

Its passkey code finds the request by itself (`AccountMiddleware` puts it there) and keeps the challenge in the session.
"""

import base64
import json
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from fido2.utils import websafe_encode

from gongzhi.accounts import words
from gongzhi.accounts.models import Person
from gongzhi.accounts.types import Factor, FactorKind
from gongzhi.base.actor import Actor
from gongzhi.base.errors import NotFound, Refused
from gongzhi.trust import audit
from gongzhi.trust.types import AuditKind

NEW_SECRET = "new_totp_secret"  # noqa: S105 - where it stands in the session
CODE_LIVES = timedelta(seconds=90)  # a code is taken for its own half minute and those beside it
MOST_PASSKEYS = 10
PROVING = (FactorKind.TOTP, FactorKind.PASSKEY)


def has_any(person: uuid.UUID) -> bool:
    """True for somebody with a second factor of their own; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user_id=person, type__in=PROVING).exists())


def factors_of(person: uuid.UUID) -> list[Factor]:
    """The second factors of a person, the oldest first."""
    rows = Authenticator.objects.filter(user_id=person).order_by("created_at", "id")
    return [Factor(row.pk, FactorKind(row.type), _name(row), row.created_at) for row in rows]


def kinds_of(person: uuid.UUID) -> frozenset[FactorKind]:
    """Which kinds of second factor a person has."""
    return frozenset(factor.kind for factor in factors_of(person))


# Codes from a phone.


def offer_totp(request: HttpRequest) -> tuple[str, str]:
    """A new secret and its picture for a phone to read (an SVG as a data address); the same until it is confirmed."""
    secret = request.session.setdefault(NEW_SECRET, totp.generate_totp_secret())
    adapter = get_adapter()
    drawing = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return secret, "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()


@transaction.atomic
def add_totp(request: HttpRequest, *, code: str, by: Actor, now: datetime) -> None:
    """The phone shows the right code: from now on it is asked for."""
    secret = request.session.get(NEW_SECRET)
    if not secret or not totp.validate_totp_code(secret, _digits(code)):
        raise Refused(_wrong_code(), code="wrong_code", field="code")
    user = _lock(by)
    if Authenticator.objects.filter(user=user, type=FactorKind.TOTP).exists():
        raise Refused(_("There is a phone already. Remove it first."), code="phone_known", field="code")
    totp.TOTP.activate(user, secret)
    cache.set(_used_key(user.uuid, _digits(code)), 1, CODE_LIVES.total_seconds())
    del request.session[NEW_SECRET]
    _note(AuditKind.FACTOR_ADDED, FactorKind.TOTP, by, now)


def check_code(person: uuid.UUID, code: str) -> bool:
    """True for a code of the person's phone that was not used yet, or an unused recovery code."""
    digits = _digits(code)
    rows = Authenticator.objects.filter(user_id=person, type__in=(FactorKind.TOTP, FactorKind.RECOVERY_CODES))
    return any(_fits(row, person, digits) for row in rows)


def _fits(row: Authenticator, person: uuid.UUID, digits: str) -> bool:
    if row.type == FactorKind.RECOVERY_CODES:
        return bool(RecoveryCodes(row).validate_code(digits))
    secret = get_adapter().decrypt(row.data["secret"])
    # allauth forgets a used code after one period, though it takes it for three: so we keep the mark ourselves.
    return bool(totp.validate_totp_code(secret, digits)) and cache.add(
        _used_key(person, digits), 1, CODE_LIVES.total_seconds()
    )


def _used_key(person: uuid.UUID, digits: str) -> str:
    return f"accounts:code_used:{person}:{digits}"


# Passkeys.


def offer_passkey(request: HttpRequest) -> str:
    """What the browser needs to make a passkey, as JSON."""
    return _json(webauthn.begin_registration(request.user, False))


@transaction.atomic
def add_passkey(*, name: str, credential: str, by: Actor, now: datetime) -> None:
    """Keep the passkey a browser has made for this account."""
    title = words.name(name or _("Passkey"), field="name", limit=40)
    answer = _parsed(credential)
    try:
        webauthn.parse_registration_response(answer)
        webauthn.complete_registration(answer)
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise Refused(_no_passkey(), code="no_passkey") from error
    user = _lock(by)
    if Authenticator.objects.filter(user=user, type=FactorKind.PASSKEY).count() >= MOST_PASSKEYS:
        raise Refused(_("That is enough passkeys. Remove one you don't use."), code="too_many_passkeys")
    webauthn.WebAuthn.add(user, title, answer)
    _note(AuditKind.FACTOR_ADDED, FactorKind.PASSKEY, by, now)


def ask_passkey(person: uuid.UUID) -> str:
    """What the browser needs to use one of the person's passkeys, as JSON; empty if there is none."""
    if FactorKind.PASSKEY not in kinds_of(person):
        return ""
    return _json(webauthn.begin_authentication(Person.objects.get(id=person)))


def check_passkey(person: uuid.UUID, credential: str) -> bool:
    """True if a passkey of this person answered our question."""
    try:
        answer = _parsed(credential)
        webauthn.parse_authentication_response(answer)
        webauthn.complete_authentication(Person.objects.get(id=person), answer)
    except (Refused, ValidationError, ValueError, KeyError, TypeError):
        return False
    return True


# Recovery codes.


@transaction.atomic
def new_recovery_codes(*, by: Actor, now: datetime) -> list[str]:
    """Ten fresh codes, shown this once; those before them open nothing any more."""
    user = _lock(by)
    if not has_any(user.uuid):
        raise Refused(_("Set up a phone or a passkey first."), code="no_factor")
    Authenticator.objects.filter(user=user, type=FactorKind.RECOVERY_CODES).delete()
    codes = RecoveryCodes.activate(user).generate_codes()
    _note(AuditKind.FACTOR_ADDED, FactorKind.RECOVERY_CODES, by, now)
    return [str(code) for code in codes]


def has_recovery_codes(person: uuid.UUID) -> bool:
    """True once recovery codes were made."""
    return FactorKind.RECOVERY_CODES in kinds_of(person)


# Taking away.


@transaction.atomic
def remove(*, factor: int, by: Actor, now: datetime, must_keep_one: bool) -> None:
    """Take a second factor away; with the last one the recovery codes go too."""
    user = _lock(by)
    mine = Authenticator.objects.filter(user=user)
    row = mine.filter(pk=factor, type__in=PROVING).first()
    if row is None:
        raise NotFound(_("There is no such second factor."), code="no_factor")
    last = not mine.filter(type__in=PROVING).exclude(pk=row.pk).exists()
    if last and must_keep_one:
        raise Refused(_("Your role needs a second factor. Add another one first."), code="last_factor")
    kind = FactorKind(row.type)
    row.delete()
    if last:
        mine.delete()
    _note(AuditKind.FACTOR_REMOVED, kind, by, now)


@transaction.atomic
def remove_all(*, person: uuid.UUID, by: Actor, now: datetime, purpose: str) -> int:
    """Somebody lost phone and codes: the caller has checked that `by` may help. They set up anew at next sign-in."""
    count, _rows = Authenticator.objects.filter(user_id=person).delete()
    if count:
        data = {"kind": "all"}
        about = f"person:{person}"
        audit.note(kind=AuditKind.FACTOR_REMOVED, by=by, now=now, subject=about, purpose=purpose, data=data)
    return int(count)


# Small things.


def _lock(by: Actor) -> Person:
    assert by.person_id is not None, "second factors are set up by people"
    return Person.objects.select_for_update().get(id=by.person_id)


def _note(kind: AuditKind, factor: FactorKind, by: Actor, now: datetime) -> None:
    audit.note(kind=kind, by=by, now=now, subject=f"person:{by.person_id}", data={"kind": factor})


def _name(row: Authenticator) -> str:
    return str(row.data.get("name", "")) if row.type == FactorKind.PASSKEY else ""


def _digits(code: str) -> str:
    """People type blanks between the digits, as their phone shows them."""
    return "".join(letter for letter in code if letter.isascii() and letter.isdigit())[:20]


def _wrong_code() -> str:
    return _("This code does not fit. Wait for the next one and type it within half a minute.")


def _no_passkey() -> str:
    return _("The passkey could not be kept. Try again, or use a phone instead.")


def _parsed(text: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise Refused(_no_passkey(), code="no_passkey") from error
    if not isinstance(answer, dict):
        raise Refused(_no_passkey(), code="no_passkey")
    return answer


def _json(options: Any) -> str:
    return json.dumps(options, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return websafe_encode(value)
    if isinstance(value, Iterable):
        return dict(value)  # fido2's own mappings
    raise TypeError(type(value).__name__)
