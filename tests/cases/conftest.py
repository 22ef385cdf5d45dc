"""The same few people in every test of cases, in the demo county."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from gongzhi.accounts import queries as accounts
from gongzhi.base import actor
from gongzhi.base.actor import RESIDENT, Actor
from gongzhi.cases import operations
from gongzhi.cases.models import CaseRecord, CaseTask
from gongzhi.cases.types import Outcome, Receipt
from gongzhi.programs.types import Source
from gongzhi.territory.types import Point

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
PLACE = Point(119.69, 29.80)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class People:
    dispatcher: Actor
    handler: Actor
    handler2: Actor
    gridworker: Actor
    verifier: Actor
    head: Actor


class Town:
    """Shorthand for stories: who is who, and the usual steps at the usual times."""

    now = NOW

    def __init__(self) -> None:
        names = People.__dataclass_fields__
        people = {name: accounts.person_by_username(name) for name in names}
        self.people = People(**{name: actor.person(person.id) for name, person in people.items() if person})

    def organisation(self, code: str) -> uuid.UUID:
        found = accounts.organisation_by_code(code)
        assert found is not None
        return found.id

    def report(self, number: int = 1, *, at: datetime = NOW, **more: object) -> Receipt:
        """A resident's report; the same number is the same report."""
        sent: dict[str, object] = {
            "client_id": uuid.UUID(int=number, version=4),
            "kind": "linkage.blocked_road",
            "text": "路口被堵住了",
            "place": PLACE,
            "place_text": "文化路口",
            "source": Source.RESIDENT,
            "by": RESIDENT,
            "now": at,
        }
        return operations.report_case(**{**sent, **more})  # type: ignore[arg-type]

    def accepted(self, number: int = 1, **more: object) -> str:
        code = self.report(number, **more).case_code
        operations.accept_case(case=code, by=self.people.dispatcher, now=NOW + MINUTE / 2)
        return code

    def assigned(self, number: int = 1, **more: object) -> tuple[str, str]:
        code = self.accepted(number, **more)
        lead = self.organisation("urban_management")
        [task] = operations.assign_case(case=code, lead=lead, by=self.people.dispatcher, now=NOW + MINUTE)
        return code, task

    def resolved(self, number: int = 1, **more: object) -> str:
        code, task = self.assigned(number, **more)
        operations.start_task(case=code, task=task, by=self.people.handler, now=NOW + 2 * MINUTE)
        operations.resolve_task(
            case=code, task=task, by=self.people.handler, now=NOW + 20 * MINUTE, note="清走了"
        )
        return code

    def closed(self, number: int = 1, **more: object) -> str:
        code = self.resolved(number, **more)
        operations.verify_case(case=code, passed=True, by=self.people.verifier, now=NOW + 25 * MINUTE)
        operations.close_case(
            case=code, outcome=Outcome.FIXED, by=self.people.dispatcher, now=NOW + 26 * MINUTE, reply="办好了"
        )
        return code

    def record(self, code: str) -> CaseRecord:
        return CaseRecord.objects.get(code=code)

    def task(self, code: str) -> CaseTask:
        return CaseTask.objects.filter(case__code=code).latest("assigned_at", "id")


@pytest.fixture
def town(demo_cell: None) -> Town:
    return Town()
