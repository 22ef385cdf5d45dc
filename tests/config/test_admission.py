"""Where every place is taken the next one is told so; whoever watches the cell is always let in."""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.test import RequestFactory

from gongzhi.config import admission, measuring
from gongzhi.config.admission import ALWAYS, Admission

Said = tuple[str, dict[str, str], bytes]


def ask(application: Any, path: str, method: str = "GET", **more: str) -> Said:
    environ = {**RequestFactory().generic(method, path).environ, **more}
    head: list[Any] = []
    content = b"".join(application(environ, lambda *told: head.append(told)))
    [(status, headers)] = head
    return status, dict(headers), content


@pytest.fixture
def full() -> Iterable[Admission]:
    """One place, and somebody in it who does not leave."""
    leave, inside = Event(), Event()

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        if environ["PATH_INFO"] == "/slow":
            inside.set()
            assert leave.wait(20)
        start("200 OK", [])
        return [b"in"]

    door = Admission(application, places=1, patience=0.01)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(ask, door, "/slow")
        assert inside.wait(20)
        yield door
        leave.set()
        assert slow.result(20)[2] == b"in"
    assert ask(door, "/")[2] == b"in"  # the place is free again


def test_a_page_says_so_in_words_and_when_to_come_back(full: Admission) -> None:
    status, headers, page = ask(full, "/desk/")
    assert status.startswith("503") and int(headers["Retry-After"]) > 0
    assert "<html" in page.decode()


def test_a_program_is_told_in_its_language(full: Admission) -> None:
    status, headers, body = ask(full, "/api/v1/queue", HTTP_ACCEPT_LANGUAGE="en")
    assert status.startswith("503") and headers["Content-Type"] == "application/problem+json"
    told = json.loads(body)
    assert (told["code"], told["detail"][:9]) == ("busy", "Very many")


@pytest.mark.parametrize("path", ALWAYS)
def test_whoever_watches_is_let_in(full: Admission, path: str) -> None:
    assert ask(full, path)[2] == b"in"


@pytest.mark.parametrize(("path", "counted"), [("/api/v1/reports", 1), ("/nowhere/", 0)])
def test_a_report_turned_away_is_counted(
    full: Admission, path: str, counted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    monkeypatch.setattr(measuring, "count", lambda status, seconds: counts.append(status))
    ask(full, path, "POST")
    assert counts == [503] * counted


def test_a_place_is_given_back_by_who_fails() -> None:
    def broken(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        raise RuntimeError

    door = admission.Admission(broken, places=1, patience=0.01)
    for _time in range(2):
        with pytest.raises(RuntimeError):
            ask(door, "/")
