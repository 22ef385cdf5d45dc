"""Lists to choose from, ready for a select."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import OrganisationKind
from gongzhi.cases import titles
from gongzhi.cases.types import CHECKED_OUTCOMES, CaseStatus, Door, ErasureGround, RevealPurpose
from gongzhi.programs import queries as programs
from gongzhi.programs.types import CaseKind
from gongzhi.territory import queries as territory
from gongzhi.territory.types import Level

Options = list[tuple[Any, Any]]
AGENCIES = (OrganisationKind.DEPARTMENT, OrganisationKind.PARTNER, OrganisationKind.CENTRE)
EMPTY = ""


def with_empty(options: Iterable[tuple[Any, Any]], word: str) -> Options:
    """The options after an empty one that says what choosing nothing means."""
    return [(EMPTY, word), *options]


def kinds(today: date) -> Options:
    """Every kind in force that the centre may sort into, grouped by its program; support begins with consent instead."""
    language = get_language()
    return [
        (program.title.show(language), offered)
        for program in programs.programs(today)
        if (offered := [(k.key, k.title.show(language)) for k in program.kinds if k.support is None])
    ]


def kind_titles(today: date) -> Options:
    """Every kind in force in one list, for a filter."""
    language = get_language()
    return [
        (kind.key, kind.title.show(language))
        for kind in programs.current_kinds(today)
        if kind.support is None
    ]


def severities(kind: CaseKind | None) -> Options:
    """The severities of one kind; the first is the usual one."""
    language = get_language()
    return [(s.key, s.title.show(language)) for s in kind.severities] if kind else []


def all_severities(today: date) -> Options:
    """Every severity any kind has, for a form that works without scripts."""
    found = {}
    for kind in programs.current_kinds(today):
        found.update(dict(severities(kind)))
    return list(found.items())


def agencies() -> Options:
    """The organisations a case can be given to, departments first, in groups."""
    found = accounts.organisations()
    return [(kind.title, [(str(o.id), o.name) for o in found if o.kind is kind]) for kind in AGENCIES]


def flat(groups: Options) -> Options:
    """Grouped options without their groups."""
    return [option for _title, options in groups for option in options]


def teams(organisation: UUID) -> Options:
    """The teams of one organisation."""
    return [(team.name, team.name) for team in accounts.teams_of(organisation)]


def people(organisation: UUID) -> Options:
    """The people of one organisation."""
    return [(str(p.id), p.display_name) for p in accounts.people_of(organisation)]


def areas(level: Level, parent: UUID | None = None) -> Options:
    """The areas of a level, below one area if it is given."""
    return [(str(area.id), area.name) for area in territory.areas_at(level, parent)]


def doors() -> Options:
    """The right doors for what is not the centre's business."""
    return [(door.value, titles.DOOR[door]) for door in Door]


def outcomes() -> Options:
    """How a case can end."""
    return [(outcome.value, titles.OUTCOME[outcome]) for outcome in CHECKED_OUTCOMES]


def reveal_purposes() -> Options:
    """What a contact may be opened for."""
    return [(purpose.value, titles.REVEAL[purpose]) for purpose in RevealPurpose]


def erasure_grounds(grounds: Iterable[ErasureGround]) -> Options:
    """Why something is erased."""
    return [(ground.value, titles.ERASURE[ground]) for ground in grounds]


def statuses() -> Options:
    """The states a case can be in."""
    return [(status.value, titles.STATUS[status]) for status in CaseStatus]
