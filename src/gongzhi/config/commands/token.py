"""`gongzhi token`: a key with which a program speaks to the API as one person."""

import argparse
from datetime import timedelta
from typing import Any

from gongzhi.base import postgres
from gongzhi.config import cell
from gongzhi.config.commands.adding import command
from gongzhi.config.environment import EnvironmentProblem
from gongzhi.config.words import gettext as _


def add(choices: Any) -> None:
    """Put the command on the command line."""
    own = command(choices, "token", _("Issue an API token for a person; it is shown once."), run)
    own.add_argument("user", help=_("the person's sign-in name"))
    own.add_argument("--name", default="command line", help=_("what the token is for"))
    own.add_argument(
        "--scope",
        action="append",
        help=_("what it may be used for: case:read (if none is named), case:step; may be given again"),
    )
    own.add_argument("--days", type=int, default=90, help=_("for how many days it works (90)"))


def run(asked: argparse.Namespace) -> int:
    """Issue the token and print it."""
    with cell.opened(postgres.APP):
        from django.utils import timezone

        from gongzhi.accounts import operations, queries
        from gongzhi.accounts.types import LEAST_SCOPES
        from gongzhi.base import actor

        now = timezone.now()
        person = queries.person_by_username(asked.user)
        if person is None:
            raise EnvironmentProblem(_("There is no sign-in name {user}.").format(user=asked.user))
        expires = now + timedelta(days=asked.days)
        print(
            operations.issue_token(
                person=person.id,
                name=asked.name,
                expires=expires,
                by=actor.SYSTEM,
                now=now,
                scopes=asked.scope or LEAST_SCOPES,
            )
        )
    return 0
