"""Passwords: the rules, the given ones, and the ones that are to be changed now and then."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from gongzhi.accounts import operations
from gongzhi.accounts.models import Person
from gongzhi.base.actor import SYSTEM
from tests.desk.ways_in import PASSWORD, give_password, id_of, is_in, sign_in

GIVEN = "given-by-the-office"


@pytest.fixture
def signed_in(demo_cell: None) -> Client:
    give_password("dispatcher")
    client = Client()
    sign_in(client, "dispatcher")
    return client


def choose(client: Client, new: str, old: str = PASSWORD, again: str = "") -> tuple[int, str]:
    answer = client.post("/account/password/", {"old": old, "new": new, "again": again or new})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("weak", ["short", "1234567890123", "password123", "dispatcher1", PASSWORD])
def test_weak_and_old_passwords_are_refused_with_a_sentence(signed_in: Client, weak: str):
    status, page = choose(signed_in, weak)
    assert status == 422
    assert 'class="error"' in page
    assert Person.objects.get(username="dispatcher").check_password(PASSWORD)


def test_the_password_of_now_and_two_equal_new_ones_are_asked_for(signed_in: Client):
    assert choose(signed_in, "eleven-grey-herons", old="wrong")[0] == 422
    assert choose(signed_in, "eleven-grey-herons", again="eleven-grey-heron")[0] == 422
    assert choose(signed_in, "eleven-grey-herons")[0] == 302


def test_a_given_password_is_changed_before_anything_else_opens(demo_cell: None):
    person = Person.objects.get(username="dispatcher")
    operations.set_password(person=person.uuid, password=GIVEN, by=SYSTEM, now=timezone.now())
    client = Client()
    sign_in(client, "dispatcher", GIVEN)
    assert client.get("/desk/")["Location"] == "/account/password/"
    assert client.post("/desk/intake/", {})["Location"] == "/account/password/"
    fragment = client.get("/desk/queue/", headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"] == "/account/password/"
    assert choose(client, "eleven-grey-herons", old=GIVEN)[0] == 302
    assert client.get("/desk/").status_code == 200


def test_passwords_grow_old_only_where_the_cell_says_so(demo_cell: None, settings):
    give_password("dispatcher")
    long_ago = timezone.localdate() - timedelta(days=180)
    Person.objects.filter(username="dispatcher").update(password_set_on=long_ago)
    client = Client()
    sign_in(client, "dispatcher")
    assert is_in(client)
    settings.GONGZHI_PASSWORD_DAYS = 180
    sign_in(client, "dispatcher")
    assert client.get("/desk/")["Location"] == "/account/password/"


def test_guessing_the_password_from_an_open_session_is_slowed_too(signed_in: Client):
    answers = [signed_in.post("/account/confirm/", {"proof": "wrong"}).status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 429, 429]


def test_what_changes_the_ways_in_asks_again_after_ten_minutes(signed_in: Client):
    assert signed_in.get("/account/second-factor/phone/").status_code == 200
    session = signed_in.session
    session["confirmed_at"] -= 601
    session.save()
    for address in ("/account/second-factor/phone/", "/account/second-factor/passkey/", "/account/keys/"):
        assert signed_in.get(address)["Location"] == f"/account/confirm/?next={quote(address, safe='')}"
    assert signed_in.post("/account/keys/", {})["Location"].startswith("/account/confirm/")
    sent = {"proof": PASSWORD, "next": "/account/keys/"}
    assert signed_in.post("/account/confirm/", sent)["Location"] == "/account/keys/"
    assert signed_in.get("/account/keys/").status_code == 200


def test_one_asks_for_a_key_sees_it_once_and_revokes_it(signed_in: Client):
    page = signed_in.post("/account/keys/", {"name": "统计", "scopes": ["case:read"], "days": "30"})
    key = page.context["key"]
    assert key in page.content.decode()
    account = signed_in.get("/account/").content.decode()
    assert "统计" in account
    assert key not in account
    token = Person.objects.get(id=id_of("dispatcher")).tokens.get()
    bearer = {"Authorization": f"Bearer {key}"}
    assert signed_in.get("/api/v1/queue", headers=bearer).status_code == 200
    signed_in.post(f"/account/keys/{token.id}/revoke/")
    assert signed_in.get("/api/v1/queue", headers=bearer).status_code == 401
