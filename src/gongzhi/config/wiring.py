"""What must travel upwards between parts, as one visible table.

A part may import only from the parts below it. Where a lower part has to tell a higher one
(contents erased, a notice that bounced), the lower part keeps a list of listeners and this table fills it.
"""

from collections.abc import Callable
from typing import Any

Listener = Callable[..., Any]

WIRES: tuple[tuple[list[Listener], Listener], ...] = ()


def connect() -> None:
    """Fill the lists of listeners; safe to call twice."""
    for listeners, listener in WIRES:
        if listener not in listeners:
            listeners.append(listener)
