"""What the handling agency and the grid worker do on their task."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from gongzhi.base.actor import Actor
from gongzhi.base.errors import Refused
from gongzhi.cases.informing import inform
from gongzhi.cases.operations.ledger import Wish, photos, take, words
from gongzhi.cases.types import StepKind
from gongzhi.programs.types import LimitUnit

MILESTONES = {
    "respond": StepKind.RESPONDED,
    "arrive": StepKind.ARRIVED,
    "feed_back": StepKind.FED_BACK,
}


def delegate_task(
    *,
    case: str,
    task: str,
    by: Actor,
    now: datetime,
    person: uuid.UUID | None = None,
    team: str = "",
    version: int | None = None,
) -> None:
    """The agency names the team or the person who goes."""
    data = {"task": task, "person": str(person or ""), "team": team}
    inform(take(case, Wish(StepKind.DELEGATED, by, now, data, (), None, version)))


def return_task(
    *,
    case: str,
    task: str,
    ground: str,
    by: Actor,
    now: datetime,
    happened_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """Not ours, with a written ground; the second return goes to a ruling."""
    contents = words("ground", ground, required=True)
    inform(take(case, Wish(StepKind.RETURNED, by, now, {"task": task}, contents, happened_at, version)))


def mark_milestone(
    *,
    case: str,
    milestone: str,
    by: Actor,
    now: datetime,
    task: str = "",
    words_for_reporter: str = "",
    happened_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """Responded, arrived or fed back: changes no state, stops the clocks named after it."""
    kind = MILESTONES.get(milestone)
    if kind is None:
        raise Refused(_("This milestone is not known."), code="unknown_milestone", field="milestone")
    data = {"task": task} if task else {}
    contents = words("reply", words_for_reporter, required=kind is StepKind.FED_BACK)
    inform(take(case, Wish(kind, by, now, data, contents, happened_at, version)))


def start_task(
    *,
    case: str,
    task: str,
    by: Actor,
    now: datetime,
    happened_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """Work has begun."""
    inform(take(case, Wish(StepKind.STARTED, by, now, {"task": task}, (), happened_at, version)))


def resolve_task(
    *,
    case: str,
    task: str,
    by: Actor,
    now: datetime,
    note: str = "",
    photo_ids: Sequence[uuid.UUID] = (),
    happened_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """The agency says its part is done; somebody else will check."""
    contents = (*words("note", note), *photos(photo_ids))
    inform(take(case, Wish(StepKind.RESOLVED, by, now, {"task": task}, contents, happened_at, version)))


def add_note(
    *,
    case: str,
    note: str,
    by: Actor,
    now: datetime,
    task: str = "",
    photo_ids: Sequence[uuid.UUID] = (),
    happened_at: datetime | None = None,
) -> None:
    """Something worth writing down, for staff only.

    It takes no `version`: a note is true whatever else happened meanwhile, changes no state and stops no clock. Refusing
    it because a colleague was quicker would lose what somebody saw, in exchange for nothing.
    """
    contents = (*words("note", note, required=not photo_ids), *photos(photo_ids))
    data = {"task": task} if task else {}
    inform(take(case, Wish(StepKind.NOTED, by, now, data, contents, happened_at)))


def ask_extension(
    *,
    case: str,
    task: str,
    clock: str,
    value: int,
    unit: str,
    ground: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Ask the centre for more time on a clock, with a ground."""
    if not 0 < value <= 365 or unit not in set(LimitUnit):
        raise Refused(_("Say how much more time is needed."), code="bad_limit", field="value")
    data = {"task": task, "clock": clock, "value": value, "unit": unit}
    contents = words("ground", ground, required=True)
    inform(take(case, Wish(StepKind.EXTENSION_ASKED, by, now, data, contents, None, version)))


def answer_supervision(
    *, case: str, answer: str, by: Actor, now: datetime, task: str = "", version: int | None = None
) -> None:
    """The agency answers a supervision order."""
    data = {"task": task} if task else {}
    contents = words("note", answer, required=True)
    inform(take(case, Wish(StepKind.SUPERVISION_ANSWERED, by, now, data, contents, None, version)))
