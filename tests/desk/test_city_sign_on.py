"""A city's own sign-on, against a small provider on this machine: what fits opens, everything else is refused."""

import base64
import hashlib
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.utils import timezone

from gongzhi.accounts import operations
from gongzhi.accounts.city_links import tied_since
from gongzhi.accounts.models import CityLink, Person
from gongzhi.base.actor import SYSTEM
from tests.desk.ways_in import audited, give_password, id_of, is_in, phone_code, set_up_phone, sign_in

CLIENT, SECRET, CODE = "gongzhi", "the-shared-secret", "one-time-code"
OURS, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
BACK = "/sign-in/city/back/"


@dataclass
class Provider:
    """A provider that signs what a test tells it to."""

    issuer: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    told_issuer: str = ""
    key: rsa.RSAPrivateKey = OURS
    algorithm: str = "RS256"
    ends: dict[str, str] = field(default_factory=dict)

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "4711",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked.get("nonce", ""),
            "preferred_username": "dispatcher",
            **self.claims,
        }
        key: Any = self.key if self.algorithm == "RS256" else None
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": "k1"})

    def answer(self, path: str, sent: dict[str, str], header: str) -> Any:
        if path.endswith("openid-configuration"):
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
            found = {name: f"{self.issuer}/{end}" for name, end in ends.items()}
            return {"issuer": self.told_issuer or self.issuer, **found, **self.ends}
        if path == "/jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OURS.public_key()))
            return {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}
        return {"id_token": self.token()} if self._may_exchange(sent, header) else None

    def _may_exchange(self, sent: dict[str, str], header: str) -> bool:
        known = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return header == known and sent["code"] == CODE and challenge == self.asked.get("code_challenge")


@pytest.fixture
def provider(demo_cell: None, settings) -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(provider.answer(self.path, {}, ""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(provider.answer(self.path, sent, self.headers.get("Authorization", "")))

        def _say(self, answer: Any) -> None:
            self.send_response(200 if answer else 400)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    settings.GONGZHI_OIDC = {
        "issuer": provider.issuer,
        "client": CLIENT,
        "secret": SECRET,
        "claim": "preferred_username",
        "name": "",
    }
    yield provider
    server.shutdown()
    server.server_close()


@dataclass
class StandIn:
    """Another server on this machine, which must never be asked."""

    provider: Provider
    paths: list[str] = field(default_factory=list)

    @contextmanager
    def listening(self) -> Iterator[str]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stand_in.paths.append(self.path)
                self.send_error(404)

            do_POST = do_GET

            def log_message(self, *args: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        server.server_close()


def go(client: Client, provider: Provider, onward: str = "") -> None:
    """Press the button; the provider remembers what it was asked."""
    answer = client.get("/sign-in/city/", {"next": onward})
    assert answer.status_code == 302
    told = urlsplit(answer["Location"])
    assert f"{told.scheme}://{told.netloc}{told.path}" == f"{provider.issuer}/authorize"
    provider.asked = {name: values[0] for name, values in parse_qs(told.query).items()}


def come_back(client: Client, provider: Provider, **more: str) -> Any:
    return client.get(BACK, {"code": CODE, "state": provider.asked["state"], **more})


def test_it_opens_an_existing_account_and_leads_where_one_wanted(provider: Provider):
    client = Client()
    assert "市统一身份登录" in client.get("/sign-in/").content.decode()
    go(client, provider, "/desk/inbox/")
    assert provider.asked["scope"] == "openid profile"
    assert provider.asked["code_challenge_method"] == "S256"
    assert come_back(client, provider)["Location"] == "/desk/inbox/"
    assert is_in(client)
    assert [(row.subject, row.data["way"]) for row in audited("signed_in")] == [
        (f"person:{id_of('dispatcher')}", "city")
    ]


def test_it_never_leads_to_another_site(provider: Provider):
    client = Client()
    go(client, provider, "https://elsewhere.example/")
    assert come_back(client, provider)["Location"] == "/desk/"


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": 1_000_000_000},
        {"preferred_username": "nobody-here"},
        {"preferred_username": ""},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused_and_audited(provider: Provider, wrong: dict[str, Any]):
    client, people = Client(), Person.objects.count()
    go(client, provider)
    provider.claims = wrong
    answer = come_back(client, provider)
    assert answer.status_code == 403
    assert "没有确认您的身份" in answer.content.decode()
    assert not is_in(client)
    assert Person.objects.count() == people, "nobody gets an account by this door"
    assert [row.data["way"] for row in audited("sign_in_failed")] == ["city"]


def test_a_signature_of_another_key_or_none_is_refused(provider: Provider):
    for key, algorithm in ((OTHER, "RS256"), (OURS, "none")):
        client = Client()
        go(client, provider)
        provider.key, provider.algorithm = key, algorithm
        assert come_back(client, provider).status_code == 403
        assert not is_in(client)


def test_an_answer_to_somebody_elses_question_is_refused(provider: Provider):
    mine, theirs = Client(), Client()
    go(theirs, provider)
    assert come_back(mine, provider).status_code == 403, "this browser asked nothing"
    go(mine, provider)
    assert come_back(mine, provider, state="guessed").status_code == 403
    assert come_back(mine, provider).status_code == 403, "each question is answered once"


def signed_in_as(provider: Provider, **claims: Any) -> Client:
    """A browser that came back with these claims."""
    client = Client()
    go(client, provider)
    provider.claims = claims
    come_back(client, provider)
    return client


def test_after_the_first_sign_in_the_identity_opens_the_account_whatever_it_is_called(provider: Provider):
    assert is_in(signed_in_as(provider))
    assert is_in(signed_in_as(provider, preferred_username="renamed-since"))
    assert [row.subject for row in audited("city_linked")] == [f"person:{id_of('dispatcher')}"]
    assert "4711" not in str(list(CityLink.objects.values()))


def test_a_user_name_given_anew_to_somebody_else_opens_nothing_and_says_what_to_do(provider: Provider):
    signed_in_as(provider)
    client = Client()
    go(client, provider)
    provider.claims = {"sub": "4712"}
    answer = come_back(client, provider)
    assert answer.status_code == 403
    assert "已绑定另一个市统一身份" in answer.content.decode()
    assert "安全管理员" in answer.content.decode()
    assert not is_in(client)
    failed = audited("sign_in_failed")
    assert [(row.subject, row.data["why"]) for row in failed] == [
        (f"person:{id_of('dispatcher')}", "another_identity")
    ]


def test_an_identity_never_opens_a_second_account(provider: Provider):
    signed_in_as(provider)
    client = signed_in_as(provider, preferred_username="handler")
    assert is_in(client)
    assert client.session["_auth_user_id"] == id_of("dispatcher")
    assert tied_since(uuid.UUID(id_of("handler"))) is None


def test_a_name_alone_ties_nothing_while_the_second_step_is_owed(provider: Provider):
    give_password("dispatcher")
    first = Client()
    sign_in(first, "dispatcher")
    secret = set_up_phone(first)
    stranger = signed_in_as(provider, sub="4712")
    assert not is_in(stranger)
    assert not CityLink.objects.exists(), "whoever only has the name must not shut the owner out"
    owner = signed_in_as(provider)
    owner.post("/sign-in/second/", {"code": phone_code(secret, 1)})
    assert is_in(owner)
    assert CityLink.objects.count() == 1


def test_what_the_city_said_is_forgotten_when_a_password_is_given_after_it(provider: Provider):
    for name in ("dispatcher", "handler"):
        give_password(name)
    first = Client()
    sign_in(first, "dispatcher")
    set_up_phone(first)
    client = signed_in_as(provider)
    sign_in(client, "handler")
    assert is_in(client)
    assert not CityLink.objects.exists()


def test_a_closed_account_keeps_no_tie(provider: Provider):
    signed_in_as(provider)
    person = uuid.UUID(id_of("dispatcher"))
    operations.close_account(person=person, by=SYSTEM, now=timezone.now(), reason="离职")
    assert tied_since(person) is None
    assert not is_in(signed_in_as(provider))


def security_administrator() -> Client:
    client = Client()
    client.force_login(Person.objects.get(username="secadmin"))
    return client


def test_an_untied_account_is_tied_to_whoever_comes_next_by_its_name(provider: Provider):
    before, administrator = signed_in_as(provider), security_administrator()
    address = f"/administration/people/{id_of('dispatcher')}/"
    assert "city/untie" in administrator.get(address).content.decode()
    assert administrator.post(f"{address}city/untie/", {"reason": " "}).status_code == 422
    assert is_in(before)
    assert administrator.post(f"{address}city/untie/", {"reason": "换了单位，已当面核实"}).status_code == 302
    assert not is_in(before)
    assert [row.purpose for row in audited("city_unlinked")] == ["换了单位，已当面核实"]
    assert administrator.post(f"{address}city/untie/", {"reason": "再来"}).status_code == 422
    assert is_in(signed_in_as(provider, sub="4712"))
    assert not is_in(signed_in_as(provider, sub="4711"))


@pytest.mark.parametrize("end", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_an_address_on_another_host_is_not_asked(provider: Provider, end: str):
    client = Client()
    if end == "authorization_endpoint":
        provider.ends = {end: "https://elsewhere.example/authorize"}
        assert client.get("/sign-in/city/").status_code == 422
        return
    go(client, provider)
    asked = StandIn(provider)
    with asked.listening() as elsewhere:
        provider.ends = {end: f"{elsewhere}/{end}"}
        assert come_back(client, provider).status_code == 403
    assert asked.paths == []


def test_a_host_of_the_settings_may_be_named(provider: Provider, settings):
    settings.GONGZHI_OIDC_HOSTS = ("login.example.org",)
    for address, fine in (
        ("https://login.example.org/authorize", True),
        ("https://login.example.org:443/authorize", True),
        ("http://login.example.org/authorize", False),
        ("https://login.example.org:8443/authorize", False),
        ("https://login.example.org@elsewhere.example/", False),
    ):
        provider.ends = {"authorization_endpoint": address}
        answer = Client().get("/sign-in/city/")
        assert (answer.status_code == 302) is fine, address


def test_an_issuer_that_calls_itself_otherwise_is_refused(provider: Provider):
    provider.told_issuer = "https://elsewhere.example"
    answer = Client().get("/sign-in/city/")
    assert answer.status_code == 422
    assert "没有回应" in answer.content.decode()


def test_a_closed_account_stays_closed(provider: Provider):
    Person.objects.filter(username="dispatcher").update(enabled=False)
    client = Client()
    go(client, provider)
    assert come_back(client, provider).status_code == 403


def test_the_second_step_is_asked_for_here_too(provider: Provider):
    give_password("dispatcher")
    first = Client()
    sign_in(first, "dispatcher")
    secret = set_up_phone(first)
    client = Client()
    go(client, provider)
    assert come_back(client, provider)["Location"] == "/sign-in/second/"
    assert not is_in(client)
    assert client.post("/sign-in/second/", {"code": phone_code(secret, 1)}).status_code == 302
    assert is_in(client)


def test_without_an_issuer_there_is_no_such_door(demo_cell: None):
    assert "市统一身份登录" not in Client().get("/sign-in/").content.decode()
    assert Client().get("/sign-in/city/")["Location"] == "/sign-in/"
    assert Client().get(BACK)["Location"] == "/sign-in/"
