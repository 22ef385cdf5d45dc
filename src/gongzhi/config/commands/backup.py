"""`gongzhi backup` and `restore`: the cell in a folder, and a cell out of it that has proved itself."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gongzhi.base import postgres
from gongzhi.config import cell, environment
from gongzhi.config.commands.adding import command
from gongzhi.config.commands.progress import progress
from gongzhi.config.environment import EnvironmentProblem
from gongzhi.config.words import gettext as _


def add(choices: Any) -> None:
    """Put the commands on the command line."""
    backing_up = command(
        choices,
        "backup",
        _("Write database and photos into a new folder, while the cell runs. The keys stay out."),
        backup,
    )
    backing_up.add_argument("folder", type=Path, metavar="FOLDER", help=_("a folder that is new or empty"))
    backing_up.add_argument(
        "--with-keys",
        action="store_true",
        help=_("put the keys in too: whoever has this folder can then read everything"),
    )
    backing_up.add_argument(
        "--base",
        action="store_true",
        help=_("copy the whole server, for a recovery to a moment with the archive of its log"),
    )
    restoring = command(
        choices,
        "restore",
        _("Put a backup into an empty data directory, then verify and rebuild it; 1 if something is wrong."),
        restore,
    )
    restoring.add_argument("folder", type=Path, metavar="FOLDER", help=_("the folder of the backup"))
    restoring.add_argument(
        "--wal", type=Path, metavar="FOLDER", help=_("the archive of the log (GONGZHI_WAL_ARCHIVE)")
    )
    restoring.add_argument(
        "--until",
        type=_moment,
        metavar="TIME",
        help=_("the moment, as 2026-11-24T02:10+08:00; else the last one"),
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def backup(asked: argparse.Namespace) -> int:
    """Write a backup and say where the keys are."""
    with cell.opened(postgres.ENGINE) as env:
        from django.utils import timezone

        from gongzhi.config import backing_up

        with progress(_("copying photos")) as report:
            count = backing_up.back_up(
                env,
                asked.folder.absolute(),
                base=asked.base,
                keys=asked.with_keys,
                now=timezone.now(),
                progress=report,
            )
        print(
            _("Backed up to {folder}: the database and {count} files.").format(
                folder=asked.folder, count=count
            )
        )
        if not asked.with_keys:
            words = _("The keys are not in it. Keep a copy of {folder} elsewhere: without it nothing opens.")
            print(words.format(folder=env.keys_dir))
    return 0


def restore(asked: argparse.Namespace) -> int:
    """Look at everything first, then restore, then prove."""
    from gongzhi.config import archive, backing_up

    env = environment.read()
    backing_up.refuse_unless_empty(env)
    found = archive.Archive.found(asked.folder.absolute())
    backing_up.bring_keys(env, found)
    if found.label()["base"]:
        backing_up.recover(env, found, log=asked.wal, until=asked.until)
    elif asked.wal or asked.until:
        raise EnvironmentProblem(
            _("This backup has one moment only: --wal and --until need one made with --base.")
        )
    with cell.opened(postgres.OWNER):
        from django.utils import timezone

        with progress(_("putting photos back")) as report:
            backing_up.put_back(env, found, now=timezone.now(), progress=report)
        with progress(_("checking the chains")) as report:
            wrong = list(backing_up.problems(report))
    for problem in wrong:
        print(problem)
    words = _("Restored to the state of {made_at}, verified and rebuilt: {problems} problems")
    moment = asked.until or (_("the end of the log") if found.label()["base"] else found.label()["made_at"])
    print(words.format(made_at=moment, problems=len(wrong)))
    return 1 if wrong else 0
