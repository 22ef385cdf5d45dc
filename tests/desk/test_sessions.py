"""Sessions are listed, end when told, when they rest too long, and when they are too old."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gongzhi.accounts import operations
from gongzhi.accounts.models import OpenSession, Person, RoleGrant
from gongzhi.accounts.session_store import SessionStore
from gongzhi.base.actor import SYSTEM
from tests.desk.ways_in import PASSWORD, audited, give_password, id_of, is_in, sign_in

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/139.0.0.0 Safari/537.36"


@pytest.fixture
def two_browsers(demo_cell: None) -> tuple[Client, Client]:
    give_password("dispatcher")
    first, second = Client(HTTP_USER_AGENT=CHROME), Client()
    sign_in(first, "dispatcher")
    sign_in(second, "dispatcher")
    return first, second


def rest(client: Client, **how_long: float) -> None:
    """Let a session lie as if this time had passed since its last request."""
    session = client.session
    session["seen"] = int((timezone.now() - timedelta(**how_long)).timestamp())
    session.save()


def test_a_session_shows_a_rough_device_and_no_address(two_browsers):
    page = two_browsers[1].get("/account/").content.decode()
    assert "Windows · Chrome" in page
    assert "127.0.0.1" not in page
    assert "Mozilla" not in str(list(OpenSession.objects.values()))


def test_the_hour_is_all_that_is_kept_of_its_use(two_browsers):
    OpenSession.objects.update(used_at=timezone.now() - timedelta(hours=5))
    assert is_in(two_browsers[0])
    used = sorted(OpenSession.objects.values_list("used_at", flat=True))[-1]
    assert (used.minute, used.second, used.microsecond) == (0, 0, 0)


def test_an_ended_session_opens_nothing_from_the_next_request_on(two_browsers):
    first, second = two_browsers
    other = OpenSession.objects.get(device="Windows · Chrome")
    first.get("/desk/")
    second.post(f"/account/sessions/{other.id}/end/")
    answer = first.get("/desk/")
    assert answer["Location"] == "/sign-in/?next=/desk/"
    assert "这次登录已经被结束" in first.get("/sign-in/").content.decode()
    assert is_in(second)
    assert [row.data["why"] for row in audited("session_ended")] == ["asked"]


def test_all_others_end_at_once(two_browsers):
    first, second = two_browsers
    second.post("/account/sessions/others/end/")
    assert (is_in(first), is_in(second)) == (False, True)


def test_nobody_ends_the_session_of_somebody_else(two_browsers):
    give_password("handler")
    stranger = Client()
    sign_in(stranger, "handler")
    for row in OpenSession.objects.filter(person=id_of("dispatcher")):
        stranger.post(f"/account/sessions/{row.id}/end/")
    assert is_in(two_browsers[0])


def test_signing_out_leaves_nothing_behind(two_browsers):
    first, _ = two_browsers
    key = first.session.session_key
    first.post("/sign-out/")
    assert OpenSession.objects.count() == 1
    assert not SessionStore().exists(key)


@pytest.mark.parametrize(
    ("username", "minutes", "still_in"),
    [("dispatcher", 31, True), ("dispatcher", 481, False), ("sysadmin", 29, True), ("sysadmin", 31, False)],
)
def test_a_session_that_rests_ends_an_administrators_sooner(
    demo_cell: None, username: str, minutes: int, still_in: bool
):
    give_password(username)
    client = Client()
    sign_in(client, username)
    rest(client, minutes=minutes)
    assert is_in(client) == still_in


def test_being_busy_does_not_keep_a_session_beyond_its_age(demo_cell: None):
    give_password("sysadmin")
    client = Client()
    sign_in(client, "sysadmin")
    assert OpenSession.objects.get().ends_at - timezone.now() < timedelta(hours=12)
    OpenSession.objects.update(ends_at=timezone.now())
    assert not is_in(client)


def test_closing_an_account_or_ending_a_role_ends_its_sessions(two_browsers):
    first, second = two_browsers
    grant = RoleGrant.objects.get(person=id_of("dispatcher"))
    operations.end_grant(grant=grant.id, by=SYSTEM, now=timezone.now())
    assert (is_in(first), is_in(second)) == (False, False)
    sign_in(first, "dispatcher")
    operations.close_account(person=grant.person_id, by=SYSTEM, now=timezone.now(), reason="left")
    assert not is_in(first)


def test_an_expired_account_is_out(two_browsers):
    Person.objects.filter(username="dispatcher").update(expires_on=timezone.localdate())
    assert not is_in(two_browsers[0])
    assert sign_in(Client(), "dispatcher").status_code == 422


def test_a_new_password_ends_all_other_sessions(two_browsers):
    first, second = two_browsers
    told = {"old": PASSWORD, "new": "eleven-grey-herons", "again": "eleven-grey-herons"}
    before = second.session.session_key
    assert second.post("/account/password/", told)["Location"] == "/account/"
    assert (is_in(first), is_in(second)) == (False, True)
    assert second.session.session_key != before
    assert len(audited("password_changed")) == 1
