"""Tables of the closed loop: the ledger of steps, and the rows that are a projection of it."""

from datetime import UTC, datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from gongzhi.base.models import AppendOnly, Row
from gongzhi.base.personal import Personal
from gongzhi.cases.types import CaseStatus, ClockStatus, StepKind, TaskRole, TaskStatus, Verdict

LAST_PLACE = datetime(9999, 12, 31, tzinfo=UTC)
"""Where the queue ends: behind every due time, and behind every case without one."""

OPEN = Q(closed_at=None)  # the few that most lists are made of have indexes of their own


def _choices(enum: type) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in enum]  # type: ignore[attr-defined]


class CaseRecord(Row):
    """A case as the ledger says it stands now; `gongzhi rebuild` can make every column of it again."""

    code = models.CharField(max_length=13, unique=True)
    client_id = models.UUIDField(unique=True)
    fingerprint = models.BinaryField()  # keyed digest of what was sent, to tell a retry from another report
    status = models.CharField(max_length=20, choices=_choices(CaseStatus))
    kind = models.CharField(max_length=80)
    definition = models.CharField(max_length=64)
    severity = models.CharField(max_length=40)
    calendar = models.CharField(max_length=40)
    source = models.CharField(max_length=20)
    title = models.CharField(max_length=120, blank=True, default="")
    place_text = models.CharField(max_length=200, blank=True, default="")
    lon_e7 = models.IntegerField(null=True)
    lat_e7 = models.IntegerField(null=True)
    area = models.ForeignKey("territory.Area", on_delete=models.PROTECT, null=True, related_name="+")
    county = models.UUIDField(null=True)
    township = models.UUIDField(null=True)
    community = models.UUIDField(null=True)
    grid = models.UUIDField(null=True)
    cross_border = models.BooleanField(default=False)
    drill = models.BooleanField(default=False)
    lead_case = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="linked")
    reported_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    suspended_until = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True, default="")
    door = models.CharField(max_length=20, blank=True, default="")
    returns = models.PositiveSmallIntegerField(default=0)
    reopened_times = models.PositiveSmallIntegerField(default=0)
    supervised = models.BooleanField(default=False)
    assigned_only = models.BooleanField(default=False)  # a support case: the assigned workers and nobody else
    support_until = models.DateTimeField(null=True)
    queue_at = models.DateTimeField(default=LAST_PLACE, db_default=LAST_PLACE)  # its place in every list
    worked_by = ArrayField(
        models.UUIDField(), default=list, db_default=[]
    )  # agencies and people of its tasks
    held_by = ArrayField(models.UUIDField(), default=list, db_default=[])  # the same of its open tasks
    last_seq = models.PositiveIntegerField(default=0)
    last_digest = models.BinaryField(default=b"")

    personal = {
        "place_text": Personal(
            purpose=_("find the place of the matter; the reporter may have written more"),
            basis=_("statutory duty (PIPL art. 13, 34)"),
            retention=_("erased with the sealed content it is copied from"),
            sharing="conditional",
            what=_("the place, in your words"),
        ),
        "worked_by": Personal(
            purpose=_("know who goes"),
            basis=_("statutory duty (PIPL art. 13, 34)"),
            retention=_("with the record of the case, without end: it names staff by number only"),
            sharing="conditional",
            what=_("who has the task"),
        ),
        "held_by": Personal(
            purpose=_("know who goes"),
            basis=_("statutory duty (PIPL art. 13, 34)"),
            retention=_("until the task ends"),
            sharing="conditional",
            what=_("who has the task"),
        ),
    }

    class Meta:
        indexes = [
            # Lists: each begins where its rows are, in the order in which they are shown.
            models.Index(fields=["queue_at", "id"], name="case_queue"),
            models.Index(fields=["queue_at", "id"], name="case_open", condition=OPEN),
            models.Index(fields=["status", "queue_at"], name="case_status"),
            models.Index(fields=["kind", "queue_at"], name="case_kind"),
            models.Index(fields=["township", "queue_at"], name="case_township"),
            models.Index(fields=["community", "queue_at"], name="case_community"),
            models.Index(fields=["grid", "queue_at"], name="case_grid"),
            GinIndex(fields=["worked_by"], name="case_worked_by", fastupdate=False),
            GinIndex(fields=["held_by"], name="case_held_by", fastupdate=False, condition=OPEN),
            models.Index(fields=["queue_at"], name="case_supervised", condition=OPEN & Q(supervised=True)),
            models.Index(fields=["-reported_at"], name="case_reported"),
            models.Index(fields=["lat_e7", "lon_e7"], name="case_place", condition=Q(lat_e7__isnull=False)),
            models.Index(
                fields=["support_until"],
                name="case_support",
                condition=Q(assigned_only=True, closed_at__isnull=True),
            ),
            # Title and place are searched by pairs of characters: index `case_words`, made in migration 0004.
            GinIndex(fields=["code"], name="case_code_digits", opclasses=["gin_trgm_ops"]),
        ]


class CaseStep(AppendOnly):
    """One line of the ledger, chained to the one before; holds commitments, never personal words."""

    case = models.ForeignKey(CaseRecord, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30, choices=_choices(StepKind))
    actor = models.CharField(max_length=80)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    data = models.JSONField()
    contents = models.JSONField(default=list)  # [[name, content id, commitment], …]
    drill = models.BooleanField(default=False)
    hash_version = models.PositiveSmallIntegerField()
    previous = models.BinaryField()
    digest = models.BinaryField()

    personal = {
        "actor": Personal(
            purpose=_("show who took which step, so that nobody can deny it"),
            basis=_("statutory duty (PIPL art. 13, 34)"),
            retention=_("with the record of the case, without end: it names staff by number only"),
            sharing="conditional",
            what=_("who took a step"),
        )
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="step_once")]
        ordering = ["case", "seq"]


class CaseTask(Row):
    """What one agency has to do on a case."""

    case = models.ForeignKey(CaseRecord, on_delete=models.PROTECT, related_name="tasks")
    role = models.CharField(max_length=12, choices=_choices(TaskRole))
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    team = models.CharField(max_length=80, blank=True, default="")
    person = models.UUIDField(null=True)
    status = models.CharField(max_length=12, choices=_choices(TaskStatus))
    assigned_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=80, blank=True, default="")

    personal = {
        "person": Personal(
            purpose=_("know who goes"),
            basis=_("statutory duty (PIPL art. 13, 34)"),
            retention=_("with the record of the case, without end: it names staff by number only"),
            sharing="conditional",
            what=_("who has the task"),
        )
    }

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "status"], name="task_organisation"),
            models.Index(fields=["person", "status"], name="task_person"),
        ]


class CaseClock(Row):
    """One round of one clock; the loop reads `next_at` and nothing else to find what is due."""

    case = models.ForeignKey(CaseRecord, on_delete=models.PROTECT, related_name="clocks")
    task = models.ForeignKey(CaseTask, on_delete=models.PROTECT, null=True, related_name="clocks")
    name = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField()
    definition = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=_choices(ClockStatus))
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=30, blank=True, default="")
    verdict = models.CharField(max_length=10, null=True, choices=_choices(Verdict))  # noqa: DJ001 - null: still counting
    pauses = models.JSONField(default=list)
    extensions = models.JSONField(default=list)
    warn_ats = models.JSONField(default=list)
    warned = models.PositiveSmallIntegerField(default=0)
    breach_recorded = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)  # it could not be fired: set aside until then

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "task", "name", "round"], name="clock_once", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], name="clock_next", condition=Q(next_at__isnull=False)),
            models.Index(fields=["due_at"], name="clock_due", condition=Q(status="running")),
        ]


class CasePhoto(models.Model):
    """Which case a photo hangs on; a photo hangs on one."""

    photo = models.UUIDField(primary_key=True)
    case = models.ForeignKey(CaseRecord, on_delete=models.PROTECT, related_name="photos")


class BlindPeriod(Row):
    """Time in which no clock loop was running: shown beside the clocks it touched, changes no verdict."""

    began_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField()


class LoopBeat(models.Model):
    """The clock loop's sign of life: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    beat_at = models.DateTimeField()
