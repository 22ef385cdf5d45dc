"""Staff steps over the API: the whole loop, who may do what, and what is refused."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from gongzhi.exchange.shapes.names import StepName
from gongzhi.exchange.shapes.steps import Step

WHERE = {"lon": 119.685, "lat": 29.795, "crs": "WGS84"}


@pytest.fixture
def case(api, report):
    return api.post("reports", {**report, "location": WHERE}).body


@pytest.fixture
def dispatcher(signed):
    return signed("dispatcher")


@pytest.fixture
def handler(signed):
    return signed("handler")


def given_to(dispatcher, case, lead="urban_management", **more):
    """Accepted and assigned; the id of the lead's task."""
    dispatcher.step(case["case_code"], "accept", kind="hazards.manhole")
    answer = dispatcher.step(case["case_code"], "assign", lead=lead, **more)
    assert answer.status == 201, answer.body
    return answer.body["tasks"][0]


def test_a_case_goes_all_the_way_round(api, case, dispatcher, handler, signed):
    code, receipt = case["case_code"], {"X_Receipt_Code": case["receipt_code"]}
    task = given_to(dispatcher, case)
    for step, more in (
        ("arrive", {}),
        ("start", {}),
        ("feed_back", {"reply": "马上盖好。"}),
        ("resolve", {}),
    ):
        assert handler.step(code, step, task=task, **more).status == 201
    assert signed("verifier").step(code, "verify", passed=True).status == 201
    assert dispatcher.step(code, "close", outcome="fixed").status == 201
    assert api.post(f"cases/{code}/verdict", {"solved": False, "why": "又没了。"}, **receipt).status == 201
    assert api.get(f"cases/{code}").body["status"] == "reopened"


def test_the_reporter_adds_facts_with_the_receipt(api, case):
    answer = api.post(
        f"cases/{case['case_code']}/information",
        {"text": "旁边还有一个。"},
        X_Receipt_Code=case["receipt_code"],
    )
    assert answer.status == 201


def test_a_wrong_receipt_opens_nothing_and_is_counted(api, case):
    for dashes in range(10):  # written another way each time
        answer = api.get(f"cases/{case['case_code'] + '-' * dashes}", X_Receipt_Code="000000000000")
        assert (answer.status, answer.body["code"]) == (403, "wrong_receipt")
    assert api.get(f"cases/{case['case_code']}", X_Receipt_Code=case["receipt_code"]).status == 429


def test_a_stranger_sees_the_step_and_not_the_words(api, case):
    body = api.get(f"cases/{case['case_code']}").body
    assert body["status"] == "reported"
    assert body["own_text"] == ""
    assert not body["may_add"]


def test_codes_nobody_has_are_not_for_guessing(api):
    statuses = [api.get("cases/0000000000000").status for _try in range(31)]
    assert set(statuses[:30]) == {404}
    assert statuses[30] == 429


@pytest.mark.parametrize("key", ["", "nonsense", "gzk_" + "x" * 43, "\u4e2d"])
def test_staff_addresses_want_a_key(api, case, key):
    api.key = key.encode().decode("latin-1")
    for answer in (api.step(case["case_code"], "accept"), api.get("queue"), api.get("work")):
        assert (answer.status, answer.body["code"]) == (401, "no_key")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_reaches_no_further_than_its_person(case, dispatcher, handler, signed):
    answer = handler.step(case["case_code"], "accept")
    assert (answer.status, answer.body["code"]) == (404, "no_case")  # not theirs, so it does not exist
    assert handler.get(f"cases/{case['case_code']}/steps").status == 404
    task = given_to(dispatcher, case)
    assert handler.get(f"cases/{case['case_code']}/steps").status == 200
    answer = handler.step(case["case_code"], "supervise", order="x")
    assert (answer.status, answer.body["code"]) == (403, "wrong_hand")
    assert signed("handler2").step(case["case_code"], "start", task=task).status == 404
    assert signed("sysadmin").get("queue").body["total"] == 0


def test_the_queue_and_my_work_show_the_case(case, dispatcher, handler):
    assert dispatcher.get("queue?tab=all").body["rows"][0]["code"] == case["case_code"]
    task = given_to(dispatcher, case)
    item = handler.get("work").body["items"][0]
    assert item["task"]["id"] == task
    assert {allowed["step"] for allowed in item["allowed"]} >= {"start", "resolve", "return"}


def test_a_step_may_have_happened_before_but_never_after_now(case, dispatcher):
    now = timezone.now()
    late = dispatcher.step(case["case_code"], "accept", happened_at=(now + timedelta(hours=1)).isoformat())
    assert (late.status, late.body["code"], late.body["field"]) == (422, "future", "happened_at")
    assert dispatcher.step(case["case_code"], "accept", happened_at=now.isoformat()).status == 201


def test_lost_edits_are_noticed(case, dispatcher):
    seen = dispatcher.get(f"cases/{case['case_code']}/steps").body["version"]
    assert dispatcher.step(case["case_code"], "accept", version=seen).status == 201
    again = dispatcher.step(case["case_code"], "accept", version=seen)
    assert (again.status, again.body["code"]) == (409, "moved_on")


BAD_STEPS = [
    ({}, "step", "no_step"),
    ({"step": "dispose"}, "", "unknown_step"),
    ({"step": 7}, "", "unknown_step"),
    ({"step": "assign"}, "lead", "missing"),
    ({"step": "assign", "lead": "nobody"}, "lead", "no_organisation"),
    ({"step": "assign", "lead": "police", "supporting": "fire"}, "supporting", "not_list"),
    ({"step": "accept", "happened_at": "yesterday"}, "happened_at", "not_moment"),
    ({"step": "accept", "happened_at": "2026-03-02T08:00:00"}, "happened_at", "not_moment"),
    ({"step": "accept", "now": "2026-03-02T08:00:00Z"}, "now", "unknown_field"),
    ({"step": "accept", "version": "1"}, "version", "not_whole"),
    ({"step": "decline", "door": "window", "ground": "…"}, "door", "not_a_choice"),
    ({"step": "verify", "passed": "yes"}, "passed", "not_yes_no"),
    ({"step": "sort", "kind": "a\x00b"}, "kind", "bad_characters"),
    ({"step": "sort", "kind": "no.such"}, "kind", "unknown_kind"),
    ({"step": "relocate"}, "location", "missing"),
    ({"step": "link", "to": "0000000000000"}, "to", "no_case"),
]


@pytest.mark.parametrize(("body", "field", "code"), BAD_STEPS)
def test_it_refuses_a_step_that_makes_no_sense(case, dispatcher, body, field, code):
    answer = dispatcher.post(f"cases/{case['case_code']}/steps", body)
    assert answer.status == 422
    assert answer.body["code"] == code
    assert answer.body["field"] == field or not field
    assert dispatcher.get(f"cases/{case['case_code']}/steps").body["version"] == 1


def test_every_operation_has_its_step():
    shapes = {shape.model_fields["step"].annotation for shape in _leaves(Step)}
    named = {argument for shape in shapes for argument in shape.__args__}
    assert named == set(StepName)


def _leaves(shape: type[Step]) -> list[type[Step]]:
    below = shape.__subclasses__()
    if not below:
        return [shape]
    return [leaf for each in below for leaf in _leaves(each)]


def test_it_delegates_extends_supervises_suspends_and_takes_back(case, dispatcher, handler, signed):
    code, task = case["case_code"], given_to(dispatcher, case, supporting=["police"])
    until = (timezone.now() + timedelta(days=3)).isoformat()
    police = dispatcher.get(f"cases/{code}/steps").body["tasks"][1]["id"]
    steps = [
        (handler, {"step": "delegate", "task": task, "team": "市容一中队"}),
        (
            handler,
            {
                "step": "ask_extension",
                "task": task,
                "clock": "rectify",
                "value": 1,
                "unit": "working_days",
                "ground": "要等配件",
            },
        ),
        (dispatcher, {"step": "decide_extension", "approve": True}),
        (dispatcher, {"step": "supervise", "order": "请说明进展"}),
        (handler, {"step": "answer_supervision", "answer": "配件明天到", "task": task}),
        (dispatcher, {"step": "suspend", "until": until, "ground": "等配件"}),
        (dispatcher, {"step": "resume"}),
        (dispatcher, {"step": "withdraw_task", "task": police, "ground": "不需要了"}),
        (dispatcher, {"step": "add_task", "organisation": "housing"}),
        (dispatcher, {"step": "relocate", "location": WHERE}),
        (handler, {"step": "note", "note": "已设围挡"}),
        (handler, {"step": "add_information", "text": "旁边还有一个"}),
        (handler, {"step": "respond", "task": task}),
        (handler, {"step": "return", "task": task, "ground": "属于住建"}),
    ]
    for caller, body in steps:
        answer = caller.post(f"cases/{code}/steps", body)
        assert answer.status == 201, (body, answer.body)


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("2026-03-02T08:30:00-20:40", 200),  # an odd offset is still a moment
        ("0091-12-20T09:26:00-20:40", 422),
        ("9999-12-31T23:59:59-01:00", 422),
    ],
)
def test_a_moment_the_database_can_t_hold_is_refused(dispatcher, since, status):
    answer = dispatcher.get(f"queue?{urlencode({'since': since})}")
    assert answer.status == status
    assert status == 200 or answer.body["field"] == "since"
