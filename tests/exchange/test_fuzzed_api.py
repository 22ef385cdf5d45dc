"""The whole description fuzzed as everybody: no address breaks, refusals are of one make, nothing hidden leaks."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from gongzhi.exchange import problems
from gongzhi.exchange.api import api as our_api

WHERE = {"lon": 119.685, "lat": 29.795, "crs": "WGS84"}
NOBODY = ""
EVERYBODY = (
    NOBODY,
    "dispatcher",
    "handler",
    "gridworker",
    "verifier",
    "head",
    "sysadmin",
    "secadmin",
    "auditadmin",
)
SEES_NOTHING = (NOBODY, "sysadmin", "secadmin", "auditadmin")
WORDS = "只有中心能看到的一句话"
DESCRIPTION = schemathesis.openapi.from_dict(
    json.loads(json.dumps(our_api.get_openapi_schema(), default=str))
)
OPERATIONS = {found.ok().label: found.ok() for found in DESCRIPTION.get_all_operations()}
as_it_likes = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def planted(api, report) -> dict[str, Any]:
    """A case nobody has sorted, so that its words are the centre's alone."""
    case: dict[str, Any] = api.post("reports", {**report, "text": WORDS, "location": WHERE}).body
    return case


def send(case: schemathesis.Case, key: str, codes: dict[str, str]) -> Any:
    """Send a generated request through the real middleware, in a savepoint of its own."""
    path = case.path.format(**{**(case.path_parameters or {}), **codes})
    headers = {str(k): str(v) for k, v in dict(case.headers or {}).items() if str(v).isprintable()}
    headers |= {"Authorization": f"Bearer {key}"} if key else {}
    body: Any = None if type(case.body).__name__ == "NotSet" else case.body
    client = Client(raise_request_exception=False)
    cache.clear()
    with transaction.atomic():
        answer = client.generic(
            case.method,
            path.replace("\n", "%0A").replace("\r", "%0D"),
            json.dumps(body, default=str) if body is not None else "",
            content_type=case.media_type or "application/json",
            headers=headers,
            QUERY_STRING=urlencode(case.query or {}, doseq=True),
        )
        transaction.set_rollback(True)
    return answer


def well_made(answer: Any) -> bool:
    """Not broken; and a refusal is a problem document that says in words what is wrong."""
    if answer.status_code >= 500:
        return False
    if answer.status_code < 400:
        return True
    told = json.loads(answer.content)
    return answer.headers["Content-Type"].startswith(problems.MEDIA_TYPE) and bool(told["detail"])


@pytest.mark.parametrize("label", OPERATIONS)
def test_no_request_breaks_an_address_or_shows_what_is_hidden(
    label: str, planted: dict[str, Any], signed: Any
) -> None:
    operation, keys = OPERATIONS[label], {who: signed(who).key if who else "" for who in EVERYBODY}
    sound = operation.as_strategy()
    unsound = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @as_it_likes
    @given(data=st.data(), aims=st.booleans(), well=st.booleans())
    def fuzz(data: st.DataObject, aims: bool, well: bool) -> None:
        case = data.draw(sound if well else unsound)
        for who, key in keys.items():
            answer = send(case, key, {"case_code": planted["case_code"]} if aims else {})
            assert well_made(answer), (who, case.body, answer.status_code, answer.content[:500])
            if who in SEES_NOTHING:
                assert WORDS not in answer.content.decode()

    fuzz()
