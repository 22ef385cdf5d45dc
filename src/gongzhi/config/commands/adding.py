"""How a command is added to the command line: its name, one sentence, and what it runs."""

import argparse
from collections.abc import Callable
from typing import Any

Run = Callable[[argparse.Namespace], int]


def command(choices: Any, name: str, sentence: str, run: Run) -> argparse.ArgumentParser:
    """A new command whose one sentence shows in the list and on its own help page."""
    parser: argparse.ArgumentParser = choices.add_parser(name, help=sentence, description=sentence)
    parser.set_defaults(run=run)
    return parser


def group(choices: Any, name: str, sentence: str) -> Any:
    """A word that has commands of its own below it."""
    parser = choices.add_parser(name, help=sentence, description=sentence)
    return parser.add_subparsers(metavar="COMMAND", required=True)
