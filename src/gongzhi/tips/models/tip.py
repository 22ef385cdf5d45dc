"""The plain header of a tip, who may not know of it, and its ledger."""

import uuid

from django.db import models
from django.utils.translation import gettext_noop as _

from gongzhi.base.models import AppendOnly, Row
from gongzhi.base.personal import Personal
from gongzhi.tips.types import BlockGround, TipStatus


class Tip(Row):
    """The header: it routes and it blocks. Its id is random, since a UUIDv7 would tell the millisecond."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=9, unique=True)
    locator = models.BinaryField(unique=True, null=True)  # what the receipt is found by; null once erased
    area = models.ForeignKey("territory.Area", on_delete=models.PROTECT, related_name="+")
    reported = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    unit = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=[(s.value, s.value) for s in TipStatus])
    outcome = models.CharField(max_length=20, blank=True, default="")
    door = models.CharField(max_length=20, blank=True, default="")
    rule = models.CharField(max_length=64)  # SHA-256 of the rules it was received under
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    reporter_wrote_last = models.BooleanField(default=True)
    erase_on = models.DateField(null=True)  # set when the warning goes out
    erased_on = models.DateField(null=True)
    last_seq = models.PositiveIntegerField(default=0)
    last_digest = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tip_live_never_erased",
                condition=models.Q(erased_on__isnull=True) | models.Q(status__in=["closed", "declined"]),
            )
        ]


class Block(AppendOnly):
    """Somebody who may not know that a tip exists: they were given no key and never will be."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.PROTECT, related_name="blocks")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=12, choices=[(g.value, g.value) for g in BlockGround])
    on = models.DateField()

    personal = {
        "person": Personal(
            _("keep those away from a tip who are close to what it is about"),
            _("statutory duty to take tips and to protect who gives them (PIPL art. 13, 34)"),
            _("as long as the tip"),
            "none",
            _("who may not know of a tip"),
        )
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tip", "person"], name="tip_block_once")]


class TipStep(AppendOnly):
    """A line of a tip's ledger: who did what, and the digests of the boxes that came with it. No words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    actor = models.CharField(max_length=80)
    day = models.DateField()
    data = models.JSONField(default=dict)
    boxes = models.JSONField(default=list)  # [name, id, SHA-256 of the box]
    hash_version = models.PositiveSmallIntegerField()
    previous = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        ordering = ["tip", "seq"]
        constraints = [models.UniqueConstraint(fields=["tip", "seq"], name="tip_step_once")]
