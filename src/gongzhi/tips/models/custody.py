"""Secrets that no one person holds: their shares, and the ceremonies in which two custodians use them."""

import uuid

from django.db import models
from django.utils.translation import gettext_noop as _

from gongzhi.base.models import Row
from gongzhi.base.personal import Personal
from gongzhi.tips.models.keys import PersonalKey
from gongzhi.tips.models.tip import Tip
from gongzhi.tips.types import CeremonyKind

_DUTY = _("statutory duty to take tips and to protect who gives them (PIPL art. 13, 34)")
_A_DAY = _("24 hours")
_PURPOSE = _("what two custodians agreed to, for one of the listed purposes")


class SplitSecret(Row):
    """A key in shares: the recovery key's private half, or the key of one identity."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_on = models.DateField()


class Share(Row):
    """One custodian's share, sealed to their key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    secret = models.ForeignKey(SplitSecret, on_delete=models.CASCADE, related_name="shares")
    key = models.ForeignKey(PersonalKey, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    personal = {
        "sealed": Personal(
            _("open an identity or recover, two together"),
            _DUTY,
            _("as long as the tip"),
            "none",
            _("a share of a key, sealed to one custodian"),
        )
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["secret", "key"], name="tip_share_once")]


class RecoveryKey(Row):
    """The key every tip's content key is also sealed to; its private half is split among the custodians."""

    public = models.BinaryField()
    secret = models.ForeignKey(SplitSecret, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()


class Ceremony(Row):
    """What was asked of the custodians, until when, and what came of it."""

    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in CeremonyKind])
    tip = models.ForeignKey(Tip, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=20, blank=True, default="")
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="+"
    )  # whom it serves
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    approvals = models.JSONField(default=list)  # ids of the custodians, in order
    done_at = models.DateTimeField(null=True)
    refused_by = models.CharField(max_length=80, blank=True, default="")
    sealed = models.BinaryField(null=True)  # an opened identity, for the member who asked, until `ends_at`

    personal = {
        "sealed": Personal(_PURPOSE, _DUTY, _A_DAY, "none", _("what two custodians open together")),
        "person": Personal(_PURPOSE, _DUTY, _A_DAY, "none", _("the member a recovery lets in")),
    }


class Release(Row):
    """The first custodian's share, sealed anew for another custodian, for the length of the ceremony."""

    ceremony = models.ForeignKey(Ceremony, on_delete=models.PROTECT, related_name="releases")
    secret = models.ForeignKey(SplitSecret, on_delete=models.CASCADE, related_name="+")
    from_key = models.ForeignKey(PersonalKey, on_delete=models.PROTECT, related_name="+")
    for_key = models.ForeignKey(PersonalKey, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    personal = {
        "sealed": Personal(_PURPOSE, _DUTY, _A_DAY, "none", _("a share on its way to the second custodian"))
    }
