"""`gongzhi keys`: which master keys there are, a new one in use, an old one out of it."""

import argparse
from typing import Any

from gongzhi.base import postgres
from gongzhi.config import cell
from gongzhi.config.commands.adding import command, group
from gongzhi.config.commands.progress import progress
from gongzhi.config.words import gettext as _


def add(choices: Any) -> None:
    """Put the commands on the command line."""
    keys = group(choices, "keys", _("The master keys of sealed contents."))
    command(keys, "list", _("Show each master key and how many keys it wraps."), show)
    command(
        keys,
        "rotate",
        _("Make a new master key and bring every key under it; run again, it goes on where it was cut off."),
        rotate,
    )


def show(asked: argparse.Namespace) -> int:
    """Print the master keys."""
    with cell.opened(postgres.ENGINE):
        _show()
    return 0


def rotate(asked: argparse.Namespace) -> int:
    """Re-wrap all keys, say what became of it, and put it on record."""
    with cell.opened(postgres.ENGINE):
        from django.utils import timezone

        from gongzhi.base.actor import SYSTEM
        from gongzhi.trust import audit, crypto, keyring
        from gongzhi.trust.types import AuditKind

        done = 0
        with progress(_("bringing keys under the new master key")) as report:
            for done, total in crypto.rotate():
                report(done, total)
        data = {"master": keyring.current(), "keys": done}
        audit.note(kind=AuditKind.KEYS_ROTATED, by=SYSTEM, now=timezone.now(), data=data)
        _show()
    return 0


def _show() -> None:
    from gongzhi.trust import crypto, keyring

    used, newest = crypto.keys_in_use(), keyring.current()
    for number, count in sorted(used.items()):
        print(_("{file}: wraps {count} keys").format(file=keyring.path_of(number).name, count=count))
    if any(count == 0 and number != newest for number, count in used.items()):
        print(_("A master key that wraps nothing is still needed by older backups: keep it as long as them."))
