"""POST /reports: what is taken in, what a retry gets, what is refused and leaves nothing behind."""

import json
import uuid

import pytest

from gongzhi.cases.models import CaseRecord
from gongzhi.territory import queries as territory
from gongzhi.territory.types import Level

INSIDE = {"lon": 119.685, "lat": 29.795, "crs": "WGS84"}


def cases() -> int:
    return CaseRecord.objects.count()


def test_it_takes_in_a_report_and_answers_with_a_receipt(api, report):
    answer = api.post("reports", report)
    assert answer.status == 201
    assert set(answer.body) == {"case_code", "receipt_code", "track_url"}
    assert answer.body["track_url"].endswith(f"/c/{answer.body['case_code']}/")
    assert cases() == 1


def test_it_answers_the_same_report_again_with_the_same_body(api, report):
    first, again = api.post("reports", report), api.post("reports", report)
    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body
    assert cases() == 1


def test_one_address_sends_only_so_many_and_a_retry_counts_once(api, report, settings):
    settings.GONGZHI_REPORTS_PER_ADDRESS = 2
    another = {**report, "client_id": str(uuid.uuid4())}
    assert [api.post("reports", each).status for each in (report, report, another)] == [201, 200, 201]
    third = api.post("reports", {**report, "client_id": str(uuid.uuid4())})
    assert (third.status, third.body["code"]) == (429, "too_many_tries")
    assert cases() == 2
    settings.GONGZHI_REPORTS_PER_ADDRESS = 0
    assert api.post("reports", {**report, "client_id": str(uuid.uuid4())}).status == 201


def test_it_refuses_the_same_client_id_with_other_content(api, report):
    api.post("reports", report)
    answer = api.post("reports", {**report, "text": "路灯不亮。"})
    assert answer.status == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["code"] == "other_content"
    assert cases() == 1


def test_it_takes_only_what_must_be_there(api, report):
    answer = api.post("reports", {"client_id": report["client_id"], "text": "路灯不亮"})
    assert answer.status == 201


@pytest.mark.parametrize("crs", ["WGS84", "GCJ02", "BD09"])
def test_it_takes_a_place_in_each_coordinate_system(api, report, crs):
    answer = api.post("reports", {**report, "location": {**INSIDE, "crs": crs}})
    assert answer.status == 201
    shown = api.get(f"cases/{answer.body['case_code']}", X_Receipt_Code=answer.body["receipt_code"])
    assert shown.body["area_name"]


def test_a_name_with_markup_is_kept_as_text(api, report):
    text = "<script>alert(1)</script> & <b>井盖</b>"
    answer = api.post("reports", {**report, "text": text})
    shown = api.get(f"cases/{answer.body['case_code']}", X_Receipt_Code=answer.body["receipt_code"])
    assert shown.body["own_text"] == text


FAR = {"lon": 116.39, "lat": 39.9, "crs": "WGS84"}
SWAPPED = {"lon": 29.795, "lat": 119.685, "crs": "WGS84"}
BAD_FIELDS = [
    ("text", "字" * 4001, "text", "too_long"),
    ("text", "", "text", "empty"),
    ("text", " \n ", "text", "empty"),
    ("text", None, "text", "not_text"),
    ("text", 7, "text", "not_text"),
    ("text", ["井盖"], "text", "not_text"),
    ("text", "井\x00盖", "text", "bad_characters"),
    ("text", "井\ud83d盖", "text", "bad_characters"),
    ("kind", "no.such.kind", "kind", "unknown_kind"),
    ("kind", "\x00", "kind", "bad_characters"),
    ("kind", "k" * 101, "kind", "too_long"),
    ("kind", 3, "kind", "not_text"),
    ("client_id", "seven", "client_id", "not_uuid"),
    ("client_id", None, "client_id", "not_uuid"),
    ("client_id", 12, "client_id", "not_uuid"),
    ("place_text", "处" * 201, "place_text", "too_long"),
    ("place_text", {}, "place_text", "not_text"),
    ("contact", "1" * 121, "contact", "too_long"),
    ("contact", 13800000000, "contact", "not_text"),
    ("location", "here", "location", "not_object"),
    ("location", [119.6, 29.7], "location", "not_object"),
    ("location", {"lon": 119.6, "lat": 29.7}, "location.crs", "missing"),
    ("location", {**INSIDE, "crs": "CGCS2000"}, "location.crs", "not_a_choice"),
    ("location", {**INSIDE, "lon": "119.6"}, "location.lon", "not_number"),
    ("location", {**INSIDE, "lon": True}, "location.lon", "not_number"),
    ("location", {**INSIDE, "lat": 1e999}, "location.lat", "not_number"),
    ("location", {**INSIDE, "lon": 719.6}, "location", "bad_coordinates"),
    ("location", FAR, "location", "outside_county"),
    ("location", SWAPPED, "location", "swapped_coordinates"),
    ("photos", ["x"], "photos.0", "not_uuid"),
    ("photos", [str(uuid.UUID(int=n + 1)) for n in range(10)], "photos", "too_many"),
    ("photos", ["018f4c3e-5a10-7c3a-9d2e-3b1f000000ff"], "photos", "bad_photo"),
    ("now", "2020-01-01T00:00:00Z", "now", "unknown_field"),
]


@pytest.mark.parametrize(("field", "value", "named", "code"), BAD_FIELDS)
def test_it_refuses_bad_content_in_a_sentence_and_keeps_nothing(api, report, field, value, named, code):
    answer = api.post("reports", {**report, field: value})
    assert answer.status == 422
    assert (answer.body["field"], answer.body["code"]) == (named, code)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.body["detail"]), answer.body["detail"]
    assert "%(" not in answer.body["detail"]
    assert answer.body["status"] == 422
    assert cases() == 0


BAD_BODIES = [
    (b"", 415),
    (b"{", 400),
    (b"null", 422),
    (b"[]", 422),
    (b'"text"', 422),
    (b"\xff\xfe{}", 400),
    (b"[" * 100_000, 400),
    (b'{"text": "' + b"x" * 300_000 + b'"}', 413),
]


@pytest.mark.parametrize(("body", "status"), BAD_BODIES)
def test_it_refuses_a_body_that_is_no_report(api, body, status):
    answer = api.post("reports", body)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "field"} <= set(answer.body)
    assert cases() == 0


def test_it_tells_every_fault_at_once(api, report):
    answer = api.post("reports", {**report, "text": 7, "client_id": "x"})
    assert {fault["field"] for fault in answer.body["errors"]} == {"text", "client_id"}


def test_it_speaks_english_to_those_who_ask(api, report):
    api.language = "en"
    answer = api.post("reports", {**report, "text": 7})
    assert answer.body["detail"] == "text must be text."


def test_it_takes_no_other_content_type(client, demo_cell):
    answer = client.post("/api/v1/reports", {"text": "井盖"})
    assert answer.status_code == 415
    assert json.loads(answer.content)["code"] == "wrong_content_type"


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options"])
def test_it_answers_other_methods_with_405(client, demo_cell, method):
    answer = getattr(client, method)("/api/v1/reports")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["", "nothing", "reports/", "cases/", "cases/1/2/3"])
def test_it_answers_unknown_addresses_with_a_problem(client, demo_cell, path):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert json.loads(answer.content)["code"] == "no_address"


def test_it_takes_in_a_report_just_over_the_border(api, report):
    county = territory.root()
    assert county.level is Level.COUNTY
    answer = api.post("reports", {**report, "location": just_outside()})
    assert answer.status == 201
    assert CaseRecord.objects.get().cross_border


def just_outside() -> dict[str, object]:
    """A point about a kilometre east of the county."""
    east = max(territory_edge(), key=lambda pair: pair[0])
    return {"lon": east[0] + 0.01, "lat": east[1], "crs": "WGS84"}


def territory_edge() -> list[tuple[float, float]]:
    shapes = json.loads(territory.boundaries_geojson(Level.TOWNSHIP))["features"]
    return [tuple(pair) for shape in shapes for pair in _pairs(shape["geometry"]["coordinates"])]


def _pairs(nested: list) -> list:
    return (
        [nested] if isinstance(nested[0], int | float) else [pair for part in nested for pair in _pairs(part)]
    )


def test_answers_to_the_kinds_questions_are_taken_in(api, report):
    sent = {**report, "kind": "linkage.noise", "form": {"source": "square", "now": True}}
    code = api.post("reports", sent).body
    own = api.get(f"cases/{code['case_code']}", X_Receipt_Code=code["receipt_code"]).body
    assert [answer["words"] for answer in own["own_answers"]] == ["广场、公园", "是"]


@pytest.mark.parametrize(
    ("form", "code", "field"),
    [
        ({"source": "moon"}, "bad_answer", "form.source"),
        ({"mood": "calm"}, "unknown_field", "form.mood"),
        ({"source": 5}, "not_text", "form.source"),
    ],
)
def test_a_wrong_answer_is_a_problem_that_names_it(api, report, form, code, field):
    answer = api.post("reports", {**report, "kind": "linkage.noise", "form": form})
    assert answer.status == 422
    assert (answer.body["code"], answer.body["field"].startswith(field)) == (code, True)


def test_the_kinds_tell_their_questions(api):
    kinds = {kind["key"]: kind for kind in api.get("kinds").body["kinds"]}
    source = kinds["linkage.noise"]["questions"][0]
    assert (source["name"], source["type"], source["required"]) == ("source", "choice", False)
    assert kinds["hazards.manhole"]["questions"] == []
