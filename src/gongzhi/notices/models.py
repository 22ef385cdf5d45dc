"""The outbox: notices, one delivery per channel, and every attempt."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from gongzhi.base.models import AppendOnly, Row
from gongzhi.base.personal import Personal
from gongzhi.notices.types import Channel, DeliveryState, Reason, RecipientKind

_STORED_STATES = [state for state in DeliveryState if state is not DeliveryState.ACKNOWLEDGED]
_OPEN = Q(state__in=[DeliveryState.WAITING.value, DeliveryState.FAILED.value])
_TROUBLE = Q(state__in=[DeliveryState.FAILED.value, DeliveryState.UNDELIVERABLE.value])


class Notice(Row):
    """Something one recipient has to know about a subject; holds no personal words, only what its template needs."""

    subject = models.CharField(max_length=80)
    recipient_kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in RecipientKind])
    recipient_ref = models.UUIDField()
    template = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    key = models.CharField(max_length=200)  # names the cause; all notices of one cause are one chain
    urgent = models.BooleanField(default=False)
    drill = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    ack_within = models.DurationField(null=True)
    ack_due_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=80, blank=True, default="")
    escalate = models.JSONField(default=list)  # ids of the people to turn to next, in order
    escalated_at = models.DateTimeField(null=True)
    escalated_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    passed_on = models.BooleanField(default=False)  # somebody else was asked first

    personal = {
        "recipient_ref": Personal(
            purpose=_("tell the one who must know; the address itself stays sealed"),
            basis=_("statutory duty (PIPL art. 13, 34)"),
            retention=_("with the record of the case; it points to nothing once the contact is erased"),
            sharing="none",
            what=_("who is told"),
        )
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "recipient_kind", "recipient_ref"], name="notice_key_once")
        ]
        indexes = [
            models.Index(fields=["subject", "created_at"], name="notice_subject"),
            models.Index(fields=["recipient_ref", "-created_at"], name="notice_inbox"),
            models.Index(
                fields=["recipient_ref"],
                name="notice_unread",
                condition=Q(read_at__isnull=True, recipient_kind="person"),
            ),
            models.Index(
                fields=["ack_due_at"],
                name="notice_unanswered",
                condition=Q(
                    ack_due_at__isnull=False, acknowledged_at__isnull=True, escalated_at__isnull=True
                ),
            ),
        ]


class Delivery(Row):
    """How one notice stands on one channel."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=[(c.value, c.value) for c in Channel])
    state = models.CharField(max_length=14, choices=[(s.value, s.value) for s in _STORED_STATES])
    reason = models.CharField(
        max_length=20,
        blank=True,
        default="",
        choices=[(r.value, r.value) for r in Reason if r is not Reason.NONE],
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once")]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="delivery_open", condition=_OPEN),
            models.Index(fields=["state"], name="delivery_trouble", condition=_TROUBLE),
        ]


class Attempt(AppendOnly):
    """One try to deliver, and how it ended."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    state = models.CharField(max_length=14, choices=[(s.value, s.value) for s in _STORED_STATES])
    reason = models.CharField(max_length=20, blank=True, default="")
    server_code = models.PositiveSmallIntegerField(null=True)  # the three digits an SMTP server answers with
    by = models.CharField(max_length=80)
