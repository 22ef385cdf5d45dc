"""`gongzhi retention` and `gongzhi erase`: what goes by date, and what goes by a centre head's decision."""

import argparse
from typing import Any

from gongzhi.base import postgres
from gongzhi.config import cell
from gongzhi.config.commands.adding import command
from gongzhi.config.environment import EnvironmentProblem
from gongzhi.config.words import gettext as _

GROUNDS = ("asked", "not_needed", "wrong", "unlawful")


def add(choices: Any) -> None:
    """Put the commands on the command line."""
    own = command(
        choices, "retention", _("Erase what is past its date now; the worker does it every night."), retention
    )
    own.add_argument("--dry-run", action="store_true", help=_("only count, erase nothing"))
    one = command(
        choices, "erase", _("Erase one sealed content of a case for ever; a tombstone stays."), erase
    )
    one.add_argument("case", metavar="CASE", help=_("the case code"))
    one.add_argument("content", metavar="CONTENT", help=_("contact, text, photo …, or the id of one content"))
    one.add_argument("--reason", choices=GROUNDS, required=True, help=_("why it has to go"))
    one.add_argument("--by", required=True, help=_("the sign-in name of the centre head who decided it"))


def retention(asked: argparse.Namespace) -> int:
    """Erase, or count what would be erased."""
    with cell.opened(postgres.ENGINE):
        from django.utils import timezone

        from gongzhi.cases import operations

        counted = operations.erase_due(now=timezone.now(), dry_run=asked.dry_run)
        for purpose, count in sorted(counted.items()):
            print(f"{purpose}: {count}")
        words = _("{count} contents would be erased") if asked.dry_run else _("{count} contents erased")
        print(words.format(count=counted.total()))
    return 0


def erase(asked: argparse.Namespace) -> int:
    """Erase the contents of this name or id, as the centre head who decided it."""
    with cell.opened(postgres.ENGINE):
        from django.utils import timezone

        from gongzhi.accounts import queries as accounts
        from gongzhi.base import actor
        from gongzhi.cases import operations, queries

        person, now = accounts.person_by_username(asked.by), timezone.now()
        if person is None:
            raise EnvironmentProblem(_("There is no sign-in name {user}.").format(user=asked.by))
        scope = accounts.scope_of(person.id, timezone.localdate(now))
        held = queries.held_contents(scope, asked.case)
        chosen = [one for one in held if asked.content in (one.name, str(one.id))]
        for one in chosen:
            print(f"{one.id} {one.title}")
            operations.erase_content(
                case=asked.case, content=one.id, reason=asked.reason, by=actor.person(person.id), now=now
            )
        print(_("{count} contents erased").format(count=len(chosen)))
    return 0 if chosen else 1
