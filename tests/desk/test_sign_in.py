"""Signing in leads to the face that fits, and says clearly when it fails."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

PASSWORD = "a-long-enough-one"


@pytest.fixture
def password(demo_cell: None) -> str:
    for person in get_user_model().objects.all():
        person.set_password(PASSWORD)
        person.save()
    return PASSWORD


@pytest.mark.parametrize(
    ("username", "door"),
    [
        ("dispatcher", "/desk/"),
        ("handler", "/desk/"),
        ("verifier", "/desk/"),
        ("head", "/desk/"),
        ("gridworker", "/field/"),
        ("sysadmin", "/administration/"),
    ],
)
def test_everybody_arrives_at_their_own_door(password: str, username: str, door: str):
    answer = Client().post("/sign-in/", {"username": username, "password": password})
    assert answer.status_code == 302
    assert answer["Location"] == door


def test_a_wrong_password_is_told_in_one_sentence(demo_cell: None):
    answer = Client().post("/sign-in/", {"username": "dispatcher", "password": "wrong-password"})
    assert answer.status_code == 422
    assert "用户名和密码对不上" in answer.content.decode()


def test_it_goes_on_to_the_page_that_was_asked_for(password: str):
    answer = Client().post("/sign-in/?next=/desk/inbox/", {"username": "dispatcher", "password": password})
    assert answer["Location"] == "/desk/inbox/"


def test_it_never_leads_to_another_site(password: str):
    sent = {"username": "dispatcher", "password": password, "next": "https://elsewhere.example/"}
    assert Client().post("/sign-in/", sent)["Location"] == "/desk/"


def test_a_stranger_is_asked_to_sign_in_first(demo_cell: None):
    answer = Client().get("/desk/inbox/")
    assert answer["Location"] == "/sign-in/?next=/desk/inbox/"


def test_signing_out_needs_a_button_and_ends_the_session(dispatcher):
    assert dispatcher.client.get("/sign-out/").status_code == 405
    assert dispatcher.client.post("/sign-out/")["Clear-Site-Data"] == '"cache"'
    assert dispatcher.open("/desk/").status_code == 302


def test_a_grid_worker_is_shown_to_the_phone_and_an_administrator_sees_no_case(staff):
    assert staff("gridworker").open("/desk/")["Location"] == "/field/"
    assert staff("auditadmin").open("/desk/")["Location"] == "/administration/"


def test_nothing_of_the_desk_is_kept_by_a_browser(dispatcher):
    assert dispatcher.open("/desk/")["Cache-Control"] == "private, no-store"
