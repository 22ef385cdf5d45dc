"""Read models: what `queries` hands to the faces, ready to show, with nothing the viewer may not see."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gongzhi.cases.types import CaseStatus, ClockStatus, Outcome, StepKind, TaskRole, TaskStatus, Verdict
from gongzhi.notices.types import NoticePicture as Undelivered
from gongzhi.programs.questions import Answer
from gongzhi.programs.types import CaseKind
from gongzhi.trust.consent import ConsentPicture
from gongzhi.trust.types import Place


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
    counts: Mapping[str, int]  # mine · late · open · to_verify · all: exact, but for those in `more`
    more: tuple[str, ...]  # tabs that hold more than was counted
    total: int
    after: str  # what the next page comes after; empty on the last
    cut: bool = False  # more have the words looked for: rows and counts are of the newest thousand


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
    sealed: bool = True  # under a signed head of the public log


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
    supporting: tuple[tuple[str, str], ...]  # (organisation id, name): may be called in
    must_support: tuple[tuple[str, str], ...]  # the rule always calls these in
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
    likely: bool = False  # very likely the same matter


@dataclass(frozen=True, slots=True)
class NoticePicture:
    to: str
    channel: str
    state: str
    state_title: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SealedField:
    """Something personal the reporter left, masked until somebody opens it for a purpose."""

    name: str  # contact, or form_ and the name of a question of the kind
    title: str
    masked: str  # "" once erased


@dataclass(frozen=True, slots=True)
class Revealed:
    """An opened field, on its way to one page for sixty seconds."""

    case_code: str
    name: str
    title: str
    value: str
    purpose: str

    @property
    def link(self) -> str:
        """Where a tap leads: the phone's dialler or the mail, "" if it is neither."""
        digits = re.sub(r"[\s()\-]", "", self.value)
        if re.fullmatch(r"\+?\d{3,20}", digits):
            return f"tel:{digits}"
        return f"mailto:{self.value}" if re.fullmatch(r"[^\s@]+@[^\s@]+", self.value) else ""


@dataclass(frozen=True, slots=True)
class HeldContent:
    """One sealed content of a case that still has its value."""

    id: uuid.UUID
    name: str
    title: str
    at: datetime
    purpose: str


@dataclass(frozen=True, slots=True)
class UntoldNotice:
    """A notice that reached nobody, with the code of the case it is about."""

    notice: Undelivered
    code: str


@dataclass(frozen=True, slots=True)
class UntoldPage:
    rows: tuple[UntoldNotice, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class AppointmentPicture:
    id: str
    way_title: str
    at: datetime
    held_at: datetime | None
    cancelled: bool

    @property
    def open(self) -> bool:
        return self.held_at is None and not self.cancelled


@dataclass(frozen=True, slots=True)
class SupportPicture:
    """What a person agreed to, and until when."""

    until: datetime
    givers: tuple[str, ...]  # who may agree: person · guardian
    consents: tuple[ConsentPicture, ...]
    appointments: tuple[AppointmentPicture, ...]
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class SupportRow:
    """A line in a worker's own list."""

    code: str
    kind_title: str
    asked_at: datetime
    until: datetime
    next_at: datetime | None
    taken_up: bool


@dataclass(frozen=True, slots=True)
class RightPicture:
    """What a rights request asks, and of which case."""

    right: str
    title: str
    about: str


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
    answers: tuple[Answer, ...]  # to the kind's own questions
    no_reply: bool  # the reporter wants no notices
    secret: bool  # the reporter's name stays with those who need it
    version: int  # seq of the last step: sent back by forms so that lost edits are noticed
    sealed: tuple[SealedField, ...] = ()
    may_reveal: bool = False
    may_open_originals: bool = False
    held_until: datetime | None = None
    support: SupportPicture | None = None
    right: RightPicture | None = None


@dataclass(frozen=True, slots=True)
class PublicStep:
    title: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class PublicReveal:
    """Somebody opened the reporter's contact: when, of which organisation and what for, never who."""

    at: datetime
    organisation: str
    what: str
    purpose: str


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
    own_answers: tuple[Answer, ...]  # likewise: to the kind's own questions
    may_add: bool
    may_rate: bool
    reveals: tuple[PublicReveal, ...] = ()  # only with the receipt code
    unsealed: int = 0  # steps of this case that no signed head covers yet
    locked: bool = False  # nothing is shown before the receipt code
    support: SupportPicture | None = None
    right: RightPicture | None = None
    has_contact: bool = False  # a contact of the reporter is still held
    blind_seconds: int = 0  # how long no clock loop watched while it was open


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


@dataclass(frozen=True, slots=True)
class ProvedStep:
    """One step as a stranger may check it; kind and time only where the public page tells them too."""

    seq: int
    digest: bytes
    kind: str
    happened_at: datetime | None
    place: Place | None  # None: not yet sealed


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a reporter wrote, and all that leads from it to the digest of their first step."""

    seq: int
    form: bytes  # the canonical JSON the digest is over
    salt: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class CaseProof:
    """The steps of a case under one head."""

    code: str
    steps: tuple[ProvedStep, ...]
    own: OwnWords | None
    is_reporter: bool
