"""A county of 1,000,000 cases (a tenth of them open) and 8,000,000 steps, made from the demo by SQL.

Each case is a copy of a demo case that real operations wrote, with a place, an agency, times, and words of its own.
Its ledger is filled up to eight steps with notes. What is filler, then: the copies' chains don't verify, and their
sealed words are those of the case they were copied from. Lists, counts, searches and pages don't ask for either.
"""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from gongzhi.base import postgres
from tests import cell

CASES = 1_000_000
SCALE = float(os.environ.get("GONGZHI_BENCH_SCALE", "1"))
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FOLDER = Path(os.environ.get("GONGZHI_BENCH_CELL", f"{tempfile.gettempdir()}/gongzhi-bench-desk-{SCALE:g}"))


@contextmanager
def county() -> Iterator[postgres.Server]:
    """The county in a durable cell, which is kept in `GONGZHI_BENCH_CELL` for the next run; Django acts in it as `app`."""
    is_new = not (FOLDER / "made").exists()
    FOLDER.mkdir(exist_ok=True)
    FOLDER.chmod(0o755)
    _set_up_django()
    with postgres.Server(FOLDER, FOLDER / "keys") as server:
        _migrate(server)
        if is_new:
            _make(server)
            (FOLDER / "made").touch()
        yield server
        _disconnect()


def an_area(level: str) -> uuid.UUID:
    """One of the county's areas of this level."""
    from gongzhi.territory.models import Area

    found: uuid.UUID = (
        Area.objects.filter(level=level, valid_to=None).order_by("id").values_list("id", flat=True)[0]
    )
    return found


def _set_up_django() -> None:
    import django
    from django.conf import settings

    if settings.configured:
        return
    (FOLDER / "static").rmdir() if (FOLDER / "static").exists() else None
    cell.set_environment(FOLDER)
    from gongzhi.config import messages, wiring

    messages.compile_all()
    django.setup()
    wiring.connect()


def _migrate(server: postgres.Server) -> None:
    from django.core.management import call_command
    from django.db import connection

    from gongzhi.base import roles

    cell.use_role(postgres.OWNER, server)
    call_command("migrate", verbosity=0, interactive=False)
    roles.grant(connection)
    cell.use_role(postgres.APP, server)


def _disconnect() -> None:
    from django.db import connection

    connection.close()


def _make(server: postgres.Server) -> None:
    from gongzhi.base.bounds import EVERYTHING, bounded
    from gongzhi.cases import demo as cases
    from tests import demo

    demo._load()
    with bounded(EVERYTHING):
        cases.load(now=NOW)
    _disconnect()
    with psycopg.connect(server.url(postgres.SUPERUSER), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # no foreign keys to check one by one
        connection.execute(
            "SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'; SET synchronous_commit = off"
        )
        connection.execute(PLAN % {"cases": round(CASES * SCALE)})
        for table in ("cases_caserecord", "cases_casestep", "cases_casetask", "cases_caseclock"):
            _multiply(connection, table)
        connection.execute(FILL_UP)
        connection.execute("VACUUM ANALYZE")


def _multiply(connection: psycopg.Connection, table: str) -> None:
    """Copy each template's rows of one table for every planned case, with what `OWN` puts in place of its columns."""
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s",
        [table],
    ).fetchall()
    columns = [row[0] for row in rows]
    own = {**LATER, **OWN[table]}
    values = ", ".join(own.get(column, f"t.{column}") for column in columns)
    key = "id" if table == "cases_caserecord" else "case_id"
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM plan p JOIN {table} t ON t.{key} = p.template"
    )


# The demo's own cases are the templates: `p.template`. Ids grow with the number, as real ones do with time.
PLAN = """
CREATE FUNCTION pg_temp.numbered(number bigint, part int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(number + 16777216), 12, '0') || '7' || lpad(to_hex(part), 3, '0') || '8000000000000000')::uuid
$$;
CREATE TEMP TABLE plan AS
WITH template AS (
    SELECT c.id, c.closed_at IS NULL AS open,
           row_number() OVER (PARTITION BY c.closed_at IS NULL ORDER BY c.code) - 1 AS place,
           count(*) OVER (PARTITION BY c.closed_at IS NULL) AS places
      FROM cases_caserecord c
), areas AS (
    SELECT g.id AS grid, c.id AS community, t.id AS township, row_number() OVER (ORDER BY g.id) - 1 AS place,
           count(*) OVER () AS places
      FROM territory_area g JOIN territory_area c ON c.id = g.parent_id JOIN territory_area t ON t.id = c.parent_id
     WHERE g.level = 'grid'
), agencies AS (
    SELECT o.id, row_number() OVER (ORDER BY o.id) - 1 AS place, count(*) OVER () AS places
      FROM accounts_organisation o WHERE EXISTS (SELECT FROM cases_casetask k WHERE k.organisation_id = o.id)
)
SELECT i, pg_temp.numbered(i, 0) AS id, t.id AS template, a.grid, a.community, a.township, o.id AS agency,
       CASE WHEN t.open THEN interval '1 minute' * (i * 7919 %% 14400)
            ELSE interval '1 minute' * (14400 + i * 7919 %% 1576800) END AS ago,
       (ARRAY['路灯','井盖','护栏','垃圾','占道','噪音','积水','树枝','招牌','油烟','狗','电线'])[1 + i * 31 %% 12]
           || (ARRAY['损坏','缺失','松动','堆放','扰民','倒伏','外露','掉落'])[1 + i * 17 %% 8] AS title,
       (ARRAY['迎春','文化','滨江','白云','桐君','学圣','梅林','大奇山','洋塘','春江','富春','瑶琳'])[1 + i * 13 %% 12]
           || (ARRAY['东路','西路','南路','北路','街','巷','弄','新村'])[1 + i / 12 %% 8]
           || (i * 37 %% 400) || '号' AS place
  FROM generate_series(1, %(cases)s::bigint) AS i
  JOIN template t ON t.open = (i %% 10 = 0) AND t.place = i / 10 %% t.places
  JOIN areas a ON a.place = i * 2654435761 %% a.places
  JOIN agencies o ON o.place = i * 40503 %% 97 %% o.places
"""
LATER = {
    name: f"t.{name} - p.ago"
    for name in (
        "reported_at", "accepted_at", "closed_at", "happened_at", "recorded_at", "assigned_at", "started_at",
        "arrived_at", "ended_at", "due_at", "stopped_at",
    )
}  # fmt: skip
OWN = {
    "cases_caserecord": {
        "id": "p.id",
        "code": "lpad((p.i * 7368787 %% 1000000000000)::text, 12, '0') || (p.i %% 10)".replace("%%", "%"),
        "client_id": "pg_temp.numbered(p.i, 1)",
        "title": "p.title",
        "place_text": "p.place",
        "township": "p.township",
        "community": "p.community",
        "grid": "p.grid",
        "area_id": "p.grid",
        "queue_at": "CASE WHEN t.queue_at < '9000-01-01' THEN t.queue_at - p.ago ELSE t.queue_at + p.ago END",
        "worked_by": "CASE WHEN t.worked_by = '{}' THEN t.worked_by ELSE ARRAY[p.agency] END",
        "held_by": "CASE WHEN t.held_by = '{}' THEN t.held_by ELSE ARRAY[p.agency] END",
        "last_seq": "8",
    },
    "cases_casestep": {"id": "pg_temp.numbered(p.i * 16 + t.seq, 2)", "case_id": "p.id"},
    "cases_casetask": {
        "id": "pg_temp.numbered(p.i, 3)",
        "case_id": "p.id",
        "organisation_id": "p.agency",
        "person": "NULL",
    },
    "cases_caseclock": {
        "id": "gen_random_uuid()",
        "case_id": "p.id",
        "task_id": "CASE WHEN t.task_id IS NOT NULL THEN pg_temp.numbered(p.i, 3) END",
        "next_at": "t.next_at - p.ago",
    },
}
FILL_UP = """
INSERT INTO cases_casestep
       (id, case_id, seq, kind, actor, happened_at, recorded_at, data, contents, drill, hash_version, previous, digest)
SELECT pg_temp.numbered(p.i * 16 + n, 2), p.id, n, 'noted', s.actor, s.happened_at, s.recorded_at, '{}', '[]', false,
       s.hash_version, s.previous, s.digest
  FROM plan p JOIN cases_casestep s ON s.case_id = p.id AND s.seq = 1, generate_series(2, 8) AS n
 WHERE n > (SELECT max(seq) FROM cases_casestep t WHERE t.case_id = p.template)
"""
