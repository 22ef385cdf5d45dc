"""The system administrator opens and closes accounts and keeps the organisations."""

import re

import pytest
from django.contrib.auth import authenticate
from django.core.files.uploadedfile import SimpleUploadedFile

from gongzhi.accounts import directory
from gongzhi.accounts import queries as accounts
from tests.administration.conftest import noted, person, today

PEOPLE = "/administration/people/"


def shown_password(page: str) -> str:
    found = re.search(r'class="one-time[^>]*>([^<]+)<', page)
    assert found is not None
    return found.group(1)


def test_an_account_is_opened_with_a_password_shown_once(system):
    answer = system.send(f"{PEOPLE}new/", username="lin.wang", display_name="林望")
    password = shown_password(answer.content.decode())
    assert authenticate(username="lin.wang", password=password) is not None
    opened = person("lin.wang")
    assert password not in system.see(f"{PEOPLE}{opened}/")
    assert next((row.subject, row.actor) for row in noted("account_opened")) == (
        f"person:{opened}",
        str(system.actor),
    )
    assert "no-store" in answer["Cache-Control"]


def test_a_taken_user_name_is_said_beside_its_field(system):
    answer = system.send(f"{PEOPLE}new/", username="dispatcher", display_name="李二")
    assert answer.status_code == 422
    assert "用户名 dispatcher 已经有人用了" in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


def test_people_are_found_by_name_user_name_and_organisation(system):
    assert "陈网格" in system.see(PEOPLE, q="陈")
    assert "陈网格" in system.see(PEOPLE, q="GRIDWORKER")
    assert "陈网格" not in system.see(PEOPLE, q="李")
    fire = accounts.organisation_by_code("fire")
    page = system.see(PEOPLE, organisation=fire.id)
    assert "赵消防" in page and "王城管" not in page
    assert "没有符合的人" in system.see(PEOPLE, q="谁也不是")


def test_the_list_costs_the_same_for_one_as_for_many(system, django_assert_max_num_queries):
    system.see(PEOPLE)
    for text in ("陈网格", ""):
        with django_assert_max_num_queries(12):
            system.see(PEOPLE, q=text)


def test_the_list_is_paged(demo_cell):
    from django.utils import timezone

    first = directory.people(directory.Find(), page=1, on=timezone.localdate(), size=5)
    second = directory.people(directory.Find(), page=2, on=timezone.localdate(), size=5)
    assert first.total == second.total > 10
    assert len(first.people) == 5
    assert not {one.id for one in first.people} & {one.id for one in second.people}


def test_a_new_password_ends_the_old_one(system):
    worker = person("gridworker")
    password = shown_password(system.send(f"{PEOPLE}{worker}/password/").content.decode())
    assert authenticate(username="gridworker", password=password) is not None
    assert noted("password_changed")[0].subject == f"person:{worker}"


def test_the_password_of_another_administrator_is_not_the_system_administrators_to_set(system):
    answer = system.send(f"{PEOPLE}{person('auditadmin')}/password/")
    assert answer.status_code == 403
    assert "gongzhi people password auditadmin" in answer.content.decode()


def test_an_account_ends_by_itself_on_its_date(system):
    worker = person("gridworker")
    system.send(f"{PEOPLE}{worker}/expiry/", expires_on="2020-01-01")
    assert "已到期" in system.see(f"{PEOPLE}{worker}/")
    assert "陈网格" in system.see(PEOPLE, state="ended")
    assert noted("account_changed")[0].data == {"expires_on": "2020-01-01"}


def test_an_account_is_closed_with_a_reason(system):
    worker = person("gridworker")
    assert system.send(f"{PEOPLE}{worker}/close/", reason="").status_code == 422
    system.send(f"{PEOPLE}{worker}/close/", reason="调离")
    assert accounts.scope_of(worker, today()).grants == ()
    assert noted("account_closed")[0].purpose == "调离"


def test_nobody_closes_their_own_account(system):
    answer = system.send(f"{PEOPLE}{system.id}/close/", reason="手滑")
    assert answer.status_code == 422
    assert "不能停用自己的账号" in answer.content.decode()


def upload(system, text: str | bytes, **fields: str):
    data = text if isinstance(text, bytes) else text.encode()
    return system.send(f"{PEOPLE}import/", file=SimpleUploadedFile("people.csv", data), **fields)


GOOD = "登录名,姓名,邮箱,有效期至\nnew.one,新甲,,2030-12-31\nnew.two,新乙,,\n"


def test_a_list_on_trial_opens_nothing(system):
    page = upload(system, GOOD, trial="yes").content.decode()
    assert "可以开 2 个账号" in page
    assert accounts.person_by_username("new.one") is None


def test_a_list_opens_accounts_without_a_password(system):
    upload(system, GOOD)
    line = directory.person(person("new.one"), on=today())
    assert (line.display_name, line.has_password, str(line.expires_on)) == ("新甲", False, "2030-12-31")
    assert len([row for row in noted("account_opened") if row.data == {"from": "list"}]) == 2
    assert "还没设密码" in system.see(PEOPLE, q="新甲")


def test_a_list_saved_by_a_chinese_spreadsheet_is_read(system):
    assert "可以开 2 个账号" in upload(system, GOOD.encode("gb18030"), trial="yes").content.decode()


def test_every_wrong_line_is_named_with_its_reason_and_nothing_is_opened(system):
    bad = GOOD + "new.one,重名,,\ndispatcher,占用,,\nx,短,,\nnew.five,日期,,31.12.2030\nnew.six,邮箱,无效,\n"
    answer = upload(system, bad)
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in (
        "第 4 行：用户名 new.one 在第 2 行已经有了",
        "第 5 行：用户名 dispatcher 已经有人用了",
        "第 6 行：",
        "第 7 行：日期写成",
        "第 8 行：",
    ):
        assert said in page
    assert accounts.person_by_username("new.two") is None


def test_what_is_no_list_is_refused(system):
    assert "第一行要有" in upload(system, "a,b\n1,2\n").content.decode()
    assert "第 2 行" in upload(system, "登录名,姓名\nonly.one\n").content.decode()
    assert "不是文本文件" in upload(system, b"PK\x03\x04\xff\x00\x00").content.decode()


def test_an_organisation_gets_a_team_and_both_end(system):
    system.send(
        "/administration/organisations/new/",
        name="县林业局",
        code="forestry",
        kind="department",
        area="",
        dispatchable="on",
    )
    forestry = accounts.organisation_by_code("forestry")
    system.send(f"/administration/organisations/{forestry.id}/teams/", name="护林队")
    [team] = accounts.teams_of(forestry.id)
    assert "护林队" in system.see("/administration/organisations/")
    system.send(f"/administration/organisations/teams/{team.id}/end/")
    assert accounts.teams_of(forestry.id) == []
    system.send(f"/administration/organisations/{forestry.id}/end/")
    assert forestry.id not in [one.id for one in accounts.organisations()]
    assert [row.data["act"] for row in noted("organisation_changed") if row.actor == str(system.actor)] == [
        "ended",
        "team_ended",
        "team_added",
        "added",
    ]


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize(
    ("page", "queries"), [("/administration/organisations/", 9), ("/administration/posts/", 10)]
)
def test_a_list_costs_the_same_for_one_organisation_more_as_for_three(
    system, staff, many, page, queries, django_assert_num_queries
):
    for number in range(many):
        system.send(
            "/administration/organisations/new/",
            name=f"新机构{number}",
            code=f"more{number}",
            kind="department",
        )
    assert accounts.organisation_by_code(f"more{many - 1}")
    reader = staff("secadmin") if "posts" in page else system
    reader.see(page)
    with django_assert_num_queries(queries):
        reader.see(page)
