"""The security administrator gives and ends roles, posts and keys; never for themselves."""

from datetime import timedelta

import pytest

from gongzhi.accounts import directory, operations
from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.base.errors import NotAllowed, Refused
from gongzhi.territory import queries as territory
from tests.administration.conftest import noted, now, person, today

PEOPLE = "/administration/people/"


def grant(security, who, **more: str):
    fields = {
        "role": "verifier",
        "organisation": str(accounts.organisation_by_code("centre.county").id),
        "area": territory.root().name,
        **more,
    }
    return security.send(f"{PEOPLE}{who}/grants/", **fields)


def roles(who) -> set[Role]:
    return set(accounts.scope_of(who, today()).roles)


def test_a_role_is_given_for_an_organisation_and_an_area(security):
    who = person("handler")
    grant(security, who)
    assert Role.VERIFIER in roles(who)
    [row] = [row for row in noted("role_granted") if row.actor == str(security.actor)]
    assert (row.subject, row.data["role"]) == (f"person:{who}", "verifier")


def test_an_area_nobody_knows_is_said_beside_its_field(security):
    answer = grant(security, person("handler"), area="乌有乡")
    assert answer.status_code == 422 and "没有或不止一个区域叫“乌有乡”" in answer.content.decode()


def test_a_role_ends_with_a_reason(security):
    who = person("verifier")
    [line] = directory.grants_of(who, on=today())
    assert security.send(f"{PEOPLE}{who}/grants/{line.id}/end/", reason=" ").status_code == 422
    security.send(f"{PEOPLE}{who}/grants/{line.id}/end/", reason="轮岗")
    assert roles(who) == set()
    assert noted("role_ended")[0].purpose == "轮岗"
    assert "轮岗" in security.see(f"{PEOPLE}{who}/")


def test_nobody_gives_a_role_or_a_post_to_themselves(security):
    assert "不能给自己" in security.see(f"{PEOPLE}{security.id}/")
    assert grant(security, security.id).status_code == 422
    answer = security.send(
        "/administration/posts/new/", area=territory.root().name, person="secadmin", deputies=""
    )
    assert answer.status_code == 422 and "不能任命自己" in answer.content.decode()
    assert roles(security.id) == {Role.SECURITY_ADMIN}


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin", "dispatcher"])
def test_one_administrator_is_never_given_another_role(security, role):
    who = person("sysadmin")
    answer = grant(security, who, role=role)
    assert roles(who) == {Role.SYSTEM_ADMIN}
    assert answer.status_code == (422 if role != "system_admin" else answer.status_code)


def test_the_head_of_an_area_is_appointed_with_deputies_and_ended(security):
    security.send("/administration/posts/new/", area=territory.root().name, person="deputy", deputies="head")
    post = next(post for post in directory.posts(on=today()))
    assert (post.head, post.deputies) == ("郑副主任", ("吴主任",))
    assert "郑副主任" in security.see("/administration/posts/")
    security.send(f"/administration/posts/{post.area}/end/", reason="调离")
    assert post.area not in [one.area for one in directory.posts(on=today())]
    assert noted("head_ended")[0].purpose == "调离"


def test_a_key_is_listed_and_revoked(security):
    who = person("handler")
    token = operations.issue_token(
        person=who, name="报表程序", expires=now() + timedelta(days=30), by=security.actor, now=now()
    )
    page = security.see(f"{PEOPLE}{who}/")
    assert "报表程序" in page and token not in page
    [line] = directory.tokens_of(who, now=now())
    security.send(f"{PEOPLE}{who}/keys/{line.id}/revoke/")
    assert accounts.person_for_token(token, now()) is None
    assert noted("token_revoked")[0].subject == f"person:{who}"


# What each of the three may not do, asked of the operations themselves.


def _grant_by(somebody):
    operations.grant_role(
        person=person("handler"),
        role=Role.VERIFIER,
        organisation=accounts.organisation_by_code("fire").id,
        area=territory.root().id,
        by=somebody.actor,
        now=now(),
    )


def _open_by(somebody):
    operations.create_person(username="new.one", display_name="新甲", by=somebody.actor, now=now())


@pytest.mark.parametrize("who", ["sysadmin", "auditadmin", "head", "handler"])
def test_only_the_security_administrator_gives_roles(staff, who):
    with pytest.raises(NotAllowed):
        _grant_by(staff(who))


@pytest.mark.parametrize("who", ["secadmin", "auditadmin", "head", "handler"])
def test_only_the_system_administrator_opens_accounts(staff, who):
    with pytest.raises(NotAllowed):
        _open_by(staff(who))


def test_the_two_who_may_are_not_refused(staff):
    _grant_by(staff("secadmin"))
    _open_by(staff("sysadmin"))
    with pytest.raises(Refused):
        _open_by(staff("sysadmin"))  # the second of the same name
