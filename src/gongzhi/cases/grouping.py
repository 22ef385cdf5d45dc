"""Whether reports share their commits: in the web processes, whose threads take in many at once, they do."""

from django.db import IntegrityError, connection

from gongzhi.base.together import Together
from gongzhi.cases.operations.taking_in import Draft, Standing, take_in

Group = Together[Draft, Standing]
_present: Group | None = None


def begin(group: Group | None = None) -> Group:
    """From now on reports of this process share commits."""
    global _present
    _present = group or Together(take_in)
    return _present


def end() -> bool:
    """Each report for itself again, after the waiting ones are written; whether they were."""
    global _present
    ending, _present = _present, None
    return ending is None or ending.drain()


def written(draft: Draft) -> Standing:
    """Write a report, with others where reports share commits; never within a transaction of the caller's."""
    if _present is None or connection.in_atomic_block:
        return written_alone(draft)
    return _present.run(draft)


def written_alone(draft: Draft) -> Standing:
    """Write a report; of two with one client id at once, the slower finds what the faster has written."""
    try:
        [standing] = take_in([draft])
    except IntegrityError:
        [standing] = take_in([draft])
    return standing
