"""Cutting words out of a text before somebody else may read it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused

CUT = "■■■"  # always three: the length of what was cut would tell something


def redact(text: str, cuts: Iterable[tuple[int, int]]) -> str:
    """The text with spans cut out; overlapping and touching spans are one cut."""
    pieces, at = [], 0
    for start, end in _merged(text, cuts):
        pieces += [text[at:start], CUT]
        at = end
    return "".join([*pieces, text[at:]])


def spans_of(text: str, phrases: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Where each phrase stands in the text, every time; a phrase that isn't there is refused, not passed over."""
    found: list[tuple[int, int]] = []
    for phrase in phrases:
        places = _places(text, phrase)
        if not places:
            raise Refused(
                _("These words are not in the message: %s") % phrase, code="not_in_text", field="pieces"
            )
        found += places
    return tuple(sorted(set(found)))


def _places(text: str, phrase: str) -> list[tuple[int, int]]:
    starts = (at for at in range(len(text)) if text.startswith(phrase, at)) if phrase else ()
    return [(at, at + len(phrase)) for at in starts]


def _merged(text: str, cuts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(cuts):
        if not 0 <= start < end <= len(text):
            raise Refused(_("What is cut out must lie within the text."), code="bad_cut", field="pieces")
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
