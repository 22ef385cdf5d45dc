"""How late clocks fire: 1,000,000 of them running, 10,000 due within one minute, against bare updates of the same rows."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

import psycopg

from bench.figure import Figure
from gongzhi.base import postgres
from gongzhi.base.dying import die_with_parent
from tests import cell

SCALE = float(os.environ.get("GONGZHI_BENCH_SCALE", "1"))
RUNNING, DUE = round(1_000_000 * SCALE), round(10_000 * SCALE)
WINDOW, LEAD, IDLE = timedelta(seconds=60), timedelta(seconds=10), 30.0
LOOPS = int(os.environ.get("GONGZHI_BENCH_LOOPS", "1"))
# Each case is a copy of one real report, moved in time; its first clock, of a minute, is the one that runs out.
COPY = """
CREATE FUNCTION pg_temp.numbered(number bigint, part int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(number + 16777216), 12, '0') || '7' || lpad(to_hex(part), 3, '0') || '8000000000000000')::uuid
$$;
CREATE TEMP TABLE plan AS
SELECT n, pg_temp.numbered({first} + n, 0) AS id, {later} - t.reported_at AS moved
  FROM generate_series(1, {count}) AS n, kept_cases_caserecord t
"""
OWN = {
    "cases_caserecord": {
        "id": "p.id",
        "code": "lpad(({first} + p.n)::text, 13, '0')",
        "client_id": "pg_temp.numbered({first} + p.n, 1)",
    },
    "cases_casestep": {"id": "pg_temp.numbered({first} + p.n, 2)", "case_id": "p.id"},
    "cases_caseclock": {"id": "gen_random_uuid()", "case_id": "p.id"},
}
MOVED = {"reported_at", "happened_at", "recorded_at", "started_at", "due_at", "next_at", "queue_at"}


def measure() -> Iterator[Figure]:
    """In a durable cell of its own: idle first, then the minute, then the same rows by bare statements."""
    folder = cell.make_folder()
    cell.set_environment(folder)
    try:
        with postgres.Server(folder, folder / "keys") as server:
            yield from _measured(server)
    finally:
        cell.remove_folder(folder)


def _measured(server: postgres.Server) -> Iterator[Figure]:
    per_case = _prepare(server)
    _copy(server, 0, (RUNNING - DUE) // per_case, "now() + interval '300 days'")
    yield Figure("clocks running", _count(server, "next_at IS NOT NULL"), "clocks", aim="1,000,000")
    with _loops(server) as loops:
        yield Figure("idle, CPU of a core", _idle(loops), "%", aim="< 1 %")
        start = datetime.now(UTC) + LEAD + timedelta(seconds=30 + 20 * SCALE)
        spread = f"interval '{WINDOW.total_seconds()} s' * n / {DUE}"
        _copy(
            server,
            100_000_000,
            DUE,
            f"'{start.isoformat()}'::timestamptz - interval '1 minute' + {spread}",
        )
        late = _lateness(server, start)
    taken = sorted(late)
    ceiling = _bare(server)
    yield Figure("clocks fired in the minute", len(taken), "clocks", aim=f"{DUE:,}")
    yield Figure("lateness at the commit: p50", _at(taken, 50), "ms", aim="≤ 250")
    yield Figure("lateness at the commit: p99", _at(taken, 99), "ms", aim="≤ 1000")
    yield Figure("lateness at the commit: worst", taken[-1], "ms")
    yield Figure("all due at one moment, one loop", _burst(server), "clocks/s", ceiling=ceiling)


def _prepare(server: postgres.Server) -> int:
    import django

    from gongzhi.config import messages, wiring

    messages.compile_all()
    django.setup()
    wiring.connect()
    cell.migrate(server)
    from gongzhi.base.bounds import EVERYTHING, bounded
    from gongzhi.cases.models import CaseClock
    from tests import demo
    from tests.cases.conftest import Town

    demo._load()
    with bounded(EVERYTHING):
        receipt = Town().report(1, now=datetime.now(UTC))
        _keep(server, str(receipt.case_id))
        return CaseClock.objects.filter(case=receipt.case_id).count()


def _keep(server: postgres.Server, template: str) -> None:
    """The rows to copy, as they are before a loop has seen them."""
    with psycopg.connect(server.url(postgres.SUPERUSER), autocommit=True) as connection:
        for table in OWN:
            key = "id" if table == "cases_caserecord" else "case_id"
            connection.execute(
                f"CREATE TABLE kept_{table} AS SELECT * FROM {table} WHERE {key} = '{template}'"
            )


def _copy(server: postgres.Server, first: int, count: int, later: str) -> None:
    with psycopg.connect(server.url(postgres.SUPERUSER), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica; SET work_mem = '128MB'")
        connection.execute(COPY.format(first=first, count=count, later=later))
        for table, own in OWN.items():
            columns = [r[0] for r in connection.execute(f"SELECT * FROM {table} LIMIT 0").description or ()]
            values = ", ".join(_value(column, own, first) for column in columns)
            connection.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM plan p, kept_{table} t ORDER BY p.n"
            )
        connection.execute("VACUUM ANALYZE cases_caseclock, cases_caserecord, cases_casestep")


def _value(column: str, own: dict[str, str], first: int) -> str:
    if column in own:
        return own[column].format(first=first)
    return f"t.{column} + p.moved" if column in MOVED else f"t.{column}"


@contextmanager
def _loops(server: postgres.Server) -> Iterator[list[subprocess.Popen[bytes]]]:
    told = {
        **os.environ,
        "DATABASE_URL": server.url(postgres.ENGINE),
        "DATABASE_ENGINE_URL": server.url(postgres.ENGINE),
    }
    loops = [
        subprocess.Popen([sys.executable, "-m", "gongzhi", "clock"], env=told, preexec_fn=die_with_parent)  # noqa: PLW1509
        for _loop in range(LOOPS)
    ]
    try:
        yield loops
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def _idle(loops: list[subprocess.Popen[bytes]]) -> float:
    """Of the loop processes themselves, once they have started up; not of the database's."""
    time.sleep(15)
    before, began = _cpu(loops), time.monotonic()
    time.sleep(IDLE * max(SCALE, 0.3))
    return 100 * (_cpu(loops) - before) / (time.monotonic() - began)


def _cpu(loops: list[subprocess.Popen[bytes]]) -> float:
    ticks = 0
    for loop in loops:
        fields = Path(f"/proc/{loop.pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _lateness(server: postgres.Server, start: datetime) -> list[float]:
    """Milliseconds from due to heard: a listener gets each case's notification when its step is committed."""
    with psycopg.connect(server.url(postgres.SUPERUSER), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT case_id::text, due_at FROM cases_caseclock WHERE name = 'respond' AND due_at BETWEEN %s AND %s",
            [start, start + WINDOW + timedelta(seconds=1)],
        )
        due: dict[str, datetime] = dict(rows.fetchall())
        connection.execute("LISTEN gongzhi_cases")
        late: dict[str, float] = {}
        left = (start + WINDOW - datetime.now(UTC)).total_seconds() + 30
        for heard in connection.notifies(timeout=left):
            case = heard.payload.split('"')[3]
            now = datetime.now(UTC)
            if case in due and now >= due[case]:  # its warning, half a minute before, is heard too
                late.setdefault(case, (now - due[case]).total_seconds() * 1000)
            if len(late) == len(due):
                break
    return list(late.values())


def _bare(server: postgres.Server) -> float:
    """Clocks a second by one statement that takes rows of the same table and moves them on, 300 at a time."""
    with psycopg.connect(server.url(postgres.SUPERUSER), autocommit=True) as connection:
        began, taken = time.perf_counter(), 0
        while taken < DUE:
            taken += connection.execute(
                "UPDATE cases_caseclock SET warned = warned + 1, next_at = next_at + interval '1 day' WHERE id IN"
                " (SELECT id FROM cases_caseclock WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 300"
                " FOR UPDATE SKIP LOCKED)"
            ).rowcount
        return taken / (time.perf_counter() - began)


def _burst(server: postgres.Server) -> float:
    from gongzhi.cases.operations.firing import fire_due

    many = max(DUE // 5, 1)
    _copy(server, 200_000_000, many, "now() - interval '1 minute'")
    cell.use_role(postgres.ENGINE, server)
    began, fired = time.perf_counter(), 0
    while (batch := fire_due(now=datetime.now(UTC))).any:
        fired += batch.steps
        if fired >= many:
            break
    return fired / (time.perf_counter() - began)


def _count(server: postgres.Server, where: str) -> float:
    with psycopg.connect(server.url(postgres.SUPERUSER)) as connection:
        row = connection.execute(f"SELECT count(*) FROM cases_caseclock WHERE {where}").fetchone()
        return float(row[0]) if row else 0.0


def _at(taken: list[float], percent: int) -> float:
    """Nearest rank."""
    return taken[ceil(len(taken) * percent / 100) - 1]
