"""Stories that test a program: given a report, when these steps are taken, then the case stands so and its clocks so."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from gongzhi.base.calendar import LOCAL
from gongzhi.programs.reading.clocks import read_limit
from gongzhi.programs.reading.kinds import unknown_kind
from gongzhi.programs.reading.marked import Node
from gongzhi.programs.reading.problems import Problems, listed, meant
from gongzhi.programs.reading.section import Section, read_choice, shown
from gongzhi.programs.types import CaseKind, Limit
from gongzhi.programs.vocabulary import CAST, OUTCOMES, SOURCES, STATUSES, STEPS

STORY_KEYS = ("title", "kind", "given", "when", "then")
GIVEN_KEYS = ("reported", "severity", "source", "areas")
STEP_KEYS = (
    *("at", "step", "by", "task", "to", "supporting", "until", "extension", "clock", "kind", "severity"),
    *("outcome", "solved", "door", "refused"),
)
THEN_KEYS = ("at", "status", "holder", "clocks")
CLOCK_KEYS = ("is", "due", "task")
MOMENT = re.compile(r"(?:([0-9]{4}-[0-9]{2}-[0-9]{2})[ T])?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Given:
    """The report a story begins with."""

    reported_at: datetime
    severity: str = ""  # "" for the kind's default
    source: str = "resident"
    areas: tuple[str, ...] = ()  # division codes, from the county down


@dataclass(frozen=True, slots=True)
class Happening:
    """One step of a story."""

    at: datetime
    step: str
    by: str
    line: int
    task: str = ""  # organisation whose task it is; "" for the lead's
    to: str = ""
    supporting: tuple[str, ...] = ()
    until: datetime | None = None
    extension: Limit | None = None
    clock: str = ""
    said: Mapping[str, str] = field(default_factory=dict)  # kind, severity, outcome, solved, door
    refused: bool = False  # the rules must not let it happen


@dataclass(frozen=True, slots=True)
class ClockExpected:
    """How a clock must stand; `due` is left out where it doesn't matter."""

    name: str
    outcome: str
    due: datetime | None = None
    task: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the case must stand at the end."""

    status: str
    at: datetime | None = None  # running clocks are looked at then; the last step if not given
    holder: str = ""
    clocks: tuple[ClockExpected, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """A whole story."""

    file: str
    line: int
    title: str
    kind: str
    given: Given
    when: tuple[Happening, ...]
    then: Outcome


def read_situations(root: Node, kinds: Mapping[str, CaseKind], problems: Problems) -> tuple[Situation, ...]:
    """The stories of one file: a list of them, or a single one."""
    stories = root.items if root.items is not None else (root,)
    return tuple(_story(node, kinds, problems) for node in stories)


def _story(node: Node, kinds: Mapping[str, CaseKind], problems: Problems) -> Situation:
    section = Section(node, problems, STORY_KEYS, required=STORY_KEYS)
    kind = section.text("kind")
    if kind not in kinds and (said := section.get("kind")) is not None:
        unknown_kind(said, kinds, problems)
    known = kinds.get(kind)
    given = _given(section.get("given") or Node({}, node.file, node.line), known, problems)
    when: list[Happening] = []
    for item in section.items("when"):
        when.append(_happening(item, when[-1].at if when else given.reported_at, kinds, problems))
    then = _outcome(section.get("then"), when[-1].at if when else given.reported_at, problems)
    known_clocks = {clock.name for one in kinds.values() for clock in one.clocks}
    for clock in then.clocks:
        if kinds and clock.name not in known_clocks:
            message = _("There is no clock “%(name)s”.%(meant)s Known: %(known)s.")
            params = {
                "name": clock.name,
                "meant": meant(clock.name, known_clocks),
                "known": listed(sorted(known_clocks)),
            }
            problems.add(section.get("then") or node, "unknown_clock", message % params)
    return Situation(node.file, node.line, section.text("title"), kind, given, tuple(when), then)


def _given(node: Node, kind: CaseKind | None, problems: Problems) -> Given:
    section = Section(node, problems, GIVEN_KEYS, required=("reported",))
    severity = section.text("severity")
    keys = [s.key for s in kind.severities] if kind else [severity]
    if severity and severity not in keys:
        message = _("This kind has no severity “%(value)s”.%(meant)s It has: %(allowed)s.")
        params = {"value": severity, "meant": meant(severity, keys), "allowed": listed(keys)}
        problems.add(section.get("severity") or node, "unknown_severity", message % params)
    return Given(
        reported_at=_moment(section, "reported", None) or datetime(1970, 1, 1, tzinfo=LOCAL),
        severity=severity,
        source=section.choice("source", SOURCES, "resident"),
        areas=section.each("areas", lambda item: item.text or ""),
    )


def _happening(node: Node, before: datetime, kinds: Mapping[str, CaseKind], problems: Problems) -> Happening:
    section = Section(node, problems, STEP_KEYS, required=("at", "step", "by"))
    at = _moment(section, "at", before.date()) or before
    if at < before:
        problems.add(node, "time_runs_back", _("This step is earlier than the line before it."))
    if (kind := section.get("kind")) is not None and kind.text not in kinds:
        unknown_kind(kind, kinds, problems)
    limit = section.get("extension")
    said = {
        key: section.text(key)
        for key in ("kind", "severity", "outcome", "solved", "door")
        if section.get(key)
    }
    return Happening(
        at=at,
        step=_step(section),
        by=section.choice("by", CAST, "system"),
        line=node.line,
        task=section.text("task"),
        to=section.text("to"),
        supporting=section.each("supporting", lambda item: item.text or ""),
        until=_moment(section, "until", before.date()),
        extension=read_limit(limit, problems) if limit else None,
        clock=section.text("clock"),
        said=said,
        refused=section.flag("refused"),
    )


def _step(section: Section) -> str:
    node = section.get("step")
    said = (node.text or "") if node else ""
    if node is not None and said not in STEPS:
        message = _("There is no step “%(step)s”.%(meant)s Allowed: %(allowed)s.")
        params = {"step": shown(node), "meant": meant(said, STEPS), "allowed": listed(STEPS)}
        section.problems.add(node, "unknown_step", message % params)
    return said


def _outcome(node: Node | None, last: datetime, problems: Problems) -> Outcome:
    if node is None:
        return Outcome("reported")
    section = Section(node, problems, THEN_KEYS, required=("status",))
    status = section.get("status")
    return Outcome(
        status=read_choice(status, {s: s for s in STATUSES}, problems, "reported") if status else "reported",
        at=_moment(section, "at", last.date()),
        holder=section.text("holder"),
        clocks=tuple(_expected(name, item, last, problems) for name, item in section.named("clocks").items()),
    )


def _expected(name: str, node: Node, last: datetime, problems: Problems) -> ClockExpected:
    titles = {outcome: outcome for outcome in OUTCOMES}
    if node.mapping is None:
        return ClockExpected(name, read_choice(node, titles, problems, "running"))
    section = Section(node, problems, CLOCK_KEYS, required=("is",))
    outcome = section.choice("is", titles, "running")
    return ClockExpected(name, outcome, _moment(section, "due", last.date()), section.text("task"))


def _moment(section: Section, key: str, today: date | None) -> datetime | None:
    """Local time as people write it; without a date it is the day of the line before."""
    node = section.get(key)
    if node is None:
        return None
    match = MOMENT.fullmatch((node.text or "").strip())
    try:
        day = date.fromisoformat(match[1]) if match and match[1] else today
        if match and day:
            return datetime(
                day.year, day.month, day.day, int(match[2]), int(match[3]), int(match[4] or 0), tzinfo=LOCAL
            )
    except ValueError:
        pass
    message = _("“%s” is no time: write it as 2026-09-30 17:40, or as 17:40 on the same day.")
    section.problems.add(node, "not_time", message % shown(node))
    return None
