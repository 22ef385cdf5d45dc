"""`gongzhi verify` and `gongzhi rebuild`: is the ledger whole, and do the rows say what it says?"""

import argparse
from typing import Any

from gongzhi.base import postgres
from gongzhi.config import cell
from gongzhi.config.commands.adding import command
from gongzhi.config.commands.progress import progress
from gongzhi.config.words import gettext as _


def add(choices: Any) -> None:
    """Put the commands on the command line."""
    command(
        choices,
        "verify",
        _("Recompute every case's chain of steps; 1 if a step was changed or lost."),
        verify,
    )
    rebuilding = command(
        choices, "rebuild", _("Rebuild the case rows from their steps and compare."), rebuild
    )
    rebuilding.add_argument(
        "--fix", action="store_true", help=_("write what the steps say where a row differs")
    )


def verify(asked: argparse.Namespace) -> int:
    """Check the chains."""
    with cell.opened(postgres.ENGINE):
        from gongzhi.cases import verification

        with progress(_("checking the chains")) as report:
            return _tell(verification.verify_all(progress=report))


def rebuild(asked: argparse.Namespace) -> int:
    """Compare, and repair if asked to."""
    with cell.opened(postgres.ENGINE):
        from gongzhi.cases import verification

        with progress(_("rebuilding the rows")) as report:
            return _tell(verification.rebuild_all(fix=asked.fix, progress=report))


def _tell(report: Any) -> int:
    for problem in report.problems:
        print(problem)
    words = _("{cases} cases, {steps} steps: {problems} problems")
    print(words.format(cases=report.cases, steps=report.steps, problems=len(report.problems)))
    return 0 if report.clean else 1
