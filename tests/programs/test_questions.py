"""Questions of a kind, without a page: what counts as an answer."""

import pytest

from gongzhi.base.errors import Refused
from gongzhi.base.personal import Personal
from gongzhi.programs import questions
from gongzhi.programs.types import Choice, FormField, Text


def field(type: str, **more: object) -> FormField:
    return FormField("q", Text({"zh-hans": "问题", "en": "Question"}), type, **more)  # type: ignore[arg-type]


class Kind:
    key = "demo.kind"

    def __init__(self, *form: FormField) -> None:
        self.form = form
        self.title = Text({"zh-hans": "事"})


CHOICES = (Choice("a", Text({"zh-hans": "甲"})),)


@pytest.mark.parametrize(
    ("asked", "said", "kept"),
    [
        (field("text"), " 走了 ", "走了"),
        (field("choice", choices=CHOICES), "a", "a"),
        (field("yes_no"), True, "yes"),
        (field("yes_no"), False, "no"),
        (field("number"), "12.50", "12.50"),
        (field("date"), "2026-03-02", "2026-03-02"),
    ],
)
def test_an_answer_that_fits_is_kept(asked: FormField, said: object, kept: str) -> None:
    assert questions.checked(Kind(asked), {"q": said}, complete=True) == {"q": kept}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (field("text"), "a\x00b"),
        (field("text"), "字" * 501),
        (field("choice", choices=CHOICES), "b"),
        (field("yes_no"), "maybe"),
        (field("number"), "NaN"),
        (field("number"), "1e99"),
        (field("number"), "eleven"),
        (field("date"), "2026-02-30"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(asked: FormField, said: str) -> None:
    with pytest.raises(Refused) as refused:
        questions.checked(Kind(asked), {"q": said}, complete=True)
    assert refused.value.field == "form.q"


def test_a_must_is_a_must_only_when_all_is_asked_for() -> None:
    kind = Kind(field("text", required=True))
    with pytest.raises(Refused):
        questions.checked(kind, {"q": "  "}, complete=True)
    assert questions.checked(kind, {"q": "  "}, complete=False) == {}


def test_a_page_is_asked_for_the_answers_of_its_kind_alone() -> None:
    kind = Kind(field("text"))
    sent = {"form.demo.kind.q": "甲", "form.other.kind.q": "乙"}
    assert questions.read(kind, sent) == {"q": "甲"}
    assert questions.input_of(kind, "form.q") == "form.demo.kind.q"


def test_every_free_text_is_sealed_and_a_choice_only_when_personal() -> None:
    declared = Personal("find them", "law", "30 days", "none")
    assert questions.is_sealed(field("text"))
    assert questions.is_sealed(field("choice", personal=True, declared=declared))
    assert not questions.is_sealed(field("yes_no"))
