"""Reading a folder of programs: every file checked, every problem collected, frozen definitions handed out.

programs/<program>/program.yaml      title, summary, clauses, owner, and the defaults its kinds share
programs/<program>/cases/<kind>.yaml one kind of case
programs/<program>/rules.yaml        the rules of protected tips, which are no cases
programs/<program>/situations/*.yaml stories that test it
<overlay>/<program>.yaml             a county's differences, laid over the program and never a copy of it
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from gongzhi.programs.bodies import sealed, sealed_tip_rules
from gongzhi.programs.reading.kinds import KindFile, read_kind, unknown_kind
from gongzhi.programs.reading.marked import Node, Unreadable, parse
from gongzhi.programs.reading.merge import merge
from gongzhi.programs.reading.problems import Problem, Problems
from gongzhi.programs.reading.section import Section
from gongzhi.programs.reading.tips import read_tip_rules
from gongzhi.programs.situations import Situation, read_situations
from gongzhi.programs.types import CaseKind, Program, TipRules

PROGRAM_FILE = "program.yaml"
RULES_FILE = "rules.yaml"
PROGRAM_KEYS = ("title", "summary", "clauses", "owner", "defaults")
OVERLAY_KEYS = ("version", "program", "cases")
FOLDERS = ("cases", "duties", "registers", "indicators", "situations")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a folder says, and what is wrong with it; the programs count only when nothing is."""

    programs: tuple[Program, ...]
    situations: tuple[Situation, ...]
    problems: tuple[Problem, ...]

    @property
    def kinds(self) -> tuple[CaseKind, ...]:
        return tuple(kind for program in self.programs for kind in program.kinds)


def check(
    folder: Path, overlay: Path | None = None, organisations: Collection[str] | None = None
) -> list[Problem]:
    """Everything that is wrong in a folder of programs; an empty list means all is well."""
    return list(read_folder(folder, overlay, organisations).problems)


def read_folder(
    folder: Path, overlay: Path | None = None, organisations: Collection[str] | None = None
) -> Loaded:
    """The programs of a folder, or of the one program the folder is."""
    return _Reading(folder, overlay, organisations).read()


class _Reading:
    """One pass over a folder with one notebook."""

    def __init__(self, folder: Path, overlay: Path | None, organisations: Collection[str] | None) -> None:
        self.folder, self.overlay, self.organisations = folder.resolve(), overlay, organisations
        self.problems = Problems()

    def read(self) -> Loaded:
        homes = list(self._homes())
        if not homes:
            message = _("There is no program here: a program is a folder with a program.yaml.")
            self.problems.add_at(self.folder.name, 0, "no_programs", message)
        self._stray_overlays([home.name for home in homes])
        programs = tuple(self._program(home) for home in homes)
        kinds = {kind.key: kind for program in programs for kind in program.kinds}
        stories = tuple(story for home in homes for story in self._stories(home, kinds))
        return Loaded(programs, stories, tuple(self.problems))

    def _homes(self) -> Iterator[Path]:
        if (self.folder / PROGRAM_FILE).is_file():
            yield self.folder
            return
        for home in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if not home.is_dir() or home.name.startswith((".", "_")):
                continue
            if (home / PROGRAM_FILE).is_file():
                yield home
            else:
                message = _("This folder has no program.yaml: add one, or move the folder away.")
                self.problems.add_at(self._shown(home), 0, "no_program_file", message)

    def _program(self, home: Path) -> Program:
        over = self._overlay(home)
        root = self._parse(home / PROGRAM_FILE)
        if (differences := over.get("program")) is not None:
            root = merge(root, differences)
        section = Section(root, self.problems, PROGRAM_KEYS, required=("title", "summary"))
        program = Program(
            key=home.name,
            title=section.words("title"),
            summary=section.words("summary"),
            clauses=section.each("clauses", lambda node: node.text or ""),
            owner=section.text("owner"),
        )
        kinds = tuple(self._kinds(home, section.get("defaults"), over))
        return replace(program, kinds=kinds, tip_rules=self._tip_rules(home))

    def _tip_rules(self, home: Path) -> TipRules | None:
        path = home / RULES_FILE
        if not path.is_file():
            return None
        found = read_tip_rules(home.name, self._parse(path), self.organisations, self.problems)
        return sealed_tip_rules(found)

    def _kinds(self, home: Path, defaults: Node | None, over: Section) -> Iterator[CaseKind]:
        differences = over.named("cases")
        for_all = over.get("program") is not None
        files = {path.stem: path for path in self._files(home / "cases")}
        for name, node in differences.items():
            if name not in files:
                unknown_kind(Node(name, node.file, node.line), files, self.problems)
        for name, path in files.items():
            own = self._parse(path)
            whole = merge(defaults, own) if defaults is not None else own
            if name in differences:
                whole = merge(whole, differences[name])
            version = over.text("version") if name in differences or for_all else ""
            source = KindFile(home.name, name, whole, own, version)
            yield sealed(read_kind(source, self.organisations, self.problems))

    def _stories(self, home: Path, kinds: dict[str, CaseKind]) -> Iterator[Situation]:
        for path in self._files(home / "situations"):
            yield from read_situations(self._parse(path), kinds, self.problems)

    def _files(self, folder: Path) -> list[Path]:
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        for path in files:
            if path.suffix == ".yml":
                message = _("Files end in .yaml here: this one is not read.")
                self.problems.add_at(self._shown(path), 0, "yml", message)
        return [path for path in files if path.suffix == ".yaml" and not path.name.startswith(".")]

    def _overlay(self, home: Path) -> Section:
        path = self.overlay / f"{home.name}.yaml" if self.overlay else None
        if path is None or not path.is_file():
            return Section(Node({}, "", 0), self.problems, OVERLAY_KEYS)
        return Section(self._parse(path), self.problems, OVERLAY_KEYS, required=("version",))

    def _stray_overlays(self, homes: Collection[str]) -> None:
        for path in self._files(self.overlay) if self.overlay else ():
            if path.stem not in homes:
                unknown_kind(Node(path.stem, self._shown(path), 1), homes, self.problems)

    def _parse(self, path: Path) -> Node:
        file = self._shown(path)
        try:
            return parse(path.read_bytes(), file)
        except Unreadable as error:
            self.problems.add_at(file, error.line, error.code, _why(error))
        except OSError as error:
            self.problems.add_at(file, 0, "unreadable", _("This file can't be read: %s") % error.strerror)
        return Node({}, file, 1)

    def _shown(self, path: Path) -> str:
        for root in (self.folder, self.overlay):
            if root is not None and path.resolve().is_relative_to(root.resolve()):
                inside = path.resolve().relative_to(root.resolve())
                return f"{root.resolve().name}/{inside.as_posix()}" if inside.parts else root.name
        return path.name


def _why(error: Unreadable) -> str:
    words = {
        "too_big": _("This file is too big for a definition."),
        "not_utf8": _("This file is not saved as UTF-8: save it again with that encoding."),
        "tab": _("A tab stands here: indent with spaces."),
        "wide_colon": _("A full-width colon “：” stands here: write the half-width “:” followed by a space."),
        "anchor": _("Anchors and aliases (& and *) are not used here: write the value where it stands."),
        "tag": _("A tag (%s) is not used here.") % error.detail,
        "key": _("A name stands before the colon, not a list or a block."),
        "twice": _("“%s” stands here twice: keep one.") % error.detail,
    }
    unread = _(
        "This line can't be read as YAML: look at the indentation, the colons and the quotation marks. (%s)"
    )
    return words.get(error.code) or unread % error.detail
