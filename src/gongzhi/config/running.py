"""`gongzhi run`: checks the surroundings, starts PostgreSQL and the processes of a cell, and looks after them."""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gongzhi.base import postgres
from gongzhi.base.dying import die_with_parent
from gongzhi.config import cell, environment
from gongzhi.config.environment import Env, EnvironmentProblem
from gongzhi.config.supervisor import Child, Supervisor, say
from gongzhi.config.words import gettext as _

OPEN_WITHIN = 60.0
ANY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not bound to


def run() -> int:
    """Start a cell and stay until told to stop."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # until the supervisor takes over
    env = environment.read()
    with _only_one(env), contextlib.ExitStack() as stack:
        _check_ports(env)
        server = _start_postgres(env)
        if server:
            stack.callback(server.stop)
        prepared = _prepare(env)
        if prepared.returncode:
            return prepared.returncode
        supervisor = Supervisor(_children(env), look_after=_keeping(server))
        supervisor.catch_signals()
        stack.callback(supervisor.stop)
        if _opens(env, supervisor):
            say(_welcome(env, prepared.stdout))
        supervisor.run()
        say(_("Stopping …"))
    say(_("Stopped."))
    return 0


@contextmanager
def _only_one(env: Env) -> Iterator[None]:
    try:
        env.data_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
        lock = (env.data_dir / "run.lock").open("a+")
    except OSError as error:
        raise EnvironmentProblem(
            _(
                "No permission to write {path}. Give it to this user, or set GONGZHI_DATA to another folder."
            ).format(path=env.data_dir)
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            words = _(
                "This cell is already running (process {pid}, {folder}). Stop it first with Ctrl-C or kill {pid}."
            )
            raise EnvironmentProblem(words.format(pid=lock.read().strip(), folder=env.data_dir)) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _check_ports(env: Env) -> None:
    for name, port in (("GONGZHI_PORT", env.port), ("GONGZHI_STREAM_PORT", env.stream_port)):
        family = socket.AF_INET6 if ":" in env.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((env.host, port))
            except OSError as error:
                raise EnvironmentProblem(
                    _(
                        "Can't open {host}:{port} ({reason}). Stop what uses it, or set {name} to a free port."
                    ).format(host=env.host, port=port, reason=error.strerror, name=name)
                ) from error


def _start_postgres(env: Env) -> postgres.Server | None:
    if not env.embedded:
        for name, url in _addresses(env).items():
            cell.check_server(url, name)
        return None
    server = cell.embedded(env)
    try:
        server.start()
    except postgres.InUse as error:
        raise EnvironmentProblem(
            _("Another gongzhi command is using {folder}. Wait until it has finished.").format(
                folder=env.data_dir
            )
        ) from error
    return server


def _addresses(env: Env) -> dict[str, str]:
    return {
        "DATABASE_URL": env.database_url,
        "DATABASE_OWNER_URL": env.owner_url,
        "DATABASE_ENGINE_URL": env.engine_url,
    }


def _keeping(server: postgres.Server | None) -> Callable[[], None]:
    def look_after() -> None:
        if server and server.has_died():
            say(_("PostgreSQL ended; starting it again"))
            server.launch()

    return look_after


def _prepare(env: Env) -> subprocess.CompletedProcess[str]:
    """In a process of its own, so that this one stays small and free of Django; it prints the demo's sign-ins."""
    return subprocess.run(
        [sys.executable, "-m", "gongzhi", "prepare"],
        env={**os.environ, "GONGZHI_DATA": str(env.data_dir)},
        check=False,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent,
    )


def _children(env: Env) -> list[Child]:
    """No running process is told the owner's address, and only the engine's are told the engine's."""
    told = {**os.environ, "GONGZHI_DATA": str(env.data_dir)}
    told.pop("DATABASE_OWNER_URL", None)
    guarded = {name: value for name, value in told.items() if name != "DATABASE_ENGINE_URL"}
    children = [Child(name, [sys.executable, "-m", "gongzhi", name], guarded) for name in ("web", "stream")]
    for name in ("clock", "worker"):  # one process each, and safe to cut off: what they do, they can do twice
        children.append(Child(name, [sys.executable, "-m", "gongzhi", name], told, dies_by=signal.SIGKILL))
    return children


def _opens(env: Env, supervisor: Supervisor) -> bool:
    """Start the children; true once pages and stream answer."""
    deadline = time.monotonic() + OPEN_WITHIN
    waiting = {"web": env.port, "stream": env.stream_port}
    while waiting and not supervisor.stopping:
        supervisor.look()
        waiting = {name: port for name, port in waiting.items() if not _answers(env, port)}
        if time.monotonic() > deadline:
            say(_("{names}: no answer yet; see the lines above.").format(names=", ".join(waiting)))
            return False
        time.sleep(0.1)
    return not supervisor.stopping


def _answers(env: Env, port: int) -> bool:
    host = "127.0.0.1" if env.host in ANY_ADDRESS else env.host
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/healthz"
    question = urllib.request.Request(address, headers={"Host": "localhost"})
    try:
        with urllib.request.urlopen(question, timeout=2) as answer:  # noqa: S310 - always http, to ourselves
            return bool(answer.status == 200)
    except OSError:
        return False


def _welcome(env: Env, sign_ins: str) -> str:
    lines = [
        _("Gongzhi is open."),
        f"  {_('For residents')}: {env.public_url}/",
        f"  {_('For centre and departments')}: {env.public_url}/desk/",
        f"  {_('For grid workers')}: {env.public_url}/field/",
        f"  {_('For programs')}: {env.public_url}/api/v1/openapi.json",
        f"  {_('The data is in')}: {env.data_dir}",
    ]
    if sign_ins.strip():
        lines += ["", _("Demo sign-ins:"), sign_ins.rstrip()]
    return "\n".join(["", *lines, "", _("Ctrl-C stops everything."), ""])
