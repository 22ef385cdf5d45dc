"""Checks of the words people type about people, and the sentences that refuse them."""

import re
import unicodedata
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from gongzhi.accounts.rules import Clash
from gongzhi.accounts.types import TokenScope
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


def email(text: str) -> str:
    """An address notices can go to, or nothing."""
    address = text.strip()
    try:
        if address:
            validate_email(address)
    except ValidationError as error:
        raise Refused(_("This is not an e-mail address."), code="email", field="email") from error
    return address


def scopes(asked: Collection[str]) -> list[str]:
    """What a key is for, each thing known and named once."""
    try:
        named = sorted({TokenScope(scope) for scope in asked})
    except ValueError as error:
        raise Refused(
            _("A key can be given: %(scopes)s.") % {"scopes": ", ".join(TokenScope)},
            code="scope",
            field="scopes",
        ) from error
    if not named:
        raise Refused(_("Say what the key is for."), code="no_scope", field="scopes")
    return [str(scope) for scope in named]


def clash(reason: Clash) -> str:
    """Why a role is refused."""
    if reason is Clash.TWO_ADMINISTRATIONS:
        return _("One person holds only one of the three administrations: system, security, audit.")
    if reason is Clash.TWO_TIP_ROLES:
        return _("Reading tips, keeping keys and paying rewards are the work of three different people.")
    return _("An administrator has no role in handling matters. Use a second account.")
