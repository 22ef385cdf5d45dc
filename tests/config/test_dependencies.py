"""`gongzhi dependencies`: it names what is weak, and never says "none" when it could not ask."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from gongzhi.config import cli
from gongzhi.config.commands import dependencies
from tests.live import free_port


class Advisories(BaseHTTPRequestHandler):
    """Knows one weakness, in Django; answers as the real service does."""

    broken = False

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        results = [{"vulns": [{"id": "GHSA-x"}]} if q["package"]["name"] == "django" else {} for q in asked]
        self.send_response(503 if self.broken else 200)
        self.end_headers()
        self.wfile.write(json.dumps({"results": results}).encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def service() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Advisories)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_known_weakness_is_named(service: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["dependencies", "--check", "--service", service]) == 1
    assert "GHSA-x" in capsys.readouterr().out


def test_nothing_known_is_fine(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "installed", lambda: [("pillow", "13.0.0")])
    assert cli.main(["dependencies", "--check", "--service", service]) == 0


def test_offline_it_says_that_it_could_not_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["dependencies", "--check", "--service", f"http://127.0.0.1:{free_port()}"]) == 3
    assert "Could not check" in capsys.readouterr().out


def test_a_service_that_is_down_is_no_all_clear(
    service: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Advisories, "broken", True)
    assert cli.main(["dependencies", "--check", "--service", service]) == 3


def test_the_inventory_names_every_package_with_its_licence(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["dependencies"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("django==") and "BSD" in line for line in lines)


def test_no_package_we_run_is_under_the_agpl() -> None:
    ours = {name: dependencies.licence(name) for name, _ in dependencies.installed()}
    assert not {name: told for name, told in ours.items() if "AGPL" in told or "Affero" in told}
