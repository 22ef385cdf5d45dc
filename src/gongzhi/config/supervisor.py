"""Keeps a few child processes alive, and stops them all when told to."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from gongzhi.base.dying import die_with_parent
from gongzhi.config.words import gettext as _

STOP_WITHIN = 5.0
LONGEST_WAIT = 30.0
STEADY_AFTER = 60.0  # a child that lived this long starts again at once when it dies
LOOK_EVERY = 0.2


@dataclass(slots=True)
class Child:
    """One process of the cell: how to start it, and how often that failed lately."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    failures: int = 0
    dies_by: signal.Signals = signal.SIGTERM  # what the kernel sends it if we are killed outright

    def start(self, now: float) -> None:
        """Start it in a group of its own, so that Ctrl-C reaches it only through us."""
        self.started_at = now
        self.process = subprocess.Popen(
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(self.dies_by),  # noqa: PLW1509 - one prctl call, no lock
        )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def note_death(self, now: float) -> None:
        """Plan the next start: at once the first time, then after 1, 2, 4 … seconds."""
        assert self.process is not None
        self.failures = 1 if now - self.started_at > STEADY_AFTER else self.failures + 1
        wait = min(LONGEST_WAIT, 2.0 ** (self.failures - 1)) if self.failures > 1 else 0.0
        self.start_at = now + wait
        words = _("{name} ended with code {code}; starting it again in {wait:.0f} s")
        say(words.format(name=self.name, code=self.process.returncode, wait=wait))
        self.process = None

    def signal_group(self, number: signal.Signals) -> None:
        """Signal the process and whatever it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


@dataclass(slots=True)
class Supervisor:
    """Starts children, restarts the ones that die, ends them in reverse order."""

    children: list[Child]
    look_after: Callable[[], None] = lambda: None
    stopping: bool = field(default=False, init=False)

    def catch_signals(self) -> None:
        """SIGTERM, Ctrl-C and a closed terminal all mean: stop cleanly."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                signal.signal(number, self._stop_soon)

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def look(self) -> None:
        """One round: start what is due to start, note what has died."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and not child.is_alive():
                child.note_death(now)
            if child.process is None and child.start_at <= now:
                child.start(now)

    def run(self) -> None:
        """Look after everything until told to stop."""
        while not self.stopping:
            self.look_after()
            self.look()
            time.sleep(LOOK_EVERY)

    def stop(self) -> None:
        """Ask every child to end, wait, and end by force what has not."""
        for child in self.children:
            if child.is_alive() and child.process:
                child.process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        while any(child.is_alive() for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self.children:
            child.signal_group(signal.SIGKILL)
            if child.process:
                child.process.wait()
            child.process = None


def say(sentence: str) -> None:
    """One line to whoever started the cell."""
    print(sentence, file=sys.stderr, flush=True)
