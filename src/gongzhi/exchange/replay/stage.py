"""Where the replay happens and who plays: points of the demo county, staff with keys, a stopped clock to move."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import shapely
from django.core.wsgi import get_wsgi_application

from gongzhi.accounts import operations as accounts
from gongzhi.accounts import queries
from gongzhi.accounts.types import OrganisationPicture, Role, TokenScope
from gongzhi.base.actor import SYSTEM, person
from gongzhi.exchange.replay.caller import Application, Caller
from gongzhi.territory import queries as territory
from gongzhi.territory.coordinates import from_wgs84
from gongzhi.territory.types import CRS, Level, Point

KEYS_LAST = timedelta(days=300)
BUSY = 40  # grids of a town in which half of all matters arise
STEP = 7919  # a prime: neighbouring rows fall into different grids


@dataclass(frozen=True, slots=True)
class Stage:
    """The players of a replay."""

    resident: Caller
    dispatcher: Caller
    verifier: Caller
    handlers: dict[str, Caller]  # by organisation id, in the order of their codes
    points: list[Point]

    def place(self, row: int) -> dict[str, Any] | None:
        """Where a message is said to be, from its row number alone: half of them in a few busy grids, some nowhere."""
        if row % 20 == 19:
            return None
        crs = tuple(CRS)[row % 3]
        lon, lat = from_wgs84(self.points[row * STEP % (BUSY if row % 2 else len(self.points))], crs)
        return {"lon": lon, "lat": lat, "crs": crs.value}


def set_up(now: datetime) -> Stage:
    """Give everybody on stage a key; an agency without a handler gets a simulated one."""
    application = get_wsgi_application()
    return Stage(
        resident=Caller(application),
        dispatcher=_known("dispatcher", application, now),
        verifier=_known("verifier", application, now),
        handlers={str(o.id): _handler(o, application, now) for o in queries.organisations(on=now.date())},
        points=_points(),
    )


def _known(username: str, application: Application, now: datetime) -> Caller:
    found = queries.person_by_username(username)
    if found is None:
        raise LookupError(f"the demo has no {username}")
    return Caller(application, _key(found.id, now))


def _handler(organisation: OrganisationPicture, application: Application, now: datetime) -> Caller:
    handlers = queries.people_of(organisation.id, role=Role.HANDLER, on=now.date())
    if handlers:
        return Caller(application, _key(handlers[0].id, now))
    name = f"sim.{organisation.code}"
    new = accounts.create_person(username=name, display_name=organisation.name[:30], by=SYSTEM, now=now)
    area = organisation.area or territory.root().id
    accounts.grant_role(
        person=new, role=Role.HANDLER, organisation=organisation.id, area=area, by=SYSTEM, now=now
    )
    return Caller(application, _key(new, now))


def _key(person_id: Any, now: datetime) -> str:
    by = person(person_id)
    return accounts.issue_token(
        person=person_id, name="replay", expires=now + KEYS_LAST, by=by, now=now, scopes=frozenset(TokenScope)
    )


def _points() -> list[Point]:
    """A point inside every grid, in the order of the grids' codes."""
    drawn = json.loads(territory.boundaries_geojson(Level.GRID))["features"]
    codes = {str(area.id): area.code for area in territory.areas_at(Level.GRID)}
    shapes = sorted((codes[f["properties"]["id"]], shapely.geometry.shape(f["geometry"])) for f in drawn)
    inside = [shape.representative_point() for _code, shape in shapes]
    return [Point(point.x, point.y) for point in inside]
