"""`gongzhi replay`: send real messages or real calls through the whole loop and show what became of them."""

import argparse
from pathlib import Path
from typing import Any

from gongzhi.config import messages as translations
from gongzhi.config.commands.adding import command, group
from gongzhi.config.environment import EnvironmentProblem
from gongzhi.config.words import gettext as _


def add(choices: Any) -> None:
    """Put the commands on the command line."""
    own = group(
        choices, "replay", _("Send recorded messages or calls through the whole loop, in a cell of its own.")
    )
    told = command(
        own, "messages", _("Each message of a file becomes a report; simulated staff handle it."), tell
    )
    called = command(
        own, "calls", _("Each recorded call becomes a case with a task per unit, at its own times."), call
    )
    for parser in (told, called):
        parser.add_argument("file", type=Path, help=_("the CSV file, plain or .gz"))
        parser.add_argument("--limit", type=int, help=_("only the first so many rows"))
        parser.add_argument(
            "--keep", type=Path, help=_("keep the replay's cell in this empty folder, to look at it")
        )
    called.add_argument(
        "--out", type=Path, help=_("write call, unit, clock, seconds and verdict to this CSV")
    )


def tell(asked: argparse.Namespace) -> int:
    """Replay messages."""
    from gongzhi.exchange.replay import messages

    _check(asked)
    return messages.run(asked.file, limit=asked.limit, keep=asked.keep)


def call(asked: argparse.Namespace) -> int:
    """Replay calls."""
    from gongzhi.exchange.replay import calls

    _check(asked)
    return calls.run(asked.file, limit=asked.limit, keep=asked.keep, out=asked.out)


def _check(asked: argparse.Namespace) -> None:
    translations.compile_all()
    if not asked.file.is_file():
        raise EnvironmentProblem(_("There is no file {file}.").format(file=asked.file))
    if asked.keep and asked.keep.exists() and any(asked.keep.iterdir()):
        raise EnvironmentProblem(_("{folder} is not empty: name an empty folder.").format(folder=asked.keep))
