"""The demo cell for tests: places, agencies, people and programs, loaded once into a database of its own."""

from datetime import UTC, datetime

import psycopg
from psycopg import sql

from gongzhi.base import postgres
from gongzhi.base.actor import SYSTEM

NAME = "gongzhi_demo"
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


def make(source: postgres.Server) -> None:
    """Copy the migrated database and load the demo county into the copy, as the application would."""
    from django.db import connection

    copy(source, postgres.DATABASE, NAME)
    connect(source)
    _load()
    connection.close()
    _forget_the_loading(source)


def copy(source: postgres.Server, template: str, name: str) -> None:
    """A database like another one; whoever is still connected to either is let go, else PostgreSQL refuses."""
    from django.db import connection

    connection.close()
    with psycopg.connect(source.url(postgres.SUPERUSER, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [template]
        )
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def connect(source: postgres.Server, database: str = NAME) -> None:
    """Make Django's connection the application's, to the demo database or back to the empty one."""
    from django.db import connection

    from gongzhi.config.environment import parse_database_url

    connection.close()
    connection.settings_dict.update(parse_database_url(source.url(postgres.APP, database)))
    connection.settings_dict["CONN_MAX_AGE"] = 0


def _forget_the_loading(source: postgres.Server) -> None:
    """Tests begin with an empty audit log: what loading the demo noted is nothing they did."""
    with psycopg.connect(source.url(postgres.SUPERUSER, NAME), autocommit=True) as server:
        server.execute("SET session_replication_role = replica")  # past the trigger that refuses it
        server.execute("TRUNCATE trust_auditrow")


def _load() -> None:
    from django.conf import settings

    from gongzhi.accounts import demo as people
    from gongzhi.programs import operations as programs
    from gongzhi.territory import operations as territory

    programs.load(folder=settings.GONGZHI_PROGRAMS, by=SYSTEM, now=MADE_AT)
    territory.load_demo(by=SYSTEM, now=MADE_AT)
    people.load(now=MADE_AT)
