"""A grid ends by hand: its open cases go to the one that follows, and none is lost."""

import uuid

import pytest
from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.base import actor
from gongzhi.base.actor import RESIDENT, SYSTEM
from gongzhi.base.errors import NotAllowed, NotFound, Refused
from gongzhi.cases import operations, verification
from gongzhi.cases import queries as cases
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.programs.types import Source
from gongzhi.territory import queries as territory
from gongzhi.territory import shelf
from gongzhi.territory.types import Level
from gongzhi.trust.models import AuditRow


@pytest.fixture(autouse=True)
def _own_shelf(monkeypatch):
    """What these tests change is rolled back: the map of the process is not to remember it."""
    monkeypatch.setattr(shelf, "_shelf", shelf._Shelf())


def grid_of(username: str):
    """The grid a grid worker of the demo looks after."""
    person = accounts.person_by_username(username)
    [grant] = accounts.scope_of(person.id, timezone.localdate()).grants
    return person.id, territory.area(grant.area)


def report(area: uuid.UUID) -> str:
    return operations.report_case(
        client_id=uuid.uuid4(),
        kind="hazards.manhole",
        text="井盖没了",
        place=None,
        area=area,
        place_text="村口",
        source=Source.GRID_WORKER,
        by=RESIDENT,
        now=timezone.now(),
    ).case_code


def sees(person: uuid.UUID, code: str) -> bool:
    scope = accounts.scope_of(person, timezone.localdate())
    try:
        cases.case_picture(scope, code, timezone.now())
    except NotFound:
        return False
    return True


def test_its_open_cases_go_to_the_grid_that_follows(demo_cell):
    worker, ended = grid_of("gridworker")
    follower, follows = grid_of("gridworker2")
    code = report(ended.id)
    assert sees(worker, code) and not sees(follower, code)
    moved = operations.end_grid(code=ended.code, successor=follows.code, by=SYSTEM, now=timezone.now())
    assert moved == 1
    assert sees(follower, code)
    assert CaseRecord.objects.get(code=code).grid == follows.id
    assert CaseStep.objects.filter(case__code=code).order_by("-seq").first().kind == "relocated"
    assert ended.id not in [area.id for area in territory.areas_at(Level.GRID, on=timezone.localdate())]
    assert territory.area(ended.id).name == ended.name
    assert verification.rebuild_all().clean and verification.verify_all().clean
    row = AuditRow.objects.filter(kind="territory_changed").latest("seq")
    assert (row.data["ended"], row.data["successor"]) == (ended.code, follows.code)


def test_an_unknown_successor_or_the_grid_itself_ends_nothing(demo_cell):
    _worker, grid = grid_of("gridworker")
    with pytest.raises(NotFound):
        operations.end_grid(code=grid.code, successor="1" * 15, by=SYSTEM, now=timezone.now())
    with pytest.raises(Refused):
        operations.end_grid(code=grid.code, successor=grid.code, by=SYSTEM, now=timezone.now())
    assert not territory.area(grid.id).ended


def test_only_the_system_administrator_ends_a_grid(demo_cell):
    _worker, grid = grid_of("gridworker")
    _other, follows = grid_of("gridworker2")
    head = accounts.person_by_username("head")
    with pytest.raises(NotAllowed):
        operations.end_grid(
            code=grid.code, successor=follows.code, by=actor.person(head.id), now=timezone.now()
        )
