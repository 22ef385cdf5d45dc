"""The one write: definitions go in, checked, under their digest, and are never changed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongzhi.base import canonical
from gongzhi.base.actor import Actor
from gongzhi.base.errors import Conflict, Refused
from gongzhi.programs import queries
from gongzhi.programs.bodies import tip_rules_body, to_body
from gongzhi.programs.loader import Loaded, read_folder
from gongzhi.programs.models import Definition, ProgramCard, TipRuleSet
from gongzhi.programs.reading.problems import Problem
from gongzhi.programs.types import CaseKind, Program, TipRules
from gongzhi.trust import audit
from gongzhi.trust.types import AuditKind


class ProblemsFound(Refused):
    """The folder has mistakes: nothing of it was loaded."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        count = ngettext("%d mistake in the program files", "%d mistakes in the program files", len(problems))
        message = "\n".join([count % len(problems), *map(str, problems)])
        super().__init__(message, code="bad_programs")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load brought in; what was there already was left alone."""

    new: tuple[str, ...]  # "hazards.blocked_exit 2"
    unchanged: int
    loaded: Loaded


def load(
    *,
    folder: Path,
    by: Actor,
    now: datetime,
    overlay: Path | None = None,
    organisations: Collection[str] | None = None,
) -> LoadResult:
    """Check a folder of programs and store what is new in it; all of it or nothing."""
    loaded = read_folder(folder, overlay, organisations)
    if loaded.problems:
        raise ProblemsFound(loaded.problems)
    with transaction.atomic():
        stored = _stored(loaded.programs)
        new = [kind for kind in loaded.kinds if kind.sha256 not in stored.values()]
        _refuse_silent_edits(new, stored)
        _refuse_vanished(loaded.programs, stored)
        Definition.objects.bulk_create(_row(kind, by, now) for kind in new)
        _keep_tip_rules([p.tip_rules for p in loaded.programs if p.tip_rules], by, now)
        _keep_cards(loaded.programs, by, now)
        for kind in new:
            _note(kind, by, now)
        transaction.on_commit(queries.forget)
    return LoadResult(tuple(f"{k.key} {k.version}" for k in new), len(loaded.kinds) - len(new), loaded)


def _stored(programs: Iterable[Program]) -> dict[tuple[str, str], str]:
    rows = Definition.objects.filter(program__in=[program.key for program in programs])
    return {(key, version): sha for key, version, sha in rows.values_list("key", "version", "sha256")}


def _refuse_silent_edits(new: Iterable[CaseKind], stored: dict[tuple[str, str], str]) -> None:
    for kind in new:
        if (kind.key, kind.version) in stored:
            raise Conflict(
                _(
                    "%(key)s was changed but still says version %(version)s: cases are open under that version. "
                    "Give the changed definition a new version and the date it takes effect."
                )
                % {"key": kind.key, "version": kind.version},
                code="version_not_raised",
            )


def _refuse_vanished(programs: Iterable[Program], stored: dict[tuple[str, str], str]) -> None:
    here = {kind.key for program in programs for kind in program.kinds}
    for key in sorted({key for key, _version in stored} - here):
        raise Conflict(
            _(
                "%(key)s was loaded before and its file is gone: keep the file and end it with “effective_until” "
                "in a new version."
            )
            % {"key": key},
            code="kind_vanished",
        )


def _row(kind: CaseKind, by: Actor, now: datetime) -> Definition:
    return Definition(
        sha256=kind.sha256,
        program=kind.program,
        key=kind.key,
        version=kind.version,
        effective_from=kind.effective_from,
        body=to_body(kind),
        loaded_by=str(by),
        loaded_at=now,
    )


def _note(kind: CaseKind, by: Actor, now: datetime) -> None:
    data = {"version": kind.version, "sha256": kind.sha256, "effective_from": kind.effective_from.isoformat()}
    subject = f"definition:{kind.key}"
    audit.note(kind=AuditKind.DEFINITION_CHANGED, by=by, now=now, subject=subject, data=data)


def _keep_tip_rules(found: Iterable[TipRules], by: Actor, now: datetime) -> None:
    for rules in found:
        stored = TipRuleSet.objects.filter(program=rules.program, version=rules.version).first()
        if stored is None:
            TipRuleSet.objects.create(
                sha256=rules.sha256,
                program=rules.program,
                version=rules.version,
                effective_from=rules.effective_from,
                body=tip_rules_body(rules),
                loaded_by=str(by),
                loaded_at=now,
            )
        elif stored.sha256 != rules.sha256:
            raise Conflict(
                _("The rules of %(program)s were changed but still say version %(version)s: raise it.")
                % {"program": rules.program, "version": rules.version},
                code="version_not_raised",
            )


def _keep_cards(programs: Iterable[Program], by: Actor, now: datetime) -> None:
    latest = dict(
        ProgramCard.objects.order_by("key", "-loaded_at").distinct("key").values_list("key", "sha256")
    )
    for program in programs:
        body = _card(program)
        sha256 = canonical.digest(body).hex()
        if latest.get(program.key) != sha256:
            ProgramCard.objects.create(
                sha256=sha256, key=program.key, body=body, loaded_by=str(by), loaded_at=now
            )


def _card(program: Program) -> dict[str, object]:
    return {
        "title": dict(program.title.by_language),
        "summary": dict(program.summary.by_language),
        "clauses": list(program.clauses),
        "owner": program.owner,
    }
