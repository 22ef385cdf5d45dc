"""The second lock, as the application holds it: which rows the database may show to whoever acts now.

The bounds travel to PostgreSQL as settings of the connection; the policies in each part's `locks.sql` read them.
Nobody has bounds until somebody says so, and `bounded` puts back what was before, so a forgotten one shows nothing.
"""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from django.db import DatabaseError, connection
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

from gongzhi.base.prepared import prepared

log = logging.getLogger(__name__)

Ids = frozenset[uuid.UUID]
PREFIX = "gongzhi."


@dataclass(frozen=True, slots=True)
class Bounds:
    """Who acts and what they reach: by area, by what their organisations were given, or by a pass for one matter."""

    person: uuid.UUID | None = None
    everything: bool = (
        False  # no policy hides anything: for what stands in for the engine, never for a person
    )
    whole: bool = False  # reaches every case of this cell that is not kept to its workers
    areas: Ids = frozenset()
    organisations: Ids = frozenset()
    handlers: Ids = frozenset()  # of these, the organisations they handle matters for
    roles: frozenset[str] = frozenset()
    passes: frozenset[str] = frozenset()  # subjects, such as `case:…`

    def settings(self) -> dict[str, str]:
        """The bounds as the policies read them."""
        return {
            "person": str(self.person or ""),
            "everything": "on" if self.everything else "",
            "whole": "on" if self.whole else "",
            "areas": _array(self.areas),
            "organisations": _array(self.organisations),
            "handlers": _array(self.handlers),
            "roles": _array(self.roles),
            "passes": _array(self.passes),
        }


NOTHING = Bounds()
EVERYTHING = Bounds(everything=True, whole=True)
"""For a process that plays the engine without its role: the replay's clock, a test that looks at rows."""

_present: ContextVar[Bounds] = ContextVar("gongzhi_bounds", default=NOTHING)
_inside: ContextVar[bool] = ContextVar("gongzhi_bounded", default=False)


def present() -> Bounds:
    """The bounds in force here and now."""
    return _present.get()


@contextmanager
def bounded(bounds: Bounds) -> Iterator[None]:
    """Within these bounds and no others; afterwards whatever was in force before."""
    before, token = _present.get(), _inside.set(True)
    try:
        turn_to(bounds)
        yield
    finally:
        _inside.reset(token)
        _turn_back(before)


@contextmanager
def passing(*subjects: str) -> Iterator[None]:
    """With a pass for these matters besides what is reached already."""
    now = _present.get()
    with bounded(replace(now, passes=now.passes | set(subjects))):
        yield


def turn_to(bounds: Bounds) -> None:
    """Go on within other bounds until the `bounded` around us ends: for whoever shows late who they are."""
    if not _inside.get():
        raise RuntimeError("bounds are only set inside `bounded`, which takes them back")
    if bounds != _present.get():
        _tell(bounds)
        _present.set(bounds)


def reaches_everything() -> bool:
    """Whether no policy hides a row here: what counts, checks or sweeps all rows has to ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gongzhi_reaches_everything()")
        return bool(cursor.fetchone()[0])


def need_everything() -> None:
    """Refuse to go on with a part of the rows: a check would call it clean, a sweep would clear the rest away."""
    if not reaches_everything():
        raise PermissionError("only the engine, or the owner, reaches every row: run this as one of them")


def _turn_back(before: Bounds) -> None:
    changed = before != _present.get()
    _present.set(before)
    if not changed or _will_be_rolled_back():  # a roll-back takes the settings back by itself
        return
    try:
        _tell(before)
    except DatabaseError:
        log.warning("the bounds could not be taken back: the connection is closed")
        connection.close()


def _will_be_rolled_back() -> bool:
    held = connection.connection
    failed = held is not None and held.info.transaction_status == TransactionStatus.INERROR
    return connection.in_atomic_block and (connection.needs_rollback or failed)


def _tell(bounds: Bounds) -> None:
    if connection.connection is None:  # a new connection is told as soon as it is there
        return
    settings = bounds.settings()
    calls = ", ".join(["set_config(%s, %s, false)"] * len(settings))
    values = [value for name, value in settings.items() for value in (PREFIX + name, value)]
    with prepared() as cursor:
        cursor.execute(f"SELECT {calls}", values)


def _array(values: frozenset[Any]) -> str:
    return "{" + ",".join(sorted(str(value) for value in values)) + "}" if values else ""


def _on_connected(**_: object) -> None:
    if _present.get() != NOTHING:
        _tell(_present.get())


connection_created.connect(_on_connected, dispatch_uid="gongzhi.base.bounds")
