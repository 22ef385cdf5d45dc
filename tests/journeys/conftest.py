"""A whole cell for journeys: its real processes on real ports, the demo county, one database for all of them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from gongzhi.base import postgres
from gongzhi.base.dying import die_with_parent
from tests import demo
from tests.live import free_port, wait_for

DATABASE = "gongzhi_journeys"
PROCESSES = (
    ("web", postgres.APP),
    ("stream", postgres.APP),
    ("clock", postgres.ENGINE),
    ("worker", postgres.ENGINE),
)


@dataclass
class Town:
    """Where the cell answers, and how the demo's people sign in."""

    url: str
    password: str
    database: str
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def sign_in(self, page: Any, username: str, start: str = "/desk/") -> None:
        """Sign a demo person in as they would."""
        page.goto(f"{self.url}/sign-in/?next={start}")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", self.password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: address.startswith(f"{self.url}{start}"))

    def steps(self, code: str) -> list[str]:
        """The ledger of a case, as the database holds it."""
        with psycopg.connect(self.database) as connection:
            rows = connection.execute(
                "SELECT s.kind FROM cases_casestep s JOIN cases_caserecord c ON c.id = s.case_id"
                " WHERE c.code = %s ORDER BY s.seq",
                [code],
            ).fetchall()
        return [row[0] for row in rows]


@pytest.fixture(scope="session")
def town(demo_database: None, postgres_server: postgres.Server) -> Iterator[Town]:
    """The demo county with web, stream, clock loop and worker running, shared by the journeys."""
    from django.conf import settings

    from gongzhi.accounts import demo as people

    demo.copy(postgres_server, demo.NAME, DATABASE)
    port, stream_port = free_port(), free_port()
    environment = {
        **os.environ,
        "GONGZHI_PORT": str(port),
        "GONGZHI_STREAM_PORT": str(stream_port),
        "GONGZHI_SECRET_KEY": settings.SECRET_KEY,
    }
    address = postgres_server.url(postgres.ENGINE, DATABASE)  # the application would show nothing here
    cell = Town(f"http://127.0.0.1:{port}", people.sign_ins()[0].password, address)
    for name, role in PROCESSES:
        own = {**environment, "DATABASE_URL": postgres_server.url(role, DATABASE)}
        command = [sys.executable, "-m", "gongzhi", name]
        cell.children.append(subprocess.Popen(command, env=own, preexec_fn=die_with_parent))  # noqa: PLW1509
    wait_for(f"{cell.url}/", seconds=90)
    wait_for(f"http://127.0.0.1:{stream_port}/healthz", seconds=60)
    yield cell
    for child in cell.children:
        child.terminate()
    for child in cell.children:
        child.wait(15)


@pytest.fixture
def check_page() -> Callable[[Any], None]:
    """axe finds nothing on this page, and it does not scroll sideways; the page must be the one meant, not just left."""
    from axe_playwright_python.sync_playwright import Axe

    def checked(page: Any) -> None:
        page.wait_for_load_state()
        found = Axe().run(page).response["violations"]
        words = [{"id": v["id"], "nodes": [n["html"][:160] for n in v["nodes"][:3]]} for v in found]
        assert not found, f"{page.url}: {json.dumps(words, ensure_ascii=False, indent=1)}"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            f"{page.url} scrolls sideways"
        )

    return checked
