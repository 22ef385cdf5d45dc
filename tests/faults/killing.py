"""Which processes a running cell consists of, and how to end one without a word."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from tests.config.process import RunningCell

TARGETS = ("postmaster", "web worker", "clock", "worker", "backend", "web", "stream")


def victims(kills: int, seed: int) -> Iterator[str]:
    """Round after round, each of the targets once a round, in an order that the seed decides after the first round."""
    chance, left = random.Random(seed), list(TARGETS)
    for _n in range(kills):
        if not left:
            left = chance.sample(TARGETS, len(TARGETS))
        yield left.pop(0)


def kill(cell: RunningCell, target: str) -> int:
    """End it with SIGKILL once it is there; the number of the process."""
    until = time.monotonic() + 60
    while not (found := find(cell, target)):
        assert time.monotonic() < until, f"there is no {target}"
        time.sleep(0.05)
    os.kill(found, signal.SIGKILL)
    return found


def find(cell: RunningCell, target: str) -> int | None:
    """The process of that name, if it runs just now."""
    parent = {"web worker": "web", "backend": "postmaster"}.get(target)
    if parent is None:
        return _child(cell.process.pid, "/bin/postgres" if target == "postmaster" else _command(target))
    above = find(cell, parent)
    return _child(above, "postgres: gongzhi_app" if target == "backend" else "") if above else None


def _command(name: str) -> str:
    return {"web": "gongzhi.config.wsgi", "stream": "gongzhi.config.stream"}.get(name, f"gongzhi {name}")


def _child(parent: int, mention: str) -> int | None:
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except OSError:
        return None
    return next((int(pid) for pid in children if mention in _line(pid)), None)


def _line(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
