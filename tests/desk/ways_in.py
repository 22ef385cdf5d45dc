"""What the tests of signing in share: a known password, a phone, and a browser without scripts."""

import time
from typing import Any

from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from django.test import Client

from gongzhi.accounts import queries
from gongzhi.trust.models import AuditRow

PASSWORD = "four-quiet-river-stones"


def give_password(username: str, password: str = PASSWORD) -> None:
    person = get_user_model().objects.get(username=username)
    person.set_password(password)
    person.save()


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def phone_code(secret: str, periods_ahead: int = 0) -> str:
    """What an authenticator app would show: RFC 6238 over the secret."""
    counter = int(time.time()) // 30 + periods_ahead
    return totp.format_hotp_value(totp.hotp_value(secret.replace(" ", ""), counter))


def set_up_phone(client: Client) -> str:
    """Walk through the set-up page; the answer is the secret on the phone."""
    page = client.get("/account/second-factor/phone/")
    secret = str(page.context["secret"])
    answer = client.post("/account/second-factor/phone/", {"code": phone_code(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def audited(kind: str) -> list[AuditRow]:
    return list(AuditRow.objects.filter(kind=kind).order_by("seq"))


def id_of(username: str) -> str:
    found = queries.person_by_username(username)
    assert found is not None
    return str(found.id)
