"""Every page and every API operation, opened and written to by everybody who has nothing to do with one case.

The addresses are read from the URLconf and the API's description. One that has a gap, or an operation, nobody has
thought of here fails until it is added: a new door is walked through from its first day.
"""

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from gongzhi.base.ids import show_code
from gongzhi.exchange.api import api
from tests.doors.conftest import WORDS, Matter, key_of

GAP = re.compile(r"<(?:\w+:)?(\w+)>")
STAFF = ("desk/", "field/")
NO_CASE = {404, 403, 302, 405, 422}
# By its code anybody sees how a case stands and nothing it says; the field's last page repeats the code it was given.
PUBLIC_FACTS = ("c/", "api/v1/cases/", "field/report/", "proof/case/")
AUDIT_LOG = "administration/audit/"  # names cases by their id: that is what its administrator answers for
NOT_READY = "readyz"  # no clock loop runs here, and it says so
LEADS_IN = {"code", "clock", "photo", "notice", "delivery"}
STEPS = ("accept", "note", "close", "assign")


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    cache.clear()


def addresses(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Every pattern of the URLconf but the API's, which `operations` walks with its own methods."""
    for entry in (resolver or get_resolver()).url_patterns:
        text = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if text != "api/v1/":
                yield from addresses(entry, text)
        elif isinstance(entry, URLPattern):
            yield text


def fillings(matter: Matter) -> dict[str, tuple[str, ...]]:
    """What each gap of an address is filled with: the ids that lead to the case."""
    return {
        "code": (matter.code,),
        "case_code": (matter.code,),
        "clock": (str(matter.clock),),
        "photo": (str(matter.photo),),
        "notice": (str(matter.notice),),
        "delivery": (str(matter.delivery),),
        "size": ("full", "thumbnail"),
        "level": ("township",),
        "step": STEPS,
        # What no case is behind: ids that lead to nothing.
        **dict.fromkeys(
            (
                "person",
                "grant",
                "token",
                "organisation",
                "team",
                "area",
                "session",
                "appointment",
                "ceremony",
                "tip",
                "hand_over",
                "reward",
            ),
            (str(uuid.UUID(int=7)),),
        ),
        "factor": ("7",),
        "act": ("write", "close", "approve"),
    }


def filled(pattern: str, known: dict[str, tuple[str, ...]]) -> list[str]:
    """The address with every gap filled, in every way we know."""
    found = GAP.search(pattern)
    if found is None:
        return [pattern]
    name = found.group(1)
    if name not in known:
        pytest.fail(f"/{pattern}: nobody has said what <{name}> stands for; add it to `fillings`")
    head, tail = pattern[: found.start()], pattern[found.end() :]
    return [address for value in known[name] for address in filled(head + value + tail, known)]


def operations(matter: Matter) -> Iterator[tuple[str, str, str]]:
    """Method, address and name of every operation of the API."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, described in methods.items():
            address = re.sub(r"\{(\w+)\}", r"<\1>", path.lstrip("/"))
            for each in filled(address, fillings(matter)):
                yield method, each, described["operationId"]


# What each operation is sent; several bodies are tried one after the other.
BODIES: dict[str, tuple[dict[str, Any], ...]] = {
    "report": ({},),
    "photo": ({},),
    "case": (),
    "information": ({"text": "还有"},),
    "verdict": ({"solved": False, "why": "没有"},),
    "queue": (),
    "work": (),
    "steps": (),
    "step": (
        {"step": "accept"},
        {"step": "note", "note": "x"},
        {"step": "supervise", "order": "x"},
        {"step": "decline", "door": "other", "ground": "x"},
    ),
    "kinds": (),
    "areas": (),
}


def tells(body: str, address: str, matter: Matter) -> list[str]:
    """What of the case stands in an answer."""
    words = list(WORDS) if address.startswith(AUDIT_LOG) else [*WORDS, str(matter.record.pk)]
    if not address.startswith(PUBLIC_FACTS):
        words += [matter.code, show_code(matter.code)]
    return [word for word in words if word in body.replace(f"/{address}", "").replace(f"%2F{address}", "")]


def visit(client: Client, method: str, address: str, **more: Any) -> tuple[int, str]:
    response = client.generic(method, f"/{address}", **more)
    streamed = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return response.status_code, streamed.decode("utf-8", "replace")


def faults(client: Client, address: str, matter: Matter, inside: bool) -> Iterator[str]:
    for method in ("GET", "POST"):
        status, body = visit(client, method, address)
        shut = status in NO_CASE or not (inside and address.startswith(STAFF))
        if not shut or (status >= 500 and address != NOT_READY):
            yield f"{method} /{address} → {status}"
        yield from (f"{method} /{address} tells {word}" for word in tells(body, address, matter))


def leads_in(pattern: str) -> bool:
    """Whether an address names the case or something of it."""
    return not LEADS_IN.isdisjoint(GAP.findall(pattern)) and not pattern.startswith("field/report/")


def test_no_page_shows_a_case_to_somebody_it_is_nothing_to(matter: Matter, strangers: list[str]) -> None:
    before, known, wrong = matter.fingerprint(), fillings(matter), []
    for name in strangers:
        person = get_user_model().objects.get(username=name)
        client = Client()
        for pattern in addresses():
            client.force_login(person)  # signing out is one of the addresses
            for address in filled(pattern, known):
                wrong += [f"{name}: {fault}" for fault in faults(client, address, matter, leads_in(pattern))]
    assert wrong == []
    assert matter.fingerprint() == before


def test_no_page_shows_more_than_the_public_facts_to_a_stranger(matter: Matter) -> None:
    before, client, wrong = matter.fingerprint(), Client(), []
    for pattern in addresses():
        for address in filled(pattern, fillings(matter)):
            wrong += list(faults(client, address, matter, leads_in(pattern)))
    assert wrong == []
    assert matter.fingerprint() == before


def test_no_operation_of_the_api_reaches_a_case_for_a_key_it_is_nothing_to(
    matter: Matter, strangers: list[str]
) -> None:
    before, wrong = matter.fingerprint(), []
    headers = {name: {"Authorization": f"Bearer {key_of(name)}"} for name in strangers} | {"nobody": {}}
    for method, address, operation in operations(matter):
        assert operation in BODIES, f"{operation}: nobody has said what it is sent; add it to BODIES"
        for body in BODIES[operation] or ({},):
            for name, sent in headers.items():
                told = json.dumps(body) if method == "post" else ""
                kind = "application/json"
                status, answer = visit(
                    Client(), method.upper(), address, data=told, content_type=kind, headers=sent
                )
                if status >= 500 or (operation in ("steps", "step") and status not in (401, 403, 404)):
                    wrong.append(f"{name}: {method} {address} {body} → {status}")
                wrong += [f"{name}: {method} {address} tells {w}" for w in tells(answer, address, matter)]
    assert wrong == []
    assert matter.fingerprint() == before


def test_the_walk_would_notice(matter: Matter) -> None:
    """The centre, which sees the case, trips the same checks: they can fail."""
    client = Client()
    client.force_login(get_user_model().objects.get(username="dispatcher"))
    address = f"desk/cases/{matter.code}/"
    found = " ".join(faults(client, address, matter, inside=True))
    assert "→ 200" in found and set(found.split()) >= TITLE_AND_TEXT


TITLE_AND_TEXT = {WORDS[0], WORDS[3]}
