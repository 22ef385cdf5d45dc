"""`gongzhi run`: one command that starts a whole cell."""

import argparse
from typing import Any

from gongzhi.config.commands.adding import command
from gongzhi.config.words import gettext as _


def add(choices: Any) -> None:
    """Put the command on the command line."""
    command(choices, "run", _("Start everything and keep it running until Ctrl-C."), run)


def run(asked: argparse.Namespace) -> int:
    """Start the supervisor."""
    from gongzhi.config import running

    return running.run()
