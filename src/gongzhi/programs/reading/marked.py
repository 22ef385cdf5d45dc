"""YAML as nodes that remember file and line; nothing in a file is ever run or looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

MOST_BYTES = 512 * 1024
PLAIN = ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in PLAIN)


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a file: text, a mapping, a list, or nothing."""

    value: "str | Mapping[str, Node] | tuple[Node, ...] | None"
    file: str
    line: int

    @property
    def text(self) -> str | None:
        return self.value if isinstance(self.value, str) else None

    @property
    def mapping(self) -> "Mapping[str, Node] | None":
        return self.value if isinstance(self.value, Mapping) else None

    @property
    def items(self) -> "tuple[Node, ...] | None":
        return self.value if isinstance(self.value, tuple) else None


class Unreadable(Exception):
    """The file is not YAML we accept; says where and why by a code."""

    def __init__(self, line: int, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.line, self.code, self.detail = line, code, detail


def parse(data: bytes, file: str) -> Node:
    """The one document of a file."""
    if len(data) > MOST_BYTES:
        raise Unreadable(1, "too_big")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(data[: error.start].count(b"\n") + 1, "not_utf8") from error
    try:
        root = yaml.compose(text, Loader=_Plain)
        return Node({}, file, 1) if root is None else _node(root, file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise Unreadable(line, _why(text, line), error.problem or "") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Unreadable(1, "not_yaml", str(error)) from error


class _Plain(yaml.SafeLoader):
    """A loader without anchors: a definition says everything where it stands."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        coming: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(coming, "anchor", None):  # an alias carries one too
            raise Unreadable(coming.start_mark.line + 1, "anchor")
        return super().compose_node(parent, index)


def _why(text: str, line: int) -> str:
    lines = text.splitlines()
    near = lines[max(0, line - 2) : line + 1]
    if any("\t" in one[: len(one) - len(one.lstrip())] for one in near):
        return "tab"
    if any("：" in one and ":" not in one for one in near):
        return "wide_colon"
    return "not_yaml"


def _node(node: yaml.Node, file: str) -> Node:
    line = node.start_mark.line + 1
    if node.tag not in PLAIN_TAGS:
        raise Unreadable(line, "tag", str(node.tag))
    if isinstance(node, yaml.MappingNode):
        return Node(_mapping(node, file), file, line)
    if isinstance(node, yaml.SequenceNode):
        return Node(tuple(_node(item, file) for item in node.value), file, line)
    return Node(None if node.tag.endswith(":null") else str(node.value), file, line)


def _mapping(node: yaml.MappingNode, file: str) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.tag not in PLAIN_TAGS:
            raise Unreadable(line, "key")
        if key.value in found:
            raise Unreadable(line, "twice", key.value)
        child = _node(value, file)
        # A short value is best shown at its key; a block keeps the key's line too.
        found[key.value] = Node(child.value, file, line)
    return found
