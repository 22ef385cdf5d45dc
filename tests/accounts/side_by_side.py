"""Runs the same thing in several threads at once, each with a connection of its own."""

import threading
from collections.abc import Callable

from django.db import connections

from tests.conftest import seeing_everything


def side_by_side(*tasks: Callable[[], object]) -> list[object]:
    """What each task returned, or the exception it raised."""
    results: list[object] = [None] * len(tasks)
    start = threading.Barrier(len(tasks))

    def run(number: int) -> None:
        try:
            start.wait()
            with seeing_everything():
                results[number] = tasks[number]()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
