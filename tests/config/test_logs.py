"""The log: one record a line, with the case, and never a word that somebody wrote."""

import io
import json
import logging
import os
import sys
import threading

import pytest
from django.db import Error, connection, transaction

from gongzhi.cases import operations
from gongzhi.config import logs
from gongzhi.config.logs import Json, Line
from tests.cases.conftest import MINUTE, NOW, Town

PLANTED = "王小花的秘密"


def written(message: str, *values: object, error: bool = False) -> str:
    told = sys.exc_info() if error else None
    return Line().format(logging.LogRecord("gongzhi.x", logging.WARNING, "", 1, message, values, told))


@pytest.fixture
def told():
    """All that the log says from now on, as both kinds of line."""
    streams = [io.StringIO(), io.StringIO()]
    handlers = [logging.StreamHandler(stream) for stream in streams]
    for handler, formatter in zip(handlers, (Line(), Json()), strict=True):
        handler.setFormatter(formatter)
        logging.getLogger().addHandler(handler)
    steps = logging.getLogger("gongzhi.steps")
    level = steps.level
    steps.setLevel(logging.INFO)
    yield lambda: tuple(stream.getvalue() for stream in streams)
    steps.setLevel(level)
    for handler in handlers:
        logging.getLogger().removeHandler(handler)


def objects(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("trick", ["\n", "\r", "\x1b[2J", "\x00", "\u2028", "\x85"])
def test_nobody_writes_a_line_of_their_own_into_the_log(trick):
    line = written("GET %s failed", f"/a{trick}2026-01-01 ERROR forged")
    assert trick not in line
    assert len(line.splitlines()) == 1


def test_an_error_is_named_by_kind_and_place_and_not_by_its_words():
    try:
        try:
            int(PLANTED)
        except ValueError as error:
            raise RuntimeError(f"x\n2026-01-01 ERROR {PLANTED}") from error
    except RuntimeError:
        line = written("broken", error=True)
    lines = line.splitlines()
    assert all(line.startswith("    ") for line in lines[1:])
    assert "    builtins.ValueError" in lines and lines[-1] == "    builtins.RuntimeError"
    assert "int(PLANTED)" in line and PLANTED not in line


def test_what_an_error_says_of_the_code_is_kept():
    try:
        logging.no_such_name  # noqa: B018
    except AttributeError:
        assert "has no attribute 'no_such_name'" in written("broken", error=True)
    try:
        os.stat("/nowhere/at/all")
    except OSError:
        assert written("broken", error=True).endswith("FileNotFoundError No such file or directory")


def test_a_line_says_when_in_utc():
    assert "+00:00 WARNING gongzhi.x hello" in written("hello")
    assert "关键" in written("关键")


def test_a_database_error_is_told_by_code_and_constraint_without_the_row(demo_cell, told):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO cases_caserecord (title) VALUES (%s)", [PLANTED])
    except Error:
        logging.getLogger("gongzhi.x").exception("broken")
    lines, machine = told()
    assert "NotNullViolation 23502 cases_caserecord" in lines and "23502" in machine
    assert PLANTED not in lines + machine


def test_each_step_of_a_case_is_a_line_with_its_code(demo_cell, told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        code = Town().accepted()
    steps = [(one["case"], one["step"], one["seq"]) for one in objects(told()[1]) if one["message"] == "step"]
    assert steps == [(code, "reported", 1), (code, "accepted", 2)]
    assert f"gongzhi.steps step case={code} step=accepted seq=2" in told()[0]


def test_a_step_that_was_taken_back_is_no_line(demo_cell, told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Town().report()
            raise ZeroDivisionError
        kept = Town().report(2).case_code
    assert [one["case"] for one in objects(told()[1]) if one["message"] == "step"] == [kept]


def test_words_of_reports_contacts_and_notes_never_reach_the_log(
    demo_cell, client, told, monkeypatch, django_capture_on_commit_callbacks
):
    town = Town()
    with django_capture_on_commit_callbacks(execute=True):
        code = town.accepted(text=PLANTED, contact=f"{PLANTED} 13805550000", place_text=PLANTED)
        operations.add_note(case=code, note=PLANTED, by=town.people.dispatcher, now=NOW + MINUTE)
        client.post(f"/c/{code}/more/", {"text": PLANTED})
        client.get(f"/c/{PLANTED}/", {"q": PLANTED})
        client.get(f"/{PLANTED}/")
        client.post("/api/v1/reports", {"text": PLANTED, "kind": PLANTED}, content_type="application/json")
        _break_everything(monkeypatch)
        client.raise_request_exception = False
        assert client.get(f"/c/{code}/").status_code == 500
        assert client.get(f"/api/v1/cases/{code}", {"q": PLANTED}).status_code == 500
    lines, machine = told()
    failed = [one for one in objects(machine) if one.get("status") == 500]
    assert {one["case"] for one in failed} == {code}
    assert {one["route"] for one in failed} == {"/c/<str:code>/", "/api/v1/cases/<case_code>"}
    assert "builtins.ValueError" in lines
    for word in (PLANTED, "13805550000", PLANTED.encode("unicode_escape").decode()):
        assert word not in lines + machine


def _break_everything(monkeypatch) -> None:
    """Whatever looks a case up fails, with a person's words in the error."""
    from gongzhi.cases import queries

    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"invalid input: {PLANTED}")

    monkeypatch.setattr(queries, "public_picture", broken)


def test_an_error_that_nobody_caught_ends_in_the_log_without_its_words(told, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.catch_the_rest()
    try:
        raise ValueError(PLANTED)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=int, args=(PLANTED,))
    thread.start()
    thread.join()
    assert told()[0].count("stopped by an error") == 2 and PLANTED not in "".join(told())
