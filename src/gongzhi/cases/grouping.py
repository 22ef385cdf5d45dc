"""Whether reports share their commits: in the web processes, whose threads take in many at once, they do."""

from collections.abc import Callable
from functools import partial, wraps
from typing import ParamSpec, TypeVar, cast

from django.db import connection

from gongzhi.base.together import Together

P = ParamSpec("P")
R = TypeVar("R")
_present: Together | None = None


def begin(together: Together | None = None) -> Together:
    """From now on reports of this process share commits."""
    global _present
    _present = together or Together()
    return _present


def end() -> bool:
    """Each report for itself again, after the waiting ones are written; whether they were."""
    global _present
    ending, _present = _present, None
    return ending is None or ending.drain()


def grouped(report: Callable[P, R]) -> Callable[P, R]:
    """The same operation, sharing its commit where reports do.

    Not within a transaction of the caller's, and not when it joins another case: that locks a row, and two groups could
    wait for each other's.
    """

    @wraps(report)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        together = _present
        if together is None or connection.in_atomic_block or kwargs.get("link_to"):
            return report(*args, **kwargs)
        return cast(R, together.run(partial(report, *args, **kwargs)))

    return called
