import psycopg
import pytest

from gongzhi.base import postgres, roles
from tests import cell


@pytest.mark.parametrize("role", [postgres.APP, postgres.ENGINE, postgres.READER])
def test_no_running_role_may_change_what_is_written_once(clean_cell, role):
    assert roles.append_only_tables()
    with psycopg.connect(clean_cell.url(role)) as connection:
        held = {
            (table, right)
            for table in roles.append_only_tables()
            for right in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
            if connection.execute("SELECT has_table_privilege(%s, %s)", [table, right]).fetchone()[0]
        }
    assert held == set()


@pytest.mark.parametrize("role", [postgres.APP, postgres.ENGINE, postgres.READER])
def test_no_running_role_owns_anything(clean_cell, role):
    with psycopg.connect(clean_cell.url(role)) as connection:
        owned = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE tableowner = current_user"
        ).fetchone()
        special = connection.execute(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert owned == (0,)
    assert special == (False,)


def test_even_the_owner_is_stopped_by_the_trigger(clean_cell):
    with psycopg.connect(clean_cell.url(postgres.OWNER)) as connection:
        guarded = {
            row[0]
            for row in connection.execute(
                "SELECT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
                " WHERE proname = 'gongzhi_refuse_change' AND tgenabled = 'O'"
            )
        }
    assert set(roles.append_only_tables()) <= guarded


def test_a_role_the_server_does_not_have_is_named(postgres_server, django_db_setup, django_db_blocker):
    from django.db import connection

    with django_db_blocker.unblock():
        cell.use_role(postgres.OWNER, postgres_server)
        assert roles.grant(connection, app=["nobody_here"], readers=[]) == ["nobody_here"]
        cell.use_role(postgres.APP, postgres_server)
