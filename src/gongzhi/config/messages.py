"""Translations: the `.po` files are kept, the `.mo` files that gettext reads are made from them at start."""

import os
import tempfile
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent


def po_files() -> list[Path]:
    """Every part's translations."""
    return sorted(PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_all() -> list[Path]:
    """Make each `.mo` that is missing or older than its `.po`; returns the ones made."""
    return [_compile(po) for po in po_files() if _stale(po)]


def _stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def _compile(po: Path) -> Path:
    descriptor, name = tempfile.mkstemp(dir=po.parent, suffix=".mo.new")
    with os.fdopen(descriptor, "wb") as new:
        new.write(polib.pofile(str(po)).to_binary())
    os.chmod(name, 0o644)
    os.replace(name, po.with_suffix(".mo"))
    return po.with_suffix(".mo")
