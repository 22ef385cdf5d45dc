"""A throw-away cell: its own folder, its own embedded PostgreSQL, the demo county; nothing of the real cell is touched."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from gongzhi.base import postgres

FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class NotEmpty(Exception):
    """The folder to keep the cell in has something in it already."""


@contextmanager
def throwaway(
    keep: Path | None, made_at: datetime, *, programs: Path | None = None, role: str = postgres.APP
) -> Iterator[Path]:
    """A new cell with the demo county as of a day; gone at the end unless a folder to keep it in is named."""
    folder = _folder(keep)
    server = postgres.Server(folder, folder / "keys", settings={} if keep else FORGETFUL)
    try:
        _point_settings_at(folder, programs)
        with server:
            _prepare(server, made_at, role)
            yield folder
            _disconnect()
    finally:
        if keep is None:
            shutil.rmtree(server.home, ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)


def _folder(keep: Path | None) -> Path:
    if keep is None:
        folder = Path(tempfile.mkdtemp(prefix="gongzhi-replay-"))
    else:
        keep.mkdir(parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise NotEmpty(keep)
        folder = keep.absolute()
    (folder / "static").mkdir()  # no page is served from here; it only has to be there
    folder.chmod(0o755)  # the system user of PostgreSQL has to pass
    return folder


def _point_settings_at(folder: Path, programs: Path | None) -> None:
    """Every setting of the real cell is left out, so that no letter, file or row can go there."""
    kept = {"GONGZHI_POSTGRES_USER", "GONGZHI_PROGRAMS"}
    for name in [n for n in os.environ if n.startswith(("GONGZHI_", "DATABASE_")) and n not in kept]:
        del os.environ[name]
    os.environ.update(GONGZHI_DATA=str(folder), GONGZHI_EMAIL="memory", GONGZHI_REPORTS_PER_ADDRESS="0")
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongzhi.config.settings"
    if programs is not None:
        os.environ["GONGZHI_PROGRAMS"] = str(programs)


def _prepare(server: postgres.Server, made_at: datetime, role: str) -> None:
    import django

    django.setup()
    _become(server, postgres.OWNER)
    _migrate()
    _become(server, role)
    load_demo(made_at)


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection

    from gongzhi.base import roles

    call_command("migrate", verbosity=0, interactive=False)
    roles.grant(connection)


def load_demo(made_at: datetime) -> None:
    """The demo county and its people, in office since `made_at`, and the programs."""
    from django.conf import settings

    from gongzhi.accounts import demo as people
    from gongzhi.base.actor import SYSTEM
    from gongzhi.programs import operations as programs
    from gongzhi.territory import operations as territory

    programs.load(folder=settings.GONGZHI_PROGRAMS, by=SYSTEM, now=made_at)
    territory.load_demo(by=SYSTEM, now=made_at)
    people.load(now=made_at)


def _become(server: postgres.Server, role: str) -> None:
    from django.db import connection

    connection.close()
    address = conninfo_to_dict(server.url(role))
    connection.settings_dict.update(USER=address["user"], PASSWORD=address["password"], HOST=address["host"])
    connection.settings_dict.update(NAME=address["dbname"], CONN_MAX_AGE=None)


def _disconnect() -> None:
    from django.db import connections

    connections.close_all()
