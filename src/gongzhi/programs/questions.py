"""A kind's own questions: how they are put on a page, how answers are read and checked, how they are shown again.

Every face asks through here, with `base/_questions.html`, so that a question looks and counts the same everywhere.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused
from gongzhi.programs.types import CaseKind, FormField

LONGEST_ANSWER = 500
LONGEST_NUMBER = 15
YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Question:
    """One question as a page puts it."""

    input: str  # the name of its input, which says the kind too: two kinds may use one name
    label: str
    type: str  # text · choice · number · date · yes_no
    choices: tuple[tuple[str, str], ...]
    required: bool
    purpose: str  # why a personal answer is asked
    value: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one kind; hidden until that kind is chosen."""

    kind: str
    title: str
    chosen: bool
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and what was answered, in words."""

    label: str
    words: str


def ask(
    kinds: Iterable[CaseKind],
    chosen: str,
    given: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[QuestionSet]:
    """The questions of every kind that has some; `given` is what was sent from the page before."""
    language = get_language()
    return [
        QuestionSet(
            kind=kind.key,
            title=kind.title.show(language),
            chosen=kind.key == chosen,
            questions=tuple(_question(kind, field, given or {}, errors or {}) for field in kind.form),
        )
        for kind in kinds
        if kind.form
    ]


def read(kind: CaseKind | None, sent: Mapping[str, Any]) -> dict[str, str]:
    """The answers to the questions of this kind in what a page sent; what was left out is left out."""
    fields = kind.form if kind else ()
    raw = {field.name: str(sent.get(input_name(kind, field.name), "")) for field in fields if kind}
    return {name: value for name, value in raw.items() if value.strip()}


def checked(kind: CaseKind, given: Mapping[str, Any], *, complete: bool) -> dict[str, str]:
    """The answers as they are kept; refuses what does not fit, and when `complete` what is missing."""
    fields = {field.name: field for field in kind.form}
    for name in given:
        if name not in fields:
            raise Refused(_("This kind has no such question."), code="unknown_field", field=f"form.{name}")
    answers = {name: _checked(fields[name], value) for name, value in given.items()}
    for field in kind.form if complete else ():
        if field.required and not answers.get(field.name):
            words = _("Please answer: %(question)s") % {"question": field.title.show(get_language())}
            raise Refused(words, code="missing", field=f"form.{field.name}")
    return {name: value for name, value in answers.items() if value}


def is_sealed(field: FormField) -> bool:
    """Whether an answer is kept sealed: a personal one, and every free text, where people may write anything."""
    return field.personal or field.type == "text"


def shown(field: FormField, value: str) -> Answer:
    """An answer as people read it."""
    language = get_language()
    words = {choice.value: choice.title.show(language) for choice in field.choices}
    if field.type == "yes_no":
        words = dict(_yes_no())
    return Answer(field.title.show(language), words.get(value, value))


def input_name(kind: CaseKind, name: str) -> str:
    """What the input of a question is called on a page."""
    return f"form.{kind.key}.{name}"


def input_of(kind: CaseKind | None, field: str) -> str:
    """The input a refusal speaks of: `form.mood` of an operation is `form.<kind>.mood` on a page."""
    asked = kind is not None and field.startswith("form.")
    return input_name(kind, field.removeprefix("form.")) if asked and kind else field


def _question(
    kind: CaseKind, field: FormField, given: Mapping[str, Any], errors: Mapping[str, str]
) -> Question:
    name, language = input_name(kind, field.name), get_language()
    choices = tuple((choice.value, choice.title.show(language)) for choice in field.choices)
    return Question(
        input=name,
        label=field.title.show(language),
        type=field.type,
        choices=_yes_no() if field.type == "yes_no" else choices,
        required=field.required,
        purpose=field.declared.purpose if field.declared else "",
        value=str(given.get(name, "")),
        error=errors.get(name, ""),
    )


def _yes_no() -> tuple[tuple[str, str], ...]:
    return (("yes", _("Yes")), ("no", _("No")))


def _checked(field: FormField, value: Any) -> str:
    said = YES_NO[not value] if isinstance(value, bool) else str(value).strip()
    if not said:
        return ""
    words = {"question": field.title.show(get_language())}
    if len(said) > LONGEST_ANSWER:
        too_long = _("“%(question)s”: at most %(most)d characters.") % {**words, "most": LONGEST_ANSWER}
        raise Refused(too_long, code="too_long", field=f"form.{field.name}")
    kept = READERS[field.type](field, said)
    if kept is None:
        raise Refused(_MISFIT[field.type]() % words, code="bad_answer", field=f"form.{field.name}")
    return kept


def _text(_field: FormField, said: str) -> str | None:
    return said if "\x00" not in said and not any("\ud800" <= letter <= "\udfff" for letter in said) else None


def _choice(field: FormField, said: str) -> str | None:
    return said if said in {choice.value for choice in field.choices} else None


def _yes_or_no(_field: FormField, said: str) -> str | None:
    return said if said in YES_NO else None


def _number(_field: FormField, said: str) -> str | None:
    try:
        number = Decimal(said)
    except InvalidOperation:
        return None
    return format(number, "f") if number.is_finite() and len(format(number, "f")) <= LONGEST_NUMBER else None


def _date(_field: FormField, said: str) -> str | None:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        return None


READERS: dict[str, Callable[[FormField, str], str | None]] = {
    "text": _text,
    "choice": _choice,
    "yes_no": _yes_or_no,
    "number": _number,
    "date": _date,
}
_MISFIT: dict[str, Callable[[], str]] = {
    "text": lambda: _("“%(question)s”: there is a character in it that can't be kept."),
    "choice": lambda: _("“%(question)s”: choose one of the answers."),
    "yes_no": lambda: _("“%(question)s”: answer yes or no."),
    "number": lambda: _("“%(question)s”: write a number."),
    "date": lambda: _("“%(question)s”: write a day, such as 2026-03-02."),
}
