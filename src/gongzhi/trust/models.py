"""Sealed contents and the keys that open them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from gongzhi.base.models import AppendOnly, EngineWritten, Row
from gongzhi.base.personal import Personal


class SubjectKey(models.Model):
    """The key of one subject (`case:…`, `photo:…`), wrapped by a master key; null once destroyed."""

    subject = models.CharField(max_length=80, primary_key=True)
    wrapped = models.BinaryField(null=True)
    master = models.PositiveSmallIntegerField(default=1)  # the number of the master key that wraps it
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["master", "subject"], name="key_master", condition=Q(wrapped__isnull=False))
        ]


class Content(Row):
    """Words or papers too personal for the ledger; erasing empties the row and leaves a tombstone."""

    subject = models.CharField(max_length=80, db_index=True)
    name = models.CharField(max_length=60)
    media_type = models.CharField(max_length=60, default="text/plain")
    purpose = models.CharField(max_length=40)
    commitment = models.BinaryField()
    salt = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    erased_by = models.CharField(max_length=80, blank=True, default="")
    erase_reason = models.CharField(max_length=200, blank=True, default="")

    personal = {
        "sealed": Personal(
            purpose=_("handle the matter it belongs to; each row names its purpose"),
            basis=_("as its purpose says"),
            retention=_("as its purpose says"),
            sharing="conditional",
            what=_("what was written down"),
        )
    }

    class Meta:
        indexes = [
            models.Index(fields=["purpose", "id"], name="content_held", condition=Q(erased_at__isnull=True))
        ]


class AuditRow(AppendOnly):
    """One act that must be answered for, chained to the one before; names people by reference only."""

    seq = models.BigIntegerField(unique=True)
    kind = models.CharField(
        max_length=30
    )  # an AuditKind; no choices, since kinds are added without touching rows
    actor = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, blank=True, default="")
    purpose = models.CharField(max_length=200, blank=True, default="")
    succeeded = models.BooleanField(default=True)
    data = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    hash_version = models.PositiveSmallIntegerField()
    previous = models.BinaryField()
    digest = models.BinaryField()

    personal = {
        "actor": Personal(
            purpose=_("answer for every look, change and erasure"),
            basis=_("statutory duty (PIPL art. 51, 54)"),
            retention=_("three years at least, then by order of the county"),
            sharing="none",
            what=_("who looked at or changed what"),
        ),
        "purpose": Personal(
            purpose=_("say why it was done"),
            basis=_("statutory duty (PIPL art. 51, 54)"),
            retention=_("three years at least, then by order of the county"),
            sharing="none",
            what=_("the reason staff gave"),
        ),
    }

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["actor", "seq"], name="audit_actor"),
            models.Index(fields=["subject", "seq"], name="audit_subject"),
            models.Index(fields=["kind", "seq"], name="audit_kind"),
        ]


class LogLeaf(EngineWritten):
    """One entry of the public log: the digest of one step or audit row. Its id is the id of the row it seals."""

    index = models.BigIntegerField(unique=True)
    source = models.CharField(max_length=10)
    about = models.UUIDField(null=True)  # the case of a step, so that a step that is gone can be named
    digest = models.BinaryField()


class LogNode(EngineWritten):
    """A complete subtree of the public log of 2**height entries, kept for every eighth height: enough for any proof in a few reads."""

    height = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["height", "index"], name="log_node_once")]


class LogHead(EngineWritten):
    """A signed statement: at this time the log had this many entries and this root."""

    number = models.BigIntegerField(unique=True)
    version = models.PositiveSmallIntegerField()
    size = models.BigIntegerField()
    previous = models.BigIntegerField()  # the size of the head before
    root = models.BinaryField()
    signed_at = models.DateTimeField()
    algorithm = models.CharField(max_length=20)
    key = models.CharField(max_length=64)  # SHA-256 of the public key
    signature = models.BinaryField()

    class Meta:
        ordering = ["number"]


class ProofKey(EngineWritten):
    """A public key that has signed heads; it stays listed for ever, so that old heads can be checked."""

    key = models.CharField(max_length=64, unique=True)
    algorithm = models.CharField(max_length=20)
    public = models.BinaryField()
    since = models.DateTimeField()


class Consent(AppendOnly):
    """A consent given, or one withdrawn (`withdraws` names it); who the person is stands in no column."""

    ref = models.CharField(max_length=80, db_index=True)
    purpose = models.CharField(max_length=40)
    giver = models.CharField(max_length=10)  # a ConsentGiver
    way = models.CharField(max_length=10)  # a ConsentWay
    until = models.DateTimeField()
    withdraws = models.UUIDField(null=True)
    recorded_by = models.CharField(max_length=80)
    happened_at = models.DateTimeField()

    personal = {
        "ref": Personal(
            purpose=_("prove what was agreed to, by whom and until when"),
            basis=_("statutory duty (PIPL art. 14, 15)"),
            retention=_("three years at least; it names nobody, only the case"),
            sharing="none",
            what=_("your consent and its withdrawal"),
        )
    }
