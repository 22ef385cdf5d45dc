"""How long a first and a second start of a cell take, and a stop."""

from collections.abc import Iterator

from tests import cell
from tests.config.process import RunningCell


def measure() -> Iterator[tuple[str, str]]:
    """A cell in a throw-away folder, with the demo."""
    folder = cell.make_folder()
    try:
        running = RunningCell(folder)
        for figure in ("first start, with the demo", "second start"):
            yield figure, f"{running.start():.1f} s"
            yield "stop", f"{running.stop():.1f} s"
    finally:
        cell.remove_folder(folder)
