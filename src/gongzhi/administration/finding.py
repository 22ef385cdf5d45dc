"""From what an administrator types to the person or the area that is meant; never a guess."""

import uuid

from django.utils.translation import gettext as _

from gongzhi.accounts import directory
from gongzhi.accounts import queries as accounts
from gongzhi.base.errors import Refused
from gongzhi.territory import queries as territory
from gongzhi.territory.types import AreaPicture, Level

LISTED = (Level.COUNTY, Level.TOWNSHIP, Level.COMMUNITY)  # grids are too many to offer; they are typed


def person_named(text: str, *, field: str) -> uuid.UUID:
    """The one person with this user name or name."""
    found = accounts.person_by_username(text)
    if found is not None:
        return found.id
    named = directory.ids_named(text, limit=2)
    if len(named) != 1:
        raise Refused(
            _("Nobody, or more than one person, is called “%(text)s”: write the user name.") % {"text": text},
            code="which_person",
            field=field,
        )
    return named[0]


def people_named(text: str, *, field: str) -> list[uuid.UUID]:
    """Several people, divided by spaces or commas, in that order."""
    names = text.replace("，", " ").replace("、", " ").replace(",", " ").split()
    return [person_named(name, field=field) for name in names]


def area_named(text: str, *, field: str) -> uuid.UUID:
    """The one area with this code, path or name."""
    by_code = territory.area_by_code(text) if text.isdecimal() else None
    if by_code is not None:
        return by_code.id
    last = text.split()[-1] if text.split() else ""
    hits = [area for area in territory.search_areas(last, limit=50) if text in (path(area), area.name)]
    if len(hits) != 1:
        raise Refused(
            _("No area, or more than one, is called “%(text)s”: choose it from the list or write its code.")
            % {"text": text},
            code="which_area",
            field=field,
        )
    return hits[0].id


def path(area: AreaPicture) -> str:
    """An area with the areas above it, as the list offers it."""
    return " ".join(area.path_names)


def areas_to_choose() -> list[str]:
    """What the box of areas suggests."""
    return [path(area) for level in LISTED for area in territory.areas_at(level)]
