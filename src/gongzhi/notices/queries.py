"""Every read of the outbox: a person's inbox, what was sent about a subject, what did not arrive."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import Actor
from gongzhi.notices.letters import letter
from gongzhi.notices.models import Delivery, Notice
from gongzhi.notices.texts import gaps
from gongzhi.notices.types import Channel, DeliveryState, InboxItem, NoticePicture, Reason, RecipientKind

__all__ = [
    "OutboxState",
    "for_subject",
    "gaps",
    "inbox",
    "outbox_state",
    "unanswered",
    "undelivered",
    "undelivered_count",
    "unread_count",
]

PAGE = 50


def inbox(person: uuid.UUID, *, before: datetime | None = None, limit: int = PAGE) -> list[InboxItem]:
    """A person's notices, the newest first."""
    rows = _of(person).order_by("-created_at", "-id")
    if before is not None:
        rows = rows.filter(created_at__lt=before)
    page = list(rows[:limit])
    names = _names(row.acknowledged_by for row in page)
    return [_inbox_item(row, names) for row in page]


def unread_count(person: uuid.UUID) -> int:
    """How many notices the person has not seen."""
    return _of(person).filter(read_at=None).count()


def unanswered(person: uuid.UUID) -> list[InboxItem]:
    """Urgent notices that wait for this person's confirmation, the most pressing first."""
    rows = _of(person).filter(ack_due_at__isnull=False, acknowledged_at=None).order_by("ack_due_at")
    return [_inbox_item(row, {}) for row in rows[:PAGE]]


def for_subject(subject: str) -> list[NoticePicture]:
    """Everything that was sent about a subject, the oldest first."""
    rows = Delivery.objects.filter(notice__subject=subject).order_by("notice__created_at", "id")
    return _pictures(rows)


def undelivered(*, subjects: Iterable[str] | None = None, page: int = 1) -> list[NoticePicture]:
    """What did not arrive and nobody has dealt with, the newest first, a page at a time; of these subjects, or of all."""
    rows = _undelivered(subjects).order_by("-notice__created_at", "-id")
    return _pictures(rows[(page - 1) * PAGE : page * PAGE])


def subject_of(delivery_or_notice: uuid.UUID) -> str:
    """What a notice is filed under, found by its own id or by that of one of its deliveries; empty if there is none."""
    by_id = Q(id=delivery_or_notice) | Q(deliveries__id=delivery_or_notice)
    return Notice.objects.filter(by_id).values_list("subject", flat=True).first() or ""


def undelivered_count(*, subjects: Iterable[str] | None = None) -> int:
    """How many there are on all pages."""
    return _undelivered(subjects).count()


def _undelivered(subjects: Iterable[str] | None) -> "QuerySet[Delivery]":
    trouble = Q(state__in=[DeliveryState.FAILED, DeliveryState.UNDELIVERABLE])
    unheard = Q(channel=Channel.IN_APP, notice__escalated_at__isnull=False, notice__escalated_to=None)
    rows = Delivery.objects.filter(trouble | unheard, notice__acknowledged_at=None)
    return rows if subjects is None else rows.filter(notice__subject__in=subjects)


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How full the outbox is: deliveries still to be made, the oldest of them, and those nobody got."""

    waiting: int
    oldest_at: datetime | None
    undelivered: int


def outbox_state(now: datetime) -> OutboxState:
    """The outbox in three figures; a delivery that is to be tried again later does not wait yet."""
    with connection.cursor() as cursor:  # whoever looks after the machine reaches no notice, only the figures
        cursor.execute("SELECT waiting, oldest_at, undelivered FROM gongzhi_outbox_state(%s)", [now])
        return OutboxState(*cursor.fetchone())


# How rows become pictures.


def _of(person: uuid.UUID) -> "QuerySet[Notice]":
    return Notice.objects.filter(recipient_kind=RecipientKind.PERSON, recipient_ref=person)


def _names(actors: Iterable[str]) -> dict[str, str]:
    """The names behind actor references, in one query."""
    people = {text: Actor.parse(text).person_id for text in actors if text.startswith("person:")}
    names = accounts.names_of(person for person in people.values() if person) if people else {}
    return {text: names.get(person, "") for text, person in people.items() if person}


def _inbox_item(row: Notice, names: dict[str, str]) -> InboxItem:
    text = letter(row, key=str(row.id))
    return InboxItem(
        id=row.uuid,
        subject=row.subject,
        title=text.title,
        words=text.words,
        link=text.link,
        at=row.created_at,
        read=row.read_at is not None,
        urgent=row.urgent,
        needs_acknowledgement=row.ack_due_at is not None and row.acknowledged_at is None,
        ack_due_at=row.ack_due_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=names.get(row.acknowledged_by, ""),
        drill=row.drill,
    )


def _pictures(rows: "QuerySet[Delivery]") -> list[NoticePicture]:
    deliveries = list(rows.select_related("notice"))
    people = {d.notice.recipient_ref for d in deliveries if d.notice.recipient_kind == RecipientKind.PERSON}
    names = accounts.names_of(people) if people else {}
    return [_picture(delivery, names) for delivery in deliveries]


def _picture(row: Delivery, names: dict[uuid.UUID, str]) -> NoticePicture:
    notice, state, reason = row.notice, _state(row), _reason(row)
    is_person = notice.recipient_kind == RecipientKind.PERSON
    return NoticePicture(
        id=row.uuid,
        notice=notice.uuid,
        subject=notice.subject,
        to=names.get(notice.recipient_ref, "") if is_person else _("The reporter"),
        channel=Channel(row.channel).label,
        state=state,
        state_title=state.label,
        reason=reason.label,
        words=letter(notice, key=str(row.id)).words,
        at=row.sent_at or notice.created_at,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        urgent=notice.urgent,
        drill=notice.drill,
        by_phone=not is_person and state is DeliveryState.UNDELIVERABLE and reason is not Reason.ERASED,
    )


def _state(row: Delivery) -> DeliveryState:
    confirmed = row.notice.acknowledged_at is not None and row.state == DeliveryState.SENT
    return DeliveryState.ACKNOWLEDGED if confirmed else DeliveryState(row.state)


def _reason(row: Delivery) -> Reason:
    ran_out = row.notice.escalated_at is not None and row.notice.escalated_to_id is None
    if ran_out and row.notice.acknowledged_at is None and row.channel == Channel.IN_APP:
        return Reason.NOBODY_ANSWERED
    return Reason(row.reason)
