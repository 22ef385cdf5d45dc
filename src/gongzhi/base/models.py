"""Abstract rows every part builds on: a UUIDv7 row, and a row that is written once and never changed."""

import uuid
from typing import Any

from django.db import models

from gongzhi.base.ids import new_id


class Row(models.Model):
    """A table row with an opaque id made by the application."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True

    @property
    def uuid(self) -> uuid.UUID:
        return uuid.UUID(str(self.id))


class AppendOnly(Row):
    """A row nobody may change or remove: refused here, by missing grants, and by a trigger in the database."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} rows are never deleted")


# Django finds a part's tables through this module; the table builds on the rows above, hence down here.
from gongzhi.base.calendar_models import CalendarVersion  # noqa: E402

__all__ = ["AppendOnly", "CalendarVersion", "Row"]


class EngineWritten(AppendOnly):
    """An append-only row that the loops alone may add: the role of the web processes has no right to."""

    class Meta:
        abstract = True
