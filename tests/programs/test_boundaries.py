"""What the loader never lets in: nothing rates, locates or follows a person, nothing asks what one thinks."""

import pytest

from gongzhi.programs.loader import check
from tests.programs.conftest import KIND, Write


def codes(write: Write, kind: str) -> set[str]:
    return {problem.code for problem in check(write(kind))}


def field(name: str, title: str = "说明", more: str = "") -> str:
    return f"{KIND}form:\n  {name}: {{title: {{zh: {title}}}, type: text{more}}}\n"


@pytest.mark.parametrize(
    "subject", ["opinion", "speech", "belief", "religion", "petition", "gathering", "信访"]
)
def test_there_is_no_subject_for_what_people_think_or_say(write: Write, subject: str) -> None:
    assert codes(write, KIND.replace("facilities", subject)) == {"forbidden_kind"}


@pytest.mark.parametrize(
    "title",
    ["网上言论", "涉访人员稳控 信访", "宗教活动", "非法集会", "重点人员走访", "可疑人员", "刑满释放人员"],
)
def test_there_is_no_kind_about_opinions_or_watched_people(write: Write, title: str) -> None:
    assert codes(write, KIND.replace("水沟堵了", title)) == {"forbidden_kind"}


def test_keywords_may_not_bring_them_back(write: Write) -> None:
    assert codes(write, KIND.replace("[水沟, 排水沟]", "[水沟, 上访]")) == {"forbidden_kind"}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("risk_score", "说明"),
        ("trust", "信用分"),
        ("level", "人员等级"),
        ("gps", "说明"),
        ("where_now", "当前定位"),
        ("last_seen", "行踪"),
        ("phone_track", "说明"),
        ("photo_match", "人脸比对"),
        ("sign_in", "打卡"),
    ],
)
def test_no_field_rates_locates_or_follows_a_person(write: Write, name: str, title: str) -> None:
    assert "watches_people" in codes(write, field(name, title))


@pytest.mark.parametrize("key", ["risk_score", "presence_track", "rating", "position", "ranking"])
def test_no_key_of_a_kind_does_either(write: Write, key: str) -> None:
    assert codes(write, f"{KIND}{key}: 1\n") == {"watches_people"}


@pytest.mark.parametrize("title", ["宗教信仰", "对政策的观点", "民族", "思想动态"])
def test_no_field_asks_for_belief_or_opinion(write: Write, title: str) -> None:
    assert codes(write, field("more", title)) == {"asks_opinion"}


@pytest.mark.parametrize(
    ("name", "title"),
    [("id_number", "说明"), ("who", "身份证号"), ("who", "姓名"), ("call_me", "手机"), ("phone", "说明")],
)
def test_identity_must_be_declared_personal(write: Write, name: str, title: str) -> None:
    assert codes(write, field(name, title)) == {"identity_not_personal"}


def test_a_bare_yes_is_no_declaration(write: Write) -> None:
    assert codes(write, field("who", "姓名", ", personal: true")) == {"not_declared"}


def test_a_declaration_leaves_nothing_out(write: Write) -> None:
    assert codes(write, field("who", "姓名", ", personal: {purpose: 联系}")) == {"missing"}


def test_a_declared_personal_field_is_let_in(write: Write) -> None:
    declared = ", personal: {purpose: 回访, basis: 本人同意, retention: 结案后 30 天, sharing: none}"
    assert codes(write, field("who", "姓名", declared)) == set()


def test_ordinary_words_are_no_trouble(write: Write) -> None:
    for name, title in (
        ("surface", "路面情况"),
        ("shop_name", "店名"),
        ("how_many", "几盏"),
        ("rate_of_flow", "水流快不快"),
    ):
        assert codes(write, field(name, title)) == set()
