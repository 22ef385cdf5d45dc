"""`gongzhi web`, `stream`, `clock`, `worker`: each process of a cell on its own, for systemd and the supervisor."""

import argparse
import contextlib
import os
import sys
from typing import Any

from gongzhi.base import postgres
from gongzhi.config import cell, environment, logs
from gongzhi.config.commands.adding import command
from gongzhi.config.words import gettext as _

CONNECTIONS = (
    1024  # that one web process holds; granian leaves any beyond them unanswered until another one closes
)


THREADS_PER_PLACE = 2  # who has no place waits in a thread: in granian's own queue nobody could say no


def add(choices: Any) -> None:
    """Put the four commands on the command line."""
    command(choices, "web", _("The web pages and the API alone."), web)
    command(choices, "stream", _("The live stream to the desks alone."), stream)
    command(choices, "clock", _("The loop that fires clocks alone."), clock)
    command(choices, "worker", _("The background jobs alone."), worker)


def web(asked: argparse.Namespace) -> int:
    """Serve the pages with a few processes of many threads."""
    env = environment.read()
    os.environ["DATABASE_URL"] = cell.address(env, postgres.APP)
    _granian(
        *(
            "gongzhi.config.wsgi:application",
            "--interface",
            "wsgi",
            "--host",
            env.host,
            "--port",
            str(env.port),
        ),
        *(
            "--workers",
            str(env.web_workers),
            "--blocking-threads",
            str(env.web_threads * THREADS_PER_PLACE),
            "--respawn-failed-workers",
        ),
        *("--backpressure", str(CONNECTIONS)),
    )
    return 0


def stream(asked: argparse.Namespace) -> int:
    """Serve the stream with one process."""
    env = environment.read()
    os.environ["DATABASE_URL"] = cell.address(env, postgres.APP)
    _granian(
        *("gongzhi.config.stream:application", "--interface", "asgi", "--host", env.host),
        *("--port", str(env.stream_port), "--workers", "1", "--no-ws"),
    )
    return 0


def clock(asked: argparse.Namespace) -> int:
    """Fire clocks until told to stop."""
    cell.set_up(cell.address(environment.read(), postgres.ENGINE))
    logs.catch_the_rest()
    from gongzhi.cases import clock_loop

    clock_loop.main()
    return 0


def worker(asked: argparse.Namespace) -> int:
    """Do background jobs until told to stop."""
    cell.set_up(cell.address(environment.read(), postgres.ENGINE))
    logs.catch_the_rest()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)
    _seal_soon()
    with app.replace_connector(app.connector.get_worker_connector()) as jobs:
        jobs.run_worker(concurrency=2, shutdown_graceful_timeout=4.0)
    return 0


def _seal_soon() -> None:
    """What was written while no worker ran needn't wait for the full hour."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    from gongzhi.trust.jobs import SEAL

    with contextlib.suppress(AlreadyEnqueued):
        app.configure_task(SEAL).defer()


def _granian(*arguments: str) -> None:
    command = [
        sys.executable,
        "-m",
        "granian",
        "--log-level",
        "warning",
        "--workers-kill-timeout",
        "4",
        *arguments,
    ]
    os.execv(command[0], command)  # noqa: S606 - the process becomes the server
