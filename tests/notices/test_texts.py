"""What notices say."""

from datetime import timedelta

import pytest
from django.utils import translation

from gongzhi.notices import texts
from tests.accounts.county import NOW

# About protected tips: what they are about stands in no notice.
WITHOUT_CODE = {"protected_message_waits", "custodians_asked", "reward_waits"}
CODE = {"code": "8203447190563", "kind": "消防通道被堵"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", sorted(texts.TEMPLATES))
def test_every_template_reads_well_bare_and_with_all_its_tails(name: str, language: str):
    template = texts.TEMPLATES[name]
    code = {"code": CODE["code"]} if name not in WITHOUT_CODE else {}
    bare = {gap: (NOW if gap in texts.TIMES else "八个字") for gap in template.needs} | code
    full = bare | {gap: (NOW if gap in texts.TIMES else "八个字") for gap in template.tails}
    with translation.override(language):
        for params in (bare, full):
            title, words = texts.write(name, texts.check(name, params), NOW)
            assert "%" not in title + words
            assert "8203 4471 9056 3" in words or name in {"linked_update", *WITHOUT_CODE}
            assert words.endswith(("。", "."))
            assert "  " not in words
            assert len(words) < 200


def test_a_time_of_the_same_day_is_the_hour_and_of_another_day_has_the_date():
    params = CODE | {"clock": "到场", "due": NOW + timedelta(hours=6, minutes=20)}
    same_day = texts.write("clock_warning", texts.check("clock_warning", params), NOW)[1]
    assert "16:20" in same_day and "月" not in same_day
    later = params | {"due": NOW + timedelta(days=2)}
    assert "6月5日 10:00" in texts.write("clock_warning", texts.check("clock_warning", later), NOW)[1]


def test_a_sender_who_forgets_a_gap_or_adds_words_of_their_own_is_told():
    with pytest.raises(ValueError, match="missing"):
        texts.check("case_reported", CODE)
    with pytest.raises(ValueError, match="unknown"):
        texts.check("reply_to_reporter", CODE | {"reply": "我们已经去看过了"})


def test_the_chinese_is_short_and_active():
    params = CODE | {"area": "旧县村", "due": NOW + timedelta(hours=6, minutes=20)}
    title, words = texts.write("case_assigned", texts.check("case_assigned", params), NOW)
    assert title == "交给你们：消防通道被堵"
    assert words == "旧县村：消防通道被堵，现在由你们办理。编号 8203 4471 9056 3。最迟 16:20。"
