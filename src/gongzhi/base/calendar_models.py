"""Versions of the working calendar that were brought in after the software was shipped."""

from django.db import models

from gongzhi.base.models import AppendOnly


class CalendarVersion(AppendOnly):
    """One published version: its days never change, a correction is a new version."""

    name = models.CharField(max_length=40, unique=True)
    published = models.DateField()  # date of the paper it follows; the latest one is in force
    body = models.JSONField()
    imported_by = models.CharField(max_length=80)
    imported_at = models.DateTimeField()

    class Meta:
        app_label = "base"
        ordering = ["published", "name"]
