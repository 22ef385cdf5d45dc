"""Apply a year's list of changed divisions without losing an area any case points to."""

from datetime import date, datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.base.actor import Actor
from gongzhi.base.errors import Refused
from gongzhi.territory.operations.writing import carry_out, writing
from gongzhi.territory.reading.changes import read_changes
from gongzhi.territory.rules import plan_changes
from gongzhi.territory.types import ChangeSummary


def apply_changes(*, file: Path, county_code: str, by: Actor, now: datetime, on: date) -> ChangeSummary:
    """Rename, add, end and recode areas as of a day, all or none; doing it again changes nothing."""
    if on > timezone.localdate(now):
        raise Refused(
            _("The changes take effect on %s; apply the list on that day or later.") % on.isoformat(),
            code="not_yet",
            field="on",
        )
    changes = read_changes(file, county_code)
    with writing("apply_changes", by=by, now=now, source=file.name) as change:
        plan = plan_changes(changes, change.atlas, on)
        summary = ChangeSummary(
            renamed=len(plan.renamings),
            added=len(plan.additions),
            removed=len(plan.endings),
            recoded=len(plan.recodings),
            unchanged=plan.unchanged,
            unknown=tuple(plan.unknown),
        )
        if plan:
            carry_out(plan, change.atlas, on=on, begins=on)
            change.summary = {
                "on": on.isoformat(),
                "renamed": summary.renamed,
                "added": summary.added,
                "removed": summary.removed,
                "recoded": summary.recoded,
            }
    return summary
