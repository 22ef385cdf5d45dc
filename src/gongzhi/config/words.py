"""What the command line says, in the language of the terminal: Chinese when LANG asks for it, else English."""

import os
from functools import cache
from pathlib import Path

import polib

_PO = Path(__file__).parent / "locale/zh_Hans/LC_MESSAGES/django.po"


def wants_chinese() -> bool:
    """True when the terminal's locale is a Chinese one."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in names if name), "").lower().startswith("zh")


def language() -> str:
    """The language of the terminal, as Django names it."""
    return "zh-hans" if wants_chinese() else "en"


@cache
def _chinese() -> dict[str, str]:
    if not _PO.exists():
        return {}
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(_PO)) if entry.msgstr}


def gettext(msgid: str, tongue: str = "") -> str:
    """The sentence in a language somebody named, else the terminal's; works before Django is set up."""
    return _chinese().get(msgid, msgid) if (tongue or language()) == "zh-hans" else msgid
