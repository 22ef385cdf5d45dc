"""The lines a program file may not cross: nothing rates, locates or follows a person, nothing asks what one thinks."""

import re
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from gongzhi.programs.reading.marked import Node
from gongzhi.programs.reading.problems import Problems
from gongzhi.programs.vocabulary import IDENTIFYING, OPINIONS, WATCHED_PEOPLE, WATCHING


def found_in(words: Collection[str], *texts: str) -> str:
    """The first forbidden word in these texts: whole parts of an English name, any place of a Chinese sentence."""
    for text in texts:
        name = "_".join(re.findall(r"[a-z0-9]+", text.lower()))
        for word in sorted(words):
            if (word.isascii() and f"_{word}_" in f"_{name}_") or (not word.isascii() and word in text):
                return word
    return ""


def guard_field(node: Node, texts: Iterable[str], personal: bool, problems: Problems) -> None:
    """A question on a form: refused if it follows or judges people; identity has to be declared personal."""
    said = [text for text in texts if text]
    if word := found_in(WATCHING, *said):
        _refuse_watching(node, word, problems)
    if word := found_in(OPINIONS, *said):
        message = _(
            "“%s” asks what a person thinks or believes: the platform does not ask that. Take the field out."
        )
        problems.add(node, "asks_opinion", message % word)
    if not personal and (word := found_in(IDENTIFYING, *said)):
        message = _(
            "“%s” tells who somebody is: declare it with personal: {purpose, basis, retention, sharing}, so that it "
            "is sealed and never stands in the ledger."
        )
        problems.add(node, "identity_not_personal", message % word)


def guard_kind(node: Node, texts: Iterable[str], problems: Problems) -> None:
    """A kind of case: about a matter or a place, never about a person watched or a thing said."""
    said = [text for text in texts if text]
    if word := found_in(OPINIONS, *said):
        message = _(
            "“%s”: there is no kind of case for opinions, speech, belief, gatherings or petitions. Requests of that sort are "
            "declined with the right door named."
        )
        problems.add(node, "forbidden_kind", message % word)
    if word := found_in(WATCHED_PEOPLE, *said):
        message = _("“%s”: a case is about a matter or a place, never about watching a person.")
        problems.add(node, "forbidden_kind", message % word)


def guard_key(node: Node, key: str, problems: Problems) -> bool:
    """A key nobody knows that would follow or judge people: says so and is done with it."""
    word = found_in(WATCHING, key)
    if word:
        _refuse_watching(node, key, problems)
    return bool(word)


def _refuse_watching(node: Node, word: str, problems: Problems) -> None:
    message = _("“%s” would rate, locate or follow a person: the platform never does. Take it out.")
    problems.add(node, "watches_people", message % word)
