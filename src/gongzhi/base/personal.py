"""How a field that holds personal data declares itself: an undeclared one fails the build."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps


@dataclass(frozen=True, slots=True)
class Personal:
    """Why we hold it, on what legal ground, for how long, with whom it may be shared; `what` is what people call it.

    The words are read by residents on the public data map: mark them with `gettext_noop` and translate them.
    """

    purpose: str
    basis: str
    retention: str
    sharing: str  # none · conditional · unconditional
    what: str = ""


def declared() -> Iterator[tuple[str, str, Personal]]:
    """Every declaration of every table: label of the model, name of the field, what it says."""
    for model in apps.get_models():
        for name, said in getattr(model, "personal", {}).items():
            yield model._meta.label, name, said
