"""Sealed contents and the keys that open them."""

from django.db import models
from django.utils import timezone

from gongzhi.base.models import Row
from gongzhi.base.personal import Personal


class SubjectKey(models.Model):
    """The key of one subject (`case:…`, `photo:…`), wrapped by the master key; null once destroyed."""

    subject = models.CharField(max_length=80, primary_key=True)
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True)


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
            purpose="handle the matter it belongs to; each row names its purpose",
            basis="statutory duty of the authority (PIPL art. 13, 34)",
            retention="as its purpose says, see gongzhi.trust.purposes",
            sharing="conditional",
        )
    }
