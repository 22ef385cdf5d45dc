"""Whether two reports are very likely about the same matter: by place, day, kind and words, never by who sent them.

The limits were tuned on the first 60 % of the days of Chicago's sanitation requests, whose office marks duplicates; see
decision 0035.
"""

import unicodedata
from datetime import date

SAME_PLACE_M = 1.0  # the same address, or the same point picked on the map
NEIGHBOURING_DAYS = 1
ENOUGH_WORDS = 12  # characters; fewer are said alike of many matters


def likely_same(
    *,
    distance_m: float,
    reported: date,
    earlier: date,
    same_kind: bool,
    still_open: bool,
    same_words: bool = False,
) -> bool:
    """An earlier report nobody is done with: at the same place, of the same kind and of a day next to it; or word for word the same."""
    near = distance_m <= SAME_PLACE_M and abs((reported - earlier).days) <= NEIGHBOURING_DAYS
    return still_open and (same_words or (near and same_kind))


def same_words(one: str, other: str) -> bool:
    """Whether two texts are the same but for blanks and the width of their characters, and long enough to say something."""
    form = plain(one)
    return len(form) >= ENOUGH_WORDS and form == plain(other)


def plain(text: str) -> str:
    """A text without blanks, in one form of its characters."""
    return "".join(unicodedata.normalize("NFKC", text).split())
