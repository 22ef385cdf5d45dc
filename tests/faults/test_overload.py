"""More reports at once than a cell can hold: each sender is told within a second, and in the end each report is there once."""

import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest

from gongzhi.base import postgres
from tests.config.process import RunningCell

SENDERS = 200  # two web processes have 64 places
PLACE = {"lon": 119.69, "lat": 29.80, "crs": "WGS84"}


@dataclass(frozen=True)
class Told:
    status: int
    seconds: float
    retry_after: str | None


@pytest.fixture
def running(folder: Path) -> Iterator[RunningCell]:
    cell = RunningCell(folder, GONGZHI_REPORTS_PER_ADDRESS="0")
    cell.start()
    yield cell
    cell.stop()


def send(port: int, report: str) -> Told:
    line, began = HTTPConnection("127.0.0.1", port, timeout=60), time.monotonic()
    body = {"client_id": report, "kind": None, "text": "路灯不亮", "location": PLACE}
    line.request("POST", "/api/v1/reports", json.dumps(body), {"Content-Type": "application/json"})
    answer = line.getresponse()
    answer.read()
    line.close()
    return Told(answer.status, time.monotonic() - began, answer.headers["Retry-After"])


def until_taken(port: int, report: str) -> int:
    """What a phone does: again after a while, with the same id."""
    for _try in range(60):
        told = send(port, report)
        if told.status in (200, 201):
            return told.status
        assert told.status == 503
        time.sleep(0.5)
    raise AssertionError("never taken in")


def all_at_once(work: Callable[[str], object], reports: list[str]) -> list[object]:
    with ThreadPoolExecutor(SENDERS) as pool:
        return list(pool.map(work, reports))


def test_who_can_not_be_served_is_told_at_once_and_nothing_is_lost_or_doubled(
    running: RunningCell, folder: Path
) -> None:
    server = postgres.Server(folder, folder / "keys")
    assert until_taken(running.port, str(uuid.uuid4())) == 201
    reports = [str(uuid.uuid4()) for _n in range(SENDERS)]
    with psycopg.connect(server.url(postgres.SUPERUSER)) as holder, ThreadPoolExecutor(1) as aside:
        holder.execute("LOCK TABLE cases_caserecord IN EXCLUSIVE MODE")
        answers = aside.submit(all_at_once, lambda report: send(running.port, report), reports)
        time.sleep(4)
        holder.rollback()
        told: list[Told] = answers.result(120)  # type: ignore[assignment]
    away = [one for one in told if one.status == 503]
    assert {one.status for one in told} <= {200, 201, 503}, running.log.read_text()[-6000:]
    assert SENDERS / 2 < len(away) < SENDERS
    assert all(int(one.retry_after or 0) > 0 for one in away)
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    took = sorted(one.seconds for one in away)
    print(f"{len(away)} of {SENDERS} told to come back, the slowest after {took[-1]:.2f} s")
    assert took[len(took) // 2] < busy
    all_at_once(lambda report: until_taken(running.port, report), reports)
    with psycopg.connect(server.url(postgres.SUPERUSER)) as owner:
        counted = "SELECT count(*), count(DISTINCT client_id) FROM cases_caserecord WHERE client_id = ANY(%s::uuid[])"
        assert owner.execute(counted, [reports]).fetchone() == (SENDERS, SENDERS)
