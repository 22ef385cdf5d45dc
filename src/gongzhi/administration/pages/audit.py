"""The audit log: for the audit administrator, and nobody else."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.accounts.types import Role
from gongzhi.administration import audit_words
from gongzhi.administration.audit_search import NamedLine, filters_of, named, note_once
from gongzhi.administration.visitor import Visitor, for_role
from gongzhi.base.errors import Refused
from gongzhi.trust import audit_reading

BYTE_ORDER_MARK = "\ufeff"  # spreadsheets read Chinese right only with it
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class Line:
    """What csv writes to: it hands each line straight on."""

    def write(self, text: str) -> str:
        return text


@require_safe
@for_role(Role.AUDIT_ADMIN)
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The newest rows that fit the address; a search leaves a row of its own, once."""
    filters = filters_of(request.GET)
    note_once(request, visitor, filters)
    before = request.GET.get("before", "")
    first = not (before.isascii() and before.isdecimal() and len(before) < 16)
    lines, older = audit_reading.audit_page(filters, before=None if first else int(before))
    asked = request.GET.copy()
    asked.pop("before", None)
    context = {"visitor": visitor, "lines": named(lines), "kinds": audit_words.choices(), "asked": asked}
    context |= {"query": asked.urlencode(), "older": lines[-1].seq if older else None, "first": first}
    return render(request, "administration/audit.html", context)


@require_POST
@for_role(Role.AUDIT_ADMIN)
def export(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """All rows that fit, as a table file, for a purpose that stands in the log."""
    purpose = request.POST.get("purpose", "").strip()
    if not purpose:
        raise Refused(_("Please write what the export is for."), code="missing", field="purpose")
    filters = filters_of(request.POST)
    audit_reading.note_export(filters, by=visitor.by, now=visitor.now, purpose=purpose)
    # Read before the first byte: what the log shows its reader ends with this request.
    response = StreamingHttpResponse(list(_table(filters)), content_type="text/csv; charset=utf-8")
    stamp = timezone.localtime(visitor.now).strftime("%Y%m%d-%H%M")
    response["Content-Disposition"] = f'attachment; filename="gongzhi-audit-{stamp}.csv"'
    return response


def _table(filters: audit_reading.AuditFilters) -> Iterator[str]:
    writer = csv.writer(Line())
    header = [
        _("Number"),
        _("When"),
        _("Act"),
        _("Who"),
        _("About"),
        _("Purpose"),
        _("Succeeded"),
        _("Details"),
    ]
    yield BYTE_ORDER_MARK + writer.writerow([*header, _("Reference of who"), _("Reference of what")])
    for some in _in_batches(audit_reading.audit_rows(filters)):
        for row in named(some):
            yield writer.writerow([_harmless(cell) for cell in _cells(row)])


def _in_batches(lines: Iterator[audit_reading.AuditLine]) -> Iterator[list[audit_reading.AuditLine]]:
    while some := list(islice(lines, 500)):
        yield some


def _cells(row: NamedLine) -> list[Any]:
    line = row.line
    return [
        line.seq,
        timezone.localtime(line.happened_at).strftime("%Y-%m-%d %H:%M:%S"),
        row.kind,
        row.actor,
        row.subject,
        line.purpose,
        _("yes") if line.succeeded else _("no"),
        "; ".join(row.details),
        line.actor,
        line.subject,
    ]


def _harmless(cell: Any) -> Any:
    """A cell that a spreadsheet would run as a formula begins with a quote."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell
