"""`gongzhi migrate`: bring the database to this version."""

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
        "migrate",
        _("Bring the tables to this version and give the database roles their rights."),
        run,
    )


def run(asked: argparse.Namespace) -> int:
    """Migrate and grant as the owner."""
    with cell.opened(postgres.OWNER) as env:
        from gongzhi.config import preparing

        preparing.migrate(env)
    return 0
