"""Rewards and the fund they are paid from; amounts in fen."""

import uuid

from django.db import models
from django.db.models import Q

from gongzhi.base.models import AppendOnly, Row
from gongzhi.tips.models.tip import Tip
from gongzhi.tips.types import FundMoveKind, RewardState


class Reward(Row):
    """A reward for a tip: how much, decided by whom, and the locator of its claim code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.PROTECT, related_name="rewards")
    rule = models.CharField(max_length=64)
    grade = models.CharField(max_length=20)
    fines = models.BigIntegerField()
    amount = models.BigIntegerField()
    needs_finance = models.BooleanField()
    state = models.CharField(max_length=18, choices=[(s.value, s.value) for s in RewardState])
    proposed_by = models.CharField(max_length=80)
    approved_by = models.CharField(max_length=80, blank=True, default="")
    finance_by = models.CharField(max_length=80, blank=True, default="")
    ended_by = models.CharField(max_length=80, blank=True, default="")
    claim_until = models.DateField(null=True)
    claim = models.BinaryField(null=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="tip_reward_above_zero", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["tip"],
                name="tip_reward_one_open",
                condition=~Q(state__in=[RewardState.REFUSED.value, RewardState.LAPSED.value]),
            ),
        ]


class FundMove(AppendOnly):
    """One movement of the fund, chained to the one before."""

    seq = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in FundMoveKind])
    amount = models.BigIntegerField()
    reward = models.UUIDField(null=True)
    grounds = models.JSONField(default=dict)  # who proposed, approved, claimed: references, never names
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    hash_version = models.PositiveSmallIntegerField()
    previous = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        ordering = ["seq"]
        constraints = [models.CheckConstraint(name="tip_move_above_zero", condition=Q(amount__gt=0))]
