"""Small files, small functions, no drawers, no officialese in names."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

from tests.repository.source import REPOSITORY, named, python_files, tree

LONGEST_FILE, LONGEST_FUNCTION, MEDIAN_FUNCTION = 400, 60, 10
DRAWERS = {"utils", "util", "common", "helpers", "helper", "misc", "tools", "shared", "core", "lib"}


def _all_files() -> Iterator[Path]:
    yield from python_files()
    yield from sorted((REPOSITORY / "tests").rglob("*.py"))
    yield from sorted((REPOSITORY / "bench").rglob("*.py"))


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_file_is_long():
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _all_files()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_long():
    found = [
        f"{named(path)}:{function.lineno} {function.name}: {_length(function)} lines"
        for path in _all_files()
        for function in _functions(path)
        if _length(function) > LONGEST_FUNCTION
    ]
    assert found == []


def test_most_functions_are_short():
    lengths = [_length(function) for path in python_files() for function in _functions(path)]
    assert statistics.median(lengths) < MEDIAN_FUNCTION


def test_there_are_no_drawers():
    assert [named(path) for path in _all_files() if {path.stem, path.parent.name} & DRAWERS] == []


def test_nothing_is_called_an_event():
    found = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and "event" in node.name.lower()
    ]
    assert found == []


def test_public_things_say_what_they_do():
    found = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in python_files()
        for node in tree(path).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and path.name not in ("apps.py", "models.py")
        and not _speaks_for_itself(node)
    ]
    assert found == []


def _speaks_for_itself(node: ast.AST) -> bool:
    """An enum, a protocol or a row of fields needs no sentence."""
    plain = ("StrEnum", "Enum", "Protocol")
    return isinstance(node, ast.ClassDef) and (
        any(isinstance(base, ast.Name) and base.id in plain for base in node.bases)
        or any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list)
        or all(isinstance(line, ast.AnnAssign | ast.Assign | ast.Pass) for line in node.body)
    )
