"""A throw-away cell for tests: its own folder, its own PostgreSQL, the same roles as a real one."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from gongzhi.base import postgres

REPOSITORY = Path(__file__).resolve().parents[1]
FAST_AND_FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def make_folder() -> Path:
    """A new folder that the PostgreSQL system user can enter too."""
    folder = Path(tempfile.mkdtemp(prefix="gongzhi-test-"))
    folder.chmod(0o755)
    return folder


def remove_folder(folder: Path) -> None:
    home = (folder / "postgres").resolve()
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def set_environment(folder: Path) -> None:
    """Point the settings at the throw-away cell; nothing of the developer's own environment leaks in."""
    for name in [name for name in os.environ if name.startswith(("GONGZHI_", "DATABASE_"))]:
        del os.environ[name]
    (folder / "static").mkdir()
    os.environ.update(
        PYTHONPATH=str(REPOSITORY / "src"),  # for the processes that tests start
        GONGZHI_DATA=str(folder),
        GONGZHI_DEBUG="yes",
        GONGZHI_EMAIL="memory",
        DJANGO_SETTINGS_MODULE="gongzhi.config.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="true",  # Playwright's sync interface runs an event loop in our thread
    )


def server(folder: Path) -> postgres.Server:
    return postgres.Server(folder, folder / "keys", settings=FAST_AND_FORGETFUL)


def use_role(role: str, source: postgres.Server) -> None:
    """Make Django's connection that of another role."""
    from django.db import connection

    from gongzhi.config.environment import parse_database_url

    connection.close()
    connection.settings_dict.update(parse_database_url(source.url(role)))
    connection.settings_dict["CONN_MAX_AGE"] = 0


def migrate(source: postgres.Server) -> None:
    """Migrate as the owner, grant, remember what migrations put in, and go on as the application."""
    from django.core.management import call_command
    from django.db import connection

    from gongzhi.base import roles

    use_role(postgres.OWNER, source)
    call_command("migrate", verbosity=0, interactive=False)
    roles.grant(connection)
    _remember(source)
    use_role(postgres.APP, source)


def _tables(connection: psycopg.Connection, schema: str) -> list[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
    return [row[0] for row in rows]


def _columns(connection: psycopg.Connection, table: str) -> sql.Composable:
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " AND is_generated = 'NEVER'",
        [table],
    )
    return sql.SQL(", ").join(sql.Identifier(row[0]) for row in rows)


def _has_rows(connection: psycopg.Connection, table: str) -> bool:
    found = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM public.{})").format(sql.Identifier(table)))
    return bool(found.fetchone()[0])


def _remember(source: postgres.Server) -> None:
    with psycopg.connect(source.url(postgres.SUPERUSER)) as connection:
        connection.execute("CREATE SCHEMA pristine")
        for table in filter(lambda name: _has_rows(connection, name), _tables(connection, "public")):
            statement = sql.SQL("CREATE TABLE pristine.{0} AS SELECT {1} FROM public.{0}")
            connection.execute(statement.format(sql.Identifier(table), _columns(connection, table)))


def empty(source: postgres.Server) -> None:
    """Every table as the migrations left it; triggers and foreign keys look away meanwhile."""
    with psycopg.connect(source.url(postgres.SUPERUSER)) as connection:
        connection.execute("SET session_replication_role = replica")
        for table in filter(lambda name: _has_rows(connection, name), _tables(connection, "public")):
            connection.execute(sql.SQL("DELETE FROM public.{}").format(sql.Identifier(table)))
        for table in _tables(connection, "pristine"):
            statement = sql.SQL(
                "INSERT INTO public.{0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM pristine.{0}"
            )
            connection.execute(statement.format(sql.Identifier(table), _columns(connection, table)))
