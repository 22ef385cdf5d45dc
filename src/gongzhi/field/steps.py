"""The steps a phone can take: what each asks for, which operation it is, and whether it was taken already."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import operations
from gongzhi.cases.pictures import CasePicture
from gongzhi.cases.types import StepKind

Operation = Callable[..., Any]
ADD_PHOTOS = _("Add photos")


@dataclass(frozen=True, slots=True)
class FieldStep:
    """One step: `words` names the argument for what is written, empty if a tap is enough."""

    operation: Operation
    kind: StepKind
    button: Promise
    done: Promise
    words: str = ""
    question: Promise | str = ""
    hint: Promise | str = ""
    must_write: bool = False
    photos: bool = False
    on_task: bool = True
    fixed: Mapping[str, str] | None = None

    @property
    def one_tap(self) -> bool:
        return not self.words


STEPS: Mapping[str, FieldStep] = {
    "arrive": FieldStep(
        operations.mark_milestone,
        StepKind.ARRIVED,
        _("I am here"),
        _("Noted: you are on site."),
        fixed={"milestone": "arrive"},
    ),
    "start": FieldStep(
        operations.start_task, StepKind.STARTED, _("Begin the work"), _("Noted: you have begun.")
    ),
    "resolve": FieldStep(
        operations.resolve_task,
        StepKind.RESOLVED,
        _("The work is done"),
        _("Noted: it is done. Somebody else will check it."),
        words="note",
        question=_("What was done?"),
        hint=_("A word or a photo helps whoever checks it. Both may be left out."),
        photos=True,
    ),
    "note": FieldStep(
        operations.add_note,
        StepKind.NOTED,
        _("Tell more"),
        _("Your note is with the case."),
        words="note",
        question=_("What do you see?"),
        hint=_("Colleagues on this case read it; the public does not."),
        photos=True,
    ),
    "feed_back": FieldStep(
        operations.mark_milestone,
        StepKind.FED_BACK,
        _("Tell the reporter"),
        _("Sent: the reporter can read it."),
        words="words_for_reporter",
        question=_("What should the reporter know?"),
        hint=_("The reporter reads exactly these words."),
        must_write=True,
        fixed={"milestone": "feed_back"},
    ),
    "return": FieldStep(
        operations.return_task,
        StepKind.RETURNED,
        _("Not ours"),
        _("Given back to the centre with your ground."),
        words="ground",
        question=_("Whose is it, and why?"),
        hint=_("The centre reads this and decides. Time runs on; after a second return its decision binds."),
        must_write=True,
    ),
}
ORDER = tuple(STEPS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a step asks for on this very case: the kind of matter may want more than the step does."""

    question: str
    must_write: bool
    photo: str
    must_photograph: bool


def wanted(picture: CasePicture, step: FieldStep) -> Wanted:
    """The step's own question, or what the kind names as evidence."""
    language = get_language()
    asked = [e for e in (picture.definition.evidence if picture.definition else ()) if e.at == step.kind]
    notes = sorted((e for e in asked if e.type == "note"), key=lambda e: not e.required)
    photo = next((e for e in asked if e.type == "photo" and e.required), None)
    return Wanted(
        question="、".join(note.title.show(language) for note in notes) or str(step.question),
        must_write=step.must_write or any(note.required for note in notes),
        photo=photo.title.show(language) if photo else str(ADD_PHOTOS),
        must_photograph=photo is not None,
    )


def already_taken(picture: CasePicture, step: FieldStep, since: datetime, me: str, words: str) -> bool:
    """Whether this very sending has arrived before: a phone that lost the answer sends it again.

    It has if, after the page was made that it is sent from, the same person took the same step with the same words.
    """
    return any(
        taken.recorded_at > since
        and taken.kind is step.kind
        and taken.actor == me
        and taken.words == words.strip()
        for taken in picture.steps
    )
