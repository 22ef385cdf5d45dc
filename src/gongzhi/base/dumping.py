"""A database as one file and back, by PostgreSQL's own programs."""

import os
import subprocess
from pathlib import Path
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gongzhi.base import postgres
from gongzhi.base.postgres import PostgresProblem


def dump(url: str, file: Path) -> None:
    """Everything in the database as of one moment, while others go on writing.

    Rights are left out: `gongzhi migrate` gives them, as they belong to the roles of one server.
    """
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", *_WITHOUT, f"--file={file}")


def load(url: str, file: Path) -> None:
    """Put a dump into an empty database, all of it or nothing."""
    _run("pg_restore", url, "--no-owner", "--no-privileges", "--single-transaction", str(file))


def copy_cluster(url: str, file: Path) -> None:
    """The whole server as one packed file: what recovery to a moment starts from. Only for a superuser."""
    with file.open("wb") as packed:
        _run("pg_basebackup", url, *_PACKED, into=packed)
        packed.flush()
        os.fsync(packed.fileno())


def is_empty(url: str) -> bool:
    """True when the database has no table of anybody's."""
    done = _run("psql", url, "--no-psqlrc", "--tuples-only", "--no-align", f"--command={_TABLES}")
    return done.strip() == b"0"


_WITHOUT = ("--no-comments", "--exclude-extension=*")  # extensions are the server administrator's
_PACKED = ("--pgdata=-", "--format=tar", "--gzip", "--wal-method=fetch", "--checkpoint=fast")
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def _run(program: str, url: str, *arguments: str, into: IO[bytes] | int = subprocess.PIPE) -> bytes:
    """The password goes through the environment: command lines can be read by everybody on the machine."""
    parts = {name: value for name, value in conninfo_to_dict(url).items() if value is not None}
    password = str(parts.pop("password", ""))
    command = [
        str(postgres.installed() / "bin" / program),
        *arguments,
        "--dbname",
        make_conninfo("", **parts),
    ]
    done = subprocess.run(
        command,
        check=False,
        stdout=into,
        stderr=subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": os.devnull, "PGPASSWORD": password},
    )
    if done.returncode:
        last = (done.stderr.decode(errors="replace").strip() or "no message").splitlines()[-1]
        raise PostgresProblem(f"{program} failed: {last}")
    return done.stdout or b""
