"""Every read of definitions: frozen objects, kept in memory by their digest."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Max
from django.utils.translation import gettext as _

from gongzhi.base.errors import NotFound
from gongzhi.base.recent import Recent
from gongzhi.programs import rules
from gongzhi.programs.bodies import from_body, tip_rules_from
from gongzhi.programs.models import Definition, ProgramCard, TipRuleSet
from gongzhi.programs.types import (
    CaseKind,
    ClockProfile,
    DispatchRule,
    Limit,
    PersonalData,
    Program,
    Text,
    TipRules,
)


@lru_cache(maxsize=4096)
def kind(sha256: str) -> CaseKind:
    """Any stored version, by its digest."""
    body = Definition.objects.filter(sha256=sha256).values_list("body", flat=True).first()
    if body is None:
        raise NotFound(_("There is no definition %(sha256)s.") % {"sha256": sha256}, code="no_definition")
    return from_body(body, sha256)


def destroying_at_closing() -> list[str]:
    """The digests of every stored version whose cases lose what the reporter gave once they are closed."""
    told = Definition.objects.filter(body__personal_data=PersonalData.DESTROY_AT_CLOSING)
    return list(told.values_list("sha256", flat=True))


def current_kind(key: str, on: date) -> CaseKind | None:
    """The version of a kind that is in force on a day, if it is offered then."""
    return _OFFERED.get(on, lambda: {one.key: one for one in _in_force(on)}).get(key)


_OFFERED: Recent[dict[str, CaseKind]] = Recent()


def forget() -> None:
    """Look again at what is in force: for whoever has changed it."""
    _OFFERED.forget()


def current_kinds(on: date) -> list[CaseKind]:
    """Every kind in force on a day, by key."""
    return _in_force(on)


def programs(on: date) -> list[Program]:
    """The programs that have a kind in force on a day, with those kinds."""
    kinds = current_kinds(on)
    cards = dict(ProgramCard.objects.order_by("key", "-loaded_at").distinct("key").values_list("key", "body"))
    keys = dict.fromkeys(one.program for one in kinds)
    return [_program(key, cards.get(key, {}), tuple(k for k in kinds if k.program == key)) for key in keys]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A program as it stands in the cell: how many kinds it has, and when it was last changed."""

    program: Program
    loaded_at: datetime


def loaded(on: date) -> list[Loaded]:
    """The programs in force on a day, each with its last load that changed something."""
    latest = dict(Definition.objects.order_by().values_list("program").annotate(Max("loaded_at")))
    return [Loaded(one, latest[one.key]) for one in programs(on) if one.key in latest]


def current_tip_rules(on: date) -> TipRules | None:
    """The rules for protected tips in force on a day."""
    row = TipRuleSet.objects.filter(effective_from__lte=on).first()
    return tip_rules_from(row.body, row.sha256) if row else None


def tip_rules(sha256: str) -> TipRules:
    """Any stored version of the rules for protected tips, by its digest."""
    row = TipRuleSet.objects.filter(sha256=sha256).first()
    if row is None:
        raise NotFound(_("There is no definition %(sha256)s.") % {"sha256": sha256}, code="no_definition")
    return tip_rules_from(row.body, row.sha256)


def suggest_kind(text: str, on: date) -> CaseKind | None:
    """The kind a report seems to speak of, by its keywords."""
    return rules.suggest(text, current_kinds(on))


def dispatch(kind: CaseKind, area_codes: tuple[str, ...], severity: str, at: datetime) -> DispatchRule | None:
    """Who should lead and who should support, and why."""
    return rules.dispatch(kind, area_codes, severity, at)


def limit_for(clock: ClockProfile, severity: str, area_codes: tuple[str, ...]) -> Limit:
    """How long a clock may take here and for this severity."""
    return rules.limit_for(clock, severity, area_codes)


def _in_force(on: date) -> list[CaseKind]:
    rows = Definition.objects.filter(effective_from__lte=on)
    newest = rows.order_by("key", "-effective_from", "-loaded_at").distinct("key")
    found = [kind(sha256) for sha256 in newest.values_list("sha256", flat=True)]
    return [one for one in found if one.effective_until is None or on <= one.effective_until]


def _program(key: str, body: dict[str, object], kinds: tuple[CaseKind, ...]) -> Program:
    title, summary, clauses = body.get("title"), body.get("summary"), body.get("clauses")
    return Program(
        key=key,
        title=Text(title if isinstance(title, dict) else {"zh-hans": key}),
        summary=Text(summary if isinstance(summary, dict) else {"zh-hans": ""}),
        clauses=tuple(clauses) if isinstance(clauses, list) else (),
        kinds=kinds,
        owner=str(body.get("owner", "")),
    )
