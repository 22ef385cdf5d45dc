"""Personal keys, declared interests, and how often receipts were guessed at."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from gongzhi.base.models import Row
from gongzhi.base.personal import Personal

_STAFF = _("performance of public duties by staff (PIPL art. 13, 34)")
_KEY = (
    _("open tips, or shares of keys, as a duty"),
    _STAFF,
    _("as long as something is sealed to it"),
    "none",
)


class PersonalKey(Row):
    """A key pair of a person: the public half in plain, the private one shut under a passphrase of its own."""

    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    public = models.BinaryField()
    salt = models.BinaryField()
    passes = models.PositiveSmallIntegerField()
    memory = models.PositiveIntegerField()  # MiB
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    personal = {
        "sealed": Personal(*_KEY, what=_("a key under a passphrase of one's own")),
        "person": Personal(*_KEY, what=_("whose key it is")),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], name="tip_key_one_in_use", condition=Q(ended_at__isnull=True)
            )
        ]


class Interest(Row):
    """Somebody is close to an organisation and stays out of tips about it."""

    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    declared_on = models.DateField()
    ended_on = models.DateField(null=True)

    personal = {
        "person": Personal(
            _("keep those away from a tip who are close to what it is about"),
            _STAFF,
            _("until it is ended"),
            "none",
            _("that somebody is close to an organisation"),
        )
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                name="tip_interest_once",
                condition=Q(ended_on__isnull=True),
            )
        ]


class GuessWindow(models.Model):
    """Wrong tries at one kind of secret in one span of time, shared by all processes."""

    what = models.CharField(max_length=80)
    began_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "began_at"], name="tip_guess_window_once")]
