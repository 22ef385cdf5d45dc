from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest


class AccountsConfig(AppConfig):
    name = "gongzhi.accounts"
    label = "accounts"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from gongzhi.accounts import checks  # noqa: F401 - registers the checks

        # Django's own signal: however a session is opened, it begins with a licence.
        user_logged_in.connect(_admit, dispatch_uid="gongzhi.accounts.admit")


def _admit(request: HttpRequest, user: Any, **_: Any) -> None:
    from django.utils import timezone

    from gongzhi.accounts import signing_in

    signing_in.admit(request=request, user=user, now=timezone.now())
