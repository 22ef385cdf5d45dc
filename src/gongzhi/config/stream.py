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
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.core import signing

from gongzhi.base import postgres
from gongzhi.config import cell, environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")

CHANNEL = "gongzhi_cases"
TICKET_SALT = "gongzhi.stream"
TICKET_AGE = 3600  # and so long a stream lasts at most: whoever signed out hears nothing after it
HEARTBEAT = 15.0
BEHIND = 200  # a page this many messages behind is let go; it comes back and reloads
PAGES = 5000
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
        self.pages: set[Inbox] = set()
        self.listening = False
        self.task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to listen; safe to call twice."""
        if self.task is None:
            self.task = asyncio.create_task(self._listen_for_ever())

    async def close(self) -> None:
        """Stop listening and let every page go."""
        if self.task:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
        self.let_all_go()

    def let_all_go(self) -> None:
        """End every page's stream; the browsers come back by themselves."""
        for page in list(self.pages):
            self._let_go(page)

    def join(self) -> Inbox:
        """A new page's inbox; its first message says whether we are listening."""
        page: Inbox = asyncio.Queue(BEHIND)
        page.put_nowait(READY if self.listening else STALE)
        self.pages.add(page)
        return page

    def leave(self, page: Inbox) -> None:
        """A page that went away."""
        self.pages.discard(page)

    def tell(self, message: bytes) -> None:
        """Put a message into every inbox; a page that does not keep up is let go."""
        for page in list(self.pages):
            try:
                page.put_nowait(message)
            except asyncio.QueueFull:
                self._let_go(page)

    def _let_go(self, page: Inbox) -> None:
        self.pages.discard(page)
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
        connection = await psycopg.AsyncConnection.connect(self.url, autocommit=True, connect_timeout=5)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self.listening = True
            self.tell(READY)
            while True:
                async for notice in connection.notifies(timeout=HEARTBEAT):
                    self.tell(f"event: case\ndata: {notice.payload.replace(chr(10), ' ')}\n\n".encode())
                await connection.execute("SELECT 1")  # a server that vanished without a word is noticed here


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
        elif not _is_valid(scope["query_string"]):
            await _say(send, 401, b"this ticket is not valid: reload the page\n")
        elif len(hub.pages) >= PAGES:
            await _say(send, 503, b"too many open pages\n")
        else:
            await _feed(hub, receive, send)


def _let_pages_go_on_signal(hub: Hub) -> None:
    """The server waits for open streams before it ends; its own signal handler, inside the loop, still runs."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(ValueError):  # not in the main thread
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(hub.let_all_go))


def _is_valid(query: bytes) -> bool:
    ticket = parse_qs(query.decode("latin-1")).get("ticket", [""])[0]
    try:
        return bool(signing.loads(ticket, salt=TICKET_SALT, max_age=TICKET_AGE).get("person"))
    except (signing.BadSignature, AttributeError):
        return False


async def _say(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *ALWAYS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _feed(hub: Hub, receive: Receive, send: Send) -> None:
    """Send a page its messages, and a heartbeat when there are none, until it goes, we do or its time is over."""
    page, ends = hub.join(), time.monotonic() + TICKET_AGE
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
        hub.leave(page)
        for waiting in (gone, news):
            waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(gone, news, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


application = Application()
