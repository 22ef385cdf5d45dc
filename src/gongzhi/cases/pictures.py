"""Read models: what `queries` hands to the faces, ready to show, with nothing the viewer may not see."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gongzhi.cases.types import CaseStatus, ClockStatus, Outcome, StepKind, TaskRole, TaskStatus, Verdict
from gongzhi.programs.types import CaseKind


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One line of the working behind a due time."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class ClockPicture:
    id: uuid.UUID
    name: str
    title: str
    limit: str  # "5 分钟"
    task: str
    status: ClockStatus
    verdict: Verdict | None
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    level: str  # late · soon · on_time · waiting: the signal to show beside its word
    seconds_left: int | None  # negative when late; None when stopped or paused


@dataclass(frozen=True, slots=True)
class PhotoPicture:
    id: uuid.UUID
    url: str
    thumbnail_url: str
    taken_by: str  # words: "居民" / "处置人员"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A line in a queue."""

    id: uuid.UUID
    code: str
    title: str
    excerpt: str  # first words of the report, for staff only
    kind: str
    kind_title: str
    status: CaseStatus
    status_title: str
    severity: str
    area_name: str  # "青溪街道 学府社区 05 网格"
    place_text: str
    lon: float | None
    lat: float | None
    reported_at: datetime
    holder: str
    clock: ClockPicture | None  # the one that bites next
    linked_count: int
    photo_count: int
    source: str
    drill: bool
    supervised: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: tuple[CaseRow, ...]
    counts: Mapping[str, int]  # mine · late · open · to_verify · all, exact
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class TaskPicture:
    id: str
    role: TaskRole
    organisation_id: str
    organisation: str
    team: str
    person_id: str
    person: str
    status: TaskStatus
    status_title: str
    assigned_at: datetime
    arrived_at: datetime | None
    ended_at: datetime | None
    clocks: tuple[ClockPicture, ...]


@dataclass(frozen=True, slots=True)
class StepPicture:
    seq: int
    kind: StepKind
    title: str  # "已派给城管局"
    words: str  # decrypted note or ground where the viewer may read it; "（已删除）" once erased
    actor: str  # "李调度（值班调度员）" / "居民" / "系统"
    happened_at: datetime
    recorded_at: datetime
    photos: tuple[PhotoPicture, ...]
    quiet: bool  # system bookkeeping, folded by default


@dataclass(frozen=True, slots=True)
class AllowedStep:
    """Something this person may do to this case now, for buttons and forms."""

    step: str  # name of the operation: accept · decline · assign …
    title: str
    key: str  # keyboard shortcut, "" if none
    main: bool  # the one obvious next thing
    task: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Who should lead, and why."""

    lead_id: str
    lead: str
    supporting: tuple[tuple[str, str], ...]  # (organisation id, name)
    reason: str


@dataclass(frozen=True, slots=True)
class Similar:
    code: str
    title: str
    status_title: str
    distance_m: int | None
    reported_at: datetime
    photo_url: str
    linked_count: int
    score: int  # 0–100


@dataclass(frozen=True, slots=True)
class NoticePicture:
    to: str
    channel: str
    state: str
    state_title: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CasePicture:
    """A case as one member of staff may see it."""

    row: CaseRow
    definition: CaseKind | None
    text: str
    text_erased: bool
    contact: str  # masked: "138****0000", "" if none was left
    photos: tuple[PhotoPicture, ...]
    clocks: tuple[ClockPicture, ...]
    tasks: tuple[TaskPicture, ...]
    steps: tuple[StepPicture, ...]
    notices: tuple[NoticePicture, ...]
    similar: tuple[Similar, ...]
    linked: tuple[CaseRow, ...]
    suggestion: Suggestion | None
    allowed: tuple[AllowedStep, ...]
    returns: int
    suspended_until: datetime | None
    outcome: Outcome | None
    blind_seconds: int
    version: int  # seq of the last step: sent back by forms so that lost edits are noticed


@dataclass(frozen=True, slots=True)
class PublicStep:
    title: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class PublicPicture:
    """What a stranger with the case code sees; more with the receipt code."""

    code: str
    title: str
    kind_title: str
    status: CaseStatus
    status_title: str
    what_next: str  # one sentence
    holder: str
    area_name: str
    reported_at: datetime
    stage: int  # 1 reported · 2 accepted · 3 under way · 4 checked · 5 closed
    clock: ClockPicture | None
    steps: tuple[PublicStep, ...]
    photos: tuple[PhotoPicture, ...]
    outcome: str
    lead_code: str  # set when this report was joined to another
    is_reporter: bool  # the receipt code was right
    own_text: str  # the reporter's own words, only with the receipt code
    may_add: bool
    may_rate: bool


@dataclass(frozen=True, slots=True)
class PublicPin:
    code: str
    title: str
    kind_title: str
    status_title: str
    done: bool
    lon: float
    lat: float
    icon: str
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A task on somebody's phone."""

    row: CaseRow
    task: TaskPicture
    allowed: tuple[AllowedStep, ...]
    when: str  # now · today · later
