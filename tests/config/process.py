"""Starting the real command in a folder of its own, as a newcomer would."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.live import free_port


def surroundings(folder: Path, **settings: str) -> dict[str, str]:
    """An environment without anything of the test session's own cell."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GONGZHI_", "DATABASE_", "DJANGO_"))
    }
    return {**kept, "LANG": "C.UTF-8", "GONGZHI_DATA": str(folder), **settings}


def gongzhi(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """One command, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "gongzhi", *arguments],
        check=False,
        env=surroundings(folder, **settings),
        capture_output=True,
        text=True,
        timeout=60,
    )


class RunningCell:
    """`gongzhi run` in a folder, from its first line to its end."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port, self.stream_port = free_port(), free_port()
        self.log = folder / "test.log"
        self.settings = {
            "GONGZHI_PORT": str(self.port),
            "GONGZHI_STREAM_PORT": str(self.stream_port),
            **settings,
        }

    def start(self) -> float:
        """Start, wait for the welcome, and say how long it took."""
        began = time.monotonic()
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gongzhi", "run"],
                env=surroundings(self.folder, **self.settings),
                stdout=out,
                stderr=out,
                # Begun in the background, by a script, the tests ignore Ctrl-C, and so would what they start.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no lock
            )
        while "Ctrl-C" not in self.log.read_text():
            if self.process.poll() is not None or time.monotonic() - began > 120:
                raise AssertionError(self.log.read_text())
            time.sleep(0.1)
        return time.monotonic() - began

    def stop(self) -> float:
        """Stop as Ctrl-C does, and say how long it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        return time.monotonic() - began

    def password(self) -> str:
        """The demo password the welcome printed."""
        return re.search(r"dispatcher +(\S+)", self.log.read_text()).group(1)

    def leftovers(self) -> list[str]:
        """Command lines of processes that still mention our folder."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/environ"):
            try:
                if f"GONGZHI_DATA={self.folder}".encode() in entry.read_bytes():
                    found.append((entry.parent / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
        return found
