"""Checks of the words people type about people, and the sentences that refuse them."""

import re
import unicodedata

from django.utils.translation import gettext as _

from gongzhi.accounts.rules import Clash
from gongzhi.base.errors import Refused

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")


def username(text: str) -> str:
    """A user name as it is stored: narrow, lower case."""
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    if not USERNAME.fullmatch(folded):
        raise Refused(
            _("A user name has 2 to 40 letters, digits, dots, dashes or underscores."),
            code="username",
            field="username",
        )
    return folded


def code(text: str) -> str:
    """The code of an organisation, as programs write it."""
    if len(text) > 60 or not CODE.fullmatch(text):
        raise Refused(
            _("A code has small letters, digits, underscores and dots, such as centre.county."),
            code="code",
            field="code",
        )
    return text


def name(text: str, *, field: str, limit: int) -> str:
    """A name that can be shown in one line."""
    trimmed = " ".join(text.split())
    if not trimmed or len(trimmed) > limit or not trimmed.isprintable():
        raise Refused(_("A name has 1 to %(limit)d characters.") % {"limit": limit}, code="name", field=field)
    return trimmed


def clash(reason: Clash) -> str:
    """Why a role is refused."""
    if reason is Clash.TWO_ADMINISTRATIONS:
        return _("One person holds only one of the three administrations: system, security, audit.")
    return _("An administrator has no role in handling matters. Use a second account.")
