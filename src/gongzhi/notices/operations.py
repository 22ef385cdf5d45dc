"""Every write of the outbox. A notice is written in the transaction that gives cause for it, then delivered by a job."""

import logging
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import SYSTEM, Actor, ActorKind
from gongzhi.base.bounds import passing
from gongzhi.base.errors import NotAllowed, NotFound, Refused
from gongzhi.base.ids import new_id
from gongzhi.base.many_rows import insert
from gongzhi.notices import rules, texts
from gongzhi.notices.channels import OPEN, in_app
from gongzhi.notices.channels.failure import NotDelivered
from gongzhi.notices.letters import letter
from gongzhi.notices.models import Attempt, Delivery, Notice
from gongzhi.notices.types import Channel, DeliveryState, Outgoing, Recipient, RecipientKind

DELIVER = "notices.deliver"
BATCH = 200
_OPEN_STATES = [DeliveryState.WAITING, DeliveryState.FAILED]

log = logging.getLogger(__name__)


def send(
    *,
    subject: str,
    to: Recipient,
    template: str,
    params: Mapping[str, Any],
    urgent: bool,
    key: str,
    now: datetime,
    drill: bool = False,
    escalate: Sequence[uuid.UUID] = (),
    ack_within: timedelta = rules.ACKNOWLEDGE_WITHIN,
) -> None:
    """Put one notice in the outbox; what its words mean stands at `Outgoing`."""
    one = Outgoing(subject, to, template, params, urgent, key, drill, escalate, ack_within)
    send_all(outgoing=[one], now=now)


@transaction.atomic(savepoint=False)  # the cause and its notices stand or fall together
def send_all(*, outgoing: Iterable[Outgoing], now: datetime) -> None:
    """Put notices in the outbox, however many, with the same few statements."""
    rows: dict[tuple[str, str, str], Notice] = {}
    for one in outgoing:
        rows.setdefault((one.key, one.to.kind, one.to.ref), _notice(one, now))
    if not rows:
        return
    new = insert(list(rows.values()), ignore_conflicts=True)
    _dispatch([row for row in rows.values() if row.uuid in new], now)


def deliver(*, delivery: uuid.UUID, now: datetime) -> None:
    """Try one delivery; safe to run twice, side by side, or after it is done."""
    with transaction.atomic():
        claimed = _claim(delivery, now)
        if claimed is not None:
            _attempt(claimed, now)


@transaction.atomic
def acknowledge(*, notice: uuid.UUID, by: Actor, now: datetime) -> None:
    """The recipient confirms; that settles it for everybody who was told of the same cause."""
    row = _lock(notice)
    if by.kind is not ActorKind.SYSTEM and row.recipient_ref != by.person_id:
        raise NotAllowed(_("Only the person it was sent to can confirm it."), code="not_yours")
    with passing(row.subject):  # also what others were told of the same cause
        _end_chain(row, by, now)


@transaction.atomic
def mark_read(*, person: uuid.UUID, now: datetime, notices: Sequence[uuid.UUID] | None = None) -> int:
    """The person has seen these notices (all, if none are named); how many were new."""
    unread = Notice.objects.filter(recipient_kind=RecipientKind.PERSON, recipient_ref=person, read_at=None)
    if notices is not None:
        unread = unread.filter(id__in=notices)
    return unread.update(read_at=now)


@transaction.atomic
def told_by_phone(*, notice: uuid.UUID, by: Actor, now: datetime) -> None:
    """A colleague called and told the recipient; the notice leaves the list of undelivered ones."""
    if by.kind not in (ActorKind.PERSON, ActorKind.SYSTEM):
        raise NotAllowed(_("Only staff can say that they called."), code="not_staff")
    row = _lock(notice)
    call, created = Delivery.objects.get_or_create(
        notice=row,
        channel=Channel.PHONE,
        defaults={"id": new_id(), "state": DeliveryState.SENT, "attempts": 1, "sent_at": now},
    )
    if created:
        _record(call, now, by=by)
    _end_chain(row, by, now)


@transaction.atomic
def try_again(*, delivery: uuid.UUID, by: Actor, now: datetime) -> None:
    """Start over with a delivery that was given up, once its cause is mended."""
    row = Delivery.objects.select_for_update().filter(id=delivery).first()
    if row is None:
        raise NotFound(_("There is no such notice."), code="no_notice")
    if row.state != DeliveryState.UNDELIVERABLE:
        raise Refused(_("It was sent already, or will be tried again by itself."), code="not_given_up")
    row.state, row.reason, row.attempts, row.next_attempt_at = DeliveryState.WAITING, "", 0, now
    row.save(update_fields=["state", "reason", "attempts", "next_attempt_at"])
    _record(row, now, by=by)
    _defer([row])


def escalate_unacknowledged(now: datetime) -> int:
    """Hand urgent notices that nobody confirmed in time to the next person; how many were handed on or ran out."""
    with transaction.atomic():
        late = Notice.objects.select_for_update(skip_locked=True).filter(
            ack_due_at__lte=now, acknowledged_at=None, escalated_at=None
        )
        rows = list(late.order_by("ack_due_at")[:BATCH])
        for row in rows:
            _hand_on(row, now)
    return len(rows)


def requeue_stuck(now: datetime) -> int:
    """Defer again what should have been tried long ago: its job was lost with its worker."""
    with transaction.atomic():
        stuck = Delivery.objects.select_for_update(skip_locked=True).filter(
            state__in=_OPEN_STATES, next_attempt_at__lte=now - rules.STUCK_AFTER
        )
        rows = list(stuck.order_by("next_attempt_at")[:BATCH])
        for row in rows:
            row.next_attempt_at = now
            row.save(update_fields=["next_attempt_at"])
            _defer([row])
    return len(rows)


# From a notice to its deliveries.


def _notice(one: Outgoing, now: datetime) -> Notice:
    wants_answer = one.urgent and one.to.kind == RecipientKind.PERSON
    within = (one.ack_within or rules.ACKNOWLEDGE_WITHIN) if wants_answer else None
    return Notice(
        id=new_id(),
        subject=one.subject,
        recipient_kind=one.to.kind,
        recipient_ref=one.to.id,
        template=one.template,
        params=texts.check(one.template, one.params),
        urgent=one.urgent,
        key=one.key,
        drill=one.drill,
        created_at=now,
        ack_within=within,
        ack_due_at=now + within if within else None,
        escalate=[str(person) for person in one.escalate if person != one.to.id],
    )


def _dispatch(notices: Sequence[Notice], now: datetime) -> None:
    mailed = _mailed(notices, now)
    rows = [
        _delivery(notice, channel, now) for notice in notices for channel in _channels_for(notice, mailed)
    ]
    insert(rows)
    stored = [row for row in rows if row.channel is Channel.IN_APP]
    insert([_tried(row, now, by=SYSTEM) for row in stored])
    in_app.wake({str(row.notice.recipient_ref) for row in stored})
    _defer([row for row in rows if row.channel is not Channel.IN_APP])


def _delivery(notice: Notice, channel: Channel, now: datetime) -> Delivery:
    """A delivery to be made; in the app, stored is delivered."""
    row = Delivery(id=new_id(), notice=notice, channel=channel)
    if channel is Channel.IN_APP:
        row.state, row.attempts, row.sent_at = DeliveryState.SENT, 1, now
    else:
        row.state, row.next_attempt_at = DeliveryState.WAITING, now
    return row


def _mailed(notices: Sequence[Notice], now: datetime) -> set[uuid.UUID]:
    """Who of these recipients has an address besides."""
    people = {row.recipient_ref for row in notices if row.recipient_kind == RecipientKind.PERSON}
    return accounts.with_email(people, timezone.localdate(now))


def _channels_for(notice: Notice, mailed: Collection[uuid.UUID]) -> list[Channel]:
    if notice.recipient_kind == RecipientKind.CONTACT:
        return [Channel.EMAIL]
    return [Channel.IN_APP, Channel.EMAIL] if notice.recipient_ref in mailed else [Channel.IN_APP]


def _defer(rows: Sequence[Delivery]) -> None:
    """The jobs are deferred in the transaction at hand: they exist if and only if that commits."""
    for at in {row.next_attempt_at for row in rows}:
        jobs: list[dict[str, Any]] = [{"delivery": str(row.id)} for row in rows if row.next_attempt_at == at]
        app.configure_task(DELIVER, schedule_at=at).batch_defer(*jobs)


# One attempt.


def _claim(delivery: uuid.UUID, now: datetime) -> Delivery | None:
    due = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("notice")
    return due.filter(id=delivery, state__in=_OPEN_STATES, next_attempt_at__lte=now).first()


def _attempt(row: Delivery, now: datetime) -> None:
    notice, carrier = row.notice, OPEN[Channel(row.channel)]
    row.attempts += 1
    try:
        address = carrier.address(Recipient(notice.recipient_kind, str(notice.recipient_ref)), now)
        carrier.carry(letter(notice, key=str(row.id)), address)
    except NotDelivered as failure:
        _failed(row, failure, now)
        return
    row.state, row.reason, row.next_attempt_at, row.sent_at = DeliveryState.SENT, "", None, now
    _save_attempt(row, now)


def _failed(row: Delivery, failure: NotDelivered, now: datetime) -> None:
    row.reason = failure.reason
    row.next_attempt_at = None if failure.final else rules.next_attempt(row.attempts, now)
    row.state = DeliveryState.FAILED if row.next_attempt_at else DeliveryState.UNDELIVERABLE
    _save_attempt(row, now, server_code=failure.server_code)
    log.info("delivery %s: %s (%s, attempt %d)", row.id, row.state, row.reason, row.attempts)
    if row.next_attempt_at:
        _defer([row])


def _save_attempt(row: Delivery, now: datetime, *, server_code: int | None = None) -> None:
    row.save(update_fields=["state", "reason", "attempts", "next_attempt_at", "sent_at"])
    _record(row, now, by=SYSTEM, server_code=server_code)


def _record(row: Delivery, now: datetime, *, by: Actor, server_code: int | None = None) -> None:
    _tried(row, now, by=by, server_code=server_code).save(force_insert=True)


def _tried(row: Delivery, now: datetime, *, by: Actor, server_code: int | None = None) -> Attempt:
    return Attempt(
        id=new_id(),
        delivery=row,
        at=now,
        state=row.state,
        reason=row.reason,
        server_code=server_code,
        by=str(by),
    )


# Confirming and handing on.


def _lock(notice: uuid.UUID) -> Notice:
    row = Notice.objects.select_for_update().filter(id=notice).first()
    if row is None:
        raise NotFound(_("There is no such notice."), code="no_notice")
    return row


def _end_chain(row: Notice, by: Actor, now: datetime) -> None:
    chain = Notice.objects.filter(key=row.key, recipient_kind=row.recipient_kind, acknowledged_at=None)
    chain.update(acknowledged_at=now, acknowledged_by=str(by))
    Notice.objects.filter(id=row.id, read_at=None).update(read_at=now)


def _hand_on(row: Notice, now: datetime) -> None:
    """Ask the next person, unless somebody who was told of the same cause still has time to answer."""
    row.escalated_at = now
    row.escalated_to = _still_in_time(row, now) or _ask_next(row, now)
    row.save(update_fields=["escalated_at", "escalated_to"])


def _still_in_time(row: Notice, now: datetime) -> Notice | None:
    told = Notice.objects.filter(key=row.key, recipient_kind=RecipientKind.PERSON, escalated_at=None)
    return told.filter(ack_due_at__gt=now).order_by("ack_due_at").first()


def _ask_next(row: Notice, now: datetime) -> Notice | None:
    told = Notice.objects.filter(key=row.key, recipient_kind=RecipientKind.PERSON)
    asked = set(told.values_list("recipient_ref", flat=True))
    waiting = [uuid.UUID(person) for person in row.escalate]
    able = [person for person in accounts.usable(waiting, timezone.localdate(now)) if person not in asked]
    return _passed_on(row, able[0], able[1:], now) if able else None


def _passed_on(row: Notice, person: uuid.UUID, after: list[uuid.UUID], now: datetime) -> Notice:
    copied = ("subject", "template", "params", "urgent", "drill", "key", "ack_within")
    following = Notice(
        id=new_id(),
        recipient_kind=RecipientKind.PERSON,
        recipient_ref=person,
        created_at=now,
        ack_due_at=now + (row.ack_within or rules.ACKNOWLEDGE_WITHIN),
        escalate=[str(other) for other in after],
        passed_on=True,
        **{name: getattr(row, name) for name in copied},
    )
    following.save(force_insert=True)
    _dispatch([following], now)
    return following
