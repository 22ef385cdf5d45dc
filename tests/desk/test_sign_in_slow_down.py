"""Wrong passwords: counted, slowed, audited, and the same for names nobody has."""

import pytest
from django.test import Client

from gongzhi.accounts.models import SignInTry
from gongzhi.trust.models import AuditRow
from tests.desk.ways_in import PASSWORD, audited, give_password, id_of, is_in, sign_in

WRONG = "not-the-password"


@pytest.fixture(autouse=True)
def _known_passwords(demo_cell: None) -> None:
    for username in ("dispatcher", "handler"):
        give_password(username)


def guess(client: Client, username: str, times: int) -> list[int]:
    return [sign_in(client, username, WRONG).status_code for _ in range(times)]


@pytest.mark.parametrize("username", ["dispatcher", "nobody-at-all"])
def test_the_fifth_wrong_try_says_how_long_to_wait_known_name_or_not(username: str):
    client = Client()
    assert guess(client, username, 4) == [422] * 4
    answer = sign_in(client, username, WRONG)
    assert answer.status_code == 429
    assert "请等 30 秒再试" in answer.content.decode()


def test_while_the_door_is_shut_the_right_password_waits_too():
    guess(Client(), "dispatcher", 5)
    assert sign_in(Client(), "dispatcher").status_code == 429
    SignInTry.objects.update(closed_until=None)
    assert sign_in(Client(), "dispatcher").status_code == 302


def test_strangers_do_not_shut_the_owner_out_of_a_browser_known_from_before():
    own = Client()
    sign_in(own, "dispatcher")
    own.post("/sign-out/")
    guess(Client(), "dispatcher", 6)
    assert sign_in(Client(), "dispatcher").status_code == 429
    assert sign_in(own, "dispatcher").status_code == 302


def test_a_browser_known_for_one_person_is_not_known_for_another():
    own = Client()
    sign_in(own, "dispatcher")
    own.post("/sign-out/")
    guess(Client(), "handler", 5)
    assert sign_in(own, "handler").status_code == 429


def test_one_address_can_not_try_name_after_name():
    answers = [sign_in(Client(), f"name{n}", WRONG).status_code for n in range(51)]
    assert answers[:49] == [422] * 49
    assert answers[-1] == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")
    assert sign_in(elsewhere, "dispatcher").status_code == 302


def test_a_failed_try_is_audited_by_person_and_never_by_what_was_typed():
    sign_in(Client(), "dispatcher", WRONG)
    sign_in(Client(), "somebody-else-typed-this", WRONG)
    known, unknown = audited("sign_in_failed")
    assert known.subject == f"person:{id_of('dispatcher')}"
    assert not known.succeeded
    assert unknown.subject == ""
    assert "typed" not in str(list(AuditRow.objects.values_list("data", "actor", "purpose")))


def test_shutting_the_door_is_audited_and_hammering_at_it_is_not():
    guess(Client(), "dispatcher", 20)
    assert len(audited("sign_in_failed")) == 5
    [locked] = audited("locked_out")
    assert locked.data["seconds"] == 30


def test_signing_in_and_out_is_audited():
    client = Client()
    sign_in(client, "dispatcher")
    client.post("/sign-out/")
    assert [row.actor for row in audited("signed_in")] == [f"person:{id_of('dispatcher')}"]
    assert [row.actor for row in audited("signed_out")] == [f"person:{id_of('dispatcher')}"]
    assert PASSWORD not in str(list(AuditRow.objects.values()))


@pytest.mark.parametrize("name", ["DISPATCHER", " dispatcher ", "ｄｉｓｐａｔｃｈｅｒ"])
def test_a_name_may_be_typed_wide_or_in_capitals_and_counts_as_one(name: str):
    guess(Client(), name, 5)
    assert sign_in(Client(), "dispatcher").status_code == 429


def test_the_session_key_changes_at_sign_in():
    client = Client()
    client.session.save()
    planted = client.session.session_key
    client.cookies["sessionid"] = planted
    sign_in(client, "dispatcher")
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not is_in(thief)


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:1"]
)
def test_no_way_of_writing_it_leads_to_another_site(elsewhere: str):
    assert sign_in(Client(), "dispatcher", next=elsewhere)["Location"] == "/desk/"
