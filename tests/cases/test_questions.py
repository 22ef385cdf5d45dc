"""A kind's own questions on the way round: asked at the door or at the desk, kept, shown with their labels."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import RESIDENT
from gongzhi.base.errors import Conflict, Refused
from gongzhi.cases import operations, queries
from gongzhi.cases.models import CaseStep
from gongzhi.cases.pictures import CasePicture
from gongzhi.cases.queries import public
from gongzhi.files import operations as files
from gongzhi.notices.models import Notice
from gongzhi.programs import queries as programs
from tests.cases.conftest import MINUTE, NOW, Town

NOISE = {"kind": "linkage.noise"}
LOST = {
    "kind": "linkage.lost_or_found",
    "form": {"description": "穿红色外套，一米二", "found_or_lost": "lost"},
}


def picture(code: str) -> CasePicture:
    person = accounts.person_by_username("dispatcher")
    assert person is not None
    return queries.case_picture(accounts.scope_of(person.id, timezone.localdate(NOW)), code, NOW)


def told(code: str) -> dict[str, str]:
    return {answer.label: answer.words for answer in picture(code).answers}


def picture_file(number: int) -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (320, 240), (number, 90, 90)).save(out, "JPEG")
    out.seek(0)
    return out


def test_answers_are_shown_in_words(town: Town) -> None:
    code = town.report(**NOISE, form={"source": "square", "now": True}).case_code
    assert told(code) == {"声音从哪来": "广场、公园", "现在还在响吗": "是"}


def test_a_free_answer_is_sealed_and_can_be_erased(town: Town) -> None:
    receipt = town.report(**LOST)
    step = CaseStep.objects.get(case__code=receipt.case_code, seq=1)
    assert step.data["form"] == {"found_or_lost": "lost"}
    assert told(receipt.case_code)["衣着、身高等能认出来的特点"] == "穿红色外套，一米二"


def test_the_reporter_reads_the_answers_with_the_receipt_alone(town: Town) -> None:
    receipt = town.report(**LOST)
    own = queries.public_picture(receipt.case_code, receipt.receipt_code, NOW)
    stranger = queries.public_picture(receipt.case_code, "", NOW)
    assert [answer.words for answer in own.own_answers] == ["家人走失", "穿红色外套，一米二"]
    assert stranger.own_answers == ()


@pytest.mark.parametrize(
    ("form", "code", "field"),
    [
        ({"source": "moon"}, "bad_answer", "form.source"),
        ({"now": "perhaps"}, "bad_answer", "form.now"),
        ({"mood": "calm"}, "unknown_field", "form.mood"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_by_name(
    town: Town, form: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        town.report(**NOISE, form=form)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not CaseStep.objects.exists()


def test_a_retry_with_other_answers_is_another_report(town: Town) -> None:
    first = town.report(**NOISE, form={"source": "square"})
    assert town.report(**NOISE, form={"source": "square"}).case_code == first.case_code
    with pytest.raises(Conflict):
        town.report(**NOISE, form={"source": "traffic"})


def test_the_desk_adds_answers_when_the_kind_becomes_known(town: Town) -> None:
    code = town.report(kind=None).case_code
    by = town.people.dispatcher
    operations.accept_case(case=code, **NOISE, form={"source": "square"}, by=by, now=NOW + MINUTE)
    operations.sort_case(case=code, **NOISE, form={"source": "traffic"}, by=by, now=NOW + 2 * MINUTE)
    assert told(code) == {"声音从哪来": "车辆"}


def test_a_reporter_who_wants_no_reply_gets_no_notices(town: Town) -> None:
    for number, no_reply in ((1, False), (2, True)):
        receipt = town.report(number, contact="13800000000", no_reply=no_reply)
        operations.accept_case(case=receipt.case_code, by=town.people.dispatcher, now=NOW + MINUTE)
        to_reporter = Notice.objects.filter(
            subject=f"case:{town.record(receipt.case_code).id}", recipient_kind="contact"
        )
        assert to_reporter.exists() is not no_reply
        assert picture(receipt.case_code).no_reply is no_reply


def test_the_photos_of_a_secret_reporter_are_shown_to_no_stranger(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = replace(programs.current_kind("linkage.blocked_road", timezone.localdate(NOW)), public_photo=True)
    monkeypatch.setattr(public, "kind_of", lambda _record: kind)
    for number, secret in ((1, False), (2, True)):
        photo = files.keep_photo(data=picture_file(number), by=RESIDENT, now=NOW)
        town.report(number, photos=[photo], secret=secret)
        assert public.is_public_photo(photo) is not secret


def test_staff_are_told_to_keep_the_reporter_secret(town: Town) -> None:
    assert picture(town.report(1, secret=True).case_code).secret
    assert not picture(town.report(2).case_code).secret
