"""`gongzhi verify`, `rebuild` and `seal`: is the ledger whole, do the rows say what it says, and is it sealed?"""

import argparse
from pathlib import Path
from typing import Any

from gongzhi.base import postgres
from gongzhi.config import cell
from gongzhi.config.commands.adding import command
from gongzhi.config.commands.progress import progress
from gongzhi.config.environment import EnvironmentProblem
from gongzhi.config.words import gettext as _


def add(choices: Any) -> None:
    """Put the commands on the command line."""
    verifying = command(
        choices,
        "verify",
        _("Recompute every case's chain of steps, and the audit log's; 1 if a row was changed or lost."),
        verify,
    )
    verifying.add_argument(
        "--proof",
        action="store_true",
        help=_("also check every row against the sealed log, its signed heads and their copies outside"),
    )
    verifying.add_argument(
        "--heads", type=Path, metavar="FILE", help=_("check against heads copied elsewhere, too")
    )
    sealing = command(
        choices, "seal", _("Seal what is new and sign a head now; the worker does so hourly."), seal
    )
    sealing.add_argument(
        "--all", action="store_true", help=_("look at every row ever written, not only at the newest")
    )
    rebuilding = command(
        choices, "rebuild", _("Rebuild the case rows from their steps and compare."), rebuild
    )
    rebuilding.add_argument(
        "--fix", action="store_true", help=_("write what the steps say where a row differs")
    )


def verify(asked: argparse.Namespace) -> int:
    """Check the chains, and the public log if asked to."""
    if asked.heads and not asked.heads.is_file():
        raise EnvironmentProblem(_("There is no file {file}.").format(file=asked.heads))
    with cell.opened(postgres.ENGINE):
        from gongzhi.base.snapshot import snapshot
        from gongzhi.cases import verification
        from gongzhi.trust import audit

        with snapshot():  # others may be writing
            with progress(_("checking the chains")) as report:
                found = verification.verify_all(progress=report)
            found.problems += audit.broken()
            code = max(_tell(found), _tell_tips())
        return max(code, _prove(asked)) if asked.proof or asked.heads else code


def _prove(asked: argparse.Namespace) -> int:
    from gongzhi.trust import proof_check

    with progress(_("checking the sealed log")) as report:
        found = proof_check.check(copies=[asked.heads] if asked.heads else [], progress=report)
    for problem in found.problems:
        print(problem)
    words = _(
        "{entries} entries sealed under {heads} heads, {waiting} rows not yet sealed: {problems} problems"
    )
    told = {"entries": found.entries, "heads": found.heads, "waiting": found.waiting}
    print(words.format(problems=len(found.problems), **told))
    return 1 if found.problems else 0


def seal(asked: argparse.Namespace) -> int:
    """Seal and sign."""
    with cell.opened(postgres.ENGINE):
        from django.utils import timezone

        from gongzhi.base.actor import SYSTEM
        from gongzhi.trust import heads

        head = heads.seal(by=SYSTEM, now=timezone.now(), everything=asked.all)
    words = _("head {number}: {size} entries, {fresh} of them new, root {root}")
    print(words.format(number=head.number, size=head.size, fresh=head.size - head.previous, root=head.root))
    return 0


def rebuild(asked: argparse.Namespace) -> int:
    """Compare, and repair if asked to."""
    with cell.opened(postgres.ENGINE):
        from gongzhi.cases import verification

        with progress(_("rebuilding the rows")) as report:
            return _tell(verification.rebuild_all(fix=asked.fix, progress=report))


def _tell_tips() -> int:
    """Tips and the reward fund have chains of their own."""
    from gongzhi.tips import verification

    problems = verification.problems()
    for problem in problems:
        print(problem)
    print(_("tips and reward fund: {problems} problems").format(problems=len(problems)))
    return 1 if problems else 0


def _tell(report: Any) -> int:
    for problem in report.problems:
        print(problem)
    words = _("{cases} cases, {steps} steps: {problems} problems")
    print(words.format(cases=report.cases, steps=report.steps, problems=len(report.problems)))
    return 0 if report.clean else 1
