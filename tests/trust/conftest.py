"""A town with real commits whose log is kept in a folder of the test's own, and a superuser who meddles with it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gongzhi.base import postgres
from tests.races.conftest import DATABASE, open_town

__all__ = ["open_town"]

Meddle = Callable[..., Any]


@pytest.fixture(autouse=True)
def heads_folder(settings, tmp_path: Path) -> Path:
    """Where this test's heads are kept outside the database."""
    settings.GONGZHI_HEADS = tmp_path / "heads"
    return settings.GONGZHI_HEADS


@pytest.fixture
def meddle(open_town: object, postgres_server: postgres.Server) -> Meddle:
    """A superuser who silences every trigger and runs a statement; returns how many rows it touched."""

    def run(statement: str, *values: object) -> int:
        with psycopg.connect(postgres_server.url(postgres.SUPERUSER, DATABASE), autocommit=True) as server:
            server.execute("SET session_replication_role = replica")
            return server.execute(statement, values).rowcount

    return run
