"""Every version of every definition that was ever loaded; rows are written once."""

from django.db import models

from gongzhi.base.models import AppendOnly


class Definition(AppendOnly):
    """One version of one kind of case, under the digest that cases pin."""

    sha256 = models.CharField(max_length=64, unique=True)
    program = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    version = models.CharField(max_length=70)
    effective_from = models.DateField()
    body = models.JSONField()
    loaded_by = models.CharField(max_length=80)
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["key", "-effective_from", "-loaded_at"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="programs_definition_one_per_version")
        ]
        indexes = [
            models.Index(fields=["key", "-effective_from", "-loaded_at"], name="programs_definition_current")
        ]


class ProgramCard(AppendOnly):
    """A program's title, summary and clauses as they were at a load; the latest is shown."""

    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=60)
    body = models.JSONField()
    loaded_by = models.CharField(max_length=80)
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["key", "-loaded_at"]
        indexes = [models.Index(fields=["key", "-loaded_at"], name="programs_card_latest")]


class TipRuleSet(AppendOnly):
    """One version of the rules for protected tips, under the digest that tips and rewards pin."""

    sha256 = models.CharField(max_length=64, unique=True)
    program = models.CharField(max_length=60)
    version = models.CharField(max_length=70)
    effective_from = models.DateField()
    body = models.JSONField()
    loaded_by = models.CharField(max_length=80)
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["-effective_from", "-loaded_at"]
        constraints = [
            models.UniqueConstraint(fields=["program", "version"], name="programs_tip_rules_one_per_version")
        ]
