"""Which part may know which: imports, tables, foreign keys."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from tests.repository.source import FACES, PARTS, named, part_of, python_files, tree


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_no_part_imports_the_models_of_another():
    found = [
        f"{named(path)}: {name}"
        for path in python_files()
        for name in _imported(path)
        if (pieces := name.split("."))[0] == "gongzhi"
        and len(pieces) > 2
        and pieces[2] == "models"
        and pieces[1] not in (part_of(path), "base")
    ]
    assert found == []


def test_faces_never_touch_tables():
    found = [
        f"{named(path)}:{node.lineno}"
        for path in python_files()
        if part_of(path) in FACES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")
    ]
    assert found == []


def test_foreign_keys_point_down():
    found = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in PARTS
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model
        and not _is_below(field.related_model._meta.app_label, model._meta.app_label)
    ]
    assert found == []


def _is_below(target: str, part: str) -> bool:
    return target in PARTS and PARTS.index(target) <= PARTS.index(part)
