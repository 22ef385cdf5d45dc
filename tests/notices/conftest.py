"""The small county, ready; and a mail server on a real port."""

from collections.abc import Iterator

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.accounts import county as place
from tests.notices.sink import Sink


@pytest.fixture
def county(db) -> place.County:
    return place.make_county()


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    server = Sink()
    server.open()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    settings.GONGZHI_PUBLIC_URL = "https://gongzhi.example"
    yield server
    server.close()


@pytest.fixture
def jobs(db):
    """The delivery jobs in the queue."""
    return lambda: ProcrastinateJob.objects.filter(task_name="notices.deliver").order_by("id")
