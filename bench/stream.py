"""How soon 500 open desks hear of a new report, and how many notifications of the database that costs."""

import asyncio
import json
import os
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

import httpx
import psycopg
from django.core.signing import TimestampSigner

from bench.figure import Figure
from gongzhi.base import postgres
from tests import cell
from tests.config.process import RunningCell

SCALE = float(os.environ.get("GONGZHI_BENCH_SCALE", "1"))
DESKS, REPORTS = round(500 * SCALE), 30
PLACE = {"lon": 119.685, "lat": 29.795, "crs": "WGS84"}


def measure() -> Iterator[Figure]:
    """Each desk is a connection and a session of its own; a report's time runs from before it is sent."""
    folder = cell.make_folder()
    running = RunningCell(folder, GONGZHI_REPORTS_PER_ADDRESS="0")
    try:
        running.start()
        server = postgres.Server(folder, folder / "keys")
        taken, notices = asyncio.run(_story(running, server, _tickets(folder, server)))
        yield Figure("desks connected", DESKS, "desks", aim="500")
        yield Figure("a report reaches a desk: p50", _at(taken, 50), "ms")
        yield Figure("a report reaches a desk: p95", _at(taken, 95), "ms", aim="<= 1000 ms")
        yield Figure("a report reaches a desk: slowest", taken[-1], "ms")
        yield Figure("missed", DESKS * REPORTS - len(taken), "", aim="0")
        yield Figure("notifications per report", notices / REPORTS, "", aim="1")
    finally:
        running.stop()
        cell.remove_folder(folder)


def _tickets(folder: Path, server: postgres.Server) -> list[str]:
    """A session per desk, and the ticket that its page would show."""
    sessions, now = [uuid.uuid4() for _desk in range(DESKS)], datetime.now(UTC)
    with psycopg.connect(server.url(postgres.OWNER)) as owner:
        owner.execute(
            "INSERT INTO accounts_opensession (id, person_id, device, opened_at, used_at, ends_at)"
            " SELECT s, p.id, '', %(now)s, %(now)s, %(ends)s FROM unnest(%(ids)s::uuid[]) AS s, accounts_person p"
            " WHERE p.username = 'dispatcher'",
            {"now": now, "ends": now + timedelta(hours=1), "ids": sessions},
        )
    secret = (folder / "keys" / "django.key").read_text(encoding="utf-8").strip()
    signer = TimestampSigner(key=secret, salt="gongzhi.stream", fallback_keys=[])
    return [signer.sign_object({"person": str(one), "session": str(one)}) for one in sessions]


async def _story(
    running: RunningCell, server: postgres.Server, tickets: list[str]
) -> tuple[list[float], int]:
    """Milliseconds from sending a report to each desk's line, in order; and what a listener of our own counted."""
    taken: list[float] = []
    began, ready = [0.0], asyncio.Semaphore(0)
    without_end = httpx.Limits(max_connections=None)
    async with (
        httpx.AsyncClient(timeout=60, limits=without_end) as client,
        await psycopg.AsyncConnection.connect(server.url(postgres.APP), autocommit=True) as listener,
    ):
        await listener.execute("LISTEN gongzhi_cases")
        address = f"http://127.0.0.1:{running.stream_port}/stream"
        desks = [asyncio.create_task(_listen(client, address, one, began, taken, ready)) for one in tickets]
        for _desk in desks:
            await ready.acquire()
        for number in range(REPORTS):
            await _report(client, running.port, began)
            await _until(lambda enough=DESKS * (number + 1): len(taken) >= enough)
        notices = [notice async for notice in listener.notifies(timeout=2)]
        for desk in desks:
            desk.cancel()
        await asyncio.gather(*desks, return_exceptions=True)
    return sorted(taken), len(notices)


async def _listen(
    client: httpx.AsyncClient,
    address: str,
    ticket: str,
    began: list[float],
    taken: list[float],
    ready: asyncio.Semaphore,
) -> None:
    async with client.stream("GET", address, params={"ticket": ticket}) as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            if line == "event: ready":
                ready.release()
            elif line == "event: case":
                taken.append((time.perf_counter() - began[0]) * 1000)


async def _report(client: httpx.AsyncClient, port: int, began: list[float]) -> None:
    report = {"client_id": str(uuid.uuid4()), "kind": None, "text": "路灯不亮", "location": PLACE}
    began[0] = time.perf_counter()
    answer = await client.post(
        f"http://127.0.0.1:{port}/api/v1/reports",
        content=json.dumps(report),
        headers={"Content-Type": "application/json"},
    )
    answer.raise_for_status()


async def _until(holds: object, seconds: float = 5) -> None:
    ends = time.monotonic() + seconds
    while not holds() and time.monotonic() < ends:  # type: ignore[operator]
        await asyncio.sleep(0.01)


def _at(taken: list[float], percent: int) -> float:
    """Nearest rank."""
    return taken[ceil(len(taken) * percent / 100) - 1]
