"""The same few people at the desk of the demo county, with the matters they work on."""

import io
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image

from gongzhi.accounts import queries as accounts
from gongzhi.base import actor
from gongzhi.base.actor import RESIDENT, Actor
from gongzhi.cases import operations
from gongzhi.cases import queries as cases
from gongzhi.cases.pictures import CasePicture
from gongzhi.programs.types import Source
from gongzhi.territory.types import Point

MINUTE = timedelta(minutes=1)
PLACE = Point(119.685, 29.795)
HTMX = {"HX-Request": "true"}


def upload(name: str = "result.jpg") -> SimpleUploadedFile:
    """A photo as a browser sends it."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "grey").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


@dataclass
class Staff:
    """A member of staff with a browser that runs no JavaScript."""

    username: str
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.client.force_login(get_user_model().objects.get(username=self.username))

    @property
    def person_id(self) -> uuid.UUID:
        found = accounts.person_by_username(self.username)
        assert found is not None
        return found.id

    @property
    def actor(self) -> Actor:
        return actor.person(self.person_id)

    def open(self, address: str, fragment: bool = False, **parameters: Any) -> HttpResponse:
        return self.client.get(address, parameters, headers=HTMX if fragment else {})  # type: ignore[return-value]

    def see(self, address: str, **parameters: Any) -> str:
        answer = self.open(address, **parameters)
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode()

    def picture(self, code: str) -> CasePicture:
        scope = accounts.scope_of(self.person_id, timezone.localdate())
        return cases.case_picture(scope, code, timezone.now())

    def take(self, code: str, step: str, fragment: bool = False, **fields: Any) -> HttpResponse:
        """Fill in and send the form of a step, as the open case shows it."""
        sent = {"version": self.picture(code).version, **fields}
        headers = HTMX if fragment else {}
        return self.client.post(f"/desk/cases/{code}/{step}/", sent, headers=headers)  # type: ignore[return-value]


@dataclass
class Matters:
    """Reports, and the steps that bring them to where a test begins."""

    people: Callable[[str], Staff]

    def report(self, minutes_ago: float = 1, **more: Any) -> str:
        told = {
            "client_id": uuid.uuid4(),
            "kind": "hazards.manhole",
            "text": "菜场东门的井盖没了",
            "place": PLACE,
            "place_text": "东市菜场东门",
            "source": Source.RESIDENT,
            "by": RESIDENT,
            "now": self.ago(minutes_ago),
        }
        receipt = operations.report_case(**{**told, **more})  # type: ignore[arg-type]
        assert receipt.created
        return receipt.case_code

    def accepted(self, minutes_ago: float = 1, **more: Any) -> str:
        code = self.report(minutes_ago, **more)
        operations.accept_case(case=code, by=self.people("dispatcher").actor, now=self.ago(minutes_ago))
        return code

    def assigned(
        self, minutes_ago: float = 1, agency: str = "urban_management", **more: Any
    ) -> tuple[str, str]:
        code = self.accepted(minutes_ago, **more)
        lead = self.agency(agency)
        dispatcher = self.people("dispatcher").actor
        [task] = operations.assign_case(case=code, lead=lead, by=dispatcher, now=self.ago(minutes_ago))
        return code, task

    def resolved(self, minutes_ago: float = 1, **more: Any) -> str:
        code, task = self.assigned(minutes_ago, **more)
        handler, now = self.people("handler").actor, self.ago(minutes_ago)
        operations.start_task(case=code, task=task, by=handler, now=now)
        operations.resolve_task(case=code, task=task, by=handler, now=now, note="换上新井盖")
        return code

    @staticmethod
    def agency(code: str) -> uuid.UUID:
        found = accounts.organisation_by_code(code)
        assert found is not None
        return found.id

    @staticmethod
    def ago(minutes: float) -> datetime:
        return timezone.now() - minutes * MINUTE


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.GONGZHI_DATA = tmp_path


@pytest.fixture
def staff(demo_cell: None) -> Callable[[str], Staff]:
    """Anybody of the demo's staff by user name."""
    known: dict[str, Staff] = {}
    return lambda username: known.setdefault(username, Staff(username))


@pytest.fixture
def dispatcher(staff: Callable[[str], Staff]) -> Staff:
    return staff("dispatcher")


@pytest.fixture
def handler(staff: Callable[[str], Staff]) -> Staff:
    """Works for the city management, which leads the matters of these tests."""
    return staff("handler")


@pytest.fixture
def outsider(staff: Callable[[str], Staff]) -> Staff:
    """Works for the fire brigade, which has nothing to do with them."""
    return staff("handler2")


@pytest.fixture
def verifier(staff: Callable[[str], Staff]) -> Staff:
    return staff("verifier")


@pytest.fixture
def matters(staff: Callable[[str], Staff]) -> Matters:
    return Matters(staff)


def codes_in(page: str) -> list[str]:
    """The cases a queue lists, in its order."""
    return re.findall(r'<li class="row-item[^>]*data-code="(\d+)"', page)
