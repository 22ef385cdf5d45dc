"""Areas, their names and codes through time, their boundaries, and the list of revisions readers watch."""

from django.db import models
from django.db.models import F, Q

from gongzhi.base.models import AppendOnly, Row
from gongzhi.territory.types import CRS, Level, Scheme


def _choices(words: type[CRS] | type[Level] | type[Scheme]) -> list[tuple[str, str]]:
    return [(str(word), str(word)) for word in words]


def _period(name: str) -> models.CheckConstraint:
    in_order = Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
    return models.CheckConstraint(name=name, condition=in_order)


class Dated(Row):
    """A row that holds from one day until before another; an open start is older than our records."""

    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        abstract = True


class Area(Dated):
    """A province, city, county, township, community or grid; ended areas stay, because cases point to them."""

    level = models.CharField(max_length=12, choices=_choices(Level))
    name = models.CharField(max_length=100)
    pinyin = models.CharField(max_length=800)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")

    class Meta:
        constraints = [_period("area_period_in_order")]

    def __str__(self) -> str:
        return self.name


class AreaName(Dated):
    """What an area was called in a period that is over; the present name stands on the area."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [_period("area_name_period_in_order")]


class AreaCode(Dated):
    """A code somebody outside gave an area, for a period; it never serves as a key."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="codes")
    scheme = models.CharField(max_length=8, choices=_choices(Scheme))
    code = models.CharField(max_length=20)
    # A city without counties has one pseudo-county of the same padded code.
    level = models.CharField(max_length=12, choices=_choices(Level))

    class Meta:
        constraints = [
            _period("area_code_period_in_order"),
            models.UniqueConstraint(
                fields=["scheme", "code", "level"],
                condition=Q(valid_to__isnull=True),
                name="one_area_per_current_code",
            ),
            models.UniqueConstraint(
                fields=["area", "scheme"],
                condition=Q(valid_to__isnull=True),
                name="one_current_code_per_scheme",
            ),
        ]


class Boundary(Dated):
    """The outline of an area as WKB in WGS84, with the system it was published in and who published it."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="boundaries")
    geometry = models.BinaryField()
    crs = models.CharField(max_length=8, choices=_choices(CRS), default=CRS.WGS84.value)
    source_crs = models.CharField(max_length=8, choices=_choices(CRS))
    source = models.CharField(max_length=200)
    illustrative = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "boundaries"
        constraints = [
            _period("boundary_period_in_order"),
            models.CheckConstraint(name="boundary_stored_in_wgs84", condition=Q(crs=CRS.WGS84.value)),
            models.UniqueConstraint(
                fields=["area"], condition=Q(valid_to__isnull=True), name="one_current_boundary"
            ),
        ]


class Revision(AppendOnly):
    """One change of the territory: who, when, what; readers compare the highest number with theirs."""

    id = None  # type: ignore[assignment]
    # A number of a rolled-back transaction is never given again, so no reader mistakes it for a newer one.
    number = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    operation = models.CharField(max_length=40)
    source = models.CharField(max_length=200, blank=True, default="")
    summary = models.JSONField(default=dict)


class Cell(models.Model):
    """The one row that names the county or city this installation serves."""

    only = models.BooleanField(primary_key=True, default=True)
    root = models.ForeignKey(Area, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.CheckConstraint(name="one_cell", condition=Q(only=True))]
