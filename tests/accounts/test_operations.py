"""Accounts, roles, posts and keys: what is done, and what is refused."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth import authenticate

from gongzhi.accounts import operations, queries
from gongzhi.accounts.models import AreaHead, Person, RoleGrant
from gongzhi.accounts.types import OrganisationKind, Role, TokenScope, TokenUse
from gongzhi.base.actor import RESIDENT, SYSTEM, person
from gongzhi.base.errors import Conflict, NotAllowed, NotFound, Refused
from gongzhi.territory.types import Chain
from tests.accounts.county import GRID, NOW, OTHER_GRID, PASSWORD, TODAY, County, give, hire


def refused(code: str):
    return pytest.raises(Refused, check=lambda error: error.code == code)


# Accounts.


def test_a_person_can_sign_in_with_the_password_and_a_user_name_in_any_case(county: County):
    hire("Dispatcher ", "李调度", password=PASSWORD)
    found = authenticate(username="dispatcher", password=PASSWORD)
    assert found is not None and found.is_active
    assert authenticate(username="dispatcher", password="wrong") is None


def test_an_expired_or_closed_account_does_not_open(county: County):
    expired = hire("dispatcher", "李调度", password=PASSWORD)
    operations.set_expiry(person=expired, expires_on=TODAY.replace(year=2020), by=SYSTEM, now=NOW)
    closed = hire("handler", "王城管", password=PASSWORD)
    operations.close_account(person=closed, by=SYSTEM, now=NOW, reason="left")
    assert authenticate(username="dispatcher", password=PASSWORD) is None
    assert authenticate(username="handler", password=PASSWORD) is None


def test_the_time_of_the_last_sign_in_is_not_kept():
    assert "last_login" not in {field.name for field in Person._meta.get_fields()}


def test_closing_an_account_ends_roles_posts_and_keys_and_forgets_the_address(county: County):
    leaver = hire("head", "吴主任", email="head@example.org")
    give(county, leaver, Role.CENTRE_HEAD)
    operations.appoint_head(area=county.root, person=leaver, by=SYSTEM, now=NOW)
    token = operations.issue_token(
        person=leaver, name="t", expires=NOW + timedelta(days=9), by=SYSTEM, now=NOW
    )
    operations.close_account(person=leaver, by=SYSTEM, now=NOW, reason="retired")
    assert RoleGrant.objects.get(person=leaver).valid_to == TODAY
    assert queries.head_of(Chain(county=county.root), TODAY) == ()
    assert queries.person_for_token(token, NOW) is None
    assert queries.email_of(leaver, TODAY) == ""
    assert queries.names_of([leaver]) == {leaver: "吴主任"}


@pytest.mark.parametrize("username", ["", "a", "李调度", "two words", "-dash", "x" * 41])
def test_it_refuses_an_odd_user_name(county: County, username: str):
    with refused("username"):
        hire(username, "李调度")


def test_it_refuses_a_taken_user_name_a_weak_password_and_a_bad_address(county: County):
    hire("dispatcher", "李调度")
    with pytest.raises(Conflict):
        hire("DISPATCHER", "另一位")
    with refused("weak_password"):
        hire("handler", "王城管", password="12345")
    with refused("email"):
        hire("handler", "王城管", email="nowhere")
    with refused("name"):
        hire("handler", "  ")


def test_people_change_their_own_password_and_nobody_elses(county: County):
    me, other = hire("dispatcher", "李调度"), hire("handler", "王城管")
    operations.set_password(person=me, password=PASSWORD, by=person(me), now=NOW)
    assert authenticate(username="dispatcher", password=PASSWORD) is not None
    with pytest.raises(NotAllowed):
        operations.set_password(person=other, password=PASSWORD, by=person(me), now=NOW)


# Separated administrations.


def test_the_system_administrator_opens_accounts_and_gives_no_roles(county: County):
    admin = hire("sysadmin", "钱系统")
    give(county, admin, Role.SYSTEM_ADMIN)
    new = operations.create_person(username="new", display_name="新人", by=person(admin), now=NOW)
    with pytest.raises(NotAllowed):
        operations.grant_role(
            person=new,
            role=Role.DISPATCHER,
            organisation=county.organisations["centre.county"],
            area=county.root,
            by=person(admin),
            now=NOW,
        )


def test_the_security_administrator_gives_roles_to_others_only_and_opens_no_accounts(county: County):
    admin, other = hire("secadmin", "冯安全"), hire("dispatcher", "李调度")
    give(county, admin, Role.SECURITY_ADMIN)
    place = {
        "organisation": county.organisations["centre.county"],
        "area": county.root,
        "by": person(admin),
        "now": NOW,
    }
    operations.grant_role(person=other, role=Role.DISPATCHER, **place)
    with pytest.raises(NotAllowed, check=lambda error: error.code == "own_role"):
        operations.grant_role(person=admin, role=Role.SECURITY_ADMIN, **place)
    with pytest.raises(NotAllowed):
        operations.create_person(username="new", display_name="新人", by=person(admin), now=NOW)


def test_a_resident_and_staff_without_the_right_administer_nothing(county: County):
    worker = hire("gridworker", "陈网格")
    give(county, worker, Role.GRID_WORKER, "centre.330122001", GRID)
    for by in (RESIDENT, person(worker)):
        with pytest.raises(NotAllowed):
            operations.create_organisation(
                code="x", name="某局", kind=OrganisationKind.DEPARTMENT, by=by, now=NOW
            )


def test_it_refuses_two_administrations_in_one_person_with_the_reason(county: County):
    admin = hire("sysadmin", "钱系统")
    give(county, admin, Role.SYSTEM_ADMIN)
    with refused("two_administrations"):
        give(county, admin, Role.AUDIT_ADMIN)
    with refused("admin_and_operation"):
        give(county, admin, Role.DISPATCHER)


def test_a_role_that_starts_later_counts_already(county: County):
    admin = hire("auditadmin", "卫审计")
    operations.grant_role(
        person=admin,
        role=Role.AUDIT_ADMIN,
        organisation=county.organisations["centre.county"],
        area=county.root,
        valid_from=TODAY + timedelta(days=30),
        by=SYSTEM,
        now=NOW,
    )
    with refused("admin_and_operation"):
        give(county, admin, Role.DISPATCHER)


def test_after_one_administration_has_ended_another_may_follow(county: County):
    admin = hire("sysadmin", "钱系统")
    grant = give(county, admin, Role.SYSTEM_ADMIN)
    operations.end_grant(grant=grant, by=SYSTEM, now=NOW, reason="change of post")
    give(county, admin, Role.AUDIT_ADMIN)
    assert queries.scope_of(admin, TODAY).roles == {Role.AUDIT_ADMIN}
    assert RoleGrant.objects.filter(person=admin).count() == 2


def test_the_same_role_in_the_same_place_is_given_once(county: County):
    worker = hire("handler", "王城管")
    give(county, worker, Role.HANDLER, "fire")
    with pytest.raises(Conflict):
        give(county, worker, Role.HANDLER, "fire")
    give(county, worker, Role.HANDLER, "urban_management")


def test_what_does_not_exist_is_not_found(county: County):
    nowhere = uuid.UUID(int=1)
    somebody = hire("somebody", "某人")
    fire = county.organisations["fire"]
    wishes = (
        partial(
            operations.grant_role, person=nowhere, role=Role.HANDLER, organisation=fire, area=county.root
        ),
        partial(
            operations.grant_role, person=somebody, role=Role.HANDLER, organisation=nowhere, area=county.root
        ),
        partial(operations.grant_role, person=somebody, role=Role.HANDLER, organisation=fire, area=nowhere),
        partial(operations.create_team, organisation=nowhere, name="一队"),
        partial(operations.appoint_head, area=county.root, person=somebody, deputies=[nowhere]),
        partial(operations.end_grant, grant=nowhere),
        partial(operations.revoke_token, token=nowhere),
    )
    for wish in wishes:
        with pytest.raises(NotFound):
            wish(by=SYSTEM, now=NOW)


# Heads of areas.


@pytest.fixture
def posts(county: County) -> dict[str, object]:
    people = {name: hire(name, name) for name in ("head", "deputy", "second", "leader")}
    operations.appoint_head(
        area=county.root,
        person=people["head"],
        deputies=[people["deputy"], people["second"]],
        by=SYSTEM,
        now=NOW,
    )
    operations.appoint_head(
        area=county.areas[GRID], person=people["leader"], deputies=[people["deputy"]], by=SYSTEM, now=NOW
    )
    return people


def test_the_head_of_the_smallest_area_comes_first_then_deputies_then_upwards(
    county: County, posts, django_assert_max_num_queries
):
    queries.head_of(Chain(), TODAY)  # the territory is read into memory once
    with django_assert_max_num_queries(4):
        found = queries.head_of(county.chain(GRID), TODAY)
    assert found == (posts["leader"], posts["deputy"], posts["head"], posts["second"])


def test_an_area_without_a_head_and_an_unknown_place_go_to_the_county(county: County, posts):
    everybody = (posts["head"], posts["deputy"], posts["second"])
    assert queries.head_of(county.chain(OTHER_GRID), TODAY) == everybody
    assert queries.head_of(Chain(), TODAY) == everybody


def test_a_head_whose_account_expired_is_passed_over(county: County, posts):
    operations.set_expiry(person=posts["leader"], expires_on=TODAY, by=SYSTEM, now=NOW)
    assert queries.head_of(county.chain(GRID), TODAY)[0] == posts["deputy"]


def test_a_new_head_replaces_the_old_one_from_the_day_named(county: County, posts):
    tomorrow = TODAY + timedelta(days=1)
    operations.appoint_head(area=county.root, person=posts["second"], valid_from=tomorrow, by=SYSTEM, now=NOW)
    assert queries.head_of(Chain(), TODAY)[0] == posts["head"]
    assert queries.head_of(Chain(), tomorrow) == (posts["second"],)
    assert AreaHead.objects.filter(area=county.root).count() == 2


def test_nobody_deputises_for_themselves(county: County, posts):
    with refused("named_twice"):
        operations.appoint_head(
            area=county.root, person=posts["head"], deputies=[posts["head"]], by=SYSTEM, now=NOW
        )


# Keys.


def test_a_key_opens_until_it_expires_and_only_its_digest_is_kept(county: County):
    owner = hire("dispatcher", "李调度")
    token = operations.issue_token(
        person=owner, name="script", expires=NOW + timedelta(days=1), by=person(owner), now=NOW
    )
    assert queries.person_for_token(token, NOW) == owner
    assert queries.person_for_token(token, NOW + timedelta(days=1)) is None
    assert queries.person_for_token(token[:-1] + "x", NOW) is None
    assert queries.person_for_token("钥匙\ud800", NOW) is None
    row = Person.objects.get(id=owner).tokens.get()
    assert token.encode() not in bytes(row.digest)


def test_using_a_key_notes_the_day_and_writes_once_a_day(county: County, django_assert_num_queries):
    owner = hire("dispatcher", "李调度")
    token = operations.issue_token(
        person=owner, name="script", expires=NOW + timedelta(days=9), by=SYSTEM, now=NOW
    )
    assert operations.use_token(token=token, now=NOW) == TokenUse(owner, frozenset({TokenScope.CASE_READ}))
    assert Person.objects.get(id=owner).tokens.get().last_used_on == TODAY
    with django_assert_num_queries(1):
        operations.use_token(token=token, now=NOW + timedelta(hours=1))
    assert operations.use_token(token="nonsense", now=NOW) is None


def test_a_revoked_key_and_a_key_of_an_expired_account_open_nothing(county: County):
    owner = hire("dispatcher", "李调度")
    first, second = (
        operations.issue_token(person=owner, name=name, expires=NOW + timedelta(days=9), by=SYSTEM, now=NOW)
        for name in ("one", "two")
    )
    revoked = Person.objects.get(id=owner).tokens.get(name="one")
    operations.revoke_token(token=revoked.id, by=person(owner), now=NOW)
    assert queries.person_for_token(first, NOW) is None
    assert queries.person_for_token(second, NOW) == owner
    operations.set_expiry(person=owner, expires_on=TODAY, by=SYSTEM, now=NOW)
    assert queries.person_for_token(second, NOW) is None


def test_nobody_makes_a_key_for_somebody_else_or_for_ever(county: County):
    me, other = hire("dispatcher", "李调度"), hire("handler", "王城管")
    with pytest.raises(NotAllowed):
        operations.issue_token(
            person=other, name="k", expires=NOW + timedelta(days=1), by=person(me), now=NOW
        )
    with refused("expiry"):
        operations.issue_token(person=me, name="k", expires=NOW + timedelta(days=400), by=person(me), now=NOW)
