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
    assert policy["frame-ancestors"] == "'none'"


def test_a_page_may_hear_the_stream_beside_it(rules, settings):
    settings.GONGZHI_STREAM_URL, settings.GONGZHI_STREAM_PORT = "", 8001
    assert rules()["connect-src"] == "'self' http://testserver:8001"


def test_a_tile_server_is_allowed_only_when_set(rules, settings):
    assert rules()["img-src"] == "'self' data: blob:"
    settings.GONGZHI_TILES_URL = "https://t{s}.tiles.example.org/{z}/{x}/{y}.png"
    assert "example.org" in rules()["img-src"]


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
