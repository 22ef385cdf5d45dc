"""The answers to a kind's own questions, with their labels, from whichever step brought them."""

import uuid
from collections.abc import Iterable, Mapping

from gongzhi.cases import titles
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseStep
from gongzhi.cases.queries.contents import Opened, open_steps
from gongzhi.cases.types import FORM
from gongzhi.programs import questions
from gongzhi.programs.questions import Answer
from gongzhi.programs.types import CaseKind


def answers_in(steps: Iterable[CaseStep]) -> tuple[Answer, ...]:
    """Every answer these steps hold, in the order of the questions; a later answer takes the place of an earlier."""
    rows = [row for row in steps if row.data.get("form") or _sealed(row) or "definition" in row.data]
    opened = open_steps(rows, frozenset(name for row in rows for name in _sealed(row)))
    kind: CaseKind | None = None
    found: dict[tuple[str, str], Answer] = {}
    for row in rows:
        kind = LAWS.kind(row.data["definition"]) if "definition" in row.data else kind
        if kind is not None:
            found |= _answers(kind, row, opened)
    return tuple(found.values())


def _answers(
    kind: CaseKind, row: CaseStep, opened: Mapping[uuid.UUID, Opened]
) -> dict[tuple[str, str], Answer]:
    given = {**row.data.get("form", {}), **_unsealed(opened[row.uuid], _sealed(row))}
    return {
        (kind.key, field.name): questions.shown(field, given[field.name])
        for field in kind.form
        if field.name in given
    }


def _unsealed(opened: Opened, names: Iterable[str]) -> dict[str, str]:
    return {name.removeprefix(FORM): opened.first(name) or str(titles.ERASED) for name in names}


def _sealed(row: CaseStep) -> list[str]:
    return [name for name, _content, _commitment in row.contents if name.startswith(FORM)]
