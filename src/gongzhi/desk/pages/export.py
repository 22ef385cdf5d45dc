"""The queue as a table file, under the same filters."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.base.ids import show_code
from gongzhi.cases import queries as cases
from gongzhi.cases.pictures import CaseRow
from gongzhi.desk import filters
from gongzhi.desk.visitor import Visitor, for_desk

BYTE_ORDER_MARK = "\ufeff"  # spreadsheets read Chinese right only with it
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class Line:
    """What csv writes to: it hands each line straight on."""

    def write(self, text: str) -> str:
        return text


@require_safe
@for_desk
def download(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Every line the filters of the address select, read before the first is sent: bounds end with the view."""
    chosen = filters.read(request.GET, visitor.now).filters
    response = StreamingHttpResponse(
        lines(cases.all_rows(visitor.scope, chosen, visitor.now)), content_type="text/csv; charset=utf-8"
    )
    stamp = timezone.localtime(visitor.now).strftime("%Y%m%d-%H%M")
    response["Content-Disposition"] = f'attachment; filename="gongzhi-{stamp}.csv"'
    return response


def lines(rows: Iterable[CaseRow]) -> Iterator[str]:
    """The header and one line per case."""
    writer = csv.writer(Line())
    yield BYTE_ORDER_MARK + writer.writerow(header())
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in cells(row)])


def header() -> list[str]:
    """What the columns are called."""
    return [
        _("Case code"),
        _("Title"),
        _("Kind"),
        _("Status"),
        _("Area"),
        _("Place"),
        _("Source"),
        _("Reported at"),
        _("Holder"),
        _("Clock"),
        _("Due at"),
        _("Joined reports"),
        _("Under supervision"),
    ]


def cells(row: CaseRow) -> list[Any]:
    """One case as the columns want it."""
    due = row.clock.due_at if row.clock else None
    return [
        show_code(row.code),
        row.title,
        row.kind_title,
        row.status_title,
        row.area_name,
        row.place_text,
        row.source,
        local(row.reported_at),
        row.holder,
        row.clock.title if row.clock else "",
        local(due) if due else "",
        row.linked_count,
        _("yes") if row.supervised else "",
    ]


def local(moment: Any) -> str:
    """Local time to the second, as spreadsheets understand it."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")


def harmless(cell: Any) -> Any:
    """A spreadsheet must show a text that looks like a formula, not run it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell
