"""A way in that was lost or left open: taken away by the right administrator, with a reason, and on record."""

import pytest
from django.test import Client

from gongzhi.accounts import second_factor, sessions
from tests.administration.conftest import noted, now, person
from tests.desk.ways_in import PASSWORD, give_password, is_in, set_up_phone, sign_in

PEOPLE = "/administration/people/"


@pytest.fixture
def head_in(demo_cell: None) -> Client:
    """The head of the centre, signed in, with a phone set up."""
    give_password("head")
    client = Client()
    sign_in(client, "head")
    set_up_phone(client)
    return client


def test_a_lost_second_factor_is_taken_away_by_the_security_administrator(head_in, security):
    head = person("head")
    answer = security.send(f"{PEOPLE}{head}/factor/reset/", reason="手机丢了，已当面核实")
    assert answer.status_code == 302
    assert not second_factor.has_any(head)
    assert not is_in(head_in)
    row = noted("factor_removed")[0]
    assert (row.subject, row.purpose, row.actor) == (
        f"person:{head}",
        "手机丢了，已当面核实",
        str(security.actor),
    )


def test_a_second_factor_is_not_taken_away_without_a_reason(head_in, security):
    assert security.send(f"{PEOPLE}{person('head')}/factor/reset/", reason=" ").status_code == 422
    assert second_factor.has_any(person("head"))
    assert is_in(head_in)


def test_where_there_is_no_second_factor_the_page_says_so(security):
    answer = security.send(f"{PEOPLE}{person('handler')}/factor/reset/", reason="手机丢了")
    assert answer.status_code == 422
    assert "此人没有设第二步验证" in answer.content.decode()


def test_nobody_resets_their_own_second_factor(security):
    answer = security.send(f"{PEOPLE}{security.id}/factor/reset/", reason="手机丢了")
    assert "不能重置自己的第二步验证" in answer.content.decode()
    assert "factor/reset" not in security.see(f"{PEOPLE}{security.id}/")


def test_no_administrator_alone_gives_a_password_and_takes_the_second_factor(head_in, system, security):
    head = person("head")
    assert system.send(f"{PEOPLE}{head}/factor/reset/", reason="我要进去").status_code == 404
    assert security.send(f"{PEOPLE}{head}/password/").status_code == 404
    assert second_factor.has_any(head)


def test_a_person_is_signed_out_everywhere_with_a_reason(head_in, system):
    head = person("head")
    assert system.send(f"{PEOPLE}{head}/sessions/end/", reason="").status_code == 422
    assert is_in(head_in)
    system.send(f"{PEOPLE}{head}/sessions/end/", reason="平板忘在镇里")
    assert not is_in(head_in)
    assert sessions.sessions_of(head, now()) == []
    row = noted("session_ended")[0]
    assert (row.subject, row.purpose, row.data["why"]) == (f"person:{head}", "平板忘在镇里", "administrator")


def test_the_password_stays_when_sessions_are_ended(head_in, system):
    system.send(f"{PEOPLE}{person('head')}/sessions/end/", reason="平板忘在镇里")
    assert sign_in(Client(), "head", PASSWORD)["Location"].startswith("/sign-in/second/")
