"""The steps staff take over the API: one shape per operation, told apart by the field `step`.

A step names its operation; its other fields are the operation's own arguments.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import Actor
from gongzhi.base.errors import Refused
from gongzhi.cases import operations
from gongzhi.cases.types import Door, Outcome
from gongzhi.exchange.shapes.reports import Location
from gongzhi.exchange.shapes.words import Key, Moment, Photos, Shape, Whole, Words, YesNo
from gongzhi.programs.types import LimitUnit

Arguments = dict[str, Any]
Operation = Callable[..., Any]


class Step(Shape):
    """What all steps share: a name, and the operation behind it."""

    operation: ClassVar[Operation]
    renamed: ClassVar[Mapping[str, str]] = {}  # fields whose name the operation spells otherwise
    step: str

    def arguments(self) -> Arguments:
        """What the operation gets besides the case, the actor and the time."""
        given = self.model_fields_set - {"step"}
        return {self.renamed.get(name, name): getattr(self, name) for name in given}


class GuardedStep(Step):
    """`version` is the last step the sender has seen; if the case has moved on since, the answer is 409."""

    version: Whole | None = None


class DatedStep(GuardedStep):
    """A step that may be reported after it happened, never before."""

    happened_at: Moment | None = None


class TaskStep(DatedStep):
    """A step on one task of the case."""

    task: Key


class AcceptStep(DatedStep):
    """Take the report on; its kind and a public title may be named at once."""

    operation = operations.accept_case
    step: Literal["accept"]
    title: Words = ""
    kind: Key = ""
    severity: Key = ""
    form: dict[Key, Words | YesNo] | None = None


class SortStep(GuardedStep):
    """Name the kind of the matter."""

    operation = operations.sort_case
    step: Literal["sort"]
    kind: Key
    severity: Key = ""
    title: Words = ""
    form: dict[Key, Words | YesNo] | None = None


class DeclineStep(GuardedStep):
    """Not a matter for the centre: say why, and which door is the right one."""

    operation = operations.decline_case
    step: Literal["decline"]
    door: Door
    ground: Words


class LinkStep(GuardedStep):
    """The same matter as an earlier report."""

    operation = operations.link_case
    step: Literal["link"]
    to: Key = Field(description="The case code of the earlier report.")


class AgenciesStep(GuardedStep):
    """One agency leads, others support; each named by its code or its id."""

    lead: Key
    supporting: Annotated[tuple[Key, ...], Field(max_length=20)] = ()

    def arguments(self) -> Arguments:
        lead, supporting = agency(self.lead, "lead"), [agency(one, "supporting") for one in self.supporting]
        return {**super().arguments(), "lead": lead, "supporting": supporting}


class AssignStep(AgenciesStep, DatedStep):
    """Give the case to its agencies."""

    operation = operations.assign_case
    step: Literal["assign"]
    note: Words = ""
    teams: Annotated[tuple[Key, ...], Field(max_length=21)] = ()


class RuleStep(AgenciesStep):
    """Decide after a second return who leads; it binds."""

    operation = operations.rule_case
    step: Literal["rule"]
    ground: Words


class AddTaskStep(DatedStep):
    """One more agency supports."""

    operation = operations.add_task
    step: Literal["add_task"]
    organisation: Key
    note: Words = ""
    team: Key = ""

    def arguments(self) -> Arguments:
        return {**super().arguments(), "organisation": agency(self.organisation, "organisation")}


class DelegateStep(GuardedStep):
    """Name the team or the person who goes."""

    operation = operations.delegate_task
    step: Literal["delegate"]
    task: Key
    person: uuid.UUID | None = None
    team: Key = ""


class ReturnStep(TaskStep):
    """Not ours, with a written ground."""

    operation = operations.return_task
    step: Literal["return"]
    ground: Words


class MilestoneStep(DatedStep):
    """Changes no state, stops the clocks named after it."""

    operation = operations.mark_milestone
    task: Key = ""

    def arguments(self) -> Arguments:
        return {**super().arguments(), "milestone": self.step}


class RespondStep(MilestoneStep):
    """Somebody answered the call."""

    step: Literal["respond"]


class ArriveStep(MilestoneStep):
    """On site."""

    step: Literal["arrive"]
    task: Key


class FeedBackStep(MilestoneStep):
    """Tell the reporter how it stands."""

    renamed: ClassVar[Mapping[str, str]] = {"reply": "words_for_reporter"}
    step: Literal["feed_back"]
    reply: Words = Field(description="What the reporter reads.")


class StartStep(TaskStep):
    """Work has begun."""

    operation = operations.start_task
    step: Literal["start"]


class PhotoStep(Step):
    """A step that photos may go with."""

    renamed: ClassVar[Mapping[str, str]] = {"photos": "photo_ids"}
    photos: Photos = ()


class NoteStep(PhotoStep):
    """Something worth writing down, for staff."""

    operation = operations.add_note
    step: Literal["note"]
    note: Words = ""
    task: Key = ""
    happened_at: Moment | None = None


class AddInformationStep(PhotoStep):
    """More facts, say from a telephone call."""

    operation = operations.add_information
    step: Literal["add_information"]
    text: Words = ""


class ResolveStep(PhotoStep, TaskStep):
    """The agency says its part is done."""

    operation = operations.resolve_task
    step: Literal["resolve"]
    note: Words = ""


class WithdrawTaskStep(GuardedStep):
    """Take an order back."""

    operation = operations.withdraw_task
    step: Literal["withdraw_task"]
    task: Key
    ground: Words


class VerifyStep(PhotoStep, DatedStep):
    """Somebody else has checked it; a failed check sends it back to work."""

    operation = operations.verify_case
    step: Literal["verify"]
    passed: YesNo
    note: Words = ""


class CloseStep(DatedStep):
    """Name the outcome and close."""

    operation = operations.close_case
    step: Literal["close"]
    outcome: Outcome
    reply: Words = ""


class ReopenStep(GuardedStep):
    """A later re-inspection found it not solved."""

    operation = operations.reopen_case
    step: Literal["reopen"]
    ground: Words


class SuspendStep(GuardedStep):
    """It can’t go on before a date."""

    operation = operations.suspend_case
    step: Literal["suspend"]
    until: Moment
    ground: Words


class ResumeStep(GuardedStep):
    """The obstacle is gone."""

    operation = operations.resume_case
    step: Literal["resume"]


class AskExtensionStep(GuardedStep):
    """More time on a clock, with a ground."""

    operation = operations.ask_extension
    step: Literal["ask_extension"]
    task: Key
    clock: Key
    value: Whole
    unit: LimitUnit
    ground: Words


class DecideExtensionStep(GuardedStep):
    """Grant the time that was asked for, or not."""

    operation = operations.decide_extension
    step: Literal["decide_extension"]
    approve: YesNo
    ground: Words = ""


class SuperviseStep(GuardedStep):
    """The centre chases, apart from the handling."""

    operation = operations.supervise_case
    step: Literal["supervise"]
    order: Words


class AnswerSupervisionStep(GuardedStep):
    """The agency answers the chase."""

    operation = operations.answer_supervision
    step: Literal["answer_supervision"]
    answer: Words
    task: Key = ""


class RelocateStep(GuardedStep):
    """Where the matter really is: a point, or an area of GET /areas."""

    operation = operations.relocate_case
    step: Literal["relocate"]
    location: Location | None = None
    area: uuid.UUID | None = None

    def arguments(self) -> Arguments:
        arguments = super().arguments()
        arguments.pop("location", None)
        return {**arguments, "place": self.location.point() if self.location else None}


AnyStep = Annotated[
    AcceptStep
    | SortStep
    | DeclineStep
    | LinkStep
    | AssignStep
    | AddTaskStep
    | DelegateStep
    | ReturnStep
    | RuleStep
    | RespondStep
    | ArriveStep
    | FeedBackStep
    | StartStep
    | NoteStep
    | AddInformationStep
    | ResolveStep
    | WithdrawTaskStep
    | VerifyStep
    | CloseStep
    | ReopenStep
    | SuspendStep
    | ResumeStep
    | AskExtensionStep
    | DecideExtensionStep
    | SuperviseStep
    | AnswerSupervisionStep
    | RelocateStep,
    Field(discriminator="step"),
]


def take(step: Step, *, case: str, by: Actor, now: Any) -> list[str]:
    """Take a step; returns the ids of the tasks it made."""
    made = type(step).operation(case=case, by=by, now=now, **step.arguments())
    if isinstance(made, str):
        return [made]
    return [str(task) for task in made or ()]


def agency(named: str, field: str) -> uuid.UUID:
    """The organisation named by its code (`police`) or its id."""
    found = accounts.organisation_by_code(named)
    if found is not None:
        return found.id
    try:
        return accounts.organisation(uuid.UUID(named)).id
    except (ValueError, Refused) as error:
        words = _("There is no organisation with this code or id: %(named)s.") % {"named": named[:60]}
        raise Refused(words, code="no_organisation", field=field) from error
