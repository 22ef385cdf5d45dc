"""When the database, or the disk below it, can't do what is asked just now: for a while, and through nobody's fault."""

import errno

from django.db import InterfaceError, OperationalError
from psycopg.errors import ReadOnlySqlTransaction

RETRY_AFTER = 5  # seconds


def is_away(error: BaseException | None) -> bool:
    """Whether the same may succeed in a moment: no connection to be had, a server that restarts, reads only or is full."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return True
    return isinstance(error, OperationalError | InterfaceError) or isinstance(
        getattr(error, "__cause__", None), ReadOnlySqlTransaction
    )
