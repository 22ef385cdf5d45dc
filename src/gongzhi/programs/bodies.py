"""A case kind as JSON and back, and the digest that names it for ever.

What equals its default is left out, so a field added to `CaseKind` later changes no digest that exists.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import date, time
from enum import Enum
from typing import Any, TypeVar

from gongzhi.base import canonical
from gongzhi.programs.types import CaseKind, Text, TipRules

T = TypeVar("T")
UNORDERED = ("clocks", "evidence")  # named entries: their order in the file means nothing


def to_body(kind: CaseKind) -> dict[str, Any]:
    """The kind as plain JSON, without its digest."""
    body: dict[str, Any] = _plain(replace(kind, sha256=""))
    return body


def from_body(body: Mapping[str, Any], sha256: str) -> CaseKind:
    """The frozen kind that a stored body says."""
    return replace(_build(CaseKind, body), sha256=sha256)


def digest_of(kind: CaseKind) -> str:
    """SHA-256 of what the kind means, in hex: blanks, comments and the order of keys in the file play no part."""
    body = to_body(kind)
    for name in UNORDERED:
        if name in body:
            body[name] = sorted(body[name], key=lambda entry: str(entry["name"]))
    body["sources"] = sorted(body["sources"])
    return canonical.digest(body).hex()


def sealed(kind: CaseKind) -> CaseKind:
    """The kind with its digest in place."""
    return replace(kind, sha256=digest_of(kind))


def tip_rules_body(rules: TipRules) -> dict[str, Any]:
    """The rules of protected tips as plain JSON, without their digest."""
    body: dict[str, Any] = _plain(replace(rules, sha256=""))
    return body


def sealed_tip_rules(rules: TipRules) -> TipRules:
    """The rules with their digest in place."""
    return replace(rules, sha256=canonical.digest(tip_rules_body(rules)).hex())


def tip_rules_from(body: Mapping[str, Any], sha256: str) -> TipRules:
    """The frozen rules that a stored body says."""
    return replace(_build(TipRules, body), sha256=sha256)


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return dict(value.by_language)
    if is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: _plain(getattr(value, f.name))
            for f in fields(value)
            if getattr(value, f.name) != _default(f)
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def _default(spec: "Field[Any]") -> Any:
    if spec.default is not MISSING:
        return spec.default
    return spec.default_factory() if spec.default_factory is not MISSING else MISSING


def _build(cls: type[T], body: Mapping[str, Any]) -> T:
    hints = typing.get_type_hints(cls)
    return cls(**{name: _value(hints[name], value) for name, value in body.items()})


def _value(hint: Any, value: Any) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return None if value is None else _value(next(a for a in arguments if a is not type(None)), value)
    if origin is tuple:
        inner = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else arguments
        return tuple(_value(one, item) for one, item in zip(inner, value, strict=True))
    if hint is Text:
        return Text(dict(value))
    if hint in (date, time):
        return hint.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return _build(hint, value) if is_dataclass(hint) and isinstance(hint, type) else value
