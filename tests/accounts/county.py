"""A small piece of a real county, and the few fictional people every test uses."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime

from gongzhi.accounts import operations
from gongzhi.accounts.types import OrganisationKind, Role
from gongzhi.base.actor import SYSTEM
from gongzhi.territory import shelf
from gongzhi.territory.models import Area, AreaCode, Cell, Revision
from gongzhi.territory.types import Chain

NOW = datetime(2026, 6, 3, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
TODAY = date(2026, 6, 3)
PASSWORD = "a quiet river bend"

AREAS = (  # code, level, name, code of the parent
    ("330122000000", "county", "桐庐县", None),
    ("330122001000", "township", "旧县街道", "330122000000"),
    ("330122001201", "community", "旧县村", "330122001000"),
    ("330122001201001", "grid", "旧县村 01 网格", "330122001201"),
    ("330122002000", "township", "桐君街道", "330122000000"),
    ("330122002001", "community", "学圣社区", "330122002000"),
    ("330122002001001", "grid", "学圣社区 01 网格", "330122002001"),
)


@dataclass(frozen=True)
class County:
    """Ids by code, and the chains of two grids."""

    areas: dict[str, uuid.UUID]
    organisations: dict[str, uuid.UUID]

    @property
    def root(self) -> uuid.UUID:
        return self.areas["330122000000"]

    def chain(self, grid: str) -> Chain:
        return Chain(
            county=self.root,
            township=self.areas[grid[:9] + "000"],
            community=self.areas[grid[:12]],
            grid=self.areas[grid],
        )


GRID, OTHER_GRID = "330122001201001", "330122002001001"


def make_areas() -> dict[str, uuid.UUID]:
    """The areas, written straight into the tables."""
    made: dict[str, Area] = {}
    for code, level, name, parent in AREAS:
        made[code] = Area.objects.create(level=level, name=name, pinyin=code, parent=made.get(parent))
        AreaCode.objects.create(
            area=made[code], scheme="local" if level == "grid" else "nbs", code=code, level=level
        )
    Cell.objects.create(root=made["330122000000"])
    Revision.objects.create(at=NOW, by="system", operation="test")
    shelf.touched()
    return {code: area.id for code, area in made.items()}


def make_county() -> County:
    """Areas, the county centre, one township centre and two departments."""
    areas = make_areas()
    wanted = (
        ("centre.county", "桐庐县综治中心", OrganisationKind.CENTRE, "330122000000"),
        ("centre.330122001", "旧县街道综治中心", OrganisationKind.CENTRE, "330122001000"),
        ("urban_management", "县城管局", OrganisationKind.DEPARTMENT, "330122000000"),
        ("fire", "县消防救援大队", OrganisationKind.DEPARTMENT, "330122000000"),
    )
    organisations = {
        code: operations.create_organisation(
            code=code, name=name, kind=kind, area=areas[area], by=SYSTEM, now=NOW
        )
        for code, name, kind, area in wanted
    }
    return County(areas, organisations)


def hire(username: str, name: str, email: str = "", password: str | None = None) -> uuid.UUID:
    """Open an account."""
    return operations.create_person(
        username=username, display_name=name, email=email, password=password, by=SYSTEM, now=NOW
    )


def give(
    county: County, person: uuid.UUID, role: Role, organisation: str = "centre.county", area: str = ""
) -> uuid.UUID:
    """Give a role, over the whole county if no area is named."""
    return operations.grant_role(
        person=person,
        role=role,
        organisation=county.organisations[organisation],
        area=county.areas[area] if area else county.root,
        by=SYSTEM,
        now=NOW,
    )
