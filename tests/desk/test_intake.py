"""Taking down a call: what is written, the codes read out, the same call never twice."""

import re
from typing import Any

from django.http import HttpResponse

from gongzhi.cases import operations
from gongzhi.territory import queries as territory
from gongzhi.territory.types import Level
from tests.desk.conftest import Staff, codes_in


def call(operator: Staff, **fields: Any) -> HttpResponse:
    """Fill in the form as it came and send it."""
    page = operator.see("/desk/intake/")
    client_id = re.search(r'name="client_id" value="([^"]+)"', page)
    assert client_id
    sent = {"client_id": client_id[1], "text": "路口信号灯坏了", **fields}
    return operator.client.post("/desk/intake/", sent)  # type: ignore[return-value]


def codes(answer: HttpResponse) -> tuple[str, str]:
    case, receipt = re.findall(r'<dd><span class="code">([\d ]+)</span>', answer.content.decode())
    return case.replace(" ", ""), receipt.replace(" ", "")


def test_a_call_becomes_a_case_and_both_codes_are_read_out(dispatcher):
    case, receipt = codes(call(dispatcher, kind="linkage.blocked_road", lon="119.685", lat="29.795"))
    assert len(case) == 13 and len(receipt) == 12
    picture = dispatcher.picture(case)
    assert picture.row.source == "热线"
    assert picture.row.kind == "linkage.blocked_road"
    assert picture.row.area_name


def test_sending_twice_gives_the_same_codes(dispatcher):
    client_id = "018f4c3e-5a10-7c3a-9d2e-3b1f00000009"
    first, second = call(dispatcher, client_id=client_id), call(dispatcher, client_id=client_id)
    assert codes(first) == codes(second)
    assert len(codes_in(dispatcher.see("/desk/"))) == 1


def test_only_what_the_caller_says_is_a_must(dispatcher):
    assert call(dispatcher, text=" ").status_code == 422
    case, _receipt = codes(call(dispatcher))
    assert "地点不明" in dispatcher.see(f"/desk/cases/{case}/")


def test_a_chosen_community_is_the_place(dispatcher):
    community = territory.areas_at(Level.COMMUNITY)[0]
    answer = call(dispatcher, township=community.parent_id, area=community.id)
    assert community.short_name in dispatcher.picture(codes(answer)[0]).row.area_name


def test_what_the_caller_wishes_is_a_sign_on_the_case(dispatcher):
    case, _receipt = codes(call(dispatcher, no_reply="on", secret="on"))
    assert "不需要回复" not in dispatcher.picture(case).text
    page = dispatcher.see(f"/desk/cases/{case}/")
    assert "不需要回复" in page and "请为上报人保密" in page


def test_the_questions_of_the_chosen_kind_are_asked_and_kept(dispatcher):
    sent = {"kind": "linkage.noise", "form.linkage.noise.source": "square"}
    case, _receipt = codes(call(dispatcher, **sent))
    assert "广场、公园" in dispatcher.see(f"/desk/cases/{case}/")


def test_an_answer_that_does_not_fit_is_named_beside_its_question(dispatcher):
    answer = call(dispatcher, **{"kind": "linkage.noise", "form.linkage.noise.source": "moon"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<fieldset class="field questions" data-questions="linkage.noise"><legend>' in page
    assert page.count("“声音从哪来”请从给出的答案里选一个。") == 2  # above the form, and at the question


def test_the_contact_is_sealed(dispatcher):
    case, _receipt = codes(call(dispatcher, contact="13800000001"))
    assert dispatcher.picture(case).contact == "138****01"


def test_a_place_far_outside_is_refused_and_the_words_are_kept(dispatcher):
    answer = call(dispatcher, lon="116.4", lat="39.9")
    assert answer.status_code == 422
    assert "路口信号灯坏了" in answer.content.decode()


def test_areas_are_found_by_their_names(dispatcher):
    community = territory.areas_at(Level.COMMUNITY)[0]
    found = dispatcher.see("/desk/options/places/", place_text=community.name)
    assert f'data-area="{community.id}"' in found


def test_severities_follow_the_kind(dispatcher):
    found = dispatcher.see("/desk/options/severities/", kind="linkage.blocked_road")
    assert 'value="urgent"' in found and 'value="extraordinary"' not in found


def test_communities_follow_the_township(dispatcher):
    township = territory.areas_at(Level.TOWNSHIP)[0]
    found = dispatcher.see("/desk/options/areas/", township=township.id)
    assert found.count("<option") == 1 + len(territory.areas_at(Level.COMMUNITY, township.id))


def test_a_call_about_a_known_matter_is_joined_to_it(dispatcher, matters):
    known = matters.report(kind="hazards.manhole")
    operations.accept_case(case=known, by=dispatcher.actor, now=matters.ago(0))
    answer = call(dispatcher, kind="hazards.manhole", lon="119.685", lat="29.795", link_to=known)
    assert codes(answer)[0] in [row.code for row in dispatcher.picture(known).linked]


def test_similar_reports_are_looked_up_by_place(dispatcher, matters):
    known = matters.report(kind="hazards.manhole")
    parameters = {"lon": "119.685", "lat": "29.795", "kind": "hazards.manhole", "text": "井盖没了"}
    assert known in dispatcher.see("/desk/intake/similar/", **parameters)
    assert dispatcher.see("/desk/intake/similar/", lon="x", lat="").strip() == ""


def test_only_the_centre_takes_calls(handler):
    assert handler.open("/desk/intake/").status_code == 403
