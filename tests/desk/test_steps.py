"""Every step: its form opens, it is taken through one operation, and a refusal says why."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from gongzhi.cases import operations
from gongzhi.cases.types import CaseStatus, StepKind
from gongzhi.desk.forms.dispatch import AssignForm
from gongzhi.desk.steps import STEPS
from tests.desk.conftest import upload


def last(staff, code: str) -> StepKind:
    return max(staff.picture(code).steps, key=lambda step: step.seq).kind


@pytest.mark.parametrize("step", sorted(STEPS))
def test_every_step_has_a_form_with_a_heading_and_a_button(dispatcher, matters, step: str):
    code, task = matters.assigned()
    form = dispatcher.open(f"/desk/cases/{code}/{step}/", fragment=True, task=task).content.decode()
    assert f'action="/desk/cases/{code}/{step}/"' in form
    assert str(STEPS[step].form.heading) in form and str(STEPS[step].form.submit) in form


def test_every_allowed_step_has_a_form(dispatcher, handler, verifier, matters):
    for code in (matters.report(), matters.accepted(), matters.assigned()[0], matters.resolved()):
        for person in (dispatcher, verifier):
            assert {step.step for step in person.picture(code).allowed} <= STEPS.keys()
    code, _task = matters.assigned()
    assert {step.step for step in handler.picture(code).allowed} <= STEPS.keys()


def test_an_unknown_step_does_not_exist(dispatcher, matters):
    assert dispatcher.open(f"/desk/cases/{matters.report()}/explode/").status_code == 404


def test_accepting_leads_back_to_the_case(dispatcher, matters):
    code = matters.report()
    answer = dispatcher.take(code, "accept", kind="hazards.manhole", severity="", title="菜场井盖缺失")
    assert answer["Location"] == f"/desk/cases/{code}/"
    assert dispatcher.picture(code).row.title == "菜场井盖缺失"
    assert dispatcher.picture(code).row.status == CaseStatus.ACCEPTED


def test_with_htmx_the_case_comes_back_and_the_queue_is_told(dispatcher, matters):
    code = matters.report()
    answer = dispatcher.take(code, "accept", fragment=True, kind="", severity="", title="")
    assert answer["HX-Retarget"] == "#case" and answer["HX-Reswap"] == "outerHTML"
    assert answer["HX-Trigger"] == "desk:changed"
    assert "已办：受理" in answer.content.decode()


def test_accepting_refuses_a_severity_the_kind_has_not(dispatcher, matters):
    code = matters.report()
    answer = dispatcher.take(code, "accept", kind="hazards.manhole", severity="extraordinary", title="")
    assert answer.status_code == 422
    assert "没有这一档紧急程度" in answer.content.decode()


def test_what_somebody_else_changed_meanwhile_is_a_conflict(dispatcher, matters):
    code = matters.report()
    seen = dispatcher.picture(code).version
    operations.accept_case(case=code, by=dispatcher.actor, now=timezone.now())
    answer = dispatcher.take(code, "decline", fragment=True, version=seen, door="court", ground="已起诉")
    assert answer.status_code == 409
    assert "看最新情况" in answer.content.decode() and "已起诉" in answer.content.decode()
    assert dispatcher.picture(code).row.status == CaseStatus.ACCEPTED


def test_declining_wants_a_ground_and_a_door(dispatcher, matters):
    code = matters.report()
    answer = dispatcher.take(code, "decline", door="", ground="")
    assert answer.status_code == 422
    assert answer.content.decode().count("请填写这一项。") == 2
    dispatcher.take(code, "decline", door="court", ground="已经起诉，请等法院判决。")
    assert dispatcher.picture(code).row.status == CaseStatus.DECLINED


def test_joining_takes_a_code_as_people_type_it(dispatcher, matters):
    first, second = matters.report(), matters.report()
    spaced = f"{first[:4]}-{first[4:8]} {first[8:]}"
    assert dispatcher.take(second, "link", to="1234567890123").status_code == 422
    assert dispatcher.take(second, "link", to=second).status_code == 422
    dispatcher.take(second, "link", to=spaced)
    assert dispatcher.picture(second).row.status == CaseStatus.LINKED
    assert second in [row.code for row in dispatcher.picture(first).linked]


def test_assigning_starts_from_the_suggestion(dispatcher, matters):
    code = matters.accepted()
    lead = dispatcher.picture(code).suggestion.lead_id
    form = dispatcher.open(f"/desk/cases/{code}/assign/", fragment=True).content.decode()
    assert f'<option value="{lead}" selected>' in form


def test_suggested_supporters_come_first_and_are_not_ticked(dispatcher, matters):
    code = matters.accepted(kind="hazards.street_light")
    form = dispatcher.open(f"/desk/cases/{code}/assign/", fragment=True).content.decode()
    supporting = form[form.index('name="supporting"') :]
    assert "县供电公司（建议）" in supporting[: supporting.index("</label>")]
    assert "checked" not in supporting
    assert "成片不亮时供电查线路" in form


def test_supporters_a_rule_always_calls_in_are_ticked(dispatcher, matters):
    picture = dispatcher.picture(matters.accepted(kind="hazards.street_light"))
    suggestion = replace(picture.suggestion, must_support=picture.suggestion.supporting, supporting=())
    visitor = SimpleNamespace(today=timezone.localdate())
    form = AssignForm(picture=replace(picture, suggestion=suggestion), visitor=visitor)
    assert form["supporting"].initial == [identity for identity, _name in suggestion.must_support]
    assert "（必须）" in str(form["supporting"])


def test_assigning_names_one_lead_and_its_supporters(dispatcher, matters):
    code, lead, police = matters.accepted(), matters.agency("urban_management"), matters.agency("police")
    twice = dispatcher.take(code, "assign", lead=lead, supporting=[lead], note="")
    assert twice.status_code == 422
    dispatcher.take(code, "assign", lead=lead, supporting=[police], note="先围挡")
    assert sorted(task.role for task in dispatcher.picture(code).tasks) == ["lead", "supporting"]


def test_calling_in_another_agency_offers_only_those_not_at_work(dispatcher, matters):
    code, _task = matters.assigned()
    form = dispatcher.open(f"/desk/cases/{code}/add_task/", fragment=True).content.decode()
    assert str(matters.agency("urban_management")) not in form
    dispatcher.take(code, "add_task", organisation=matters.agency("police"), note="疏导交通")
    assert last(dispatcher, code) == StepKind.TASK_ADDED


def test_the_handler_works_a_task_from_start_to_done(handler, matters):
    code, task = matters.assigned()
    handler.take(code, "arrive", task=task)
    assert last(handler, code) == StepKind.ARRIVED
    handler.take(code, "start", task=task)
    handler.take(code, "resolve", task=task, note="换上新井盖", photos=[upload(), upload("second.jpg")])
    assert handler.picture(code).row.status == CaseStatus.RESOLVED
    assert len(max(handler.picture(code).steps, key=lambda step: step.seq).photos) == 2


def test_a_file_that_is_no_photo_leaves_nothing_behind(handler, matters):
    code, task = matters.assigned()
    handler.take(code, "start", task=task)
    wrong = upload()
    wrong.file.seek(0)
    wrong.file.write(b"PK\x03\x04 not a photo")
    wrong.file.seek(0)
    answer = handler.take(code, "resolve", task=task, note="好了", photos=[wrong])
    assert answer.status_code == 422
    assert last(handler, code) == StepKind.STARTED


def test_the_agency_names_who_goes(handler, matters):
    code, task = matters.assigned()
    assert handler.take(code, "delegate", task=task, team="", person="").status_code == 422
    handler.take(code, "delegate", task=task, team="", person=handler.person_id)
    assert handler.picture(code).tasks[0].person_id == str(handler.person_id)


def test_returning_wants_a_written_ground(handler, matters):
    code, task = matters.assigned()
    assert handler.take(code, "return", task=task, ground=" ").status_code == 422
    handler.take(code, "return", task=task, ground="按责任清单由交通部门负责")
    assert last(handler, code) == StepKind.RETURNED


def test_a_second_return_goes_to_a_ruling_that_binds(dispatcher, handler, matters):
    code, task = matters.assigned()
    lead = matters.agency("urban_management")
    handler.take(code, "return", task=task, ground="不归我们")
    dispatcher.take(code, "assign", lead=lead, supporting=[], note="")
    again = handler.picture(code).tasks[-1].id
    handler.take(code, "return", task=again, ground="还是不归我们")
    assert dispatcher.picture(code).row.status == CaseStatus.AWAITING_RULING
    assert "裁定有约束力" in dispatcher.open(f"/desk/cases/{code}/rule/", fragment=True).content.decode()
    dispatcher.take(code, "rule", lead=lead, supporting=[], ground="清单第 12 条")
    assert dispatcher.picture(code).row.status == CaseStatus.ASSIGNED


def test_the_resident_is_told_in_the_very_words(dispatcher, matters):
    code = matters.accepted()
    dispatcher.take(code, "feed_back", reply="今晚先围挡，明天上午换井盖。")
    assert max(dispatcher.picture(code).steps, key=lambda s: s.seq).words == "今晚先围挡，明天上午换井盖。"


def test_a_failed_check_wants_a_word_and_goes_back_to_work(verifier, matters):
    code = matters.resolved()
    assert verifier.take(code, "verify", passed="no", note="").status_code == 422
    verifier.take(code, "verify", passed="no", note="井盖还在晃")
    assert verifier.picture(code).row.status == CaseStatus.UNDER_WAY


def test_who_did_the_work_can_not_check_it(handler, matters):
    code = matters.resolved()
    assert handler.take(code, "verify", passed="yes", note="").status_code == 403


def test_a_checked_case_is_closed_with_its_outcome(dispatcher, verifier, matters):
    code = matters.resolved()
    verifier.take(code, "verify", passed="yes", note="稳固", photos=[upload()])
    assert dispatcher.take(code, "close", outcome="not_fixed", reply="").status_code == 422
    dispatcher.take(code, "close", outcome="fixed", reply="井盖已换好。")
    assert dispatcher.picture(code).row.status == CaseStatus.CLOSED


def test_suspending_names_a_date_ahead_and_resuming_ends_it(dispatcher, matters):
    code, _task = matters.assigned()
    today = timezone.localdate()
    past = dispatcher.take(code, "suspend", until=today - timedelta(days=1), ground="等材料")
    assert past.status_code == 422
    dispatcher.take(code, "suspend", until=today + timedelta(days=3), ground="等材料")
    assert dispatcher.picture(code).row.status == CaseStatus.SUSPENDED
    dispatcher.take(code, "resume")
    assert dispatcher.picture(code).row.status == CaseStatus.ASSIGNED


def test_more_time_is_asked_and_granted(dispatcher, handler, matters):
    code, task = matters.assigned()
    clock = next(c for c in handler.picture(code).tasks[0].clocks if c.due_at)
    answer = handler.take(
        code, "ask_extension", task=task, clock=clock.name, value=2, unit="working_days", ground="缺件"
    )
    assert answer.status_code == 302
    answer = dispatcher.take(code, "decide_extension", granted="yes", ground="")
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    longer = next(c for c in handler.picture(code).tasks[0].clocks if c.name == clock.name)
    assert longer.due_at > clock.due_at


def test_a_supervision_order_is_issued_and_answered(dispatcher, handler, matters):
    code, task = matters.assigned()
    dispatcher.take(code, "supervise", order="请说明进度")
    assert handler.picture(code).row.supervised
    handler.take(code, "answer_supervision", task=task, answer="今天下午完成")
    assert not handler.picture(code).row.supervised


def test_the_place_is_corrected_by_a_point_or_by_an_area(dispatcher, matters):
    code = matters.report(place=None)
    assert dispatcher.take(code, "relocate", township="", area="", lon="", lat="").status_code == 422
    dispatcher.take(code, "relocate", township="", area="", lon="119.685", lat="29.795")
    assert dispatcher.picture(code).row.lon == pytest.approx(119.685)
    assert dispatcher.picture(code).row.area_name


def test_a_task_is_taken_back_with_a_ground(dispatcher, matters):
    code, task = matters.assigned()
    dispatcher.take(code, "withdraw_task", task=task, ground="派错了")
    assert dispatcher.picture(code).row.status == CaseStatus.ACCEPTED


def test_a_note_needs_no_state_of_the_case(dispatcher, matters):
    code = matters.report()
    dispatcher.take(code, "note", version=0, note="来电人催问过一次")
    assert last(dispatcher, code) == StepKind.NOTED


def test_a_closed_case_is_opened_again_by_the_head(staff, dispatcher, verifier, matters):
    code, head = matters.resolved(), staff("head")
    verifier.take(code, "verify", passed="yes", note="")
    dispatcher.take(code, "close", outcome="fixed", reply="")
    head.take(code, "reopen", ground="复查发现又松了")
    assert head.picture(code).row.status == CaseStatus.REOPENED


def test_answers_are_added_when_a_report_is_accepted(dispatcher, matters):
    code = matters.report(kind=None)
    sent = {"kind": "linkage.noise", "form.linkage.noise.source": "square"}
    assert dispatcher.take(code, "accept", **sent).status_code == 302
    assert [answer.words for answer in dispatcher.picture(code).answers] == ["广场、公园"]
    assert 'data-questions="linkage.noise"' not in dispatcher.see(f"/desk/cases/{code}/sort/")
