"""`gongzhi programs`: check the YAML folders, or load them into the cell."""

import argparse
from pathlib import Path
from typing import Any

from gongzhi.base import postgres
from gongzhi.config import cell, environment
from gongzhi.config.commands.adding import command, group
from gongzhi.config.words import gettext as _


def add(choices: Any) -> None:
    """Put the commands on the command line."""
    own = group(choices, "programs", _("Check or load the programs: the county's plan as YAML."))
    for name, sentence, run in (
        ("check", _("Read every program and say, by file and line, what is wrong."), check),
        ("load", _("Store the programs' present versions in the cell."), load),
    ):
        own_command = command(own, name, sentence, run)
        own_command.add_argument(
            "folder", nargs="?", type=Path, help=_("the folder of programs; by default the one in use")
        )
        own_command.add_argument(
            "--language",
            choices=("zh-hans", "en"),
            default="zh-hans",
            help=_("the language of the answer; programs are written in Chinese, so that is what it is"),
        )


def check(asked: argparse.Namespace) -> int:
    """Print every problem; 1 when there are any. Agencies are compared with the cell's list when it is there to ask."""
    env = environment.read()
    cell.set_up(cell.address(env, postgres.APP))
    from django.utils import translation

    from gongzhi.programs import loader

    folder = asked.folder or env.programs_dir
    if not folder.is_dir():
        raise environment.EnvironmentProblem(_("There is no folder {folder}.").format(folder=folder))
    known = _agencies() if _is_running(env) else None
    with translation.override(asked.language):
        problems = list(loader.check(folder, organisations=known))
    for problem in problems:
        print(problem)
    if known is None:
        print(
            _(
                "The cell is not running: whether the agencies in the rules exist was not checked.",
                asked.language,
            )
        )
    print(_("{count} problems in {folder}", asked.language).format(count=len(problems), folder=folder))
    return 1 if problems else 0


def load(asked: argparse.Namespace) -> int:
    """Store what changed."""
    with cell.opened(postgres.APP) as env:
        from django.utils import timezone, translation

        from gongzhi.base.actor import SYSTEM
        from gongzhi.programs import operations

        folder = asked.folder or env.programs_dir
        with translation.override(asked.language):
            operations.load(folder=folder, by=SYSTEM, now=timezone.now(), organisations=_agencies())
    return 0


def _is_running(env: environment.Env) -> bool:
    """Whether this cell has a database that answers now."""
    if not env.embedded:
        return True
    server = cell.embedded(env)
    return server.cluster.exists() and server.answers()


def _agencies() -> set[str] | None:
    """The codes a rule may name; None before the cell has a single organisation, or has no tables yet."""
    from django.db import DatabaseError

    from gongzhi.accounts import queries

    try:
        return queries.organisation_codes() or None
    except DatabaseError:
        return None
