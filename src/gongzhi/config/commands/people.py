"""`gongzhi people`: accounts from a list, the first administrators, and their passwords."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from gongzhi.base import postgres
from gongzhi.config import cell
from gongzhi.config.commands.adding import command, group
from gongzhi.config.commands.progress import progress
from gongzhi.config.environment import EnvironmentProblem
from gongzhi.config.words import gettext as _

CENTRE = "centre.county"
ADMINISTRATIONS = ("system_admin", "security_admin", "audit_admin")


def add(choices: Any) -> None:
    """Put the commands on the command line."""
    own = group(choices, "people", _("Open accounts, one or from a list; set an administrator's password."))
    listed = command(own, "import", _("Open accounts from a CSV list, all or none."), bring_in)
    listed.add_argument(
        "file", type=Path, help=_("the list, with columns username (登录名) and display_name (姓名)")
    )
    listed.add_argument("--dry-run", action="store_true", help=_("only say, by line, what is wrong"))
    one = command(own, "open", _("Open one account and print its password, once."), open_one)
    one.add_argument("user", help=_("the name to sign in with"))
    one.add_argument("name", help=_("what the person is called"))
    one.add_argument("--administrator", choices=ADMINISTRATIONS, help=_("make the person one of the three"))
    one.add_argument(
        "--organisation",
        default=CENTRE,
        help=_("the code of the administrator's organisation (centre.county)"),
    )
    again = command(own, "password", _("Give a person a new password and print it, once."), password)
    again.add_argument("user", help=_("the person's sign-in name"))


def bring_in(asked: argparse.Namespace) -> int:
    """Check the list; without a fault, and not on trial, open the accounts."""
    if not asked.file.is_file():
        raise EnvironmentProblem(_("There is no file {file}.").format(file=asked.file))
    with cell.opened(postgres.APP), progress(_("opening accounts")) as report:
        from gongzhi.accounts import lists, operations

        listed = lists.read(asked.file.read_bytes())
        if not listed.problems and not asked.dry_run:
            operations.create_people(people=listed.people, progress=report, **_by_now())
    for problem in listed.problems:
        print(f"{asked.file.name}, {problem}")
    if listed.problems:
        print(_("{count} problems, nothing was opened").format(count=len(listed.problems)))
        return 1
    said = _("{count} accounts could be opened") if asked.dry_run else _("{count} accounts opened")
    print(said.format(count=len(listed.people)))
    return 0


def open_one(asked: argparse.Namespace) -> int:
    """Open an account; the first administrators of a cell come in by this door."""
    with cell.opened(postgres.APP):
        from django.db import transaction

        from gongzhi.accounts import operations

        secret = operations.one_time_password()
        with transaction.atomic():
            made = operations.create_person(
                username=asked.user, display_name=asked.name, password=secret, **_by_now()
            )
            if asked.administrator:
                _make_administrator(made, asked)
        print(secret)
    return 0


def password(asked: argparse.Namespace) -> int:
    """Set and print a new password."""
    with cell.opened(postgres.APP):
        from gongzhi.accounts import operations, queries

        person = queries.person_by_username(asked.user)
        if person is None:
            raise EnvironmentProblem(_("There is no sign-in name {user}.").format(user=asked.user))
        secret = operations.one_time_password()
        operations.set_password(person=person.id, password=secret, **_by_now())
        print(secret)
    return 0


def _make_administrator(person: Any, asked: argparse.Namespace) -> None:
    from gongzhi.accounts import operations, queries
    from gongzhi.accounts.types import Role
    from gongzhi.territory import queries as territory

    root = territory.root()
    organisation = queries.organisation_by_code(asked.organisation)
    if organisation is None and asked.organisation != CENTRE:
        problem = _("There is no organisation with the code “{code}”.")
        raise EnvironmentProblem(problem.format(code=asked.organisation))
    where = organisation.id if organisation else _first_centre(root)
    operations.grant_role(
        person=person, role=Role(asked.administrator), organisation=where, area=root.id, **_by_now()
    )


def _first_centre(root: Any) -> Any:
    """A cell without any organisation begins with its own centre."""
    from gongzhi.accounts import operations
    from gongzhi.accounts.types import OrganisationKind

    return operations.create_organisation(
        code=CENTRE, name=f"{root.name}综治中心", kind=OrganisationKind.CENTRE, area=root.id, **_by_now()
    )


def _by_now() -> dict[str, Any]:
    from django.utils import timezone

    from gongzhi.base.actor import SYSTEM

    now: datetime = timezone.now()
    return {"by": SYSTEM, "now": now}
