"""A resident with a browser that runs no JavaScript, in the demo county."""

import io
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image

from gongzhi.accounts import queries as accounts
from gongzhi.base import actor
from gongzhi.cases import operations
from gongzhi.cases import queries as cases

INSIDE = {"lon": "119.685", "lat": "29.795"}


def upload(name: str = "floor.jpg", colour: str = "grey") -> SimpleUploadedFile:
    """A photo as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def photos_of(code: str, receipt: str) -> list[uuid.UUID]:
    """The photos the reporter sees on the page of a case."""
    return [photo.id for photo in cases.public_picture(code, receipt, timezone.now()).photos]


class Resident:
    """Fills in the pages and sends them, one at a time."""

    def __init__(self) -> None:
        self.client = Client()

    def open(self, address: str, **parameters: str) -> HttpResponse:
        return self.client.get(address, parameters)  # type: ignore[return-value]

    def see(self, address: str, **parameters: str) -> str:
        return self.open(address, **parameters).content.decode()

    def fill_in(self, **fields: Any) -> dict[str, Any]:
        """The report page as it came, with some fields filled in."""
        page = self.see("/report/")
        found = re.search(r'name="client_id" value="([^"]+)"', page)
        assert found is not None
        return {"client_id": found[1], "text": "", "place_text": "", "contact": "", **fields}

    def send(self, **fields: Any) -> HttpResponse:
        return self.client.post("/report/", self.fill_in(**fields))  # type: ignore[return-value]

    def report(self, **fields: Any) -> tuple[str, str]:
        """A report all the way to its receipt: case code and receipt code."""
        told = {
            "text": "二层楼道堆满纸箱，消防门打不开。",
            "kind": "hazards.blocked_exit",
            "seen": "1",
            **INSIDE,
            **fields,
        }
        answer = self.send(**told)
        assert answer.status_code == 302, answer.content.decode()
        return self.receipt()

    def receipt(self) -> tuple[str, str]:
        found = re.search(r'data-case="(\d+)" data-receipt="(\d+)"', self.see("/receipt/"))
        assert found is not None
        return found[1], found[2]


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.GONGZHI_DATA = tmp_path


@pytest.fixture
def resident(demo_cell: None) -> Resident:
    return Resident()


@pytest.fixture
def stranger(demo_cell: None) -> Resident:
    return Resident()


@pytest.fixture
def client_id() -> str:
    return str(uuid.UUID("018f4c3e-5a10-7c3a-9d2e-3b1f00000001"))


@pytest.fixture
def accepted(resident: Resident) -> str:
    """A matter of a kind on the public map that the centre has taken in."""
    code, _receipt = resident.report(kind="hazards.blocked_exit")
    dispatcher = accounts.person_by_username("dispatcher")
    assert dispatcher is not None
    operations.accept_case(case=code, by=actor.person(dispatcher.id), now=timezone.now())
    return code
