"""Lists of organisations and people, and what they cost."""

import uuid

import pytest

from gongzhi.accounts import operations, queries
from gongzhi.accounts.types import OrganisationKind, Role
from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import Conflict, NotFound, Refused
from gongzhi.territory.types import Chain
from tests.accounts.county import GRID, NOW, TODAY, County, give, hire


def test_organisations_are_found_by_id_code_and_kind(county: County, django_assert_num_queries):
    fire = queries.organisation_by_code("fire")
    assert fire is not None and fire.name == "县消防救援大队" and fire.area == county.root
    assert queries.organisation(fire.id) == fire
    assert queries.organisation_by_code("nobody") is None
    with django_assert_num_queries(1):
        departments = queries.organisations(OrganisationKind.DEPARTMENT, on=TODAY)
    assert [department.code for department in departments] == ["fire", "urban_management"]
    assert set(queries.organisations_by_code(["fire", "nobody"])) == {"fire"}
    with pytest.raises(NotFound):
        queries.organisation(uuid.UUID(int=1))


def test_what_has_ended_or_takes_no_matters_is_not_offered(county: County):
    operations.create_organisation(
        code="office", name="办公室", kind=OrganisationKind.DEPARTMENT, dispatchable=False, by=SYSTEM, now=NOW
    )
    operations.end_organisation(organisation=county.organisations["fire"], by=SYSTEM, now=NOW)
    assert [o.code for o in queries.organisations("department", on=TODAY)] == ["urban_management"]


def test_it_refuses_a_code_that_is_taken_or_that_programs_could_not_write(county: County):
    for code, error in (("fire", Conflict), ("Fire Brigade", Refused), ("", Refused)):
        with pytest.raises(error):
            operations.create_organisation(
                code=code, name="某局", kind=OrganisationKind.DEPARTMENT, by=SYSTEM, now=NOW
            )


def test_teams_have_one_name_each(county: County):
    fire = county.organisations["fire"]
    operations.create_team(organisation=fire, name="一站", by=SYSTEM, now=NOW)
    with pytest.raises(Conflict):
        operations.create_team(organisation=fire, name=" 一站 ", by=SYSTEM, now=NOW)
    assert [team.name for team in queries.teams_of(fire, on=TODAY)] == ["一站"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_people_costs_two_queries_however_long(
    county: County, django_assert_num_queries, count: int
):
    for number in range(count):
        give(county, hire(f"handler{number}", f"处置员{number}"), Role.HANDLER, "fire")
    with django_assert_num_queries(2):
        people = queries.people_of(county.organisations["fire"], Role.HANDLER, on=TODAY)
    assert [person.organisation_name for person in people] == ["县消防救援大队"] * count
    assert queries.people_of(county.organisations["fire"], Role.VERIFIER, on=TODAY) == []


def test_a_person_is_shown_with_roles_and_organisation(county: County):
    verifier = hire("verifier", "孙核查")
    give(county, verifier, Role.VERIFIER)
    give(county, verifier, Role.DISPATCHER)
    shown = queries.person(verifier, on=TODAY)
    assert (shown.display_name, shown.roles) == ("孙核查", (Role.VERIFIER, Role.DISPATCHER))
    assert shown.organisation == county.organisations["centre.county"]
    assert queries.person_by_username(" Verifier ").id == verifier
    assert queries.person_by_username("nobody") is None


def test_those_of_the_smallest_area_come_first(county: County):
    whole, near = hire("whole", "全县"), hire("near", "近处")
    give(county, whole, Role.GRID_WORKER)
    give(county, near, Role.GRID_WORKER, "centre.330122001", GRID)
    assert queries.people_with(Role.GRID_WORKER, county.chain(GRID), on=TODAY) == [near, whole]
    assert queries.people_with(Role.GRID_WORKER, Chain(), on=TODAY) == [whole]
