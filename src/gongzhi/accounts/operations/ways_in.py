"""Ways in that somebody lost or left open: an administrator takes them away, with the reason on record.

The password is the system administrator's to give, the second factor the security administrator's to take away, so
that neither alone gets into somebody else's account.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.accounts import city_links, second_factor, sessions
from gongzhi.accounts.operations.writing import lock, only
from gongzhi.accounts.types import Role
from gongzhi.base.actor import Actor
from gongzhi.base.errors import NotAllowed, Refused


@transaction.atomic
def reset_second_factor(*, person: uuid.UUID, reason: str, by: Actor, now: datetime) -> None:
    """Somebody lost phone and codes: all second factors go, all sessions end, and they set up anew at sign-in."""
    only(by, Role.SECURITY_ADMIN, now)
    if by.person_id == person:
        raise NotAllowed(_("Nobody resets their own second factor: ask a colleague."), code="own_account")
    why, row = _why(reason), lock(person)
    if not second_factor.remove_all(person=row.uuid, by=by, now=now, purpose=why):
        raise Refused(_("This person has no second factor."), code="no_factor", field="reason")
    sessions.end_all(person=row.uuid, by=by, now=now, why="factor_reset")


@transaction.atomic
def untie_city_sign_on(*, person: uuid.UUID, reason: str, by: Actor, now: datetime) -> None:
    """Another identity at the city's sign-on is to open the account: the next one that comes by its user name."""
    only(by, Role.SECURITY_ADMIN, now)
    if by.person_id == person:
        raise NotAllowed(_("Nobody unties their own city sign-on: ask a colleague."), code="own_account")
    why, row = _why(reason), lock(person)
    if not city_links.untie(person_id=row.uuid, by=by, now=now, purpose=why):
        raise Refused(_("No city sign-on is tied to this account."), code="not_tied", field="reason")
    sessions.end_all(person=row.uuid, by=by, now=now, why="city_untied")


@transaction.atomic
def end_sessions(*, person: uuid.UUID, reason: str, by: Actor, now: datetime) -> int:
    """End whatever a person is signed in to; they may sign in again. Returns how many sessions ended."""
    only(by, Role.SYSTEM_ADMIN, now)
    why, row = _why(reason), lock(person)
    return sessions.end_all(person=row.uuid, by=by, now=now, why="administrator", purpose=why)


def _why(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Please write why."), code="missing", field="reason")
    return reason.strip()[:200]
