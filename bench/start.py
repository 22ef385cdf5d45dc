"""How long a first and a second start of a cell take, and a stop."""

from collections.abc import Iterator

from bench.figure import Figure
from tests import cell
from tests.config.process import RunningCell


def measure() -> Iterator[Figure]:
    """A cell in a throw-away folder, with the demo."""
    folder = cell.make_folder()
    try:
        running = RunningCell(folder)
        for figure, aim in (("first start, with the demo", ""), ("second start", "< 15 s")):
            yield Figure(figure, running.start(), "s", aim=aim)
            yield Figure("stop", running.stop(), "s")
    finally:
        cell.remove_folder(folder)
