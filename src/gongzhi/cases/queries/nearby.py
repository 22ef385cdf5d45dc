"""Reports about the same matter: near in place and time, of the same kind, in similar words."""

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from rapidfuzz import fuzz

from gongzhi.base.bounds import passing
from gongzhi.cases import rules, titles
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseRecord
from gongzhi.cases.pictures import Similar
from gongzhi.cases.queries.contents import Opened, first_words
from gongzhi.cases.queries.secrecy import kept_secret
from gongzhi.cases.reach import joined_counts, near, subject
from gongzhi.programs import queries as programs
from gongzhi.programs.types import CaseKind, PublicLevel
from gongzhi.territory.types import Point

RADIUS_M = 300
WINDOW = timedelta(days=14)
CLOSED_WINDOW = timedelta(days=3)
CANDIDATES = 40
SHOWN = 3
ENOUGH = 45  # of 100
METRES_PER_DEGREE = 111_320


def similar(point: Point | None, kind: str | None, text: str, now: datetime) -> list[Similar]:
    """What a reporter sees before sending: only matters whose kind lets strangers see a summary."""
    if point is None:
        return []
    box, since, closed_since = _box(point), now - WINDOW, now - CLOSED_WINDOW
    kinds = [k.key for k in programs.current_kinds(timezone.localdate(now)) if _shows_summary(k)]
    ids = near(box, kinds=kinds, since=since, closed_since=closed_since, at_most=CANDIDATES)
    with passing(*map(subject, ids)):
        found = CaseRecord.objects.filter(pk__in=ids).order_by("-reported_at")
        public = [r for r in found if _shows_summary(LAWS.kind(r.definition))]
        return _best(public, point, kind, text, now, now, photos_at="/photos", staff=False)


def _shows_summary(kind: CaseKind) -> bool:
    return kind.public_level is PublicLevel.SUMMARY


def similar_to(record: CaseRecord, now: datetime, *, photos_at: str) -> tuple[Similar, ...]:
    """What a dispatcher sees beside a case that nobody has taken on yet."""
    if record.lon_e7 is None or record.lat_e7 is None or record.status not in rules.UNASSIGNED:
        return ()
    point = Point(record.lon_e7 / 1e7, record.lat_e7 / 1e7)
    found = _candidates(point, now).exclude(pk=record.pk).filter(lead_case=None)[:CANDIDATES]
    text = first_words([record.pk]).get(record.pk, Opened({})).first("text") or ""
    kind = None if record.kind.endswith(".unsorted") else record.kind
    at = record.reported_at
    return tuple(_best(found, point, kind, text, at, now, photos_at=photos_at, staff=True))


def _candidates(point: Point, now: datetime) -> QuerySet[CaseRecord]:
    south, north, west, east = _box(point)
    recent = Q(closed_at=None) | Q(closed_at__gt=now - CLOSED_WINDOW)
    return CaseRecord.objects.filter(
        recent,
        lat_e7__range=(south, north),
        lon_e7__range=(west, east),
        reported_at__gt=now - WINDOW,
        drill=False,
        assigned_only=False,
    ).order_by("-reported_at")


def _box(point: Point) -> tuple[int, int, int, int]:
    """South, north, west and east of the square around a point, as the rows store degrees."""
    d_lat = RADIUS_M / METRES_PER_DEGREE
    d_lon = d_lat / max(math.cos(math.radians(point.lat)), 0.1)
    edges = (point.lat - d_lat, point.lat + d_lat, point.lon - d_lon, point.lon + d_lon)
    south, north, west, east = (round(edge * 1e7) for edge in edges)
    return south, north, west, east


def _best(
    found: Iterable[CaseRecord],
    point: Point,
    kind: str | None,
    text: str,
    at: datetime,
    now: datetime,
    *,
    photos_at: str,
    staff: bool,
) -> list[Similar]:
    """The best few, with those in front that are very likely the same matter as what was reported at `at`."""
    records = list(found)
    words = first_words([r.pk for r in records])
    scored = [(_score(r, point, kind, text, words.get(r.pk, Opened({})), now), r) for r in records]
    told = {r.pk: words.get(r.pk, Opened({})).first("text") or "" for r in records}
    likely = {r.pk for r in records if _is_likely(r, point, kind, at, rules.same_words(text, told[r.pk]))}
    enough = (pair for pair in scored if pair[0] >= ENOUGH)
    best = sorted(enough, key=lambda pair: (pair[1].pk not in likely, -pair[0]))[:SHOWN]
    joined = joined_counts([r.uuid for _points, r in best])
    pictures = [_picture(r, score, point, words.get(r.pk, Opened({})), photos_at, staff) for score, r in best]
    return [
        replace(p, linked_count=joined.get(r.uuid, 0), likely=r.pk in likely)
        for p, (_points, r) in zip(pictures, best, strict=True)
    ]


def _score(record: CaseRecord, point: Point, kind: str | None, text: str, told: Opened, now: datetime) -> int:
    """0–100: nearness 45, kind 20, age 15, words 20."""
    near = max(0.0, 1 - distance_m(point, record) / RADIUS_M)
    fresh = max(0.0, 1 - (now - record.reported_at) / WINDOW)
    same_kind = 0.5 if not kind else float(kind == record.kind)
    known = told.first("text") or ""
    alike = fuzz.token_set_ratio(text, known) / 100 if text and known else 0.5
    alike = max(alike, fuzz.partial_ratio(text, known) / 100 if text and known else 0.0)
    return round(45 * near + 20 * same_kind + 15 * fresh + 20 * alike)


def _is_likely(record: CaseRecord, point: Point, kind: str | None, at: datetime, same_words: bool) -> bool:
    return rules.likely_same(
        distance_m=distance_m(point, record),
        reported=timezone.localdate(at),
        earlier=timezone.localdate(record.reported_at),
        same_kind=kind in (None, record.kind),
        still_open=record.closed_at is None,
        same_words=same_words,
    )


def distance_m(point: Point, record: CaseRecord) -> float:
    """Metres on a plane, good enough within a few hundred metres."""
    north = ((record.lat_e7 or 0) / 1e7 - point.lat) * METRES_PER_DEGREE
    east = ((record.lon_e7 or 0) / 1e7 - point.lon) * METRES_PER_DEGREE * math.cos(math.radians(point.lat))
    return math.hypot(north, east)


def _picture(
    record: CaseRecord, score: int, point: Point, told: Opened, photos_at: str, staff: bool
) -> Similar:
    kind = LAWS.kind(record.definition)
    shown = staff or (kind.public_photo and not kept_secret([record.pk]))
    photos = told.photos() if shown else []
    return Similar(
        code=record.code,
        title=record.title or kind.title.show(get_language()),
        status_title=str(titles.STATUS[record.status]),
        distance_m=round(distance_m(point, record)),
        reported_at=record.reported_at,
        photo_url=f"{photos_at}/{photos[0]}/thumbnail/" if photos else "",
        linked_count=0,
        score=score,
    )
