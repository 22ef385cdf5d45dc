"""What staff do with a key: their queue, their tasks, a case in full, and every step of the loop."""

import uuid
from dataclasses import replace

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from gongzhi.accounts.types import TokenScope
from gongzhi.base.ids import clean_code
from gongzhi.cases import queries
from gongzhi.exchange.shapes.answers import Queue, StaffCase, StepAnswer, Work, WorkItem
from gongzhi.exchange.shapes.names import STEP_NAMES
from gongzhi.exchange.shapes.steps import AnyStep, take
from gongzhi.exchange.shapes.words import Key as Name
from gongzhi.exchange.shapes.words import Moment, Shape
from gongzhi.exchange.tokens import Key, caller_of

router = Router(tags=["staff"])
READ, STEP = Key(TokenScope.CASE_READ), Key(TokenScope.CASE_STEP)


class Filters(Shape):
    """What to look for in the queue."""

    tab: Name = Field("mine", description="mine · late · open · to_verify · all")
    text: Name = ""
    kind: Name = ""
    status: Name = ""
    area: uuid.UUID | None = None
    since: Moment | None = None
    after: Name = Field("", description="`after` of the page before")


@router.get("/queue", auth=READ, response=Queue, summary="The queue")
def queue(request: HttpRequest, filters: Query[Filters]) -> Queue:
    """One page of what the caller may see, most pressing first."""
    caller = caller_of(request)
    wanted = queries.QueueFilters(**filters.model_dump())
    return Queue.model_validate(queries.queue(caller.scope, wanted, caller.now))


@router.get("/work", auth=READ, response=Work, summary="My tasks")
def work(request: HttpRequest) -> Work:
    """The open tasks of the caller and of the organisations they handle matters for."""
    caller = caller_of(request)
    return Work(items=[WorkItem.model_validate(item) for item in queries.my_work(caller.scope, caller.now)])


@router.get("/cases/{case_code}/steps", auth=READ, response=StaffCase, summary="A case in full")
def steps(request: HttpRequest, case_code: str) -> StaffCase:
    """The case with its ledger, tasks, clocks, and the steps the caller may take now."""
    caller = caller_of(request)
    picture = queries.case_picture(caller.scope, case_code, caller.now)
    # What touches sealed contents is done by a person at a page: a program's key neither opens nor erases.
    allowed = tuple(step for step in picture.allowed if step.step in STEP_NAMES)
    return StaffCase.model_validate(replace(picture, allowed=allowed))


@router.post("/cases/{case_code}/steps", auth=STEP, response={201: StepAnswer}, summary="Take a step")
def step(request: HttpRequest, case_code: str, payload: AnyStep) -> Status[StepAnswer]:
    """One step of the loop, under the same rules as at the desk; `step` says which."""
    caller = caller_of(request)
    with transaction.atomic():
        tasks = take(payload, case=case_code, by=caller.by, now=caller.now)
    return Status(201, StepAnswer(case_code=clean_code(case_code), step=payload.step, tasks=tasks))
