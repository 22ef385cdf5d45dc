"""`gongzhi calendar`: which working calendar holds, a new one, and counting running clocks again."""

import argparse
from pathlib import Path
from typing import Any

from gongzhi.base import postgres
from gongzhi.config import cell
from gongzhi.config.commands.adding import command, group
from gongzhi.config.commands.progress import progress
from gongzhi.config.environment import EnvironmentProblem
from gongzhi.config.words import gettext as _


def add(choices: Any) -> None:
    """Put the commands on the command line."""
    own = group(choices, "calendar", _("Show or bring in the working calendar; count running clocks again."))
    command(own, "show", _("List the versions; the first is in force."), show)
    brought = command(
        own, "import", _("Bring in a version after a new paper; changes no running clock."), bring_in
    )
    brought.add_argument("file", type=Path, help=_("the calendar (JSON)"))
    command(own, "recalculate", _("Count running clocks again with the calendar in force."), recalculate)


def show(asked: argparse.Namespace) -> int:
    """One line per version."""
    with cell.opened(postgres.APP):
        from gongzhi.base import calendars

        for one in calendars.versions():
            years = ", ".join(str(year) for year in sorted(one.calendar.years))
            words = _("{name}: paper of {day}, years {years}, {off} days off, {worked} make-up days")
            print(
                words.format(
                    name=one.calendar.version,
                    day=one.published,
                    years=years,
                    off=len(one.calendar.holidays),
                    worked=len(one.calendar.makeup_days),
                )
            )
    return 0


def bring_in(asked: argparse.Namespace) -> int:
    """Import, then say what recalculating would change."""
    if not asked.file.is_file():
        raise EnvironmentProblem(_("There is no file {file}.").format(file=asked.file))
    with cell.opened(postgres.APP), progress(_("counting clocks")) as report:
        from gongzhi.base import calendars
        from gongzhi.cases import operations

        body = calendars.read_file(asked.file.read_bytes())
        operations.import_calendar(body=body, **_by_now())
        name = calendars.current().version
        behind = operations.behind(calendar=name, progress=report)
    print(_("in force: {name}").format(name=name))
    print(
        _("{clocks} running clocks of {cases} cases would change: gongzhi calendar recalculate").format(
            clocks=behind.clocks, cases=behind.cases
        )
    )
    return 0


def recalculate(asked: argparse.Namespace) -> int:
    """Each case gets a step."""
    with cell.opened(postgres.APP), progress(_("counting clocks")) as report:
        from gongzhi.base import calendars
        from gongzhi.cases import operations

        name = calendars.current().version
        done = operations.recalculate(calendar=name, progress=report, **_by_now())
    print(_("{cases} cases now count with {name}").format(cases=done, name=name))
    return 0


def _by_now() -> dict[str, Any]:
    from django.utils import timezone

    from gongzhi.base.actor import SYSTEM

    return {"by": SYSTEM, "now": timezone.now()}
