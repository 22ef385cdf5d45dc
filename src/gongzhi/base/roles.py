"""What each database role may do: rights and policies, given together after every migration by the owner.

Given together, they fail closed: a table whose policies were not applied yet is a table no running role has rights on.
"""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from gongzhi.base.models import AppendOnly, EngineWritten
from gongzhi.base.postgres import APP, ENGINE, READER

log = logging.getLogger(__name__)

LOCKS = "locks.sql"


def grant(
    connection: BaseDatabaseWrapper,
    *,
    app: Iterable[str] = (APP,),
    engine: Iterable[str] = (ENGINE,),
    readers: Iterable[str] = (READER,),
) -> list[str]:
    """Give the running roles what they need and no more; returns the names of roles the server doesn't have."""
    engines, readers = list(dict.fromkeys(engine)), list(dict.fromkeys(readers))
    writers = list(dict.fromkeys([*app, *engines]))
    missing = [role for role in [*writers, *readers] if not _exists(connection, role)]
    with transaction.atomic(using=connection.alias):
        _lock(connection, [role for role in engines if role not in missing])
        for role in writers:
            if role not in missing:
                _grant(connection, role, "SELECT, INSERT, UPDATE, DELETE")
                _keep(connection, role, append_only_tables(), "UPDATE, DELETE, TRUNCATE")
            if role not in missing and role not in engines:
                _keep(connection, role, engine_tables(), "INSERT")
        for role in readers:
            if role not in missing:
                _grant(connection, role, "SELECT")
    return missing


def append_only_tables() -> list[str]:
    """The tables whose rows are written once."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly))


def engine_tables() -> list[str]:
    """The tables that only the engine adds to."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, EngineWritten))


def locked_tables(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables that have a policy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public' ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def _locks() -> Iterator[str]:
    """The policies of every part, lower parts first."""
    for config in apps.get_app_configs():
        path = Path(config.path) / LOCKS
        if path.exists():
            yield path.read_text(encoding="utf-8")


def _lock(connection: BaseDatabaseWrapper, engines: list[str]) -> None:
    """Put the policies on; the engine alone passes all of them, by a policy of its own that says so."""
    with connection.cursor() as cursor:
        for statements in _locks():
            cursor.execute(statements)
        for table in locked_tables(connection):
            name = connection.ops.quote_name(table)
            cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
            cursor.execute(f"DROP POLICY IF EXISTS engine ON {name}")
            if engines:
                names = ", ".join(connection.ops.quote_name(role) for role in engines)
                cursor.execute(f"CREATE POLICY engine ON {name} TO {names} USING (true) WITH CHECK (true)")


def _exists(connection: BaseDatabaseWrapper, role: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        return cursor.fetchone() is not None


def _grant(connection: BaseDatabaseWrapper, role: str, rights: str) -> None:
    name = connection.ops.quote_name(role)
    sequences = "USAGE, SELECT" if "INSERT" in rights else "SELECT"
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}")
        cursor.execute(f"GRANT {rights} ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT {sequences} ON ALL SEQUENCES IN SCHEMA public TO {name}")


def _keep(connection: BaseDatabaseWrapper, role: str, tables: Iterable[str], rights: str) -> None:
    """Take back some rights on these tables."""
    name = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"REVOKE {rights} ON {connection.ops.quote_name(table)} FROM {name}")
