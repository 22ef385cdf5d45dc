"""Who may add to the public log: the engine, and nobody else."""

import psycopg
import pytest

from gongzhi.base import postgres
from gongzhi.base.roles import engine_tables


@pytest.mark.parametrize("table", engine_tables())
def test_the_role_of_the_web_processes_adds_nothing_to_the_log(
    postgres_server: postgres.Server, db: None, table: str
) -> None:
    url = postgres_server.url(postgres.APP)
    with psycopg.connect(url) as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(f"INSERT INTO {table} DEFAULT VALUES")
    with psycopg.connect(url) as web:
        [mine] = web.execute("SELECT has_table_privilege(%s, 'SELECT')", [table]).fetchone()  # type: ignore[misc]
    assert mine


def test_the_engine_may(postgres_server: postgres.Server, db: None) -> None:
    with psycopg.connect(postgres_server.url(postgres.ENGINE)) as engine:
        for table in engine_tables():
            [may] = engine.execute("SELECT has_table_privilege(%s, 'INSERT')", [table]).fetchone()  # type: ignore[misc]
            assert may
