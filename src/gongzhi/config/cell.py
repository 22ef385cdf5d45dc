"""The cell a command works on: its PostgreSQL answers, Django is set up, and the right role is connected."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from gongzhi.base import postgres
from gongzhi.config import environment, messages, wiring
from gongzhi.config.environment import Env, EnvironmentProblem
from gongzhi.config.words import gettext as _
from gongzhi.config.words import language

OLDEST_SERVER = 150000


@contextmanager
def opened(role: str) -> Iterator[Env]:
    """The cell as one database role sees it; the embedded PostgreSQL is started for the while if it isn't running."""
    env = environment.read()
    with _server(env):
        set_up(address(env, role), speaking=True)
        yield env


def address(env: Env, role: str) -> str:
    """Where a role reaches the database."""
    if env.embedded:
        return embedded(env).url(role)
    return {postgres.OWNER: env.owner_url, postgres.ENGINE: env.engine_url}.get(role, env.database_url)


def embedded(env: Env) -> postgres.Server:
    """The embedded PostgreSQL of this cell, running or not."""
    more = postgres.archiving(env.wal_archive) if env.wal_archive else {}
    return postgres.Server(env.data_dir, env.keys_dir, user=env.postgres_user, settings=more)


def set_up(url: str, *, speaking: bool = False) -> None:
    """Set Django up on this database; `speaking` answers in the terminal's language rather than the cell's."""
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")
    messages.compile_all()  # before Django reads them, which it does once
    import django
    from django.utils import translation

    django.setup()
    wiring.connect()
    if speaking:
        translation.activate(language())


def check_server(url: str, name: str = "DATABASE_URL") -> None:
    """One clear line when the database server can't be used."""
    environment.parse_database_url(url)
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        reason = (str(error).strip() or "?").splitlines()[0]
        raise EnvironmentProblem(
            _(
                "{name}: no connection to the database. Check host, port, user, password and database: {reason}"
            ).format(name=name, reason=reason)
        ) from error
    if version < OLDEST_SERVER:
        raise EnvironmentProblem(
            _("{name}: this server is PostgreSQL {version}; use 15 or newer.").format(
                name=name, version=version // 10000
            )
        )


@contextmanager
def _server(env: Env) -> Iterator[None]:
    if not env.embedded:
        check_server(env.database_url)
        yield
        return
    server = embedded(env)
    if not _started(server):
        _wait_until_it_answers(server)
    try:
        yield
    finally:
        server.stop()  # does nothing to a server that another process started


def _started(server: postgres.Server) -> bool:
    try:
        server.start()
    except postgres.InUse:
        return False
    return True


def _wait_until_it_answers(server: postgres.Server) -> None:
    if not server.answers_within(postgres.READY_WITHIN):
        raise EnvironmentProblem(
            _(
                "Another command holds {folder} and its PostgreSQL does not answer. Wait for it, or stop it."
            ).format(folder=server.data_dir)
        )
