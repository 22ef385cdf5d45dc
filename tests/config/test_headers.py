import os
import subprocess
import sys

import pytest

from gongzhi.base.errors import Conflict
from gongzhi.config.middleware import RefusedToResponse

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules(client):
    def answered(path: str = "/healthz") -> dict[str, str]:
        policy = client.get(path).headers["Content-Security-Policy"]
        return dict(rule.split(" ", 1) for rule in policy.split("; "))

    return answered


def test_no_page_may_run_inline_code(rules):
    policy = rules()
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"


def test_a_page_may_hear_the_stream_beside_it(rules, settings):
    settings.GONGZHI_STREAM_URL, settings.GONGZHI_STREAM_PORT = "", 8001
    assert rules()["connect-src"] == "'self' http://testserver:8001"


def test_a_tile_server_is_allowed_only_when_set(rules, settings):
    assert rules()["img-src"] == "'self' data: blob:"
    settings.GONGZHI_TILES_URL = "https://t{s}.tiles.example.org/{z}/{x}/{y}.png"
    assert "example.org" in rules()["img-src"]


def test_no_other_site_may_embed_our_answers_or_guess_their_type(client):
    headers = client.get("/healthz").headers
    assert headers["Cross-Origin-Resource-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_page_files_carry_the_headers_too(settings):
    order = settings.MIDDLEWARE
    files = order.index("whitenoise.middleware.WhiteNoiseMiddleware")
    assert order.index("gongzhi.config.middleware.SecurityHeaders") < files
    assert order.index("django.middleware.security.SecurityMiddleware") < files


def test_a_request_is_never_echoed(client):
    assert client.trace("/", headers={"Authorization": "Bearer secret"}).status_code == 405


def test_behind_https_cookies_are_bound_to_the_host_and_the_browser_stays_on_https():
    """Settings are read once a process: another one is asked."""
    environ = {**os.environ, "GONGZHI_PUBLIC_URL": "https://gz.example.org"}
    asked = (
        "import django; django.setup(); from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SESSION_COOKIE_HTTPONLY, s.SECURE_HSTS_SECONDS >= 31_536_000, s.SECURE_HSTS_INCLUDE_SUBDOMAINS)"
    )
    environ["DJANGO_SETTINGS_MODULE"] = "gongzhi.config.settings"
    told = subprocess.run(
        [sys.executable, "-c", asked], env=environ, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["__Host-session", "__Host-csrf", *["True"] * 5]


def test_an_unknown_address_gets_a_page(client):
    answer = client.get("/nothing-here-at-all")
    assert answer.status_code == 404
    assert "<main" in answer.content.decode()


@pytest.mark.parametrize(("headers", "whole"), [({}, True), ({"HX-Request": "true"}, False)])
def test_a_refusal_becomes_a_page_or_a_fragment(rf, headers, whole):
    request = rf.get("/", headers=headers)
    answer = RefusedToResponse(lambda _: None).process_exception(
        request, Conflict("Somebody was <b>faster</b>.")
    )
    assert answer.status_code == 409
    assert "Somebody was &lt;b&gt;faster" in answer.content.decode()
    assert ("<html" in answer.content.decode()) is whole
