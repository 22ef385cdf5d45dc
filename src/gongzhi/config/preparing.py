"""What happens before a cell opens: the database is brought up to date, pages' files, programs and the demo."""

import hashlib
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.utils import timezone, translation

from gongzhi.accounts import demo as people
from gongzhi.base import postgres, roles
from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import NotFound
from gongzhi.cases import demo as cases
from gongzhi.config import cell, environment
from gongzhi.config.environment import Env, EnvironmentProblem
from gongzhi.config.words import gettext as _
from gongzhi.config.words import language
from gongzhi.programs import operations as programs
from gongzhi.territory import operations as territory
from gongzhi.territory import queries as areas
from gongzhi.tips import demo as tips

DEMO_BEGAN = timedelta(days=30)

log = logging.getLogger("gongzhi.prepare")


def migrate(env: Env) -> None:
    """Bring the tables to this version, as the owner, and give the running roles their rights."""
    if not env.embedded:
        _extensions()
    call_command("migrate", verbosity=0, interactive=False)
    missing = roles.grant(connection, **_grantees(env))
    if missing:
        log.warning(_("These database roles don't exist and were skipped: %s"), ", ".join(missing))


def become(url: str) -> None:
    """Go on as another database role in this process."""
    connection.close()
    connection.settings_dict.update(environment.parse_database_url(url))


def prepare(env: Env) -> None:
    """Everything a start needs; what is already there is left alone."""
    now = timezone.now()
    migrate(env)
    collect_static()
    become(cell.address(env, postgres.APP))
    programs.load(folder=env.programs_dir, by=SYSTEM, now=now)
    if env.demo and territory_is_empty():
        load_demo(now)


@transaction.atomic
def load_demo(now: datetime) -> None:
    """The demo county, its people and a few cases; all of it or nothing."""
    began = now - DEMO_BEGAN  # people hold their roles since before the oldest demo case
    # What is kept is in the cell's language, not the terminal's.
    with translation.override(settings.LANGUAGE_CODE):
        territory.load_demo(by=SYSTEM, now=began)
        people.load(now=began)
        cases.load(now=now)
        tips.load(now=now)


def sign_ins() -> str:
    """The demo's sign-ins as lines to print; empty when there is no demo here."""
    with translation.override(language()):
        rows = [(str(one.role), one.username, one.password, one.start) for one in people.sign_ins()]
    return "\n".join(
        f"  {username:<12} {password}   {start:<8} {title}" for title, username, password, start in rows
    )


def territory_is_empty() -> bool:
    """True before any division was imported."""
    try:
        areas.root()
    except NotFound:
        return True
    return False


def collect_static() -> bool:
    """Gather the pages' files under hashed names, if any of them changed; returns whether it did."""
    stamp, found = Path(settings.STATIC_ROOT) / ".made-from", _static_digest()
    if stamp.exists() and stamp.read_text() == found:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(found)
    return True


def _static_digest() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _grantees(env: Env) -> dict[str, Any]:
    if env.embedded:
        return {}
    app, engine, owner = (
        environment.parse_database_url(url)["USER"]
        for url in (env.database_url, env.engine_url, env.owner_url)
    )
    if app in (engine, owner):
        log.warning(
            _("Row-level security does not bind the application: give it a database role of its own.")
        )
    return {"app": {app} - {"", owner}, "engine": {engine} - {"", owner}}


def _extensions() -> None:
    try:
        with connection.cursor() as cursor:
            for extension in postgres.EXTENSIONS:
                cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    except Error as error:
        statements = " ".join(f"CREATE EXTENSION {name};" for name in postgres.EXTENSIONS)
        raise EnvironmentProblem(
            _("The database lacks extensions. Let its administrator run in it: {statements}").format(
                statements=statements
            )
        ) from error
