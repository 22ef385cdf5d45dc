"""What other parts may hold of a case: its states, its steps, and frozen pictures of a case, its tasks and clocks."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

FORM = "form_"
"""An answer that is kept sealed is a content of this name with the question's own behind it."""


class CaseStatus(StrEnum):
    REPORTED = "reported"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    UNDER_WAY = "under_way"
    RESOLVED = "resolved"
    VERIFIED = "verified"
    CLOSED = "closed"
    DECLINED = "declined"
    LINKED = "linked"
    RETURNED = "returned"
    AWAITING_RULING = "awaiting_ruling"
    SUSPENDED = "suspended"
    REOPENED = "reopened"


class StepKind(StrEnum):
    REPORTED = "reported"
    INFORMATION_ADDED = "information_added"
    SORTED = "sorted"
    RELOCATED = "relocated"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LINKED = "linked"
    ASSIGNED = "assigned"
    TASK_ADDED = "task_added"
    DELEGATED = "delegated"
    RETURNED = "returned"
    RULED = "ruled"
    RESPONDED = "responded"
    ARRIVED = "arrived"
    FED_BACK = "fed_back"
    STARTED = "started"
    NOTED = "noted"
    RESOLVED = "resolved"
    TASK_WITHDRAWN = "task_withdrawn"
    VERIFIED = "verified"
    REWORK_ORDERED = "rework_ordered"
    CLOSED = "closed"
    VERDICT_GIVEN = "verdict_given"
    REOPENED = "reopened"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_APPROVED = "extension_approved"
    EXTENSION_REFUSED = "extension_refused"
    SUPERVISED = "supervised"
    SUPERVISION_ANSWERED = "supervision_answered"
    CLOCK_WARNED = "clock_warned"
    CLOCK_BREACHED = "clock_breached"
    RECALCULATED = "recalculated"
    CONTENT_ERASED = "content_erased"
    CONTACT_REVEALED = "contact_revealed"
    ORIGINAL_OPENED = "original_opened"
    CONTENTS_HELD = "contents_held"
    APPOINTMENT_AGREED = "appointment_agreed"
    APPOINTMENT_HELD = "appointment_held"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    CONSENT_RENEWED = "consent_renewed"
    SUPPORT_ENDED = "support_ended"
    RIGHT_ANSWERED = "right_answered"


class TaskStatus(StrEnum):
    ASSIGNED = "assigned"
    STARTED = "started"
    RESOLVED = "resolved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class TaskRole(StrEnum):
    LEAD = "lead"
    SUPPORTING = "supporting"


class Outcome(StrEnum):
    FIXED = "fixed"
    NOT_FIXED = "not_fixed"
    NOT_OURS = "not_ours"
    NO_LONGER_THERE = "no_longer_there"
    ENDED = "ended"  # a support case: consent withdrawn or over, or no help needed any more
    GRANTED = "granted"  # a rights request
    REFUSED = "refused"


CHECKED_OUTCOMES = (Outcome.FIXED, Outcome.NOT_FIXED, Outcome.NOT_OURS, Outcome.NO_LONGER_THERE)


class AppointmentWay(StrEnum):
    """How they meet."""

    VISIT = "visit"
    TALK = "talk"
    CALL = "call"


RIGHTS_KIND = "personal-data.rights_request"


class Right(StrEnum):
    """What somebody may ask about their own data (PIPL art. 44–48)."""

    KNOW = "know"
    COPY = "copy"
    CORRECT = "correct"
    DELETE = "delete"
    WITHDRAW = "withdraw"
    EXPLAIN = "explain"


class Door(StrEnum):
    """Where a declined request belongs instead."""

    POLICE_110 = "110"
    FIRE_119 = "119"
    AMBULANCE_120 = "120"
    TRAFFIC_122 = "122"
    HOTLINE_12345 = "12345"
    COURT = "court"
    PETITION_OFFICE = "petition_office"
    ALREADY_ANSWERED = "already_answered"
    OTHER = "other"


class RevealPurpose(StrEnum):
    """What a contact may be opened for; nothing else."""

    ASK = "ask"
    ARRANGE = "arrange"
    TELL = "tell"
    CALL_BACK = "call_back"
    UNDELIVERED = "undelivered"
    DANGER = "danger"


class ErasureGround(StrEnum):
    """Why something is erased for ever."""

    ASKED = "asked"
    NOT_NEEDED = "not_needed"
    WRONG = "wrong"
    UNLAWFUL = "unlawful"
    RETENTION = "retention"
    EMERGENCY_OVER = "emergency_over"


class ClockStatus(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Verdict(StrEnum):
    MET = "met"
    BREACHED = "breached"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Content:
    """Words or a file too personal for the ledger: sealed in trust, only its commitment stands in the step."""

    name: str  # text · contact · note · reply · ground · photo · place_text …
    value: bytes
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a case's ledger, as the pure rules see it."""

    kind: StepKind
    actor: str
    happened_at: datetime
    recorded_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    contents: tuple[tuple[str, str, str], ...] = ()  # (name, content id, commitment in hex)
    seq: int = 0


@dataclass(frozen=True, slots=True)
class TaskState:
    id: str
    role: TaskRole
    organisation: str
    status: TaskStatus
    assigned_at: datetime
    person: str = ""
    team: str = ""
    started_at: datetime | None = None
    arrived_at: datetime | None = None
    ended_at: datetime | None = None
    resolved_by: str = ""

    @property
    def open(self) -> bool:
        return self.status in (TaskStatus.ASSIGNED, TaskStatus.STARTED)


@dataclass(frozen=True, slots=True)
class ClockState:
    """One round of one clock; `verdict` is empty while it counts."""

    name: str
    definition: str  # sha256 of the definition its profile stands in
    task: str  # "" for a clock of the case
    round: int
    started_at: datetime
    due_at: datetime | None  # None while paused
    status: ClockStatus
    stopped_at: datetime | None = None
    stopped_by: str = ""  # step kind, or "ended" when its task or case ended without the step
    verdict: Verdict | None = None
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    extensions: tuple[tuple[int, str], ...] = ()  # (value, unit) approved
    warn_ats: tuple[datetime, ...] = ()  # when warnings are due while it runs
    warned: int = 0  # warnings already recorded
    breach_recorded: bool = False


@dataclass(frozen=True, slots=True)
class AppointmentState:
    """A visit or talk the person agreed to; not coming is nobody's fault and has no state."""

    id: str
    way: str
    at: datetime
    held_at: datetime | None = None
    cancelled: bool = False

    @property
    def open(self) -> bool:
        return self.held_at is None and not self.cancelled


@dataclass(frozen=True, slots=True)
class CaseState:
    """Everything the ledger says about a case now: a fold over its steps."""

    status: CaseStatus
    kind: str  # "unsorted" until sorted
    definition: str  # sha256 of the pinned definition
    severity: str
    calendar: str  # version of the working calendar
    source: str
    reported_at: datetime
    area: str  # id of the deepest area found, "" if none
    area_codes: tuple[str, ...]  # its division code and those above it, deepest first
    place: tuple[int, int] | None  # WGS84 lon, lat in 1e-7 degrees
    cross_border: bool = False
    drill: bool = False
    title: str = ""
    lead_case: str = ""
    tasks: tuple[TaskState, ...] = ()
    clocks: tuple[ClockState, ...] = ()
    returns: int = 0
    ruled: bool = False
    status_before_suspension: CaseStatus | None = None
    suspended_until: datetime | None = None
    extension_asked: Mapping[str, Any] | None = None
    supervision_open: bool = False
    outcome: str = ""
    door: str = ""
    closed_at: datetime | None = None
    held_until: datetime | None = None  # nothing is erased before: it may be needed as evidence
    accepted_at: datetime | None = None
    resolvers: tuple[str, ...] = ()
    verifiers: tuple[str, ...] = ()
    reopened_times: int = 0
    verdict_solved: bool | None = None
    client_id: str = ""
    support_until: datetime | None = None
    appointments: tuple[AppointmentState, ...] = ()
    last_seq: int = 0

    @property
    def lead_task(self) -> TaskState | None:
        """The lead agency's latest task."""
        return next((t for t in reversed(self.tasks) if t.role is TaskRole.LEAD), None)

    def task(self, task_id: str) -> TaskState | None:
        return next((t for t in self.tasks if t.id == task_id), None)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a reporter takes home; the receipt code is shown once and re-derived, never stored."""

    case_id: uuid.UUID
    case_code: str
    receipt_code: str
    created: bool
