"""How the machine under a cell is doing: its database, its job queue, its disk."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Database:
    """Which server answers and how large the cell's database is."""

    version: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Jobs:
    """Background jobs that could run now, and those that failed for good."""

    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class Disk:
    """Room on the disk of a folder, in bytes."""

    total: int
    free: int


def database() -> Database:
    """Ask the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    return Database(version.split()[0], size)


def jobs(now: datetime) -> Jobs:
    """Count the queue; a job for later does not wait yet."""
    from procrastinate.contrib.django.models import ProcrastinateJob  # its tables are ready only after set-up

    due = Q(scheduled_at=None) | Q(scheduled_at__lte=now)
    rows = ProcrastinateJob.objects.all()
    return Jobs(rows.filter(due, status="todo").count(), rows.filter(status="failed").count())


def disk(folder: Path) -> Disk:
    """How full the disk is."""
    usage = shutil.disk_usage(folder)
    return Disk(usage.total, usage.free)
