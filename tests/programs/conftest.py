"""A small good program that each test spoils in its own way."""

from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = """\
title: {zh: 试点, en: Trial}
summary: {zh: 一个很小的程序。, en: A very small program.}
clauses: ["2.4.2"]
defaults:
  version: "1"
  effective_from: 2025-01-01
  sources: [resident, grid_worker]
  verification: {role: verifier, method: on_site}
"""
KIND = """\
title: {zh: 水沟堵了, en: Blocked drain}
subject: facilities
keywords: [水沟, 排水沟]
severities:
  general: {zh: 一般}
  grave: {zh: 严重}
clocks:
  respond:
    title: {zh: 响应}
    starts: [reported]
    stops: [accepted]
    limit: 5 分钟
dispatch:
  - lead: water
    reason: {zh: 水沟归水利。}
"""
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the program, with the kind and stories given, and returns the folder."""

    def _write(kind: str = KIND, program: str = PROGRAM, story: str = "", name: str = "drain") -> Path:
        home = tmp_path / "programs" / "trial"
        for folder in ("cases", "situations"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        (home / "program.yaml").write_text(program, "utf-8")
        (home / "cases" / f"{name}.yaml").write_text(kind, "utf-8")
        if story:
            (home / "situations" / "story.yaml").write_text(story, "utf-8")
        return tmp_path / "programs"

    return _write
