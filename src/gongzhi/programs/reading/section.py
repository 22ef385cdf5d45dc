"""One mapping of a program file, read key by key: what is wrong goes into the notebook, and reading goes on."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gongzhi.programs.reading.guards import guard_key
from gongzhi.programs.reading.marked import Node
from gongzhi.programs.reading.problems import Problems, listed, meant
from gongzhi.programs.types import DEFAULT_LANGUAGE, Text
from gongzhi.programs.vocabulary import LANGUAGES

Titles = Mapping[str, str | Promise]
T = TypeVar("T")
YES, NO = frozenset({"true", "yes", "on", "是"}), frozenset({"false", "no", "off", "否"})
LONGEST_TEXT = 500


class Section:
    """A mapping with the keys it may have; an unknown key is reported with the nearest known one."""

    def __init__(
        self, node: Node, problems: Problems, keys: Collection[str], required: Collection[str] = ()
    ) -> None:
        self.node, self.problems = node, problems
        if node.mapping is None:
            _not_a_mapping(node, keys, problems)
        self.values = dict(node.mapping or {})
        for key in [key for key in self.values if key not in keys]:
            self._unknown(key, keys)
        for key in required:
            if key not in self.values and node.mapping is not None:
                problems.add(node, "missing", _("“%s” is missing.") % key)

    def get(self, key: str) -> Node | None:
        """What stands at a key; an empty value is as good as none."""
        node = self.values.get(key)
        return None if node is None or node.value is None else node

    def text(self, key: str, default: str = "", pattern: str = "", example: str = "") -> str:
        """A short text; `pattern` is what it must look like, `example` shows one."""
        node = self.get(key)
        if node is None:
            return default
        return plain_text(node, self.problems, default, pattern, example)

    def words(self, key: str) -> Text:
        """A sentence, in Chinese or by language."""
        node = self.get(key)
        return read_words(node, self.problems) if node is not None else Text({DEFAULT_LANGUAGE: ""})

    def choice(self, key: str, titles: Titles, default: str) -> str:
        """One word of a closed list."""
        node = self.get(key)
        return read_choice(node, titles, self.problems, default) if node is not None else default

    def flag(self, key: str, default: bool = False) -> bool:
        """Yes or no."""
        node = self.get(key)
        said = (node.text or "").lower() if node else ""
        if node is not None and said not in YES | NO:
            message = _("“%(key)s” is either true or false, not “%(value)s”.")
            self.problems.add(node, "not_flag", message % {"key": key, "value": shown(node)})
        return default if said not in YES | NO else said in YES

    def day(self, key: str, default: date) -> date:
        """A date."""
        node = self.get(key)
        if node is None:
            return default
        try:
            return date.fromisoformat(node.text or "")
        except ValueError:
            self.problems.add(node, "not_date", _("“%s” is no date: write it as 2026-01-31.") % shown(node))
            return default

    def items(self, key: str) -> tuple[Node, ...]:
        """A list; a single value is taken as a list of one."""
        node = self.get(key)
        if node is None:
            return ()
        return node.items if node.items is not None else (node,)

    def each(self, key: str, read: Callable[[Node], T]) -> tuple[T, ...]:
        """A list, read item by item."""
        return tuple(read(node) for node in self.items(key))

    def named(self, key: str) -> Mapping[str, Node]:
        """A mapping whose keys are names the writer chose."""
        node = self.get(key)
        if node is None:
            return {}
        if node.mapping is None:
            self.problems.add(
                node, "not_mapping", _("“%s” holds named entries: write “name:” and indent below.") % key
            )
            return {}
        for name, entry in node.mapping.items():
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                message = _("The name “%s” may only have small letters, digits and underscores.")
                self.problems.add(entry, "bad_name", message % name)
        return node.mapping

    def _unknown(self, key: str, keys: Collection[str]) -> None:
        node = self.values.pop(key)
        if guard_key(node, key, self.problems):
            return
        message = _("The key “%(key)s” is not known here.%(meant)s Allowed: %(allowed)s.")
        params = {"key": key, "meant": meant(key, keys), "allowed": listed(keys)}
        self.problems.add(node, "unknown_key", message % params)


def _not_a_mapping(node: Node, keys: Collection[str], problems: Problems) -> None:
    if "：" in (node.text or ""):
        message = _("A full-width colon “：” stands here: write the half-width “:” followed by a space.")
        problems.add(node, "wide_colon", message)
    else:
        message = _("Here “name: value” lines are expected. Allowed: %s.")
        problems.add(node, "not_mapping", message % listed(keys))


def plain_text(
    node: Node, problems: Problems, default: str = "", pattern: str = "", example: str = ""
) -> str:
    """A scalar as text."""
    if node.text is None:
        problems.add(node, "not_text", _("A short text is expected here, not a list or a block."))
        return default
    if pattern and not re.fullmatch(pattern, node.text):
        message = _("“%(value)s” does not look right: write it like %(example)s.")
        problems.add(node, "bad_text", message % {"value": shown(node), "example": example})
        return default
    return node.text


def read_words(node: Node, problems: Problems) -> Text:
    """A sentence: Chinese text, or texts by language of which Chinese must be one."""
    if node.mapping is None:
        return Text({DEFAULT_LANGUAGE: _bounded(node, problems)})
    section = Section(node, problems, LANGUAGES)
    said = {
        LANGUAGES[key]: _bounded(text, problems)
        for key, text in section.values.items()
        if text.value is not None
    }
    if DEFAULT_LANGUAGE not in said:
        problems.add(
            node, "no_chinese", _("The Chinese text (zh) is missing: it is what everybody reads first.")
        )
    return Text({DEFAULT_LANGUAGE: "", **said})


def read_choice(node: Node, titles: Titles, problems: Problems, default: str = "") -> str:
    """One word of a closed list, or a problem that names them all."""
    said = node.text or ""
    if said in titles:
        return said
    message = _("“%(value)s” is not known.%(meant)s Allowed: %(allowed)s.")
    params = {"value": shown(node), "meant": meant(said, titles), "allowed": listed(titles)}
    problems.add(node, "unknown_value", message % params)
    return default


def read_number(node: Node, problems: Problems, low: int, high: int, default: int) -> int:
    """A whole number between two bounds."""
    said = (node.text or "").removesuffix("%")
    if re.fullmatch(r"[0-9]{1,9}", said) and low <= int(said) <= high:
        return int(said)
    message = _("“%(value)s” must be a whole number from %(low)d to %(high)d.")
    problems.add(node, "bad_number", message % {"value": shown(node), "low": low, "high": high})
    return default


def shown(node: Node) -> str:
    """A value as it is quoted in a message."""
    if node.text is not None:
        return node.text if len(node.text) <= 40 else node.text[:39] + "…"
    return "…"


def _bounded(node: Node, problems: Problems) -> str:
    text = plain_text(node, problems).strip()
    if not text:
        problems.add(node, "empty_text", _("A text is missing here."))
    if len(text) > LONGEST_TEXT:
        problems.add(node, "too_long", _("This text is longer than %d characters.") % LONGEST_TEXT)
    return text
