"""Templates compile, and nothing in them needs a weaker content security policy."""

import re

import pytest
from django.template import engines

from tests.repository.source import PACKAGE, named, templates

# What the policy would block in a browser, so that it never gets that far.
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>{]*\sstyle\s*=", re.I),
    "an inline style sheet": re.compile(r"<style\b", re.I),
    "an inline handler": re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:a-z-]*)\s*=", re.I),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", re.I),
    "a script address": re.compile(r"javascript:", re.I),
    "something from another server": re.compile(
        r"""<(?:script|link|img)\b[^>]*(?:src|href)\s*=\s*["']https?://""", re.I
    ),
}


def test_there_are_templates():
    assert templates()


@pytest.mark.parametrize("path", templates(), ids=named)
def test_it_compiles(path):
    engines["django"].from_string(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", templates(), ids=named)
def test_it_has_no_inline_code(path):
    text = path.read_text(encoding="utf-8")
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


def test_scripts_build_no_code_from_text():
    found = [
        f"{named(path)}: {word}"
        for path in PACKAGE.glob("*/static/**/*.js")
        if "vendor" not in path.parts
        for word in ("eval(", "new Function(", "document.write", ".outerHTML =")
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []
