"""`gongzhi messages-compile`: make the translations that the pages read."""

import argparse
from typing import Any

from gongzhi.config import messages
from gongzhi.config.commands.adding import command
from gongzhi.config.words import gettext as _


def add(choices: Any) -> None:
    """Put the command on the command line."""
    command(
        choices, "messages-compile", _("Make the .mo files from the .po files; `run` does this itself."), run
    )


def run(asked: argparse.Namespace) -> int:
    """Compile what is stale."""
    for path in messages.compile_all():
        print(path.relative_to(messages.PACKAGE))
    return 0
