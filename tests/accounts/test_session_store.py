"""A session rests sealed: without the cookie its row says nothing, and the row is no cookie."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from gongzhi.accounts.session_store import SessionStore

RECEIPT = "482916305174"


@pytest.fixture
def session(db: None) -> SessionStore:
    made = SessionStore()
    made["receipt"] = RECEIPT
    made.create()
    made["receipt"] = RECEIPT
    made.save()
    return made


def table() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT json_agg(s) FROM django_session s")
        return json.dumps(cursor.fetchone()[0])


def test_the_table_holds_neither_what_stands_in_the_session_nor_the_cookie(session: SessionStore) -> None:
    kept = table()
    assert session.session_key and session.session_key not in kept
    assert RECEIPT not in kept
    [row] = Session.objects.all()
    assert SessionStore().decode(row.session_data) == {}


def test_the_cookie_opens_it(session: SessionStore) -> None:
    again = SessionStore(session.session_key)
    assert again["receipt"] == RECEIPT
    again["receipt"] = "other"
    again.save()
    assert SessionStore(session.session_key)["receipt"] == "other" and Session.objects.count() == 1


def test_the_name_of_a_row_is_no_cookie(session: SessionStore) -> None:
    [row] = Session.objects.all()
    assert dict(SessionStore(row.session_key).items()) == {}


def test_a_row_under_another_name_or_meddled_with_opens_nothing(session: SessionStore) -> None:
    other = SessionStore()
    other.create()
    mine, theirs = SessionStore(session.session_key), SessionStore(other.session_key)
    rows = {row.session_key: row for row in Session.objects.all()}
    sealed = mine._get_session_from_db()
    target = theirs._get_session_from_db()
    assert sealed and target and len(rows) == 2
    for data in (sealed.session_data, target.session_data[:-8] + "AAAAAAA=", "", "no base64", "AA=="):
        Session.objects.filter(session_key=target.session_key).update(session_data=data)
        assert dict(SessionStore(other.session_key).items()) == {}


def test_a_session_that_is_ended_or_begun_anew_leaves_no_row(session: SessionStore) -> None:
    session.cycle_key()
    assert Session.objects.count() == 1 and SessionStore(session.session_key)["receipt"] == RECEIPT
    session.flush()
    assert Session.objects.count() == 0
