"""What a person may see and do is decided in one place."""

import uuid
from datetime import timedelta

import pytest

from gongzhi.accounts import operations, queries
from gongzhi.accounts.types import Grant, Role, Scope
from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import NotFound
from gongzhi.territory.types import Level
from tests.accounts.county import GRID, NOW, TODAY, County, give, hire

PERSON, CENTRE, FIRE, COUNTY, TOWNSHIP, GRID_ID = (uuid.UUID(int=n) for n in range(1, 7))


def scope(*grants: Grant) -> Scope:
    return Scope(PERSON, "李调度", grants)


def test_a_dispatcher_of_the_county_sees_everything():
    seen = scope(Grant(Role.DISPATCHER, CENTRE, COUNTY, "county"))
    assert seen.sees_all
    assert seen.visible_areas() == {Level.COUNTY: frozenset({COUNTY})}


def test_a_dispatcher_of_a_township_sees_that_township():
    seen = scope(Grant(Role.DISPATCHER, CENTRE, TOWNSHIP, "township"))
    assert not seen.sees_all
    assert seen.visible_areas() == {Level.TOWNSHIP: frozenset({TOWNSHIP})}


def test_a_handler_sees_by_organisation_and_not_by_area():
    seen = scope(Grant(Role.HANDLER, FIRE, COUNTY, "county"))
    assert not seen.sees_all
    assert seen.visible_areas() == {}
    assert seen.organisations == {FIRE}


def test_an_administrator_sees_no_matters_at_all():
    seen = scope(Grant(Role.SYSTEM_ADMIN, CENTRE, COUNTY, "county"))
    assert (seen.sees_all, seen.visible_areas(), seen.organisations) == (False, {}, frozenset())


def test_areas_of_several_grants_are_gathered_by_level():
    seen = scope(
        Grant(Role.GRID_WORKER, CENTRE, GRID_ID, "grid"), Grant(Role.VERIFIER, CENTRE, TOWNSHIP, "township")
    )
    assert seen.visible_areas() == {Level.TOWNSHIP: frozenset({TOWNSHIP}), Level.GRID: frozenset({GRID_ID})}
    assert seen.has(Role.VERIFIER, Role.DISPATCHER)
    assert not seen.has(Role.DISPATCHER)
    assert [grant.area for grant in seen.area_grants(Role.GRID_WORKER)] == [GRID_ID]


def test_it_reads_the_grants_of_a_day_in_two_queries(county: County, django_assert_num_queries):
    person = hire("gridworker", "陈网格")
    give(county, person, Role.GRID_WORKER, "centre.330122001", GRID)
    with django_assert_num_queries(2):
        found = queries.scope_of(person, TODAY)
    assert found.grants == (
        Grant(Role.GRID_WORKER, county.organisations["centre.330122001"], county.areas[GRID], Level.GRID),
    )
    assert queries.scope_of(person, TODAY - timedelta(days=1)).grants == ()


def test_an_ended_grant_gives_nothing_from_that_day_and_stays_on_record(county: County):
    person = hire("dispatcher", "李调度")
    grant = give(county, person, Role.DISPATCHER)
    operations.end_grant(grant=grant, by=SYSTEM, now=NOW + timedelta(days=2), reason="moved")
    assert queries.scope_of(person, TODAY + timedelta(days=1)).has(Role.DISPATCHER)
    assert not queries.scope_of(person, TODAY + timedelta(days=2)).has(Role.DISPATCHER)


def test_an_expired_account_may_act_nowhere(county: County):
    person = hire("dispatcher", "李调度")
    give(county, person, Role.DISPATCHER)
    operations.set_expiry(person=person, expires_on=TODAY, by=SYSTEM, now=NOW)
    assert queries.scope_of(person, TODAY).grants == ()
    assert queries.scope_of(person, TODAY - timedelta(days=1)).display_name == "李调度"


def test_a_grant_of_an_organisation_that_ended_gives_nothing(county: County):
    person = hire("handler", "王城管")
    give(county, person, Role.HANDLER, "urban_management")
    operations.end_organisation(
        organisation=county.organisations["urban_management"], by=SYSTEM, now=NOW + timedelta(days=1)
    )
    assert queries.scope_of(person, TODAY + timedelta(days=1)).grants == ()


def test_an_unknown_person_is_not_found(county: County):
    with pytest.raises(NotFound):
        queries.scope_of(uuid.UUID(int=9), TODAY)
