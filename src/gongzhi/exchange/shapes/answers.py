"""What the API answers: documented shapes, made from the pictures the parts below hand out."""

import uuid
from datetime import datetime

from django.conf import settings
from ninja import Schema
from pydantic import ConfigDict, Field

from gongzhi.cases.types import Receipt
from gongzhi.territory.types import AreaPicture


class Answer(Schema):
    """Reads straight from a frozen picture."""

    model_config = ConfigDict(from_attributes=True)


class ReceiptAnswer(Answer):
    """What a reporter takes home. The receipt code lets its holder add facts, rate and reopen."""

    case_code: str
    receipt_code: str
    track_url: str


class PhotoAnswer(Answer):
    """A photo that was checked, cleaned and kept; name its id in a report."""

    photo_id: uuid.UUID


class Clock(Answer):
    """A clock: what it is called, when it is due, how it was kept."""

    name: str
    title: str
    limit: str
    status: str
    verdict: str | None
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    level: str
    seconds_left: int | None


class PublicStep(Answer):
    """One line of a case's public history."""

    title: str
    at: datetime
    words: str


class OwnAnswer(Answer):
    """An answer to one of the kind's own questions, in words."""

    label: str
    words: str


class PublicCase(Answer):
    """A case as anybody with its code may see it; with the receipt code a little more."""

    code: str
    title: str
    kind_title: str
    status: str
    status_title: str
    what_next: str
    holder: str
    area_name: str
    reported_at: datetime
    stage: int
    clock: Clock | None
    steps: list[PublicStep]
    outcome: str
    lead_code: str
    is_reporter: bool
    own_text: str
    own_answers: list[OwnAnswer]
    may_add: bool
    may_rate: bool


class StepAnswer(Answer):
    """A step was taken; `tasks` are the ids of the tasks it made, the lead's first."""

    case_code: str
    step: str
    tasks: list[str]


class Row(Answer):
    """A line of the queue."""

    code: str
    title: str
    excerpt: str
    kind: str
    kind_title: str
    status: str
    status_title: str
    severity: str
    area_name: str
    place_text: str
    lon: float | None
    lat: float | None
    reported_at: datetime
    holder: str
    clock: Clock | None
    linked_count: int
    photo_count: int
    source: str
    drill: bool
    supervised: bool


class Queue(Answer):
    """One page of the queue, with the counts of its tabs: exact, or a number that those in `more` exceed."""

    rows: list[Row]
    counts: dict[str, int]
    more: list[str]
    total: int
    after: str


class Task(Answer):
    """What one agency has to do on a case."""

    id: str
    role: str
    organisation_id: str
    organisation: str
    team: str
    person: str
    status: str
    status_title: str
    assigned_at: datetime
    arrived_at: datetime | None
    ended_at: datetime | None
    clocks: list[Clock]


class Allowed(Answer):
    """A step the caller may take now."""

    step: str
    title: str
    task: str
    main: bool


class WorkItem(Answer):
    """A task of the caller's."""

    row: Row
    task: Task
    allowed: list[Allowed]
    when: str


class Work(Answer):
    """What is the caller's to do, most pressing first."""

    items: list[WorkItem]


class LedgerStep(Answer):
    """One line of a case's ledger, in words."""

    seq: int
    kind: str
    title: str
    words: str
    actor: str
    happened_at: datetime
    recorded_at: datetime


class SuggestedAgencies(Answer):
    """Who should lead by the dispatch rules, and why."""

    lead_id: str
    lead: str
    supporting: list[tuple[str, str]]
    must_support: list[tuple[str, str]]
    reason: str


class SimilarReport(Answer):
    """An earlier report that may be about the same matter; 100 is surely the same."""

    code: str
    title: str
    status_title: str
    distance_m: int | None
    score: int


class StaffCase(Answer):
    """A case as the caller may see it; send `version` back with a step to notice lost edits."""

    row: Row
    text: str
    contact: str
    clocks: list[Clock]
    tasks: list[Task]
    steps: list[LedgerStep]
    similar: list[SimilarReport]
    suggestion: SuggestedAgencies | None
    allowed: list[Allowed]
    version: int


class Choice(Answer):
    """One answer that may be given."""

    value: str
    title: str


class Question(Answer):
    """A question of the kind's own: its answer goes into `form` of a report under `name`."""

    name: str
    title: str
    type: str = Field(description="text, choice, number, date or yes_no.")
    choices: list[Choice]
    required: bool


class Kind(Answer):
    """A kind of matter that may be reported here."""

    key: str
    title: str
    subject: str
    icon: str
    questions: list[Question]


class Kinds(Answer):
    """The choice of kinds; null is always allowed."""

    kinds: list[Kind]


class Area(Answer):
    """An area of the cell."""

    id: uuid.UUID
    code: str
    name: str
    level: str
    parent_id: uuid.UUID | None


class Areas(Answer):
    """The areas of one level."""

    areas: list[Area]

    @classmethod
    def of(cls, found: list[AreaPicture]) -> "Areas":
        """From what the territory knows."""
        return cls(areas=[Area.model_validate(area) for area in found])


def receipt_answer(receipt: Receipt) -> ReceiptAnswer:
    """The same receipt always gives the same answer, whatever host name it was asked under."""
    return ReceiptAnswer(
        case_code=receipt.case_code,
        receipt_code=receipt.receipt_code,
        track_url=f"{settings.GONGZHI_PUBLIC_URL}/c/{receipt.case_code}/",
    )
