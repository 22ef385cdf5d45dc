"""Telling people that something waits: no word of a tip, no link to it, no number."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from gongzhi.notices import operations as notices
from gongzhi.notices.types import Recipient
from gongzhi.tips.models import Access, HandOverAccess, Tip
from gongzhi.trust import crypto

SUBJECT = "tips"  # not which: a notice is read by the mail server too


def tell_members(tip: Tip, seq: int, now: datetime) -> None:
    """A protected message waits for whoever can open this tip."""
    people = Access.objects.filter(tip=tip).values_list("key__person", flat=True)
    _tell(people, "protected_message_waits", f"{tip.id}:{seq}", now)


def tell_handlers(hand_over: uuid.UUID, now: datetime) -> None:
    """A protected message waits for whoever got a redacted copy."""
    people = HandOverAccess.objects.filter(hand_over=hand_over).values_list("key__person", flat=True)
    _tell(people, "protected_message_waits", f"handed:{hand_over}", now)


def tell_custodians(people: Iterable[uuid.UUID], cause: str, now: datetime) -> None:
    """Two custodians are asked for something."""
    _tell(people, "custodians_asked", cause, now)


def tell_deciders(people: Iterable[uuid.UUID], cause: str, now: datetime) -> None:
    """A reward waits for a decision."""
    _tell(people, "reward_waits", cause, now)


def _tell(people: Iterable[uuid.UUID], template: str, cause: str, now: datetime) -> None:
    """The cause is a keyed digest: equal causes are one notice, and no notice leads back to a tip."""
    key = crypto.keyed_digest("tips.notice", cause.encode()).hex()[:40]
    for person in dict.fromkeys(people):
        notices.send(
            subject=SUBJECT,
            to=Recipient.person(person),
            template=template,
            params={},
            urgent=True,
            key=f"tips:{key}",
            now=now,
        )
