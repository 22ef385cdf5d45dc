"""The second step: a phone with a computed code, recovery codes, who must have it, and what is refused."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from gongzhi.accounts.models import SignInTry
from gongzhi.accounts.types import ADMIN_ROLES, SECOND_FACTOR_ROLES, Role
from tests.desk.ways_in import audited, give_password, id_of, is_in, phone_code, set_up_phone, sign_in

SECOND = "/sign-in/second/"


@pytest.fixture
def phone(demo_cell: None) -> str:
    """The head of the centre has set up a phone; this is the secret on it."""
    give_password("head")
    client = Client()
    sign_in(client, "head")
    return set_up_phone(client)


def half_in() -> Client:
    """A browser in which the password was right."""
    client = Client()
    assert sign_in(client, "head")["Location"] == SECOND
    return client


def test_a_password_alone_opens_nothing_once_there_is_a_phone(phone: str):
    client = half_in()
    assert not is_in(client)
    answer = client.post(SECOND, {"code": phone_code(phone, 1)})
    assert answer["Location"] == "/desk/"
    assert is_in(client)
    assert audited("signed_in")[-1].data["way"] == "code"


def test_the_session_key_changes_at_the_second_step_too(phone: str):
    client = half_in()
    before = client.session.session_key
    client.post(SECOND, {"code": phone_code(phone, 1)})
    assert client.session.session_key != before


def test_it_goes_on_to_the_page_asked_for_and_never_to_another_site(phone: str):
    client = Client()
    assert sign_in(client, "head", next="/desk/inbox/")["Location"] == f"{SECOND}?next=%2Fdesk%2Finbox%2F"
    sent = {"code": phone_code(phone, 1), "next": "https://elsewhere.example/"}
    assert client.post(f"{SECOND}?next=/desk/inbox/", sent)["Location"] == "/desk/"


def test_a_code_works_once_even_while_its_time_has_not_run_out(phone: str):
    code = phone_code(phone, 1)
    assert half_in().post(SECOND, {"code": code}).status_code == 302
    again = half_in()
    assert again.post(SECOND, {"code": code}).status_code == 422
    assert not is_in(again)


def test_the_code_that_set_the_phone_up_can_not_be_used_again(phone: str):
    assert half_in().post(SECOND, {"code": phone_code(phone)}).status_code == 422


@pytest.mark.parametrize("far", [-40, 40])
def test_codes_of_other_times_do_not_fit(phone: str, far: int):
    assert half_in().post(SECOND, {"code": phone_code(phone, far)}).status_code == 422


def test_guessing_codes_is_slowed_over_all_browsers_and_audited(phone: str):
    answers = [half_in().post(SECOND, {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [422] * 4 + [429, 429]
    assert half_in().post(SECOND, {"code": phone_code(phone, 1)}).status_code == 429
    assert [row.data["way"] for row in audited("sign_in_failed")] == ["code"] * 5


def test_the_second_step_without_the_first_leads_back(phone: str):
    assert Client().get(SECOND)["Location"] == "/sign-in/"
    client = half_in()
    session = client.session
    session["half_signed_in"] = {**session["half_signed_in"], "at": 0}
    session.save()
    assert client.post(SECOND, {"code": phone_code(phone, 1)})["Location"] == "/sign-in/"


def test_recovery_codes_are_shown_once_work_once_and_end_with_a_new_set(phone: str):
    client = half_in()
    client.post(SECOND, {"code": phone_code(phone, 1)})
    codes = client.post("/account/second-factor/codes/").context["codes"]
    assert len(set(codes)) == 10
    assert codes[0] not in client.get("/account/second-factor/codes/").content.decode()
    assert half_in().post(SECOND, {"code": codes[0]}).status_code == 302
    assert half_in().post(SECOND, {"code": codes[0]}).status_code == 422
    client.post("/account/second-factor/codes/")
    assert half_in().post(SECOND, {"code": codes[1]}).status_code == 422


def test_no_secret_lies_open_in_the_table_and_no_use_is_timed(phone: str):
    half_in().post(SECOND, {"code": phone_code(phone, 1)})
    [row] = Authenticator.objects.all()
    assert phone.replace(" ", "") not in str(row.data)
    assert row.last_used_at is None


def test_setting_up_needs_the_right_code_and_is_audited(demo_cell: None):
    give_password("handler")
    client = Client()
    sign_in(client, "handler")
    client.get("/account/second-factor/phone/")
    assert client.post("/account/second-factor/phone/", {"code": "000000"}).status_code == 422
    assert not Authenticator.objects.exists()
    set_up_phone(client)
    assert [row.subject for row in audited("factor_added")] == [f"person:{id_of('handler')}"]


def test_a_phone_is_removed_by_its_owner_only(phone: str):
    row = Authenticator.objects.get()
    give_password("handler")
    stranger = Client()
    sign_in(stranger, "handler")
    assert stranger.post(f"/account/second-factor/{row.pk}/remove/").status_code == 404
    owner = half_in()
    owner.post(SECOND, {"code": phone_code(phone, 1)})
    owner.post(f"/account/second-factor/{row.pk}/remove/")
    assert not Authenticator.objects.exists()
    assert len(audited("factor_removed")) == 1


# Who must have one.


def test_administrators_and_heads_of_centres_need_one():
    assert ADMIN_ROLES | {Role.CENTRE_HEAD} <= SECOND_FACTOR_ROLES


@pytest.mark.parametrize("username", ["head", "sysadmin", "secadmin", "auditadmin"])
def test_where_it_is_required_nothing_opens_until_it_is_set_up(demo_cell: None, settings, username: str):
    settings.GONGZHI_SECOND_FACTOR = "required"
    give_password(username)
    client = Client()
    sign_in(client, username)
    for address in ("/desk/", "/desk/admin-home/", "/account/", "/account/keys/", "/field/"):
        assert client.get(address)["Location"] == "/account/second-factor/"
    assert "设好就能继续" in client.get("/account/second-factor/").content.decode()
    set_up_phone(client)
    assert is_in(client)


def test_where_it_is_required_the_last_one_stays(phone: str, settings):
    settings.GONGZHI_SECOND_FACTOR = "required"
    client = half_in()
    client.post(SECOND, {"code": phone_code(phone, 1)})
    answer = client.post(f"/account/second-factor/{Authenticator.objects.get().pk}/remove/")
    assert answer.status_code == 422
    assert Authenticator.objects.exists()


def test_other_roles_are_not_asked(demo_cell: None, settings):
    settings.GONGZHI_SECOND_FACTOR = "required"
    give_password("dispatcher")
    client = Client()
    assert sign_in(client, "dispatcher")["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_in_a_demo_it_is_advised_and_everything_opens(demo_cell: None):
    give_password("head")
    client = Client()
    sign_in(client, "head")
    page = client.get("/desk/")
    assert page.status_code == 200
    assert "正式使用时，您的角色必须有第二步验证" in page.content.decode()


def test_a_right_password_of_a_locked_second_step_says_no_more(phone: str):
    for _ in range(5):
        half_in().post(SECOND, {"code": "000000"})
    SignInTry.objects.update(closed_until=None)
    assert half_in().post(SECOND, {"code": phone_code(phone, 1)}).status_code == 302
