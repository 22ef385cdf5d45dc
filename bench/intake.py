"""How many reports a cell takes in a second over HTTP, each durable before its answer, against plain inserts on the same server."""

import json
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import psycopg

from bench import same_rows
from bench.figure import Figure
from gongzhi.base import postgres
from tests import cell
from tests.config.process import RunningCell

SCALE = float(os.environ.get("GONGZHI_BENCH_SCALE", "1"))
SECONDS = 20 * SCALE
CENTRE = (119.69, 29.80)
AROUND = 0.02  # degrees: reports come from many grids of the demo county


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
    before, case = _cases(server), _newest_case(server)
    alone, together = _load(running.port, 1, SECONDS), _load(running.port, 64, SECONDS)
    counted = _cases(server) - before
    rates = {
        connections: same_rows.rate(server, case, connections=connections, seconds=SECONDS / 2, folder=folder)
        for connections in (1, 16, 64)
    }
    for connections, found in rates.items():
        yield Figure(f"pgbench, the same rows, {connections} connections", found, "/s")
    yield Figure("reports, 1 connection", len(alone["ms"]) / SECONDS, "/s", rates[1])
    yield Figure("reports, 1 connection: p50", _at(alone, 50), "ms", aim="<= 6 ms")
    yield Figure(
        "reports, 64 connections", len(together["ms"]) / SECONDS, "/s", rates[64], aim="ratio >= 0.5"
    )
    yield Figure("the same against 16 connections", len(together["ms"]) / SECONDS, "/s", rates[16])
    yield Figure("reports, 64 connections: p50", _at(together, 50), "ms")
    yield Figure("reports, 64 connections: p99", _at(together, 99), "ms", aim="<= 100 ms")
    yield Figure("turned away with 503", together["away"], "")
    acknowledged = len(alone["ms"]) + len(together["ms"])
    yield Figure("acknowledged and not there", acknowledged - counted, "", aim="0")


def _newest_case(server: postgres.Server) -> str:
    with psycopg.connect(server.url(postgres.SUPERUSER)) as owner:
        [case] = owner.execute(
            "SELECT id FROM cases_caserecord ORDER BY reported_at DESC LIMIT 1"
        ).fetchone() or [0]
        return str(case)


def _cases(server: postgres.Server) -> int:
    with psycopg.connect(server.url(postgres.OWNER)) as owner:
        [count] = owner.execute("SELECT count(*) FROM cases_caserecord").fetchone() or [0]
        return int(count)


def _at(result: dict[str, object], percent: int) -> float:
    taken = sorted(result["ms"])  # type: ignore[call-overload]
    return float(taken[min(len(taken) - 1, len(taken) * percent // 100)]) if taken else 0.0


def _load(port: int, connections: int, seconds: float) -> dict[str, object]:
    """Send from a process of its own, so that the measuring does not wait for itself."""
    asked = [sys.executable, "-m", "bench.intake", str(port), str(connections), str(seconds)]
    ran = subprocess.run(asked, check=True, capture_output=True, text=True, timeout=seconds + 60)
    found: dict[str, object] = json.loads(ran.stdout)
    return found


def _place() -> dict[str, object]:
    lon, lat = (middle + random.uniform(-AROUND, AROUND) for middle in CENTRE)
    return {"lon": lon, "lat": lat, "crs": "WGS84"}


def _send(port: int, ends: float, taken: list[float], away: list[int]) -> None:
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < ends:
        report = {"client_id": str(uuid.uuid4()), "kind": None, "text": "路灯不亮", "location": _place()}
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
