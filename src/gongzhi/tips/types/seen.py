"""What comes out: pictures of tips, ceremonies, rewards and the fund."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from gongzhi.accounts.types import OrganisationPicture
from gongzhi.tips.types.lists import (
    CeremonyKind,
    FundMoveKind,
    RewardState,
    RightDoor,
    TipOutcome,
    TipStatus,
    TipStepKind,
)

# What comes out.


@dataclass(frozen=True, slots=True)
class Proof:
    """A signed, dated proof of receipt; anyone can check it, and it says nothing about the tip."""

    text: str  # JSON, to be saved as a file
    salt: str = field(repr=False)  # hex; with it the reporter can show that the proof is theirs


@dataclass(frozen=True, slots=True)
class ProofCheck:
    """What a proof of receipt is worth."""

    genuine: bool
    day: date | None


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the reporter gets, once and never again."""

    receipt: str = field(repr=False)  # 16 digits
    proof: Proof
    unit_name: str
    identity_kept: bool


@dataclass(frozen=True, slots=True)
class Intake:
    """What the page asks for and may promise."""

    open: bool  # some unit has a member with a key
    identity_possible: bool  # at least two custodians have keys
    organisations: tuple[OrganisationPicture, ...]
    largest_file: int
    most_files: int
    retention_days: int
    doors: tuple[RightDoor, ...]


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message, opened."""

    id: uuid.UUID
    from_reporter: bool
    text: str = field(repr=False)
    day: date


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a tip: its name as sent, without its content."""

    id: uuid.UUID
    name: str = field(repr=False)
    media_type: str
    size: int
    from_reporter: bool
    day: date


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file, opened."""

    name: str = field(repr=False)
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StepView:
    """A line of the tip's ledger; `detail` is a label from a closed list."""

    kind: TipStepKind
    title: str
    detail: str
    day: date
    by_name: str = ""  # for members only; the reporter sees no names


@dataclass(frozen=True, slots=True)
class RewardView:
    """A reward as the reporter and the members see it; amounts in fen."""

    id: uuid.UUID
    state: RewardState
    amount: int
    claim_until: date | None
    fines: int
    grade: str  # the title of the level in the rule
    may: frozenset[str] = frozenset()  # approve · approve_as_finance · refuse


@dataclass(frozen=True, slots=True)
class ReporterView:
    """The tip as its reporter sees it after typing the receipt."""

    tip: uuid.UUID
    status: TipStatus
    status_title: str
    unit_name: str
    outcome: TipOutcome | None
    door: RightDoor | None
    messages: tuple[MessageView, ...]
    files: tuple[FileView, ...]
    timeline: tuple[StepView, ...]
    has_identity: bool
    identity_openings: tuple[StepView, ...]
    reward: RewardView | None
    erase_on: date | None  # set once a date of erasure is near
    proof: Proof


@dataclass(frozen=True, slots=True)
class TipRow:
    """The plain header: all that stands outside the seal."""

    id: uuid.UUID
    number: str  # nine digits, for people to speak of it; opens nothing
    area_name: str
    reported_name: str  # "" = no organisation was named
    unit_name: str
    status: TipStatus
    status_title: str
    opened_on: date
    closed_on: date | None
    waiting: bool  # the reporter wrote last
    erase_on: date | None


@dataclass(frozen=True, slots=True)
class HandOverView:
    """What a handler was given and what came back, as the tip's members see it."""

    id: uuid.UUID
    organisation_name: str
    text: str = field(repr=False)
    answer: str = field(repr=False)
    day: date
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class TipView:
    """A tip, opened by a member."""

    row: TipRow
    messages: tuple[MessageView, ...]
    files: tuple[FileView, ...]
    steps: tuple[StepView, ...]
    hand_overs: tuple[HandOverView, ...]
    keep_from: tuple[str, ...] = field(repr=False)  # names the reporter gave: they must not see it
    has_identity: bool
    reward: RewardView | None
    outcome: TipOutcome | None
    may: frozenset[TipStepKind]  # the steps that may follow


@dataclass(frozen=True, slots=True)
class HandedRow:
    """A redacted copy that waits for, or had, a handler's answer."""

    id: uuid.UUID
    number: str
    organisation_name: str
    day: date
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class HandedView:
    """A redacted copy, opened by a handler."""

    row: HandedRow
    text: str = field(repr=False)
    files: tuple[FileView, ...]
    answer: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CeremonyRow:
    """Something that waits for a second custodian, or that was asked for."""

    id: uuid.UUID
    kind: CeremonyKind
    purpose: str  # a label from a closed list
    number: str  # of the tip, for an identity
    member_name: str  # who is to be let in, or who asked
    asked_at: datetime
    ends_at: datetime
    approvals: int
    mine: bool  # this custodian has approved already
    done: bool
    readable: bool  # the identity waits for the member who asked


@dataclass(frozen=True, slots=True)
class KeyState:
    """Whether a person has a key, and whether the cell can recover."""

    has_key: bool
    custodians: int  # with keys
    recovery_ready: bool
    needs_new_split: bool  # the custodians of today are not those who hold the shares


@dataclass(frozen=True, slots=True)
class ClaimView:
    """What the paying clerk sees: an amount, and nothing else."""

    reward: uuid.UUID
    amount: int
    claim_until: date
    paid: bool


@dataclass(frozen=True, slots=True)
class FundMoveView:
    """One movement of the fund."""

    seq: int
    kind: FundMoveKind
    amount: int
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class FundView:
    """The fund, in fen: deposited = available + reserved + paid."""

    deposited: int
    available: int
    reserved: int
    paid: int
    moves: tuple[FundMoveView, ...]  # the newest first
    next_offset: int | None = None
