"""A backup of a running cell, and a cell out of a backup that proves itself before anybody uses it."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from gongzhi import VERSION
from gongzhi.base import dumping, postgres
from gongzhi.base.actor import SYSTEM
from gongzhi.config import archive, cell
from gongzhi.config.archive import Archive
from gongzhi.config.environment import Env, EnvironmentProblem
from gongzhi.config.words import gettext as _

RECOVER_WITHIN = 6 * 3600.0  # seconds
NEEDED_KEYS = ("master.key", "derivation.key")
Progress = Callable[[int, int], None]


def back_up(env: Env, folder: Path, *, base: bool, keys: bool, now: datetime, progress: Progress) -> int:
    """Write a backup; returns how many files it holds.

    The database comes first: a photo is stored before the row that names it is committed, so that every photo of the
    dump is among the files copied after it, unless it was erased in between.
    """
    from gongzhi.files import queries as files
    from gongzhi.trust import audit
    from gongzhi.trust.types import AuditKind

    made = Archive.make(folder)
    _put_database(made, env, base=base)
    count = 0
    for count, (address, data) in enumerate(files.stored(), start=1):
        made.put(f"{archive.FILES}/{address[:2]}/{address}", data)
        progress(count, count)
    if keys:
        _put_keys(made, env.keys_dir)
    made.finish({"made_at": now.isoformat(), "version": VERSION, "files": count, "base": base, "keys": keys})
    audit.note(kind=AuditKind.BACKED_UP, by=SYSTEM, now=now, data={"files": count, "keys": keys})
    return count


def _put_database(made: Archive, env: Env, *, base: bool) -> None:
    """A dump, which any later version reads; or the cluster itself, which the archive of its log can be added to."""
    if not base:
        dumping.dump(cell.address(env, postgres.OWNER), made.path(archive.DATABASE))
        return
    if not env.embedded:
        raise EnvironmentProblem(_("--base is for the embedded PostgreSQL: use your server's own tools."))
    dumping.copy_cluster(cell.embedded(env).url(postgres.SUPERUSER, "postgres"), made.path(archive.CLUSTER))


def _put_keys(made: Archive, keys_dir: Path) -> None:
    for path in sorted(keys_dir.iterdir()):
        if path.is_file():
            made.put(f"{archive.KEYS}/{path.name}", path.read_bytes())
            made.path(archive.KEYS, path.name).chmod(0o600)


def refuse_unless_empty(env: Env) -> None:
    """A backup is put where nothing is: what is there is somebody's."""
    inside = env.data_dir.iterdir() if env.data_dir.exists() else iter(())
    left = sorted(path.name for path in inside if path.absolute() != env.keys_dir)
    if left:
        words = _("{folder} is not empty ({names} …): restore into a new data directory.")
        raise EnvironmentProblem(words.format(folder=env.data_dir, names=left[0]))
    if not env.embedded and not dumping.is_empty(env.owner_url):
        raise EnvironmentProblem(_("The database is not empty: restore into a new one."))


def bring_keys(env: Env, found: Archive) -> None:
    """The keys of the backup if it holds them; else they must lie in the keys folder already."""
    held = found.path(archive.KEYS)
    there = [name for name in NEEDED_KEYS if (env.keys_dir / name).exists()]
    if held.is_dir() and not there:
        env.keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in held.iterdir():
            shutil.copyfile(path, env.keys_dir / path.name)
            os.chmod(env.keys_dir / path.name, 0o600)
    elif len(there) < len(NEEDED_KEYS):
        words = _("The keys are missing: put the backup of the keys folder into {folder} first.")
        raise EnvironmentProblem(words.format(folder=env.keys_dir))


def recover(env: Env, found: Archive, *, log: Path | None, until: datetime | None) -> None:
    """Let the server of the base backup read the log up to a moment; then it rests, ready to be opened."""
    if not env.embedded or log is None:
        raise EnvironmentProblem(_("This is a base backup: name the archive of its log with --wal."))
    server = postgres.Server(env.data_dir, env.keys_dir, user=env.postgres_user)
    server.recovery = postgres.Recovery(found.path(archive.CLUSTER), log.absolute(), until)
    server.ready_within = RECOVER_WITHIN
    with server:
        pass


def put_back(env: Env, found: Archive, *, now: datetime, progress: Progress) -> None:
    """Database and files into an open, empty cell, as its owner; then on record there that this is a restored one."""
    from gongzhi.config import preparing
    from gongzhi.files import operations as files
    from gongzhi.trust import audit
    from gongzhi.trust.types import AuditKind

    if not found.label()["base"]:
        dumping.load(cell.address(env, postgres.OWNER), found.path(archive.DATABASE))
    preparing.migrate(env)
    label = found.label()
    for done, (address, data) in enumerate(found.files(), start=1):
        files.put_back(address=address, data=data)
        progress(done, label["files"])
    preparing.become(cell.address(env, postgres.ENGINE))
    audit.note(kind=AuditKind.RESTORED, by=SYSTEM, now=now, data={"made_at": label["made_at"]})


def problems(progress: Progress) -> Iterator[str]:
    """What is wrong with the cell we are in: `verify`, `rebuild`, and every photo's files."""
    from gongzhi.cases import verification
    from gongzhi.files import queries as files
    from gongzhi.tips import verification as tips
    from gongzhi.trust import audit

    yield from verification.verify_all(progress=progress).problems
    yield from verification.rebuild_all(fix=False, progress=progress).problems
    yield from audit.broken()
    yield from tips.problems()
    yield from (_("a photo's file is missing: {address}").format(address=one) for one in files.lost())
