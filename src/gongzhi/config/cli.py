"""The `gongzhi` command. Exit codes: 0 all is well, 1 a check found problems, 2 wrong use or wrong surroundings."""

import argparse
import sys
from collections.abc import Sequence

from gongzhi.base.errors import Refused
from gongzhi.base.postgres import PostgresProblem
from gongzhi.config import commands
from gongzhi.config.environment import EnvironmentProblem
from gongzhi.config.words import gettext as _

FINE, FOUND_PROBLEMS, WRONG = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what is wrong with the machine is said in one line."""
    asked = parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except (EnvironmentProblem, PostgresProblem) as problem:
        print(f"gongzhi: {problem}", file=sys.stderr)
        return WRONG
    except Refused as refusal:
        print(f"gongzhi: {refusal}", file=sys.stderr)
        return FOUND_PROBLEMS
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """All commands and their arguments."""
    top = argparse.ArgumentParser(
        prog="gongzhi",
        description=_("Runs a county's safety plan. `gongzhi COMMAND --help` explains one command."),
        epilog=_("Settings come from the environment: see docs/reference/settings.md."),
    )
    choices = top.add_subparsers(metavar="COMMAND", required=True)
    for command in commands.ALL:
        command.add(choices)
    return top
