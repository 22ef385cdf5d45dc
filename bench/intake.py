"""How many reports a cell takes in a second over HTTP, each durable before its answer, against plain inserts on the same server."""

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import psycopg

from bench.figure import Figure
from gongzhi.base import postgres
from tests import cell
from tests.config.process import RunningCell

SCALE = float(os.environ.get("GONGZHI_BENCH_SCALE", "1"))
SECONDS = 20 * SCALE
PLACE = {"lon": 119.685, "lat": 29.795, "crs": "WGS84"}
# The rows one report leaves, as numbers and words of the same size: the case, its first step, its words, three clocks.
PLAIN = "CREATE TABLE plain_case (id uuid PRIMARY KEY, body jsonb); CREATE TABLE plain_row (id uuid PRIMARY KEY, body jsonb)"
ROWS_BESIDES = 6


def measure() -> Iterator[Figure]:
    """At 1 and at 64 connections; every acknowledged report must be a case afterwards."""
    folder = cell.make_folder()
    running = RunningCell(folder, GONGZHI_REPORTS_PER_ADDRESS="0")
    try:
        running.start()
        yield from _measured(running, folder)
    finally:
        running.stop()
        cell.remove_folder(folder)


def _measured(running: RunningCell, folder: Path) -> Iterator[Figure]:
    server = postgres.Server(folder, folder / "keys")
    _load(running.port, 4, 5)
    before, ceiling = _cases(server), _ceiling(server)
    alone, together = _load(running.port, 1, SECONDS), _load(running.port, 64, SECONDS)
    yield Figure("plain inserts of the same rows, 16 connections", ceiling, "/s")
    yield Figure("reports, 1 connection", len(alone["ms"]) / SECONDS, "/s", ceiling)
    yield Figure("reports, 1 connection: p50", _at(alone, 50), "ms", aim="<= 6 ms")
    yield Figure("reports, 64 connections", len(together["ms"]) / SECONDS, "/s", ceiling, aim="ratio >= 0.5")
    yield Figure("reports, 64 connections: p50", _at(together, 50), "ms")
    yield Figure("reports, 64 connections: p99", _at(together, 99), "ms", aim="<= 100 ms")
    yield Figure("turned away with 503", together["away"], "")
    acknowledged = len(alone["ms"]) + len(together["ms"])
    yield Figure("acknowledged and not there", acknowledged - (_cases(server) - before), "", aim="0")


def _cases(server: postgres.Server) -> int:
    with psycopg.connect(server.url(postgres.OWNER)) as owner:
        [count] = owner.execute("SELECT count(*) FROM cases_caserecord").fetchone() or [0]
        return int(count)


def _at(result: dict[str, object], percent: int) -> float:
    taken = sorted(result["ms"])  # type: ignore[call-overload]
    return float(taken[min(len(taken) - 1, len(taken) * percent // 100)]) if taken else 0.0


def _ceiling(server: postgres.Server) -> float:
    """One prepared statement that inserts a row and six more, committed each time, over sixteen connections."""
    with psycopg.connect(server.url(postgres.OWNER)) as owner:
        owner.execute(PLAIN)
    done: list[int] = []
    ends = time.monotonic() + SECONDS / 2
    threads = [threading.Thread(target=_insert, args=(server, ends, done)) for _n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (SECONDS / 2)


def _insert(server: postgres.Server, ends: float, done: list[int]) -> None:
    statement = (
        "WITH one AS (INSERT INTO plain_case VALUES (gen_random_uuid(), %s)) "
        f"INSERT INTO plain_row SELECT gen_random_uuid(), %s FROM generate_series(1, {ROWS_BESIDES})"
    )
    body, count = json.dumps({"words": "x" * 400}), 0
    with psycopg.connect(server.url(postgres.OWNER), autocommit=True, prepare_threshold=0) as owner:
        while time.monotonic() < ends:
            owner.execute(statement, [body, body])
            count += 1
    done.append(count)


def _load(port: int, connections: int, seconds: float) -> dict[str, object]:
    """Send from a process of its own, so that the measuring does not wait for itself."""
    asked = [sys.executable, "-m", "bench.intake", str(port), str(connections), str(seconds)]
    ran = subprocess.run(asked, check=True, capture_output=True, text=True, timeout=seconds + 60)
    found: dict[str, object] = json.loads(ran.stdout)
    return found


def _send(port: int, ends: float, taken: list[float], away: list[int]) -> None:
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < ends:
        report = {"client_id": str(uuid.uuid4()), "kind": None, "text": "路灯不亮", "location": PLACE}
        began = time.monotonic()
        line.request("POST", "/api/v1/reports", json.dumps(report), {"Content-Type": "application/json"})
        answer = line.getresponse()
        answer.read()
        if answer.status == 201:
            taken.append((time.monotonic() - began) * 1000)
        elif answer.status == 503:
            away.append(1)
            time.sleep(0.2)
        else:
            raise RuntimeError(f"the cell answered {answer.status}")


def _senders(port: int, connections: int, seconds: float) -> None:
    taken: list[float] = []
    away: list[int] = []
    ends = time.monotonic() + seconds
    threads = [threading.Thread(target=_send, args=(port, ends, taken, away)) for _n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"ms": taken, "away": len(away)}))


if __name__ == "__main__":
    _senders(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
