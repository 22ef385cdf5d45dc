"""The second lock alone: SQL as the application's role, with no query of ours around it."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from gongzhi.base import postgres, roles
from gongzhi.base.bounds import NOTHING, bounded, passing
from tests.cases.conftest import Town
from tests.doors.conftest import Matter, scope
from tests.races.conftest import DATABASE

# Rows that no case is behind; everything else in a locked table belongs to one.
FREE = {"trust_subjectkey": "subject NOT LIKE 'case:%'"}


def seen(table: str, columns: str = "count(*)") -> int:
    with connection.cursor() as cursor:
        # The table comes from the database's own list of policies.
        cursor.execute(f"SELECT {columns} FROM {table} WHERE NOT ({FREE.get(table, 'false')})")
        return int(cursor.fetchone()[0])


def refused(statement: str) -> bool:
    """True if PostgreSQL says no; False if the statement went through."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "row-level security" in str(error) or "permission denied" in str(error)
    return False


def touched(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def test_every_locked_table_has_a_row_to_hide(matter: Matter) -> None:
    tables = roles.locked_tables(connection)
    assert len(tables) >= 13
    assert {table: seen(table) for table in tables if seen(table) == 0} == {}


def test_without_a_scope_the_application_sees_nothing(matter: Matter) -> None:
    tables = roles.locked_tables(connection)
    with bounded(NOTHING):
        assert {table: seen(table) for table in tables if seen(table)} == {}


def test_with_another_townships_scope_it_sees_nothing_of_this_one(
    matter: Matter, strangers: list[str]
) -> None:
    tables = [table for table in roles.locked_tables(connection) if table != "trust_auditrow"]
    for name in strangers:
        with bounded(scope(name).bounds):
            assert {table: seen(table) for table in tables if seen(table)} == {}, name


def test_the_audit_log_opens_for_the_audit_administrator_alone(matter: Matter, strangers: list[str]) -> None:
    readers = []
    for name in [*strangers, "dispatcher", "head"]:
        with bounded(scope(name).bounds):
            readers += [name] if seen("trust_auditrow") else []
    assert sorted(readers) == ["auditadmin", "far.auditadmin"]


def test_without_a_scope_it_can_neither_write_nor_change(matter: Matter, town: Town) -> None:
    with bounded(NOTHING):
        assert touched("UPDATE cases_caserecord SET title = 'x'") == 0
        assert touched("DELETE FROM cases_caseclock") == 0
        assert touched("UPDATE trust_content SET sealed = NULL") == 0
        assert touched("UPDATE notices_notice SET acknowledged_at = now()") == 0
        copied = "INSERT INTO cases_casephoto (photo, case_id) VALUES (gen_random_uuid(), '%s')"
        assert refused(copied % matter.record.pk)
    with passing():
        assert not refused(copied % matter.record.pk)


def test_a_pass_opens_the_one_case_it_names(matter: Matter, town: Town) -> None:
    other = town.record(town.report(7001).case_code)
    with bounded(NOTHING), passing(f"case:{other.pk}"):
        assert seen("cases_caserecord") == 1
        assert seen("cases_casestep", "count(DISTINCT case_id)") == 1
        assert seen("cases_casephoto") == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT subject FROM trust_content")
            assert cursor.fetchall() == [(f"case:{other.pk}",)]


FORBIDDEN = [
    "SET ROLE gongzhi_owner",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION gongzhi_owner",
    "SET session_replication_role = replica",
    "ALTER TABLE cases_caserecord DISABLE ROW LEVEL SECURITY",
    "DROP POLICY reach ON cases_caserecord",
    "CREATE POLICY open ON cases_caserecord USING (true)",
    "DROP TRIGGER cases_casestep_append_only ON cases_casestep",
    "ALTER TABLE cases_casestep DISABLE TRIGGER ALL",
    "CREATE OR REPLACE FUNCTION gongzhi_whole() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "TRUNCATE cases_casestep",
    "UPDATE cases_casestep SET kind = 'closed'",
    "DELETE FROM trust_auditrow",
    "SELECT rolpassword FROM pg_authid",
    "COPY cases_caserecord TO PROGRAM 'cat'",
    "CREATE TABLE mine (id int)",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
]


@pytest.mark.parametrize("role", [postgres.APP, postgres.ENGINE])
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_no_running_role_can_take_a_lock_off(
    postgres_server: postgres.Server, django_db_setup: None, role: str, statement: str
) -> None:
    with psycopg.connect(postgres_server.url(role)) as running, pytest.raises(psycopg.Error) as refusal:
        running.execute(statement)
    words = str(refusal.value)
    assert any(word in words for word in ("denied", "must be owner", "must be able", "may alter")), words


def test_the_application_can_not_become_the_engine(
    postgres_server: postgres.Server, django_db_setup: None
) -> None:
    with (
        psycopg.connect(postgres_server.url(postgres.APP)) as running,
        pytest.raises(psycopg.Error, match="denied"),
    ):
        running.execute(f"SET ROLE {postgres.ENGINE}")


def test_row_level_security_can_not_be_switched_off_for_a_session(
    postgres_server: postgres.Server, django_db_setup: None
) -> None:
    with psycopg.connect(postgres_server.url(postgres.APP)) as running:
        running.execute("SET row_security = off")
        with pytest.raises(psycopg.Error, match="row-level security"):
            running.execute("SELECT count(*) FROM cases_caserecord")


def test_the_reader_sees_no_row_of_a_locked_table(open_town: Town, postgres_server: postgres.Server) -> None:
    open_town.report()
    assert seen("cases_caserecord") == 1
    with psycopg.connect(postgres_server.url(postgres.READER, DATABASE)) as reader:
        assert reader.execute("SELECT count(*) FROM cases_caserecord").fetchone() == (0,)
