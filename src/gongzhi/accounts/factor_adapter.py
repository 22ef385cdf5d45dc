"""How django-allauth's second factors behave here: secrets are sealed, nothing is mailed, names are ours."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gongzhi.base.errors import NotFound
from gongzhi.territory import queries as territory
from gongzhi.trust import crypto

SEALED_AS = "accounts:second_factors"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by the system administrator; there is no way to sign up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seals the secrets of phones and recovery codes with the installation's key."""

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return base64.b64encode(crypto.encrypt(text.encode(), SEALED_AS)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret as it is used."""
        return crypto.decrypt(base64.b64decode(encrypted_text), SEALED_AS).decode()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Changes are in the audit log and on the account page; no mail goes out."""

    def get_totp_issuer(self) -> str:
        """What an authenticator app writes above the code."""
        return self._get_site_name()

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """The name beside the code: the one typed at sign-in."""
        return str(user.get_username())

    def _get_site_name(self) -> str:
        try:
            return f"{_('Gongzhi')} {territory.root().name}"
        except NotFound:
            return _("Gongzhi")
