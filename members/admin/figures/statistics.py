"""The page of the statistics: every number as at a day, each with the list behind it."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.models import Organization, may
from branches.rules import roles
from members.admin.deeds import DeedForm, is_done, typed
from members.admin.figures.asking import StatisticsForm
from members.admin.figures.labels import balance_lines, charts, tables
from members.models import DifferenceNote, FiguresReport
from members.models.figures.reports import statistics_of
from members.rules.figures import DIFFERENCE
from registry.admin import Place
from registry.login.kept_forms import keeps_form


class ExplanationForm(DeedForm):
    """Why the balance does not come out."""

    text = forms.CharField(
        label=_("explanation"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the explanation.")},
    )


class SubmittingForm(DeedForm):
    """Nothing is asked: what stands on the page is kept."""


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def statistics(request: HttpRequest) -> HttpResponse:
    """The figures of a day; by POST they are submitted, or their difference is explained."""
    asked = StatisticsForm(request)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _now("Statistics"),
        "asking": asked,
        "organization": asked.top,
        "media": asked.media,
        "once": request.POST.get("once") or secrets.token_urlsafe(16),
    }
    if asked.is_valid():
        answer = _answered(request, asked, context)
        if answer:
            return answer
    elif request.method == "POST":
        raise PermissionDenied
    return TemplateResponse(request, "admin/members/figures/statistics.html", context)


def _answered(
    request: HttpRequest, asked: StatisticsForm, context: dict[str, Any]
) -> HttpResponse | None:
    organization, on = asked.top, asked.cleaned_data["on"]
    chosen = asked.chosen
    may_keep = asked.is_of_organization and may(
        request.user, roles.CHANGE_ORGANIZATION, organization.path
    )
    if request.method == "POST":
        if not may_keep:
            raise PermissionDenied
        answer = _kept(request, asked, organization, context)
        if answer:
            return answer
    numbers = statistics_of(chosen, on)

    def address(group: str, code: str) -> str:
        return asked.address("figures_behind", group=group, code=code)

    context |= {
        "chosen": chosen,
        "name": chosen.name_on(on),
        "on": on,
        "tables": tables(numbers, address),
        "charts": charts(numbers, address),
        "balance": balance_lines(numbers["balance"], address),
        "difference": numbers["balance"][DIFFERENCE],
    }
    if asked.is_of_organization:
        note = DifferenceNote.objects.filter(organization=organization, as_at=on).first()
        reports = FiguresReport.objects.filter(organization=organization)
        context |= {
            "note": note,
            "report": reports.filter(as_at=on).first(),
            "reports": reports.defer("numbers").exclude(as_at=on)[:10],
            "may_keep": may_keep,
            "paper_url": reverse("admin:paper_statistics_file", args=[organization.pk]),
            "may_print": may(request.user, roles.PRINT, organization.path),
            "work_report_url": f"{reverse('admin:work_report')}?organization={organization.pk}",
        }
        if may_keep and "explaining" not in context:
            context["explaining"] = ExplanationForm(
                typed(request) if request.POST.get("what") == "explain" else None,
                initial={"text": note.text if note else ""},
            )
    return None


def _kept(
    request: HttpRequest, asked: StatisticsForm, organization: Organization, context: dict[str, Any]
) -> HttpResponse | None:
    """Do what the form says, and lead back to the page; None where it objects."""
    on, today = asked.cleaned_data["on"], timezone.localdate()
    if request.POST.get("what") == "submit":
        submitting = SubmittingForm(typed(request))
        if is_done(
            request,
            submitting,
            lambda: FiguresReport.submit(organization, on, today, request.user),
        ):
            report = FiguresReport.objects.get(organization=organization, as_at=on)
            messages.success(request, _now("Submitted. These numbers stay as they are."))
            return HttpResponseRedirect(reverse("admin:figures_report", args=[report.pk]))
        for sentence in submitting.non_field_errors():
            messages.error(request, f"{sentence}")
        return None
    form = ExplanationForm(typed(request))
    context["explaining"] = form
    if is_done(
        request,
        form,
        lambda text: DifferenceNote.write(organization, on, text, today, request.user),
    ):
        messages.success(request, _now("The explanation is kept."))
        return HttpResponseRedirect(asked.address("statistics"))
    return None


admin.site.page(  # type: ignore[attr-defined]
    "statistics/",
    statistics,
    "statistics",
    roles.VIEW,
    Place(_("Statistics"), "statistics", roles.VIEW, 28, icon="chart"),
)
