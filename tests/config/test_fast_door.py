"""The short way of a report answers exactly as the long one does, and takes nothing that is not plainly a report."""

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from django.core import signals
from django.db import close_old_connections
from django.test import RequestFactory

from gongzhi.base.together import Together
from gongzhi.cases import grouping
from gongzhi.cases.models import CaseRecord
from gongzhi.config.fast_door import ADDRESS, FastDoor

WORDS_ONLY = {"Vary", "Content-Language"}  # of answers that hold words; a receipt holds none


@dataclass
class Told:
    status: str
    headers: dict[str, str]
    body: Any
    long_way: bool


class Doors:
    """Both ways to the same operation."""

    def __init__(self) -> None:
        from django.core.wsgi import get_wsgi_application

        self._inner, self._went_on = get_wsgi_application(), False

    def fast(self, body: Any, **environ: str) -> Told:
        return self._call(FastDoor(self._watched), body, environ)

    def long(self, body: Any, **environ: str) -> Told:
        return self._call(self._watched, body, environ)

    def _watched(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self._went_on = True
        return self._inner(environ, start)

    def _call(self, application: Any, report: Any, more: dict[str, str]) -> Told:
        sent = report if isinstance(report, bytes) else json.dumps(report).encode()
        environ = RequestFactory().post(ADDRESS, sent, content_type="application/json").environ
        environ |= {"wsgi.input": BytesIO(sent), **more}
        self._went_on, head = False, []
        content = b"".join(application(environ, lambda *told: head.append(told)))
        [(status, headers)] = head
        named = dict(headers)
        body = json.loads(content) if "json" in named["Content-Type"] else content
        return Told(status, named, body, self._went_on)


@pytest.fixture
def doors(demo_cell: None) -> Iterator[Doors]:
    both = (signals.request_started, signals.request_finished)
    for signal in both:  # the connection holds the test's transaction; Django's own test client does the same
        signal.disconnect(close_old_connections)
    yield Doors()
    for signal in both:
        signal.connect(close_old_connections)


def sent(**more: Any) -> dict[str, Any]:
    place = {"lon": 119.69, "lat": 29.80, "crs": "WGS84"}
    return {"client_id": str(uuid.uuid4()), "kind": None, "text": "路灯不亮", "location": place, **more}


def test_a_good_report_takes_the_short_way_and_is_a_case(doors: Doors) -> None:
    told = doors.fast(sent(contact="13800000000"))
    assert told.status == "201 Created" and not told.long_way
    assert CaseRecord.objects.filter(code=told.body["case_code"]).exists()


def test_the_answer_and_its_headers_are_those_of_the_long_way(doors: Doors) -> None:
    report = sent()
    first, again, long = doors.fast(report), doors.fast(report), doors.long(report)
    assert (again.status, again.body) == (long.status, long.body) == ("200 OK", first.body)
    assert not again.long_way
    assert again.headers == {name: value for name, value in long.headers.items() if name not in WORDS_ONLY}


@pytest.mark.parametrize(
    ("body", "environ"),
    [
        (b"{", {}),
        (b"[]", {}),
        (b"\xff", {}),
        ({**sent(), "now": "2020-01-01T00:00:00Z"}, {}),
        ({**sent(), "text": ""}, {}),
        ({**sent(), "kind": "no.such"}, {}),
        ({**sent(), "text": "a\x00b"}, {}),
        ({**sent(), "location": {"lon": 29.8, "lat": 119.69, "crs": "WGS84"}}, {}),
        (sent(), {"HTTP_HOST": "elsewhere.example"}),
        (sent(), {"CONTENT_TYPE": "text/plain"}),
        (sent(), {"REQUEST_METHOD": "PUT"}),
        (sent(), {"HTTP_ACCEPT_LANGUAGE": "en", "CONTENT_LENGTH": "999999999"}),
    ],
)
def test_whatever_is_refused_is_refused_in_the_words_of_the_long_way(
    doors: Doors, body: Any, environ: dict[str, str]
) -> None:
    fast, long = doors.fast(body, **environ), doors.long(body, **environ)
    assert fast.long_way and fast == long
    assert int(fast.status[:3]) >= 400


def test_the_same_id_with_other_words_is_a_conflict(doors: Doors) -> None:
    report = sent()
    doors.fast(report)
    told = doors.fast({**report, "text": "别的"}, HTTP_ACCEPT_LANGUAGE="en")
    assert told.status == "409 Conflict" and told.body["code"] == "other_content"


def test_too_many_waiting_is_said_here_and_at_once(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    full: Any = Together(list, writers=0, waiting=1)
    full._queue.put_nowait(None)
    monkeypatch.setattr(grouping, "written", full.run)
    told = doors.fast(sent(), HTTP_ACCEPT_LANGUAGE="en")
    assert told.status.startswith("503") and not told.long_way
    assert int(told.headers["Retry-After"]) > 0 and told.body["code"] == "busy"
    assert told.headers["Content-Type"] == "application/problem+json"


def test_a_fault_of_ours_is_tried_the_long_way(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def once(draft: Any) -> Any:
        calls.append(draft)
        if len(calls) == 1:
            raise RuntimeError("broken")
        return grouping.written_alone(draft)

    monkeypatch.setattr(grouping, "written", once)
    told = doors.fast(sent())
    assert told.status == "201 Created" and told.long_way and len(calls) == 2
