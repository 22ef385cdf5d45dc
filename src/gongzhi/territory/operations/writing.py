"""How the territory is written: one writer at a time, a plan carried out whole, a revision at the end."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce, Greatest

from gongzhi.base.actor import Actor
from gongzhi.territory import shelf
from gongzhi.territory.atlas import Atlas
from gongzhi.territory.models import Area, AreaCode, AreaName, Boundary, Revision
from gongzhi.territory.names import pinyin_key
from gongzhi.territory.rules import Addition, Plan, Recoding, Renaming
from gongzhi.territory.types import Level, Scheme
from gongzhi.trust import audit
from gongzhi.trust.types import AuditKind

_LOCK = 0x7E771708


@dataclass(slots=True)
class Writing:
    """A change under way: the territory before it, and what its revision will say."""

    atlas: Atlas
    summary: dict[str, Any] = field(default_factory=dict)


@contextmanager
def writing(operation: str, *, by: Actor, now: datetime, source: str = "") -> Iterator[Writing]:
    """One transaction that other writers wait for; it leaves a revision only if it wrote something."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        change = Writing(shelf.load())
        yield change
        if change.summary:
            Revision.objects.create(
                at=now, by=str(by), operation=operation, source=source[:200], summary=change.summary
            )
            shelf.touched()
            data = {"operation": operation, "source": source[:200], **change.summary}
            audit.note(kind=AuditKind.TERRITORY_CHANGED, by=by, now=now, subject="territory", data=data)


def carry_out(
    plan: Plan, atlas: Atlas, *, on: date, begins: date | None, scheme: Scheme = Scheme.NBS
) -> None:
    """Write a plan; `begins` is the first day of what is added, None when it is older than our records."""
    _end(plan.endings, on)
    _recode(plan.recodings, on)
    _rename(plan.renamings, atlas, on)
    _add(plan.additions, scheme, begins)


def _add(additions: Sequence[Addition], scheme: Scheme, begins: date | None) -> None:
    Area.objects.bulk_create(
        Area(
            id=new.id,
            level=new.level,
            name=new.name,
            pinyin=pinyin_key(new.name),
            parent_id=new.parent,
            valid_from=begins,
        )
        for new in additions
    )
    AreaCode.objects.bulk_create(
        AreaCode(area_id=new.id, scheme=scheme, code=new.code, level=new.level, valid_from=begins)
        for new in additions
    )


def _rename(renamings: Sequence[Renaming], atlas: Atlas, on: date) -> None:
    AreaName.objects.bulk_create(
        AreaName(
            area_id=renaming.area,
            name=atlas.areas[renaming.area].name,
            valid_from=_name_since(renaming.area, atlas),
            valid_to=on,
        )
        for renaming in renamings
    )
    Area.objects.bulk_update(
        [
            Area(id=renaming.area, name=renaming.name, pinyin=pinyin_key(renaming.name))
            for renaming in renamings
        ],
        ["name", "pinyin"],
    )


def _name_since(area: uuid.UUID, atlas: Atlas) -> date | None:
    former = atlas.former_names.get(area, ())
    return former[-1].period.end if former else atlas.periods[area].start


def _recode(recodings: Sequence[Recoding], on: date) -> None:
    areas = [recoding.area for recoding in recodings]
    AreaCode.objects.filter(area__in=areas, scheme=Scheme.NBS, valid_to__isnull=True).update(valid_to=on)
    AreaCode.objects.bulk_create(
        AreaCode(area_id=new.area, scheme=Scheme.NBS, code=new.code, level=new.level, valid_from=on)
        for new in recodings
    )


def _end(areas: Sequence[uuid.UUID], on: date) -> None:
    Area.objects.filter(id__in=areas).update(valid_to=on)
    AreaCode.objects.filter(area__in=areas, valid_to__isnull=True).update(valid_to=on)
    end_boundaries(areas, on)


def end_boundaries(areas: Iterable[uuid.UUID], on: date) -> None:
    """End the current outlines; one drawn after that day never held."""
    current = Boundary.objects.filter(area__in=list(areas), valid_to__isnull=True)
    current.update(valid_to=Greatest(Value(on), Coalesce("valid_from", Value(on))))


def per_level(levels: Sequence[Level]) -> dict[Level, int]:
    """How many areas there are of each level."""
    return {level: levels.count(level) for level in Level if level in levels}
