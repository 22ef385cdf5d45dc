"""Sessions: listed to their owner, ended at will, ended by rest and by age.

Django keeps the session itself. Our row is its licence: its id stands in the session, and a session whose row is gone
opens nothing. No network address is kept, and what is kept goes when the session ends.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection, transaction
from django.utils import timezone

from gongzhi.accounts import devices
from gongzhi.accounts.models import OpenSession
from gongzhi.accounts.rules import idle_too_long
from gongzhi.accounts.types import ADMIN_ROLES, Role, SessionPicture
from gongzhi.base.actor import SYSTEM, Actor
from gongzhi.base.ids import new_id
from gongzhi.trust import audit
from gongzhi.trust.types import AuditKind

LICENCE, IDLE, SEEN = "licence", "idle_seconds", "seen"  # what stands in the session
NO_SESSION = uuid.UUID(int=0)
ENDED = "gongzhi_sessions"  # the channel on which the live stream hears that a session is over
NOTE_EVERY = timedelta(minutes=1)  # being busy costs one write a minute at most


class Ending(StrEnum):
    """Why a session opens nothing any more."""

    ENDED = "ended"
    IDLE = "idle"
    TOO_OLD = "too_old"


@transaction.atomic
def open_session(
    *, session: SessionBase, person: uuid.UUID, roles: Iterable[Role], agent: str, now: datetime
) -> uuid.UUID:
    """Give a browser session its licence; administrators' end sooner."""
    strict = not ADMIN_ROLES.isdisjoint(roles)
    idle = settings.GONGZHI_IDLE_MINUTES_ADMIN if strict else settings.GONGZHI_IDLE_MINUTES
    hours = settings.GONGZHI_SESSION_HOURS_ADMIN if strict else settings.GONGZHI_SESSION_HOURS
    ends = now + timedelta(hours=hours)
    row = OpenSession(
        id=new_id(),
        person_id=person,
        device=devices.in_words(agent),
        opened_at=now,
        used_at=_hour(now),
        ends_at=ends,
    )
    row.save(force_insert=True)
    OpenSession.objects.filter(ends_at__lt=now).delete()
    session.clear_expired()  # strangers' ones too, with the receipt codes in them
    session[LICENCE], session[IDLE], session[SEEN] = str(row.id), idle * 60, int(now.timestamp())
    session.set_expiry(hours * 3600)
    return row.uuid


def check(session: SessionBase, person: uuid.UUID, now: datetime) -> Ending | None:
    """None while the session holds, having noted that it is in use; else why it does not."""
    row = OpenSession.objects.filter(id=_licence(session), person=person).first()
    if row is None:
        return Ending.ENDED
    seen = datetime.fromtimestamp(session.get(SEEN, 0), tz=now.tzinfo)
    if row.ends_at <= now:
        return Ending.TOO_OLD
    if idle_too_long(seen, timedelta(seconds=session.get(IDLE, 0)), now):
        return Ending.IDLE
    if now - seen >= NOTE_EVERY:
        session[SEEN] = int(now.timestamp())
    if row.used_at != _hour(now):
        OpenSession.objects.filter(id=row.id).update(used_at=_hour(now))
    return None


def own_id(session: SessionBase) -> uuid.UUID:
    """Which of a person's sessions this one is."""
    return _licence(session)


def sessions_of(person: uuid.UUID, now: datetime) -> list[SessionPicture]:
    """Where a person is signed in, the newest first."""
    rows = OpenSession.objects.filter(person=person, ends_at__gt=now).order_by("-opened_at")
    return [SessionPicture(row.uuid, row.device, row.opened_at, row.used_at) for row in rows]


def drop(session: SessionBase) -> None:
    """The session ends by itself: signing out, rest or age."""
    _end([_licence(session)])


@transaction.atomic
def end(*, session: uuid.UUID, person: uuid.UUID, by: Actor, now: datetime) -> bool:
    """End one session of a person from outside; it opens nothing from its next request on."""
    held = OpenSession.objects.filter(id=session, person=person).exists()
    if held:
        _end([session])
        _note(person, by, now, 1, "asked")
    return held


@transaction.atomic
def end_all(
    *,
    person: uuid.UUID,
    by: Actor = SYSTEM,
    now: datetime,
    why: str,
    but: uuid.UUID | None = None,
    purpose: str = "",
) -> int:
    """End all sessions of a person, or all but the one in hand."""
    rows = OpenSession.objects.filter(person=person).exclude(id=but or NO_SESSION)
    ended = list(rows.values_list("id", flat=True))
    if ended:
        _end(ended)
        _note(person, by, now, len(ended), why, purpose)
    return len(ended)


def _end(ids: Iterable[uuid.UUID]) -> None:
    """Take these licences away; the pages that listen for them are told when the transaction commits."""
    ended = list(ids)
    OpenSession.objects.filter(id__in=ended).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, id::text) FROM unnest(%s::uuid[]) AS id", [ENDED, ended])


def _note(person: uuid.UUID, by: Actor, now: datetime, count: int, why: str, purpose: str = "") -> None:
    audit.note(
        kind=AuditKind.SESSION_ENDED,
        by=by,
        now=now,
        subject=f"person:{person}",
        purpose=purpose,
        data={"count": count, "why": why},
    )


def _licence(session: SessionBase) -> uuid.UUID:
    text = session.get(LICENCE)
    return uuid.UUID(text) if text else NO_SESSION


def _hour(now: datetime) -> datetime:
    return timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
