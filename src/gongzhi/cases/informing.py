"""Who is told when a step is taken: one table, from step kind to recipients and text. No personal words travel."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.base.bounds import passing
from gongzhi.cases import places, rules, titles
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.reach import joined_contacts, subject
from gongzhi.cases.types import CaseStatus, ClockStatus, StepKind, TaskState
from gongzhi.notices import operations as notices
from gongzhi.notices import queries as notices_queries
from gongzhi.notices.types import Outgoing, Recipient
from gongzhi.territory import queries as territory
from gongzhi.territory.types import Chain

if TYPE_CHECKING:
    from gongzhi.cases.operations.ledger import Taken

Audience = Callable[["Taken"], Iterable[Recipient]]


def inform(taken: "Taken") -> None:
    """Queue the notices of a step, in the step's own transaction."""
    with passing(subject(taken.record.uuid)):
        notices.send_all(outgoing=_notices(taken), now=taken.step.recorded_at)


def inform_all(steps: Sequence["Taken"], now: datetime) -> None:
    """The same for steps of many cases, taken at one moment: whom to turn to is read once for all."""
    agencies = {uuid.UUID(task.organisation) for taken in steps for task in taken.after.tasks}
    chains = [_chain(taken.record) for taken in steps]
    with accounts.reading_ahead(chains, agencies, timezone.localdate(now)):
        notices.send_all(outgoing=[one for taken in steps for one in _notices(taken)], now=now)


@contextmanager
def looking_ahead(areas: Iterable[str], now: datetime) -> Iterator[None]:
    """Within it, whom to turn to in these areas (ids, "" for none) is known: for before a transaction begins."""
    chains = [territory.chain_of(uuid.UUID(area)) if area else Chain() for area in set(areas)]
    with accounts.reading_ahead(chains, (), timezone.localdate(now)):
        yield


def _notices(taken: "Taken") -> Iterator[Outgoing]:
    inside = _support(taken)
    for audience, template in TABLE.get(taken.step.kind, ()):
        if inside and audience not in INSIDE:
            continue
        for recipient in audience(taken):
            yield _notice(taken, recipient, template)


def _notice(taken: "Taken", to: Recipient, template: str) -> Outgoing:
    urgent = LAWS.kind(taken.after.definition).urgent and taken.step.kind in URGENT
    return Outgoing(
        subject=subject(taken.record.uuid),
        to=to,
        template=template,
        params=_facts(taken, to, template),
        urgent=urgent,
        key=f"{taken.record.id}:{taken.step.seq}:{template}",
        drill=taken.after.drill,
        escalate=tuple(_next_in_line(taken)) if urgent else (),
    )


def _facts(taken: "Taken", to: Recipient, template: str) -> dict[str, str]:
    """What the sentence of this notice has gaps for, and where its link leads."""
    wanted = notices_queries.gaps(template)
    path = "c" if to.kind == "contact" else "desk/cases"
    facts = {name: fact(taken) for name, fact in FACTS.items() if name in wanted}
    return {**facts, "link": f"/{path}/{taken.record.code}/"}


def _status(taken: "Taken") -> str:
    return str(titles.STATUS[taken.after.status])


def _outcome(taken: "Taken") -> str:
    return str(titles.OUTCOME[taken.after.outcome]) if taken.after.outcome else ""


def _support(taken: "Taken") -> bool:
    return LAWS.kind(taken.after.definition).support is not None


def _kind(taken: "Taken") -> str:
    """What the matter is; a notice read over a shoulder does not say what somebody is helped with."""
    title = LAWS.kind(taken.after.definition).title.show(get_language())
    return str(titles.SUPPORT) if _support(taken) else title


def _area(taken: "Taken") -> str:
    area = "" if _support(taken) else taken.after.area
    return places.names_of([uuid.UUID(area)])[uuid.UUID(area)] if area else str(titles.NO_PLACE)


def _due(taken: "Taken") -> str:
    """The due time of the clock the step names, else of the one that is due next."""
    if "due_at" in taken.step.data:
        return str(taken.step.data["due_at"])
    dues = [c.due_at for c in taken.after.clocks if c.status is ClockStatus.RUNNING and c.due_at]
    return min(dues).isoformat() if dues else ""


def _clock(taken: "Taken") -> str:
    name = taken.step.data.get("clock", "")
    clock = next((c for c in taken.after.clocks if c.name == name), None)
    return rules.profile_of(clock, LAWS.kind).title.show(get_language()) if clock else ""


def _organisation(taken: "Taken") -> str:
    tasks = {entry["task"] for entry in taken.step.data.get("tasks", ())} or {taken.step.data.get("task", "")}
    task = next((t for t in taken.after.tasks if t.id in tasks), taken.after.lead_task)
    return accounts.organisation(uuid.UUID(task.organisation)).name if task else str(titles.CENTRE)


FACTS: dict[str, Callable[["Taken"], str]] = {
    "code": lambda taken: taken.record.code,
    "kind": _kind,
    "area": _area,
    "due": _due,
    "clock": _clock,
    "organisation": _organisation,
    "status": _status,
    "outcome": _outcome,
}


def _chain(record: CaseRecord) -> Chain:
    return Chain(record.county, record.township, record.community, record.grid)


def _people(ids: Iterable[uuid.UUID]) -> Iterable[Recipient]:
    return [Recipient("person", str(person)) for person in ids]


def _dispatchers(taken: "Taken") -> Iterable[Recipient]:
    return _people(accounts.people_with(Role.DISPATCHER, _chain(taken.record), on=_day(taken)))


def _verifiers(taken: "Taken") -> Iterable[Recipient]:
    return _people(accounts.people_with(Role.VERIFIER, _chain(taken.record), on=_day(taken)))


def _heads(taken: "Taken") -> Iterable[Recipient]:
    """The named head of the area: the first in line, once."""
    return _people(_next_in_line(taken)[:1])


def _next_in_line(taken: "Taken") -> tuple[uuid.UUID, ...]:
    return tuple(accounts.head_of(_chain(taken.record), _day(taken)))


def _day(taken: "Taken") -> date:
    return timezone.localdate(taken.step.recorded_at)


def _handlers_of(task: TaskState, on: date) -> Iterable[Recipient]:
    if task.person:
        return _people([uuid.UUID(task.person)])
    return _people(accounts.holders(uuid.UUID(task.organisation), Role.HANDLER, on=on))


def _new_handlers(taken: "Taken") -> Iterable[Recipient]:
    given = {entry["task"] for entry in taken.step.data["tasks"]}
    return [r for task in taken.after.tasks if task.id in given for r in _handlers_of(task, _day(taken))]


def _the_handler(taken: "Taken") -> Iterable[Recipient]:
    task = taken.after.task(str(taken.step.data.get("task", ""))) or taken.after.lead_task
    return _handlers_of(task, _day(taken)) if task else ()


def _holder(taken: "Taken") -> Iterable[Recipient]:
    """Whoever has to act now: the agency with the task, else the centre, which a support case never reaches."""
    return list(_the_handler(taken)) or ([] if _support(taken) else _dispatchers(taken))


def _on_ruling(taken: "Taken") -> Iterable[Recipient]:
    return _dispatchers(taken) if taken.after.status is CaseStatus.AWAITING_RULING else ()


def _reporters(taken: "Taken") -> Iterable[Recipient]:
    """The reporter of this case and of every case linked to it, where they left a contact and want a reply."""
    return [*_contacts(taken.record.uuid), *_linked_reporters(taken)]


def _linked_reporters(taken: "Taken") -> Iterable[Recipient]:
    return [Recipient("contact", content) for content in joined_contacts(taken.record.uuid)]


def _contacts(case: uuid.UUID) -> list[Recipient]:
    firsts = CaseStep.objects.filter(case=case, seq=1).values_list("contents", "data")
    return [
        Recipient("contact", content)
        for contents, data in firsts
        if not data.get("no_reply")
        for name, content, _commitment in contents
        if name == "contact"
    ]


# Who hears of a support case: its workers. No dispatcher, no verifier, no head; and no message to the person either,
# since one that can't be delivered lands on the centre's list of people to call. The worker gets in touch.
INSIDE = frozenset({_new_handlers, _the_handler, _holder})

URGENT = frozenset({StepKind.REPORTED, StepKind.ASSIGNED, StepKind.RULED, StepKind.CLOCK_BREACHED})

TABLE: dict[StepKind, tuple[tuple[Audience, str], ...]] = {
    StepKind.REPORTED: ((_dispatchers, "case_reported"),),
    StepKind.INFORMATION_ADDED: ((_holder, "information_added"),),
    StepKind.SUPPORT_ENDED: ((_the_handler, "support_ended"),),
    StepKind.APPOINTMENT_CANCELLED: ((_the_handler, "appointment_cancelled"),),
    StepKind.RIGHT_ANSWERED: ((_reporters, "case_closed_to_reporter"),),
    StepKind.ASSIGNED: ((_new_handlers, "case_assigned"), (_reporters, "case_assigned_to_reporter")),
    StepKind.TASK_ADDED: ((_new_handlers, "case_assigned"),),
    StepKind.RULED: ((_new_handlers, "case_ruled"),),
    StepKind.ACCEPTED: ((_reporters, "case_accepted_to_reporter"),),
    StepKind.DELEGATED: ((_the_handler, "case_assigned"),),
    StepKind.TASK_WITHDRAWN: ((_the_handler, "task_withdrawn"),),
    StepKind.RETURNED: ((_dispatchers, "case_returned"), (_on_ruling, "ruling_needed")),
    StepKind.RESOLVED: ((_verifiers, "verification_needed"),),
    StepKind.REWORK_ORDERED: ((_the_handler, "rework_ordered"),),
    StepKind.FED_BACK: ((_reporters, "reply_to_reporter"),),
    StepKind.CLOSED: ((_reporters, "case_closed_to_reporter"),),
    StepKind.DECLINED: ((_reporters, "case_declined_to_reporter"),),
    StepKind.LINKED: ((_reporters, "linked_update"),),
    StepKind.REOPENED: ((_dispatchers, "verdict_reopened"), (_linked_reporters, "linked_update")),
    StepKind.EXTENSION_ASKED: ((_dispatchers, "extension_asked"),),
    StepKind.EXTENSION_APPROVED: ((_the_handler, "extension_approved"),),
    StepKind.EXTENSION_REFUSED: ((_the_handler, "extension_refused"),),
    StepKind.SUPERVISED: ((_the_handler, "supervision"),),
    StepKind.SUPERVISION_ANSWERED: ((_dispatchers, "supervision_answered"),),
    StepKind.CLOCK_WARNED: ((_holder, "clock_warning"),),
    StepKind.CLOCK_BREACHED: ((_holder, "clock_breached"), (_heads, "clock_breached")),
}
