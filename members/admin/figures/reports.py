"""Submitted statistics: their numbers as they were, and what was corrected since."""

from __future__ import annotations

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_safe

from branches.rules import roles
from members.admin.figures.behind import SHOWN, rows_of_people
from members.admin.figures.labels import balance_lines, tables
from members.models import FiguresReport
from members.models.figures.corrections import corrections_of


@require_safe
def figures_report(request: HttpRequest, pk: int) -> HttpResponse:
    """One submitted report; its numbers are those of the day on which it was submitted."""
    rows = FiguresReport.objects.visible_to(request.user)
    report = get_object_or_404(rows.select_related("organization", "submitted_by"), pk=pk)

    def nowhere(_group: str, _code: str) -> str:
        return ""

    corrections = corrections_of(report)
    shown = Paginator(corrections, SHOWN).get_page(request.GET.get("page"))
    people = rows_of_people(request.user, [(each.member_id, None, None) for each in shown])
    context = {
        **admin.site.each_context(request),
        "title": _now("Submitted statistics"),
        "report": report,
        "organization": report.organization,
        "name": report.organization.name_on(report.as_at),
        "tables": tables(report.numbers, nowhere),
        "balance": balance_lines(report.numbers["balance"], nowhere),
        "corrections": list(zip(shown, people, strict=True)),
        "shown": shown,
        "back": f"{reverse('admin:statistics')}"
        f"?organization={report.organization_id}&on={report.as_at}",
    }
    return TemplateResponse(request, "admin/members/figures/report.html", context)


admin.site.page(  # type: ignore[attr-defined]
    "statistics/reports/<int:pk>/", figures_report, "figures_report", roles.VIEW
)
