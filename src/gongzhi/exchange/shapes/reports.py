"""What a resident sends: a report, more facts, a verdict."""

import uuid

from pydantic import Field

from gongzhi.exchange.shapes.words import Key, Number, Photos, Shape, Words, YesNo
from gongzhi.territory.coordinates import to_wgs84
from gongzhi.territory.types import CRS, Point


class Location(Shape):
    """A point in a named coordinate system; it is converted to WGS84 here, once."""

    lon: Number
    lat: Number
    crs: CRS

    def point(self) -> Point:
        """The point in WGS84; a swapped or impossible pair is refused."""
        return to_wgs84(self.lon, self.lat, self.crs)


class Report(Shape):
    """A report. `client_id` is made by the sender and makes a retry safe."""

    client_id: uuid.UUID
    kind: Key | None = Field(None, description="A key of GET /kinds, or null: the centre sorts it.")
    text: Words = Field(description="What was seen; may be empty when photos are sent.")
    location: Location | None = None
    place_text: Words | None = Field(None, description="Where, in words.")
    contact: Words | None = Field(
        None, description="Phone number or e-mail address; sealed, for questions only."
    )
    photos: Photos = Field((), description="Ids from POST /photos.")
    form: dict[Key, Words | YesNo] | None = Field(
        None,
        description="Answers to the kind's own questions: see `questions` of GET /kinds. A yes or no is true or false.",
    )
    no_reply: YesNo = Field(False, description="The reporter wants no notices.")
    secret: YesNo = Field(False, description="Keep secret who reported this.")


class Information(Shape):
    """More facts about a report."""

    text: Words = ""
    photos: Photos = ()


class Verdict(Shape):
    """Solved or not, and why not; “not solved” reopens the case."""

    solved: YesNo
    why: Words = ""
