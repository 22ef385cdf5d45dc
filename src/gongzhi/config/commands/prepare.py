"""`gongzhi prepare`: what `run` does before it opens, for those who start the processes themselves."""

import argparse
from typing import Any

from gongzhi.base import postgres
from gongzhi.config import cell
from gongzhi.config.commands.adding import command
from gongzhi.config.words import gettext as _


def add(choices: Any) -> None:
    """Put the command on the command line."""
    command(
        choices,
        "prepare",
        _("Bring database, page files and programs up to date; `run` does this itself."),
        run,
    )


def run(asked: argparse.Namespace) -> int:
    """Prepare the cell as its owner, and print the demo's sign-ins."""
    with cell.opened(postgres.OWNER) as env:
        from gongzhi.config import preparing

        preparing.prepare(env)
        print(preparing.sign_ins())
    return 0
