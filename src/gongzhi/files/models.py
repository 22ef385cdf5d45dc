"""Photos: what is known of each, and who opened a sealed original."""

from django.db import models

from gongzhi.base.models import AppendOnly, Row
from gongzhi.files.types import PhotoState


class Photo(Row):
    """One photo. The pixels lie in the storage, sealed under a key of this photo's own."""

    digest = (
        models.BinaryField()
    )  # keyed digest of what was uploaded: equal for equal uploads, says nothing else
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    addresses = models.JSONField()  # {size: address in the storage}
    state = models.CharField(
        max_length=8, choices=[(s.value, s.value) for s in PhotoState], default=PhotoState.KEPT.value
    )
    subject = models.CharField(max_length=80, blank=True, default="", db_index=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=80)
    erased_at = models.DateTimeField(null=True)
    erased_by = models.CharField(max_length=80, blank=True, default="")
    erase_reason = models.CharField(max_length=200, blank=True, default="")


class Opening(AppendOnly):
    """Somebody looked at a sealed original, with everything the camera wrote into it."""

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="openings")
    by = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
