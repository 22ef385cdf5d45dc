"""The demo county's three administrators, and people who are none."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.base import actor
from gongzhi.base.actor import Actor
from gongzhi.trust.models import AuditRow


@dataclass
class Somebody:
    """A signed-in person with a browser that runs no JavaScript."""

    username: str
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.client.force_login(get_user_model().objects.get(username=self.username))

    @property
    def id(self) -> Any:
        found = accounts.person_by_username(self.username)
        assert found is not None
        return found.id

    @property
    def actor(self) -> Actor:
        return actor.person(self.id)

    def open(self, address: str, **parameters: Any) -> HttpResponse:
        return self.client.get(address, parameters)  # type: ignore[return-value]

    def see(self, address: str, **parameters: Any) -> str:
        answer = self.open(address, **parameters)
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode()

    def send(self, address: str, **fields: Any) -> HttpResponse:
        return self.client.post(address, fields)  # type: ignore[return-value]


@pytest.fixture
def staff(demo_cell: None) -> Callable[[str], Somebody]:
    """Anybody of the demo's staff by user name."""
    known: dict[str, Somebody] = {}
    return lambda username: known.setdefault(username, Somebody(username))


@pytest.fixture
def system(staff: Callable[[str], Somebody]) -> Somebody:
    return staff("sysadmin")


@pytest.fixture
def security(staff: Callable[[str], Somebody]) -> Somebody:
    return staff("secadmin")


@pytest.fixture
def auditor(staff: Callable[[str], Somebody]) -> Somebody:
    return staff("auditadmin")


def person(username: str) -> Any:
    found = accounts.person_by_username(username)
    assert found is not None
    return found.id


def noted(kind: str) -> list[AuditRow]:
    """The rows of the audit log about one kind of act, the newest first."""
    return list(AuditRow.objects.filter(kind=kind).order_by("-seq"))


def today() -> Any:
    return timezone.localdate()


def now() -> Any:
    return timezone.now()
