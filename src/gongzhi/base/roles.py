"""What each database role may do: granted after every migration, by the owner."""

from collections.abc import Iterable

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from gongzhi.base.models import AppendOnly
from gongzhi.base.postgres import APP, ENGINE, READER


def grant(
    connection: BaseDatabaseWrapper,
    *,
    writers: Iterable[str] = (APP, ENGINE),
    readers: Iterable[str] = (READER,),
) -> list[str]:
    """Give the running roles what they need and no more; returns the names of roles the server doesn't have."""
    writers, readers = list(dict.fromkeys(writers)), list(dict.fromkeys(readers))
    missing = [role for role in [*writers, *readers] if not _exists(connection, role)]
    with transaction.atomic(using=connection.alias):
        for role in writers:
            if role not in missing:
                _grant(connection, role, "SELECT, INSERT, UPDATE, DELETE")
                _keep_append_only(connection, role)
        for role in readers:
            if role not in missing:
                _grant(connection, role, "SELECT")
    return missing


def append_only_tables() -> list[str]:
    """The tables whose rows are written once."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly))


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


def _keep_append_only(connection: BaseDatabaseWrapper, role: str) -> None:
    name = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        for table in append_only_tables():
            cursor.execute(
                f"REVOKE UPDATE, DELETE, TRUNCATE ON {connection.ops.quote_name(table)} FROM {name}"
            )
