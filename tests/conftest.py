"""What every test can ask for: a database, an empty cell, a live cell, a browser."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg
import pytest

from gongzhi.base import postgres
from gongzhi.config import messages, wiring
from tests import cell
from tests.browser import DESK, PHONE

__all__ = ["DESK", "PHONE"]

FOLDER = cell.make_folder()
cell.set_environment(FOLDER)
messages.compile_all()
django.setup()
wiring.connect()


def pytest_unconfigure() -> None:
    cell.remove_folder(FOLDER)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Each runner reads settings of its own: what this process leaves behind would make them share one folder."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("shared"):
        _need_shared()


def _need_shared() -> Path:
    folder = cell.REPOSITORY.parent / "shared"
    if folder.exists() and not os.access(folder, os.R_OK | os.X_OK):
        pytest.fail(f"{folder} exists and can't be read")
    if not folder.exists() and os.environ.get("CI") == "true":
        pytest.fail("the real data (../shared) must be there in CI")
    if not folder.exists():
        pytest.skip("needs the real data beside the checkout (../shared)")
    return folder


@pytest.fixture(autouse=True)
def calm_shelf(request, monkeypatch) -> Iterator[None]:
    """The map in memory looks at the database when a test changes it, not every few seconds of a slow one; and what a
    test took back or emptied is forgotten, or each later look would be a query."""
    from gongzhi.base import recent
    from gongzhi.territory import shelf

    monkeypatch.setattr(shelf, "SECONDS_BETWEEN_CHECKS", 3600.0)
    monkeypatch.setattr(recent, "SECONDS", 0.0)
    yield
    if shelf._shelf.unsettled or "transactional_db" in request.fixturenames:
        shelf._shelf = shelf._Shelf()


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data beside the checkout; use it with the marker `shared`."""
    return _need_shared() / "data"


@contextmanager
def seeing_everything() -> Iterator[None]:
    """The test itself looks at any row; requests and operations in it have bounds of their own."""
    from gongzhi.base.bounds import Bounds, bounded

    with bounded(Bounds(everything=True, whole=True, roles=frozenset({"audit_admin"}))):
        yield


@pytest.fixture
def db(db) -> Iterator[None]:
    """The database, rolled back afterwards."""
    with seeing_everything():
        yield


@pytest.fixture
def transactional_db(transactional_db) -> Iterator[None]:
    """The database with real commits."""
    with seeing_everything():
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A throw-away PostgreSQL with our roles and an empty database."""
    with cell.server(FOLDER) as server:
        yield server


@pytest.fixture(scope="session")
def django_db_setup(postgres_server: postgres.Server, django_db_blocker) -> Iterator[None]:
    """Migrated as the owner; every test runs as the application."""
    from django.db import connections
    from django.test import TransactionTestCase

    with django_db_blocker.unblock():
        cell.migrate(postgres_server)
        # Django would TRUNCATE, which the application may not.
        TransactionTestCase._fixture_teardown = lambda self: cell.empty(postgres_server)
        yield
        connections.close_all()


@pytest.fixture
def clean_cell(transactional_db, postgres_server: postgres.Server) -> postgres.Server:
    """Real commits: every table is emptied afterwards. The server is handed over for its addresses."""
    return postgres_server


@pytest.fixture
def may_seal(postgres_server: postgres.Server, request) -> Iterator[None]:
    """The test plays the engine: in its database it may add to the proof's log, as the application may not."""
    from django.db import connection

    from gongzhi.base.roles import engine_tables

    where = next(name for name in ("open_town", "demo_cell", "db") if name in (*request.fixturenames, "db"))
    request.getfixturevalue(where)
    name, tables = connection.settings_dict["NAME"], ", ".join(engine_tables())
    with psycopg.connect(postgres_server.url(postgres.SUPERUSER), dbname=name, autocommit=True) as owner:
        owner.execute(f"GRANT INSERT ON {tables} TO {postgres.APP}")
    yield
    with psycopg.connect(postgres_server.url(postgres.SUPERUSER), dbname=name, autocommit=True) as owner:
        owner.execute(f"REVOKE INSERT ON {tables} FROM {postgres.APP}")


@pytest.fixture
def live_cell(clean_cell: postgres.Server, settings) -> Iterator["LiveCell"]:  # noqa: F821
    """The web application on a real port; `start_stream()`, `start_clock()`, `start_worker()` add the others."""
    from tests.live import LiveCell, free_port

    running = LiveCell(clean_cell, stream_port=free_port())
    settings.GONGZHI_STREAM_URL = running.stream_url
    settings.ALLOWED_HOSTS = ["*"]
    running.start_web()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:  # noqa: F821
    """A real headless Chromium."""
    from tests import browser

    with browser.running() as chromium:
        yield chromium


@pytest.fixture
def open_page(chromium) -> Iterator[Callable]:
    """`open_page()` is a visitor on a phone, `open_page(DESK)` one at a desk, each with cookies of their own."""
    contexts = []

    def opened(size: dict = PHONE, **options: object) -> "Page":  # noqa: F821
        context = chromium.new_context(
            viewport=size, has_touch=size is PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", **options
        )
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def demo_database(django_db_setup, django_db_blocker, postgres_server: postgres.Server) -> None:
    """The demo county's places, agencies, people and programs in a database of their own, loaded once."""
    from tests import demo

    with django_db_blocker.unblock():
        demo.make(postgres_server)
        demo.connect(postgres_server, postgres.DATABASE)


@pytest.fixture
def on_demo(demo_database, django_db_blocker, postgres_server: postgres.Server) -> Iterator[None]:
    """Django's connection leads to the demo database while a test runs; ask for `demo_cell` instead."""
    from tests import demo

    with django_db_blocker.unblock():
        demo.connect(postgres_server)
        yield
        demo.connect(postgres_server, postgres.DATABASE)


@pytest.fixture
def demo_cell(on_demo, db) -> None:
    """A test inside the demo county: rolled back afterwards."""
