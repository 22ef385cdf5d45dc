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
        command(own, name, sentence, run).add_argument(
            "folder", nargs="?", type=Path, help=_("the folder of programs; by default the one in use")
        )


def check(asked: argparse.Namespace) -> int:
    """Print every problem; 1 when there are any."""
    env = environment.read()
    cell.set_up(cell.address(env, postgres.APP), speaking=True)
    from gongzhi.programs import loader

    folder = asked.folder or env.programs_dir
    if not folder.is_dir():
        raise environment.EnvironmentProblem(_("There is no folder {folder}.").format(folder=folder))
    problems = list(loader.check(folder))
    for problem in problems:
        print(problem)
    print(_("{count} problems in {folder}").format(count=len(problems), folder=folder))
    return 1 if problems else 0


def load(asked: argparse.Namespace) -> int:
    """Store what changed."""
    with cell.opened(postgres.APP) as env:
        from django.utils import timezone

        from gongzhi.base.actor import SYSTEM
        from gongzhi.programs import operations

        operations.load(folder=asked.folder or env.programs_dir, by=SYSTEM, now=timezone.now())
    return 0
