"""Frozen definitions that other parts may hold: what a program says about a kind of case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from gongzhi.base.personal import Personal

DEFAULT_LANGUAGE = "zh-hans"


class Subject(StrEnum):
    """The closed list of what a case may be about: safety, service, disputes between people. Nothing else."""

    PUBLIC_SAFETY = "public_safety"
    FIRE = "fire"
    TRAFFIC = "traffic"
    FACILITIES = "facilities"
    ENVIRONMENT = "environment"
    FOOD_AND_MEDICINE = "food_and_medicine"
    SCHOOL = "school"
    HEALTH = "health"
    LABOUR = "labour"
    HOUSING = "housing"
    COMMERCE = "commerce"
    DISPUTE = "dispute"
    EMERGENCY = "emergency"
    SERVICE = "service"


class Source(StrEnum):
    """The door a report came through."""

    RESIDENT = "resident"
    HOTLINE = "hotline"
    GRID_WORKER = "grid_worker"
    DEPARTMENT = "department"
    DEVICE = "device"
    CELL = "cell"


class LimitUnit(StrEnum):
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class ClockScope(StrEnum):
    CASE = "case"
    TASK = "task"


class PublicLevel(StrEnum):
    """How much of a case of this kind a stranger with the case code may see."""

    NONE = "none"  # nothing at all: only the holder of the receipt sees it
    STATUS = "status"  # the step it is at, the holder, the time left
    SUMMARY = "summary"  # also the public title, the area and the answers


class PersonalData(StrEnum):
    """What becomes of what the reporter gave, once a case of this kind is closed."""

    BY_PURPOSE = "by_purpose"
    DESTROY_AT_CLOSING = "destroy_at_closing"  # unless the centre head holds it as evidence


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in one or more languages, keyed by Django language code."""

    by_language: Mapping[str, str]

    def __str__(self) -> str:
        return self.by_language[DEFAULT_LANGUAGE]

    def show(self, language: str | None) -> str:
        return self.by_language.get(language or DEFAULT_LANGUAGE) or self.by_language[DEFAULT_LANGUAGE]


@dataclass(frozen=True, slots=True)
class Limit:
    value: int
    unit: LimitUnit


@dataclass(frozen=True, slots=True)
class LimitRule:
    """One row of a clock profile; `None` matches everything, and the first match wins."""

    limit: Limit
    severity: str | None = None
    area_code: str | None = None  # a division code or the prefix of one


@dataclass(frozen=True, slots=True)
class ClockProfile:
    """A named limit: the steps that start it, the steps that stop it, how long it may take."""

    name: str
    title: Text
    scope: ClockScope
    starts: tuple[str, ...]  # step kinds; a later start opens a new round
    stops: tuple[str, ...]
    limits: tuple[LimitRule, ...]
    warn_at: tuple[int, ...] = ()  # percent of the limit
    pauses: bool = True  # suspension stops the count
    extendable: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    title: Text


@dataclass(frozen=True, slots=True)
class FormField:
    name: str
    title: Text
    type: str  # text · choice · number · date · yes_no
    choices: tuple[Choice, ...] = ()
    required: bool = False
    personal: bool = False  # sealed with the case's contents, never in the ledger
    declared: Personal | None = None  # why a personal answer is asked, on what ground, for how long


@dataclass(frozen=True, slots=True)
class Evidence:
    name: str
    title: Text
    type: str  # photo · note
    at: str  # resolved · verified
    required: bool = False


@dataclass(frozen=True, slots=True)
class Severity:
    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class DispatchRule:
    """Who leads and who supports, for an area and a time of day; the first match wins."""

    lead: str  # organisation code, or one with {township} in it
    reason: Text
    supporting: tuple[str, ...] = ()  # suggested: the dispatcher ticks whom this case needs
    must_support: tuple[str, ...] = ()  # always called in: ticked beforehand
    areas: tuple[str, ...] = ()  # division codes or their prefixes; empty = everywhere
    severities: tuple[str, ...] = ()
    hours: tuple[time, time] | None = None  # local; may cross midnight


@dataclass(frozen=True, slots=True)
class Verification:
    role: str  # verifier · dispatcher
    method: str  # on_site · call_back


class Consenting(StrEnum):
    """Who may agree to be supported."""

    PERSON = "person"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Support:
    """A case about helping one person who asked for it or agreed: who agrees, and for how many months."""

    by: tuple[Consenting, ...]
    months: int  # then it ends by itself, unless agreed again


@dataclass(frozen=True, slots=True)
class CaseKind:
    """One kind of case as a program defines it; `sha256` names this exact version for ever."""

    key: str  # "hazards.blocked_exit": program folder, dot, file name
    program: str
    version: str
    effective_from: date  # by the calendar of Asia/Shanghai
    title: Text
    subject: Subject
    sources: tuple[Source, ...]
    clocks: tuple[ClockProfile, ...]
    dispatch: tuple[DispatchRule, ...]
    verification: Verification
    severities: tuple[Severity, ...]  # the first is the default
    form: tuple[FormField, ...] = ()
    registration_criteria: tuple[Text, ...] = ()
    closure_criteria: tuple[Text, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    keywords: tuple[str, ...] = ()  # words in a report that suggest this kind
    public_level: PublicLevel = PublicLevel.STATUS
    on_public_map: bool = False
    public_photo: bool = False
    urgent: bool = False  # notices want an acknowledgement
    icon: str = "flag"
    selectable: bool = True  # offered on the resident's report page
    effective_until: date | None = None  # the last day it is offered; cases opened before keep it
    sha256: str = ""
    support: Support | None = None  # seen by the person and the assigned workers alone
    extra: Mapping[str, str] = field(default_factory=dict)
    personal_data: PersonalData = PersonalData.BY_PURPOSE


@dataclass(frozen=True, slots=True)
class Program:
    key: str
    title: Text
    summary: Text
    clauses: tuple[str, ...]  # ids of the work plan's clauses
    kinds: tuple[CaseKind, ...] = ()
    owner: str = ""  # organisation code
    tip_rules: "TipRules | None" = None


@dataclass(frozen=True, slots=True)
class RewardGrade:
    """One grade of reward: a share of what was fined, and at least this much (fen)."""

    key: str
    title: Text
    percent: int
    floor: int


@dataclass(frozen=True, slots=True)
class TipRules:
    """How a program receives, keeps and rewards protected tips; amounts in fen."""

    program: str
    version: str
    effective_from: date
    units: tuple[str, ...]  # organisation codes, in the order they are asked
    retention_days: int  # after closing
    warn_days: int  # before erasure
    grades: tuple[RewardGrade, ...]
    cap: int
    finance_from: int
    claim_days: int
    sha256: str = ""
