"""What a list of divisions or changes means for the areas we have; nothing is written here (pure)."""

import uuid
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused
from gongzhi.base.ids import new_id
from gongzhi.territory.atlas import Atlas
from gongzhi.territory.codes import parent_code, parent_level
from gongzhi.territory.names import same_place, short_name
from gongzhi.territory.reading.changes import ChangeKind, ChangeRow
from gongzhi.territory.reading.divisions import DivisionList, DivisionRow
from gongzhi.territory.types import AreaPicture, Level, NewGrid

MOST_GRIDS = 999

Key = tuple[Level, str]
Place = tuple[uuid.UUID | None, str]


@dataclass(frozen=True, slots=True)
class Addition:
    id: uuid.UUID
    parent: uuid.UUID | None
    level: Level
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Renaming:
    area: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Recoding:
    area: uuid.UUID
    level: Level
    code: str


@dataclass(slots=True)
class Plan:
    """What is to be written, found out completely before the first row is touched."""

    additions: list[Addition] = field(default_factory=list)
    renamings: list[Renaming] = field(default_factory=list)
    recodings: list[Recoding] = field(default_factory=list)
    endings: list[uuid.UUID] = field(default_factory=list)
    unchanged: int = 0
    unknown: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.additions or self.renamings or self.recodings or self.endings)


def plan_import(divisions: DivisionList, atlas: Atlas) -> Plan:
    """New codes are added, other names renamed; a list older than what we know is refused."""
    plan = Plan()
    ids = {key: area.id for key, area in atlas.by_code.items()}
    for row in divisions.rows:
        area = atlas.by_code.get(row.key)
        if area is None:
            _refuse_ended(row, atlas)
            ids[row.key] = new_id()
            parent = ids[row.parent_key] if row.parent_key else None
            plan.additions.append(Addition(ids[row.key], parent, row.level, row.code, row.name))
        elif area.name == row.name:
            plan.unchanged += 1
        else:
            _refuse_former_name(row, area, atlas)
            plan.renamings.append(Renaming(area.id, row.name))
    return plan


def _refuse_ended(row: DivisionRow, atlas: Atlas) -> None:
    if row.key in atlas.former_codes:
        reason = _(
            "the code %(code)s (%(name)s) is no longer in use; this list is older than what is recorded."
        )
        row.where.refuse(reason % {"code": row.code, "name": row.name})


def _refuse_former_name(row: DivisionRow, area: AreaPicture, atlas: Atlas) -> None:
    if any(former.name == row.name for former in atlas.former_names.get(area.id, ())):
        reason = _("%(old)s has been called %(new)s since; this list is older than what is recorded.")
        row.where.refuse(reason % {"old": row.name, "new": area.name})


def grid_code(grid: NewGrid) -> str:
    """The local code of a grid, its community's and three digits: 330122003001 and 2 give 330122003001002."""
    if not 0 < grid.number <= MOST_GRIDS:
        raise Refused(
            _("The number of a grid lies between 1 and %s.") % MOST_GRIDS, code="bad_grid", field="number"
        )
    return f"{grid.community_code}{grid.number:03}"


def plan_grids(grids: Sequence[NewGrid], atlas: Atlas) -> Plan:
    """New numbers are added to their communities, other names renamed."""
    plan = Plan()
    seen: set[str] = set()
    for grid in grids:
        code = grid_code(grid)
        community, known = (
            atlas.by_code.get((Level.COMMUNITY, grid.community_code)),
            atlas.by_code.get((Level.GRID, code)),
        )
        if community is None:
            reason = _("There is no community %s to put a grid in.")
            raise Refused(reason % grid.community_code, code="unknown_community", field="community_code")
        if code in seen:
            raise Refused(_("The grid %s is there twice.") % code, code="doubled_grid", field="number")
        seen.add(code)
        if known is None:
            plan.additions.append(Addition(new_id(), community.id, Level.GRID, code, grid.name))
        elif known.name != grid.name:
            plan.renamings.append(Renaming(known.id, grid.name))
        else:
            plan.unchanged += 1
    return plan


def plan_changes(changes: Sequence[ChangeRow], atlas: Atlas, on: date) -> Plan:
    """Larger areas first, so that a township's new code is known when its villages move along."""
    planner = _ChangePlanner(atlas, on)
    for level in dict.fromkeys(row.level for row in changes):
        planner.take([row for row in changes if row.level is level])
    planner.end_grids_and_refuse_leftovers()
    return planner.plan


class _ChangePlanner:
    """Works through a change list level by level, keeping the codes as they would then be."""

    def __init__(self, atlas: Atlas, on: date) -> None:
        self.atlas = atlas
        self.on = on
        self.plan = Plan()
        self.codes: dict[Key, uuid.UUID] = {key: area.id for key, area in atlas.by_code.items()}
        self.ended: dict[uuid.UUID, ChangeRow] = {}

    def take(self, rows: Sequence[ChangeRow]) -> None:
        """All changes of one level."""
        for row in _of_kind(rows, ChangeKind.RENAMED):
            self._rename(row)
        there = {row for row in _of_kind(rows, ChangeKind.ADDED) if self._is_there(row)}
        gone = {row for row in _of_kind(rows, ChangeKind.REMOVED) if self._is_gone(row, there)}
        removed = {
            row: self._place_of_old(row) for row in _of_kind(rows, ChangeKind.REMOVED) if row not in gone
        }
        added = {row: self._place_of_new(row) for row in _of_kind(rows, ChangeKind.ADDED) if row not in there}
        # Removed and added under one name and one parent: the same area with another code.
        new_codes = _only_ones(added)
        successors = {
            old: new_codes.pop(place) for place, old in _only_ones(removed).items() if place in new_codes
        }
        for old, new in successors.items():
            self._recode(old, new)
        settled = {*successors.keys(), *successors.values()}
        for row in removed:
            if row not in settled:
                self._end(row)
        for row in added:
            if row not in settled:
                self._add(row)

    def end_grids_and_refuse_leftovers(self) -> None:
        """A grid ends with its community; anything else under an ended area must be in the list too."""
        for area in self.atlas.current:
            if area.parent_id not in self.ended or area.id in self.ended:
                continue
            above = self.ended[area.parent_id]
            if area.level is not Level.GRID:
                reason = _("%(name)s is removed, but %(below)s (%(code)s) under it is not.")
                above.where.refuse(reason % {"name": above.old_name, "below": area.name, "code": area.code})
            self._refuse_before_start(above, area.id)
            self.plan.endings.append(area.id)

    def _rename(self, row: ChangeRow) -> None:
        area = self.atlas.by_code.get((row.level, row.code))
        if area is None:
            row.where.refuse(_("%s is to be renamed, and we have no area of that code.") % row.code)
        if area.name == row.new_name:
            self.plan.unchanged += 1
            return
        self._refuse_stranger(row, area)
        self._refuse_before_start(row, area.id)
        self.plan.renamings.append(Renaming(area.id, row.new_name))

    def _is_there(self, row: ChangeRow) -> bool:
        """The area to be added is there already."""
        area = self.atlas.by_code.get((row.level, row.code))
        if area is None:
            return False
        if area.name != row.new_name:
            reason = _("%(code)s is to be added as %(new)s, and it is already %(name)s.")
            row.where.refuse(reason % {"code": row.code, "new": row.new_name, "name": area.name})
        self.plan.unchanged += 1
        return True

    def _is_gone(self, row: ChangeRow, there: Set[ChangeRow]) -> bool:
        """The code to be removed is out of use already, or never was in use here."""
        if (row.level, row.code) in self.codes:
            return False
        if (row.level, row.code) in self.atlas.former_codes or _new_code(row, there):
            self.plan.unchanged += 1
        else:
            self.plan.unknown.append(row.code)
        return True

    def _place_of_old(self, row: ChangeRow) -> Place:
        area = self.atlas.areas[self.codes[row.level, row.code]]
        self._refuse_stranger(row, area)
        self._refuse_before_start(row, area.id)
        return area.parent_id, short_name(row.old_name)

    def _place_of_new(self, row: ChangeRow) -> Place:
        return self._parent(row), short_name(row.new_name)

    def _parent(self, row: ChangeRow) -> uuid.UUID:
        above, code = parent_level(row.level), parent_code(row.code, row.level)
        parent = self.codes.get((above, code)) if above and code else None
        if parent is None:
            row.where.refuse(_("%s is to be added, and there is no area above it.") % row.code)
        return parent

    def _recode(self, old: ChangeRow, new: ChangeRow) -> None:
        area = self.codes.pop((old.level, old.code))
        self.codes[new.level, new.code] = area
        self.plan.recodings.append(Recoding(area, new.level, new.code))
        if old.old_name != new.new_name:
            self.plan.renamings.append(Renaming(area, new.new_name))

    def _end(self, row: ChangeRow) -> None:
        area = self.codes.pop((row.level, row.code))
        if area == self.atlas.root:
            row.where.refuse(
                _("%s is the area this installation serves and can't be removed.") % row.old_name
            )
        self.ended[area] = row
        self.plan.endings.append(area)

    def _add(self, row: ChangeRow) -> None:
        addition = Addition(new_id(), self._parent(row), row.level, row.code, row.new_name)
        self.codes[row.level, row.code] = addition.id
        self.plan.additions.append(addition)

    def _refuse_stranger(self, row: ChangeRow, area: AreaPicture) -> None:
        if not same_place(row.old_name, area.name):
            reason = _("the list says %(code)s was called %(old)s, and we know it as %(name)s.")
            row.where.refuse(reason % {"code": row.code, "old": row.old_name, "name": area.name})

    def _refuse_before_start(self, row: ChangeRow, area: uuid.UUID) -> None:
        latest = self.atlas.last_change(area)
        if latest and self.on < latest:
            reason = _("%(name)s was changed on %(latest)s, which is later than the date of this list.")
            row.where.refuse(reason % {"name": row.old_name, "latest": latest.isoformat()})


def _of_kind(rows: Sequence[ChangeRow], kind: ChangeKind) -> list[ChangeRow]:
    return [row for row in rows if row.kind is kind]


def _new_code(removed: ChangeRow, there: Set[ChangeRow]) -> bool:
    """The same place is there under its new code: we began with a list in which it had that already."""
    return any(same_place(removed.old_name, added.new_name) for added in there)


def _only_ones(places: dict[ChangeRow, Place]) -> dict[Place, ChangeRow]:
    """The places named once; of two of the same name nobody can tell which is which."""
    often = Counter(places.values())
    return {place: row for row, place in places.items() if often[place] == 1}
