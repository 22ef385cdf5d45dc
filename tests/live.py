"""A cell that answers on real ports, for tests that drive a browser or another client."""

import itertools
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field

import httpx
from django.conf import settings
from django.db import connections
from django.test.testcases import LiveServerThread

from gongzhi.base import postgres
from gongzhi.base.dying import die_with_parent

RUNNER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
# Runners side by side never hand out the same one, and two test runs on one machine hardly ever.
PORTS = itertools.count(10_000 + os.getpid() * 64 % 16_000 + RUNNER % 64, 64)


def free_port() -> int:
    """A port nobody listens on, below those the system gives away by itself."""
    for port in PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


@dataclass
class LiveCell:
    """The web application in a thread; stream, clock loop and worker as processes where a test asks for them."""

    source: postgres.Server
    stream_port: int
    url: str = ""
    children: list[subprocess.Popen] = field(default_factory=list)

    def start_web(self) -> None:
        from django.contrib.staticfiles.handlers import StaticFilesHandler

        self.thread = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={}, port=0)
        self.thread.daemon = True
        self.thread.start()
        self.thread.is_ready.wait()
        if self.thread.error:
            raise self.thread.error
        self.url = f"http://127.0.0.1:{self.thread.port}"

    @property
    def stream_url(self) -> str:
        return f"http://127.0.0.1:{self.stream_port}"

    def start_stream(self) -> None:
        self.start("stream", postgres.APP)
        wait_for(f"{self.stream_url}/healthz")

    def start_clock(self) -> None:
        self.start("clock", postgres.ENGINE)

    def start_worker(self) -> None:
        self.start("worker", postgres.ENGINE)

    def start(self, name: str, role: str) -> None:
        """One of the cell's own processes, under its own database role."""
        environment = {
            **os.environ,
            "DATABASE_URL": self.source.url(role),
            "GONGZHI_STREAM_PORT": str(self.stream_port),
            "GONGZHI_SECRET_KEY": settings.SECRET_KEY,
        }
        command = [sys.executable, "-m", "gongzhi", name]
        self.children.append(subprocess.Popen(command, env=environment, preexec_fn=die_with_parent))  # noqa: PLW1509

    def stop(self) -> None:
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.wait(10)
        self.thread.terminate()
        connections.close_all()


def wait_for(address: str, seconds: float = 20) -> None:
    """Return when the address answers 200."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(address, timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise TimeoutError(address)
