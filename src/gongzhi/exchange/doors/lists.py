"""What anybody may look up: kinds of matters, areas."""

import uuid

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Router

from gongzhi.exchange import present
from gongzhi.exchange.shapes.answers import Areas, Choice, Kind, Kinds, Question
from gongzhi.programs import queries as programs
from gongzhi.programs.types import CaseKind, FormField, Source
from gongzhi.territory import queries as territory
from gongzhi.territory.types import Level

router = Router(tags=["lists"])


@router.get("/kinds", response=Kinds, summary="Kinds of matters")
def kinds(request: HttpRequest) -> Kinds:
    """The kinds a resident may choose from today, with their titles in the caller's language."""
    today = timezone.localdate(present.now())
    offered = [k for k in programs.current_kinds(today) if k.selectable and Source.RESIDENT in k.sources]
    return Kinds(kinds=[_kind(k) for k in offered])


@router.get("/areas", response=Areas, summary="Areas")
def areas(request: HttpRequest, level: Level = Level.TOWNSHIP, parent: uuid.UUID | None = None) -> Areas:
    """The areas of one level, all or those inside another."""
    return Areas.of(territory.areas_at(level, parent))


def _kind(kind: CaseKind) -> Kind:
    language = get_language()
    return Kind(
        key=kind.key,
        title=kind.title.show(language),
        subject=kind.subject,
        icon=kind.icon,
        questions=[_question(field, language) for field in kind.form],
    )


def _question(field: FormField, language: str | None) -> Question:
    choices = [Choice(value=choice.value, title=choice.title.show(language)) for choice in field.choices]
    return Question(
        name=field.name,
        title=field.title.show(language),
        type=field.type,
        choices=choices,
        required=field.required,
    )
