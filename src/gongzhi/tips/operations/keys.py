"""Personal keys: made under a passphrase of their own, unlocked for a request."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.base.actor import Actor
from gongzhi.base.errors import Conflict, NotAllowed, NotFound, Refused
from gongzhi.base.ids import new_id
from gongzhi.tips import ledger
from gongzhi.tips.guesses import WRONG_PASSPHRASES, counted
from gongzhi.tips.models import PersonalKey
from gongzhi.tips.types import MemberKey
from gongzhi.trust import audit, boxes
from gongzhi.trust.boxes import Cost
from gongzhi.trust.types import AuditKind

KEY_ROLES = (Role.TIP_MEMBER, Role.CUSTODIAN, Role.HANDLER)
COST = Cost(passes=3, memory=64)
SHORTEST = 12
FEWEST_LETTERS = 6  # different ones


@transaction.atomic
def set_up_key(*, passphrase: str, by: Actor, now: datetime) -> None:
    """Make one's key pair; the private half is shut under the passphrase, which is kept nowhere."""
    person = by.person_id
    if person is None or not accounts.scope_of(person, ledger.day_of(now)).has(*KEY_ROLES):
        raise NotAllowed(_("Your work needs no key of this kind."), code="no_key_needed")
    _check(passphrase)
    pair, salt = boxes.new_pair(), boxes.new_salt()
    row = PersonalKey(id=new_id(), person_id=person, public=pair.public, salt=salt, made_at=now)
    _shut(row, pair.private, passphrase)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("You have a key already."), code="has_key") from error
    _noted("made", by, now)


@transaction.atomic
def end_key(*, by: Actor, now: datetime) -> None:
    """Give up a key whose passphrase is lost; what was sealed to it comes back by recovery only."""
    if PersonalKey.objects.filter(person=by.person_id, ended_at=None).update(ended_at=now):
        _noted("ended", by, now)


def unlock(*, passphrase: str, by: Actor, now: datetime) -> MemberKey:
    """One's key; wrong passphrases are counted for each person."""
    row = _row(by)
    with counted(f"passphrase:{row.person_id}", WRONG_PASSPHRASES, now):
        return MemberKey(row.person_id, row.uuid, _open(row, passphrase))


def change_passphrase(*, old: str, new: str, by: Actor, now: datetime) -> None:
    """The same key under another passphrase."""
    key = unlock(passphrase=old, by=by, now=now)
    _check(new)
    with transaction.atomic():
        row = PersonalKey.objects.select_for_update().get(id=key.key_id)
        row.salt = boxes.new_salt()
        _shut(row, key.private, new)
        row.save()
        _noted("passphrase_changed", by, now)


def _shut(row: PersonalKey, private: bytes, passphrase: str) -> None:
    row.passes, row.memory = COST.passes, COST.memory
    row.sealed = boxes.shut(_stretched(row, passphrase), private, f"key:{row.id}")


def _open(row: PersonalKey, passphrase: str) -> bytes:
    try:
        return boxes.unshut(_stretched(row, passphrase), bytes(row.sealed), f"key:{row.id}")
    except boxes.NotOpened as error:
        raise Refused(
            _("This is not the passphrase of your key."), code="wrong_passphrase", field="passphrase"
        ) from error


def _stretched(row: PersonalKey, passphrase: str) -> bytes:
    return boxes.stretch(passphrase, bytes(row.salt), Cost(row.passes, row.memory))


def _row(by: Actor) -> PersonalKey:
    row = PersonalKey.objects.filter(person=by.person_id, ended_at=None).first() if by.person_id else None
    if row is None:
        raise NotFound(_("You have no key yet: make one first."), code="no_key")
    return row


def _check(passphrase: str) -> None:
    if len(passphrase) < SHORTEST or len(set(passphrase)) < FEWEST_LETTERS or passphrase.isdigit():
        raise Refused(
            _("A passphrase has at least %d characters and not only digits. A sentence is easy to remember.")
            % SHORTEST,
            code="weak_passphrase",
            field="passphrase",
        )
    try:
        validate_password(passphrase)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="weak_passphrase", field="passphrase") from error


def _noted(what: str, by: Actor, now: datetime) -> None:
    audit.note(kind=AuditKind.FACTOR_ADDED, by=by, now=now, subject=str(by), data={"tip_key": what})
