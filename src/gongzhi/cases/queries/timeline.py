"""The ledger in words: one line per step, for staff and, shorter, for the public."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import Actor, ActorKind
from gongzhi.base.ids import show_code
from gongzhi.cases import titles
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.pictures import PublicStep, StepPicture
from gongzhi.cases.queries.contents import Opened, open_steps
from gongzhi.cases.queries.pictures_of import photo_pictures
from gongzhi.cases.types import StepKind
from gongzhi.programs.types import Limit, LimitUnit
from gongzhi.trust import log

WORDS = ("note", "ground", "reply", "text")
PUBLIC = frozenset(
    {
        StepKind.REPORTED,
        StepKind.ACCEPTED,
        StepKind.DECLINED,
        StepKind.LINKED,
        StepKind.ASSIGNED,
        StepKind.RETURNED,
        StepKind.RULED,
        StepKind.ARRIVED,
        StepKind.STARTED,
        StepKind.FED_BACK,
        StepKind.RESOLVED,
        StepKind.VERIFIED,
        StepKind.REWORK_ORDERED,
        StepKind.CLOSED,
        StepKind.REOPENED,
        StepKind.SUSPENDED,
        StepKind.RESUMED,
        StepKind.RIGHT_ANSWERED,
    }
)
ANSWERS = frozenset({StepKind.FED_BACK, StepKind.CLOSED, StepKind.DECLINED, StepKind.RIGHT_ANSWERED})
OWN_FILE = frozenset(StepKind) - titles.QUIET - {StepKind.CLOCK_BREACHED}


@dataclass(frozen=True, slots=True)
class Tellers:
    """Names a timeline needs, looked up once."""

    agencies: Mapping[uuid.UUID, str]
    people: Mapping[uuid.UUID, str]
    task_agency: Mapping[str, uuid.UUID]
    cases: Mapping[str, str]

    def agency(self, task: str) -> str:
        found = self.task_agency.get(task)
        return self.agencies.get(found, "") if found else ""

    def actor(self, text: str) -> str:
        actor = Actor.parse(text)
        if actor.kind is ActorKind.PERSON:
            return self.people.get(uuid.UUID(actor.ref), "")
        return str(titles.RESIDENT if actor.kind is ActorKind.RESIDENT else titles.SYSTEM)


def tellers(rows: Iterable[CaseStep]) -> Tellers:
    """Look up every agency, person and case the steps name, in three queries."""
    rows = list(rows)
    entries = [entry for row in rows for entry in row.data.get("tasks", ())]
    people = {uuid.UUID(ref) for ref in _person_refs(rows)}
    leads = {row.data["lead_case"] for row in rows if "lead_case" in row.data}
    codes = CaseRecord.objects.filter(pk__in=leads).values_list("pk", "code") if leads else ()
    return Tellers(
        agencies=accounts.organisation_names({uuid.UUID(e["organisation"]) for e in entries}),
        people=accounts.names_of(people),
        task_agency={e["task"]: uuid.UUID(e["organisation"]) for e in entries},
        cases={str(pk): show_code(code) for pk, code in codes},
    )


def _person_refs(rows: list[CaseStep]) -> Iterable[str]:
    for row in rows:
        kind, _, ref = row.actor.partition(":")
        if kind == ActorKind.PERSON:
            yield ref
        if row.data.get("person"):
            yield row.data["person"]


def staff_timeline(rows: list[CaseStep], photos_at: str) -> tuple[StepPicture, ...]:
    """Every step, with the words behind it."""
    opened, told = open_steps(rows, frozenset({*WORDS, "photo"})), tellers(rows)
    sealed = log.sealed(row.uuid for row in rows)
    return tuple(_staff_step(row, opened[row.uuid], told, photos_at, row.uuid in sealed) for row in rows)


def _staff_step(row: CaseStep, opened: Opened, told: Tellers, photos_at: str, sealed: bool) -> StepPicture:
    actor = told.actor(row.actor)
    erased = any(opened.erased(name) for name in WORDS)
    return StepPicture(
        seq=row.seq,
        kind=StepKind(row.kind),
        title=step_title(row, told),
        words=opened.first(*WORDS) or (str(titles.ERASED) if erased else ""),
        actor=actor,
        happened_at=row.happened_at,
        recorded_at=row.recorded_at,
        photos=photo_pictures(opened.photos(), actor, photos_at),
        quiet=StepKind(row.kind) in titles.QUIET,
        sealed=sealed,
    )


def public_timeline(rows: list[CaseStep], *, answers: bool) -> tuple[PublicStep, ...]:
    """The steps a stranger may see: who has it and since when, and the answers if the kind makes them public."""
    shown = [row for row in rows if StepKind(row.kind) in PUBLIC]
    opened, told = open_steps(shown, frozenset({"reply"})), tellers(shown)
    return tuple(
        PublicStep(
            step_title(row, told),
            row.happened_at,
            (opened[row.uuid].first("reply") or "") if answers and StepKind(row.kind) in ANSWERS else "",
        )
        for row in shown
    )


def own_file(rows: list[CaseStep]) -> tuple[PublicStep, ...]:
    """A support case as the person it is about reads it: every step and every word, also the workers' notes."""
    shown = [row for row in rows if StepKind(row.kind) in OWN_FILE]
    opened, told = open_steps(shown, frozenset({"note", "reply"})), tellers(shown)
    return tuple(
        PublicStep(step_title(row, told), row.happened_at, opened[row.uuid].first("note", "reply") or "")
        for row in shown
    )


def step_title(row: CaseStep, told: Tellers) -> str:
    """What happened, in a few words."""
    return str(titles.STEP[row.kind]) % _Facts(row, told)


class _Facts(dict[str, str]):
    """The words a step's title asks for, worked out only when it asks."""

    def __init__(self, row: CaseStep, told: Tellers) -> None:
        super().__init__()
        self.row, self.told, self.data = row, told, row.data

    def __missing__(self, name: str) -> str:
        return str(getattr(self, f"_{name}")())

    def _agencies(self) -> str:
        return "、".join(self.told.agency(entry["task"]) for entry in self.data.get("tasks", ()))

    def _agency(self) -> str:
        return self.told.agency(self.data.get("task", ""))

    def _delegate(self) -> str:
        person = self.data.get("person")
        return self.told.people.get(uuid.UUID(person), "") if person else self.data.get("team", "")

    def _kind(self) -> str:
        return (
            LAWS.kind(self.data["definition"]).title.show(get_language()) if "definition" in self.data else ""
        )

    def _door(self) -> str:
        return str(titles.DOOR[self.data["door"]])

    def _lead(self) -> str:
        return self.told.cases.get(self.data["lead_case"], "")

    def _outcome(self) -> str:
        return str(titles.OUTCOME[self.data["outcome"]])

    def _verdict(self) -> str:
        return str(titles.SOLVED if self.data["solved"] else titles.NOT_SOLVED)

    def _until(self) -> str:
        until = timezone.localtime(datetime.fromisoformat(self.data["until"]))
        return str(date_format(until, "Y-m-d H:i"))

    def _limit(self) -> str:
        return titles.limit_words(Limit(self.data["value"], LimitUnit(self.data["unit"])))

    def _way(self) -> str:
        return str(titles.WAY[self.data["way"]])

    def _at(self) -> str:
        return str(date_format(timezone.localtime(datetime.fromisoformat(self.data["at"])), "Y-m-d H:i"))

    def _because(self) -> str:
        return str(titles.BECAUSE[self.data["because"]])

    def _granted(self) -> str:
        return str(titles.OUTCOME["granted" if self.data["granted"] else "refused"])

    def _clock(self) -> str:
        return clock_title(self.row.case.definition, self.data["clock"])

    def _content(self) -> str:
        return titles.content_title(self.data["name"], LAWS.kind(self.row.case.definition))

    def _field(self) -> str:
        return titles.content_title(self.data["field"], LAWS.kind(self.row.case.definition))

    def _purpose(self) -> str:
        return str(titles.REVEAL[self.data["purpose"]])

    def _reason(self) -> str:
        return str(titles.ERASURE.get(self.data["reason"], self.data["reason"]))


def clock_title(definition: str, name: str) -> str:
    """What a clock is called in the definition of the case; its code name if the kind has changed since."""
    profile: Any = next((p for p in LAWS.kind(definition).clocks if p.name == name), None)
    return str(profile.title.show(get_language())) if profile else name
