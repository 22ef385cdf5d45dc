"""A grid worker and a handler with their phones, and a matter that was given to each."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.base.actor import RESIDENT, Actor, person
from gongzhi.cases import operations as cases
from gongzhi.cases.models import CaseStep
from gongzhi.programs.types import Source
from gongzhi.territory import queries as territory
from gongzhi.territory.types import Point

PLACE = Point(119.685, 29.795)
CLIENT_ID = uuid.UUID("018f4c3e-5a10-7c3a-9d2e-3b1f00000101")


@pytest.fixture
def phone(demo_cell: None) -> Callable[[str], Client]:
    """A phone somebody of the demo is signed in on."""

    def signed_in(username: str) -> Client:
        client = Client()
        client.force_login(get_user_model().objects.get(username=username))
        return client

    return signed_in


def actor_of(username: str) -> Actor:
    found = accounts.person_by_username(username)
    assert found is not None
    return person(found.id)


def own_organisation(username: str, role: Role) -> uuid.UUID:
    found = accounts.person_by_username(username)
    assert found is not None
    return accounts.scope_of(found.id, timezone.localdate()).area_grants(role)[0].organisation


def give(lead: uuid.UUID, kind: str = "hazards.manhole", client_id: uuid.UUID = CLIENT_ID) -> str:
    """A report that was accepted and given to an agency a minute ago; returns its code."""
    now = timezone.now() - timedelta(minutes=1)
    receipt = cases.report_case(
        client_id=client_id,
        kind=kind,
        text="河边步道的井盖没了。",
        place=PLACE,
        place_text="河边步道",
        source=Source.RESIDENT,
        by=RESIDENT,
        now=now,
    )
    by = actor_of("dispatcher")
    cases.accept_case(case=receipt.case_code, by=by, now=now)
    cases.assign_case(case=receipt.case_code, lead=lead, by=by, now=now)
    return receipt.case_code


@pytest.fixture
def handlers_case(demo_cell: None) -> str:
    """A matter of the handler's agency."""
    return give(own_organisation("handler", Role.HANDLER))


@pytest.fixture
def workers_case(demo_cell: None) -> str:
    """A matter of the grid worker's township centre."""
    return give(own_organisation("gridworker", Role.GRID_WORKER))


def ledger(code: str) -> list[str]:
    """The kinds of a case's steps, in order."""
    return list(CaseStep.objects.filter(case__code=code).order_by("seq").values_list("kind", flat=True))


def last_area_id() -> uuid.UUID:
    """The grid the demo's grid worker looks after."""
    found = accounts.person_by_username("gridworker")
    assert found is not None
    grant = accounts.scope_of(found.id, timezone.localdate()).area_grants(Role.GRID_WORKER)[0]
    return territory.area(grant.area).id
