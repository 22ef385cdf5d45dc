"""How a phone hands in a report: what a worker found, or words about the app itself."""

import uuid
from typing import Any

from django.utils import timezone

from gongzhi.cases import operations as cases
from gongzhi.cases.types import Receipt
from gongzhi.field.visitor import Visitor
from gongzhi.programs import queries as programs
from gongzhi.programs.types import CaseKind, Source
from gongzhi.territory.types import Point

ABOUT_THE_APP = "service.about_the_app"


def kinds() -> list[CaseKind]:
    """What a grid worker may choose from; choosing is never a must."""
    today = timezone.localdate()
    return [
        kind
        for kind in programs.current_kinds(today)
        if kind.selectable and Source.GRID_WORKER in kind.sources
    ]


def report(
    visitor: Visitor,
    client_id: uuid.UUID,
    given: dict[str, Any],
    place: Point | None,
    area: uuid.UUID | None,
    **more: Any,
) -> Receipt:
    """A report from the field. The place is the matter's: where the worker was is kept nowhere."""
    return cases.report_case(
        client_id=client_id,
        kind=given.get("kind") or None,
        text=given.get("text", ""),
        place=place,
        area=area,
        place_text=given.get("place_text", ""),
        contact=given.get("contact", ""),
        secret=given.get("secret", False),
        source=Source.GRID_WORKER,
        by=visitor.by,
        now=visitor.now,
        **more,
    )


def about_the_app(visitor: Visitor, client_id: uuid.UUID, text: str) -> Receipt:
    """Words about the app become a case like any other: with a clock, a holder and an answer."""
    kind = programs.current_kind(ABOUT_THE_APP, timezone.localdate(visitor.now))
    return report(visitor, client_id, {"kind": kind.key if kind else "", "text": text}, None, None)
