"""A demo database with real commits, for tests in which several connections meet."""

from collections.abc import Iterator

import pytest

from gongzhi.base import postgres
from tests import demo
from tests.cases.conftest import Town
from tests.conftest import seeing_everything

DATABASE = "gongzhi_races"


@pytest.fixture
def open_town(demo_database: None, django_db_blocker, postgres_server: postgres.Server) -> Iterator[Town]:
    """The demo county in a fresh database of its own; every thread connects to it."""
    demo.copy(postgres_server, demo.NAME, DATABASE)
    with django_db_blocker.unblock():
        demo.connect(postgres_server, DATABASE)
        with seeing_everything():
            yield Town()
        demo.connect(postgres_server, postgres.DATABASE)
