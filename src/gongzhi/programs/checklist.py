"""What a kind asks to be true or to be shown for a step, as lines to read before taking it."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongzhi.programs.types import CaseKind


def for_registration(kind: CaseKind | None) -> list[str]:
    """What has to be true for a report to be taken on."""
    return [text.show(get_language()) for text in kind.registration_criteria] if kind else []


def for_closure(kind: CaseKind | None, evidence_at: str = "") -> list[str]:
    """What has to be true in the end, and the evidence asked at a step (resolved · verified)."""
    if kind is None:
        return []
    language = get_language()
    evidence = [
        (_("Needed: %s") if each.required else _("Helpful: %s")) % each.title.show(language)
        for each in kind.evidence
        if each.at == evidence_at
    ]
    return [text.show(language) for text in kind.closure_criteria] + evidence
