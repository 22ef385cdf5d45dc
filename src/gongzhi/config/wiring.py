"""What must travel upwards between parts, as one visible table.

A part may import only from the parts below it. Where a lower part has to tell a higher one
(contents erased, a notice that bounced), the lower part keeps a list of listeners and this table fills it.
"""

from typing import Any


def wires() -> tuple[tuple[list[Any], Any], ...]:
    """Each list that a lower part keeps, with what a higher part puts into it. Read once Django is set up."""
    from gongzhi.cases import clock_loop, sealing
    from gongzhi.tips import upkeep
    from gongzhi.trust import log

    return (
        (log.SOURCES, sealing.STEPS),
        (clock_loop.MORE_CHORES, upkeep.sweep),
    )


def connect() -> None:
    """Fill the lists of listeners; safe to call twice."""
    for listeners, listener in wires():
        if listener not in listeners:
            listeners.append(listener)
