import asyncio
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest
from django.core import signing
from django.utils import timezone

from gongzhi.accounts import sessions
from gongzhi.accounts.models import OpenSession, Person
from gongzhi.base import postgres
from gongzhi.base.actor import SYSTEM
from gongzhi.config import stream
from tests.live import free_port, wait_for

CASE = '{"case": "0190b5a4-8a52-7cc0-9d4c-6d2f5a1b3c01", "step": "reported"}'


NOBODYS = uuid.UUID("0190b5a4-8a52-7cc0-9d4c-6d2f5a1b3c03")


def ticket(session: uuid.UUID = NOBODYS) -> str:
    told = {"person": "0190b5a4-8a52-7cc0-9d4c-6d2f5a1b3c02", "session": str(session)}
    return signing.dumps(told, salt=stream.TICKET_SALT)


@pytest.fixture
def signed_in(clean_cell) -> OpenSession:
    """Somebody's open session."""
    now = timezone.now()
    person = Person.objects.create(username="somebody", display_name="某人", created_at=now)
    ends = now + timedelta(hours=1)
    return OpenSession.objects.create(person=person, device="", opened_at=now, used_at=now, ends_at=ends)


@pytest.fixture
def address(clean_cell):
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": clean_cell.url(postgres.APP),
        "GONGZHI_STREAM_PORT": str(port),
    }
    process = subprocess.Popen([sys.executable, "-m", "gongzhi", "stream"], env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def in_a_thread(story: Callable[[], Coroutine]) -> Any:
    """Playwright keeps an event loop running in the main thread, and there can be only one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(story())).result()


async def _lines_until(response: httpx.Response, wanted: str) -> list[str]:
    seen = []
    async for line in response.aiter_lines():
        seen.append(line)
        if wanted in line:
            return seen
    return seen


def test_two_desks_hear_of_the_same_case(address, clean_cell, signed_in):
    async def heard() -> list[list[str]]:
        async with httpx.AsyncClient(timeout=20) as client:
            question = {"ticket": ticket(signed_in.uuid)}
            async with (
                client.stream("GET", f"{address}/stream", params=question) as first,
                client.stream("GET", f"{address}/stream", params=question) as second,
            ):
                assert first.headers["access-control-allow-origin"] == "*"
                await asyncio.to_thread(tell, clean_cell)
                return await asyncio.gather(_lines_until(first, "case"), _lines_until(second, "case"))

    for lines in in_a_thread(heard):
        assert "event: ready" in lines
        assert lines[-1] == "event: case"


def tell(server: postgres.Server) -> None:
    with psycopg.connect(server.url(postgres.APP), autocommit=True) as connection:
        connection.execute("SELECT pg_notify(%s, %s)", [stream.CHANNEL, CASE])


def test_it_stops_at_once_although_a_desk_listens(address, signed_in):
    with listening(address, signed_in) as response:
        assert next(response.iter_lines())


def listening(address: str, session: OpenSession) -> Any:
    question = {"ticket": ticket(session.uuid)}
    return httpx.stream("GET", f"{address}/stream", params=question, timeout=20)


def test_it_ends_when_somebody_signs_out_and_does_not_begin_again(address, signed_in):
    with listening(address, signed_in) as response:
        lines = response.iter_lines()
        assert next(lines)
        sessions.end_all(person=signed_in.person_id, by=SYSTEM, now=timezone.now(), why="asked")
        assert "event: case" not in list(lines)
    with listening(address, signed_in) as response:
        assert response.status_code == 401


def test_it_does_not_begin_for_a_session_that_has_lasted_its_time(address, signed_in):
    OpenSession.objects.update(ends_at=timezone.now())
    with listening(address, signed_in) as response:
        assert response.status_code == 401


def test_what_ended_while_we_did_not_listen_is_let_go(clean_cell, signed_in):
    async def story() -> list[str]:
        hub = stream.Hub(clean_cell.url(postgres.APP))
        hub.join(str(signed_in.uuid))
        hub.join(str(NOBODYS))
        hub.open()
        while not hub.listening:
            await asyncio.sleep(0.02)
        left = list(hub.pages.values())
        await hub.close()
        return left

    assert in_a_thread(story) == [str(signed_in.uuid)]


def test_one_browser_opens_so_many_pages_and_no_more():
    async def story() -> None:
        hub = stream.Hub("")
        for _page in range(stream.PAGES_OF_ONE):
            assert not hub.is_full_for("one")
            hub.join("one")
        assert hub.is_full_for("one")
        assert not hub.is_full_for("other")

    in_a_thread(story)


def test_all_together_open_so_many_pages_and_no_more(monkeypatch):
    monkeypatch.setattr(stream, "PAGES", 1)

    async def story() -> None:
        hub = stream.Hub("")
        hub.join("one")
        assert hub.is_full_for("other")

    in_a_thread(story)


@pytest.mark.parametrize("shown", ["", "forged", "elsewhere"])
def test_it_refuses_a_ticket_that_is_not_ours(address, shown):
    if shown == "elsewhere":
        shown = signing.dumps({"person": "x"}, salt="another page")
    assert httpx.get(f"{address}/stream", params={"ticket": shown}).status_code == 401


def test_it_has_nothing_else(address):
    assert httpx.get(f"{address}/desk/").status_code == 404
    assert httpx.post(f"{address}/stream", params={"ticket": ticket()}).status_code == 404


def test_its_answers_carry_the_strict_headers_too(address):
    headers = httpx.get(f"{address}/nothing").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Type"] == "text/plain; charset=utf-8"


def test_a_stream_ends_when_its_ticket_would(monkeypatch):
    """Somebody who signed out, or whose account was closed, hears no more than an hour."""
    monkeypatch.setattr(stream, "TICKET_AGE", 0.2)
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    sent: list[stream.Message] = []

    async def say(message: stream.Message) -> None:
        sent.append(message)

    async def story() -> stream.Hub:
        hub = stream.Hub("")
        await asyncio.wait_for(stream._feed(hub.join(""), asyncio.Event().wait, say), timeout=5)
        return hub

    in_a_thread(story)
    assert not sent[-1].get("more_body")


def test_a_page_that_does_not_keep_up_is_let_go():
    async def story() -> None:
        hub = stream.Hub("")
        slow, quick = hub.join("slow"), hub.join("quick")
        for number in range(stream.BEHIND + 1):
            hub.tell(f"{number}".encode())
            quick.get_nowait()
        assert await slow.get() is None
        assert list(hub.pages) == [quick]

    in_a_thread(story)


def test_an_old_ticket_is_refused(monkeypatch):
    monkeypatch.setattr(signing.time, "time", lambda: 1_700_000_000.0)
    old = ticket()
    monkeypatch.undo()
    assert stream._session_in(f"ticket={old}".encode()) is None
    assert stream._session_in(f"ticket={ticket()}".encode()) == str(NOBODYS)
