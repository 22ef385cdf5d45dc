"""The API as a program sees it: JSON in, JSON out, keys of the demo people."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongzhi.accounts import operations, queries
from gongzhi.accounts.types import TokenScope
from gongzhi.base.actor import person


@dataclass
class Answer:
    status: int
    body: Any
    headers: Any


@dataclass
class Api:
    """A caller; with a key it is a member of staff."""

    key: str = ""
    language: str = ""

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return self._told(
            Client().post(
                f"/api/v1/{path}", text, content_type="application/json", headers=self._headers(headers)
            )
        )

    def get(self, path: str, **headers: str) -> Answer:
        return self._told(Client().get(f"/api/v1/{path}", headers=self._headers(headers)))

    def upload(self, file: Any) -> Answer:
        return self._told(Client().post("/api/v1/photos", {"photo": file}, headers=self._headers({})))

    def step(self, case: str, step: str, **fields: Any) -> Answer:
        return self.post(f"cases/{case}/steps", {"step": step, **fields})

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        own = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        own |= {"Accept-Language": self.language} if self.language else {}
        return own | {name.replace("_", "-"): value for name, value in more.items()}

    @staticmethod
    def _told(response: Any) -> Answer:
        return Answer(response.status_code, json.loads(response.content or b"null"), response.headers)


@pytest.fixture
def api(demo_cell: None) -> Api:
    """Anybody, without a key."""
    return Api()


@pytest.fixture
def signed(demo_cell: None) -> Callable[..., Api]:
    """A caller with the key of a demo person."""

    def issue(username: str, *scopes: str) -> Api:
        found, now = queries.person_by_username(username), timezone.now()
        assert found is not None
        key = operations.issue_token(
            person=found.id,
            name="test",
            expires=now + timedelta(days=1),
            by=person(found.id),
            now=now,
            scopes=scopes or frozenset(TokenScope),
        )
        return Api(key)

    return issue


@pytest.fixture
def report() -> dict[str, Any]:
    """A report as the issue writes it: a manhole cover that is gone."""
    return {
        "client_id": str(uuid.UUID("018f4c3e-5a10-7c3a-9d2e-3b1f00000001")),
        "kind": None,
        "text": "河边步道的井盖没了，晚上看不见，有人差点掉下去。",
        "location": None,
        "place_text": "河边步道，公交站旁",
        "contact": None,
    }
