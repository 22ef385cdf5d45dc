"""The live stream to the desks: one lean process that listens to PostgreSQL and tells every open page.

It carries ids only; a desk that hears of a change fetches the row itself, with its own rights.
"""

import asyncio
import contextlib
import logging
import os
import random
import signal
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.core import signing

from gongzhi.base import postgres
from gongzhi.config import cell, environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")

CHANNEL = "gongzhi_cases"
ENDED = "gongzhi_sessions"  # what accounts.sessions tells when somebody has signed out
TICKET_SALT = "gongzhi.stream"
TICKET_AGE = 3600  # and so long a stream lasts at most
HEARTBEAT = 15.0
BEHIND = 200  # a page this many messages behind is let go; it comes back and reloads
PAGES = 5000
PAGES_OF_ONE = 20  # open pages of one signed-in browser
HOLDING = "SELECT id::text FROM accounts_opensession WHERE id = ANY(%s::uuid[]) AND ends_at > now()"
SLOWEST_RETRY = 15.0

READY = b"retry: 3000\nevent: ready\ndata: {}\n\n"  # we hear every change from here on: reload
STALE = b"event: stale\ndata: {}\n\n"  # the database is away: what the page shows may be old
BEAT = b": still here\n\n"
ALWAYS = [
    (b"cache-control", b"no-store"),
    (b"access-control-allow-origin", b"*"),  # the ticket authenticates; no cookie is read
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),  # the ticket stands in the address
]
HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no"), *ALWAYS]

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Inbox = asyncio.Queue[bytes | None]

log = logging.getLogger("gongzhi.stream")


class Hub:
    """The open pages, and the one connection that listens for all of them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pages: dict[Inbox, str] = {}  # and the session each was opened in
        self.listening = False
        self.task: asyncio.Task[None] | None = None
        self.questions: psycopg.AsyncConnection | None = None  # the other one waits for news
        self.turn = asyncio.Lock()

    def open(self) -> None:
        """Begin to listen; safe to call twice."""
        if self.task is None:
            self.task = asyncio.create_task(self._listen_for_ever())

    async def close(self) -> None:
        """Stop listening and let every page go."""
        if self.task:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
        if self.questions:
            await self.questions.close()
        self.let_all_go()

    def let_all_go(self) -> None:
        """End every page's stream; the browsers come back by themselves."""
        for page in list(self.pages):
            self._let_go(page)

    def let_go(self, session: str) -> None:
        """End the streams of a session that is over."""
        for page in [page for page, opened_in in self.pages.items() if opened_in == session]:
            self._let_go(page)

    def is_full_for(self, session: str) -> bool:
        """Whether one more page is too many, for all of us or for one browser."""
        return len(self.pages) >= PAGES or list(self.pages.values()).count(session) >= PAGES_OF_ONE

    async def holds(self, session: str) -> bool:
        """Whether somebody is still signed in by this session."""
        async with self.turn:
            if self.questions is None or self.questions.closed:
                self.questions = await _connect(self.url)
            rows = await self.questions.execute(HOLDING, [[session]])
            return await rows.fetchone() is not None

    def join(self, session: str) -> Inbox:
        """A new page's inbox; its first message says whether we are listening."""
        page: Inbox = asyncio.Queue(BEHIND)
        page.put_nowait(READY if self.listening else STALE)
        self.pages[page] = session
        return page

    def leave(self, page: Inbox) -> None:
        """A page that went away."""
        self.pages.pop(page, None)

    def tell(self, message: bytes) -> None:
        """Put a message into every inbox; a page that does not keep up is let go."""
        for page in list(self.pages):
            try:
                page.put_nowait(message)
            except asyncio.QueueFull:
                self._let_go(page)

    def _let_go(self, page: Inbox) -> None:
        self.pages.pop(page, None)
        while not page.empty():
            page.get_nowait()
        page.put_nowait(None)

    async def _listen_for_ever(self) -> None:
        wait = 0.5
        while True:
            try:
                await self._listen()
            except (psycopg.OperationalError, OSError) as error:
                if self.listening:
                    log.warning("the database is away: %s", str(error).strip().splitlines()[:1])
                    self.tell(STALE)
                    wait = 0.5
                self.listening = False
            await asyncio.sleep(wait * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, not a secret
            wait = min(wait * 2, SLOWEST_RETRY)

    async def _listen(self) -> None:
        async with await _connect(self.url) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            await connection.execute(f"LISTEN {ENDED}")
            await self._let_ended_go(connection)  # of those we did not hear
            self.listening = True
            self.tell(READY)
            while True:
                async for notice in connection.notifies(timeout=HEARTBEAT):
                    self._hear(notice)
                await connection.execute("SELECT 1")  # a server that vanished without a word is noticed here

    async def _let_ended_go(self, connection: psycopg.AsyncConnection) -> None:
        rows = await connection.execute(HOLDING, [list(set(self.pages.values()))])
        holding = {row[0] for row in await rows.fetchall()}
        for session in set(self.pages.values()) - holding:
            self.let_go(session)

    def _hear(self, notice: psycopg.Notify) -> None:
        if notice.channel == ENDED:
            self.let_go(notice.payload)
        else:
            self.tell(f"event: case\ndata: {notice.payload.replace(chr(10), ' ')}\n\n".encode())


class Application:
    """The ASGI application: `/stream` for desks, `/healthz` for whoever looks after us."""

    def __init__(self) -> None:
        self.hub: Hub | None = None

    def _hub(self) -> Hub:
        if self.hub is None:
            self.hub = Hub(cell.address(environment.read(), postgres.APP))
        self.hub.open()
        return self.hub

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] == "lifespan.startup":
            _let_pages_go_on_signal(self._hub())
            await send({"type": "lifespan.startup.complete"})
        if self.hub:
            await self.hub.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        hub, path = self._hub(), scope["path"]
        if scope["method"] != "GET" or path not in ("/stream", "/healthz"):
            await _say(send, 404, b"nothing here\n")
        elif path == "/healthz":
            await _say(send, *((200, b"ok\n") if hub.listening else (503, b"no database\n")))
        elif (session := _session_in(scope["query_string"])) is None:
            await _say(send, 401, b"this ticket is not valid: reload the page\n")
        elif hub.is_full_for(session):
            await _say(send, 503, b"too many open pages\n")
        else:
            await _let_in(hub, session, receive, send)


def _let_pages_go_on_signal(hub: Hub) -> None:
    """The server waits for open streams before it ends; its own signal handler, inside the loop, still runs."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(ValueError):  # not in the main thread
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(hub.let_all_go))


async def _connect(url: str) -> psycopg.AsyncConnection:
    return await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=5)


def _session_in(query: bytes) -> str | None:
    """The session a ticket was made in; None if the ticket is none of ours, or too old."""
    ticket = parse_qs(query.decode("latin-1")).get("ticket", [""])[0]
    try:
        told = signing.loads(ticket, salt=TICKET_SALT, max_age=TICKET_AGE)
        return str(uuid.UUID(told["session"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError, AttributeError):
        return None


async def _let_in(hub: Hub, session: str, receive: Receive, send: Send) -> None:
    """Feed a page whose session still holds; it is known to the hub before we ask, so that no end is missed."""
    page = hub.join(session)
    try:
        if await hub.holds(session):
            await _feed(page, receive, send)
        else:
            await _say(send, 401, b"signed out: sign in again\n")
    except psycopg.OperationalError:
        await _say(send, 503, b"no database\n")
    finally:
        hub.leave(page)


async def _say(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *ALWAYS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _feed(page: Inbox, receive: Receive, send: Send) -> None:
    """Send a page its messages, and a heartbeat when there are none, until it goes, we do or its time is over."""
    ends = time.monotonic() + TICKET_AGE
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    gone = asyncio.ensure_future(_until_gone(receive))
    news = asyncio.ensure_future(page.get())
    try:
        while not gone.done() and time.monotonic() < ends:
            await asyncio.wait({gone, news}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            message = BEAT
            if news.done():
                message = news.result() or b""
                news = asyncio.ensure_future(page.get())
            if not message:
                break
            await send({"type": "http.response.body", "body": message, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except OSError:
        log.debug("a page went away")
    finally:
        for waiting in (gone, news):
            waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(gone, news, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


application = Application()
