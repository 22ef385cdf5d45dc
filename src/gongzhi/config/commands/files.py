"""`gongzhi files`: look after the folder of photos."""

import argparse
from typing import Any

from gongzhi.base import postgres
from gongzhi.config import cell
from gongzhi.config.commands.adding import command, group
from gongzhi.config.words import gettext as _


def add(choices: Any) -> None:
    """Put the command on the command line."""
    own = group(choices, "files", _("Look after the stored photos."))
    command(
        own,
        "sweep",
        _("Remove files no photo names, older than a day; the worker does it every night."),
        sweep,
    )


def sweep(asked: argparse.Namespace) -> int:
    """Remove orphans and say how many there were."""
    with cell.opened(postgres.ENGINE):
        from django.utils import timezone

        from gongzhi.files import operations

        print(_("{count} files removed").format(count=operations.sweep_orphans(now=timezone.now())))
    return 0
