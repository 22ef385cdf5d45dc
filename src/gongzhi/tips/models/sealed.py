"""What is sealed: messages, files, the identity, redacted copies, and the keys to them in boxes."""

import uuid

from django.db import models
from django.utils.translation import gettext_noop as _

from gongzhi.base.models import Row
from gongzhi.base.personal import Personal
from gongzhi.tips.models.keys import PersonalKey
from gongzhi.tips.models.tip import Tip

_DUTY = _("statutory duty to take tips and to protect who gives them (PIPL art. 13, 34)")
_WITH_TIP = _("until the tip is erased, by the dates in its program")
_LOOK = (_("look into what was reported"), _DUTY, _WITH_TIP, "conditional")
_KEY = (_("open a tip, for those who may"), _DUTY, _WITH_TIP, "none")


class Sealed(Row):
    """A row of a tip: random id, gone with the tip's words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Access(Sealed):
    """The tip's content key, sealed to one member's key."""

    tip = models.ForeignKey(Tip, on_delete=models.PROTECT, related_name="accesses")
    key = models.ForeignKey(PersonalKey, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    personal = {"sealed": Personal(*_KEY, what=_("a tip's key, sealed to one person"))}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tip", "key"], name="tip_access_once")]


class RecoveryAccess(Sealed):
    """The tip's content key sealed to the recovery key, and shut under the receipt's key; and the proof of receipt."""

    tip = models.OneToOneField(Tip, on_delete=models.PROTECT, related_name="recovery")
    recovery_key = models.UUIDField()  # which one
    sealed = models.BinaryField()
    for_reporter = models.BinaryField()
    proof = models.BinaryField()  # the proof of receipt, shut under the content key

    personal = {"sealed": Personal(*_KEY, what=_("a tip's key, sealed for recovery"))}


class TipMessage(Sealed):
    """One message, either way, shut under the tip's content key."""

    tip = models.ForeignKey(Tip, on_delete=models.PROTECT, related_name="messages")
    seq = models.PositiveIntegerField()
    from_reporter = models.BooleanField()
    day = models.DateField()
    sealed = models.BinaryField()

    personal = {"sealed": Personal(*_LOOK, what=_("what the reporter and the unit wrote"))}


class TipFile(Sealed):
    """One file: what it is called, its cleaned copy, its original; each in a box of its own."""

    tip = models.ForeignKey(Tip, on_delete=models.PROTECT, related_name="files")
    seq = models.PositiveIntegerField()
    from_reporter = models.BooleanField()
    day = models.DateField()
    about = models.BinaryField()  # name, media type, size
    copy = models.BinaryField()
    original = models.BinaryField()

    personal = {
        "copy": Personal(*_LOOK, what=_("the cleaned file")),
        "about": Personal(*_LOOK, what=_("the name of the file")),
        "original": Personal(*_LOOK, what=_("the file as it was sent")),
    }


class TipIdentity(Sealed):
    """Who the reporter is, shut under a key that only two custodians together put together."""

    tip = models.OneToOneField(Tip, on_delete=models.PROTECT, related_name="identity")
    secret = models.UUIDField()  # the SplitSecret
    day = models.DateField()
    sealed = models.BinaryField()

    personal = {
        "sealed": Personal(
            _("protect the reporter, if two custodians have a reason"),
            _DUTY,
            _WITH_TIP,
            "none",
            _("who the reporter is, if they said it"),
        )
    }


class HandOver(Sealed):
    """A redacted copy for another organisation, under a key of its own, and its answer."""

    tip = models.ForeignKey(Tip, on_delete=models.PROTECT, related_name="hand_overs")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    answered_on = models.DateField(null=True)
    key_for_tip = models.BinaryField()  # this copy's key, shut under the tip's content key
    sealed = models.BinaryField()
    answer = models.BinaryField(null=True)

    personal = {
        "sealed": Personal(*_LOOK, what=_("the redacted copy")),
        "answer": Personal(*_LOOK, what=_("what the handler found")),
    }


class HandOverAccess(Sealed):
    """The copy's key, sealed to one handler."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="accesses")
    key = models.ForeignKey(PersonalKey, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    personal = {"sealed": Personal(*_KEY, what=_("the copy's key, sealed to one handler"))}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hand_over", "key"], name="tip_hand_over_access_once")]


class HandOverFile(Sealed):
    """A cleaned file that went along, under the copy's key, without the name it was sent under."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="files")
    about = models.BinaryField()
    copy = models.BinaryField()

    personal = {
        "copy": Personal(*_LOOK, what=_("the cleaned file")),
        "about": Personal(*_LOOK, what=_("the name of the file")),
    }
