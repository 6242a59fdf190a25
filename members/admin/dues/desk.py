"""The desk of dues: the sums of a month, branch by branch, and the way to everything else."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from branches.models import Organization, OrganizationPeriod, may
from branches.rules import roles
from members.admin.asking import AskingForm, asking
from members.admin.doors import address_of
from members.admin.dues.fields import MonthField
from members.admin.dues.pages import page
from members.models.dues.arrears import at_the_end
from members.models.dues.closings import closed_to, first_open_month
from members.models.dues.statements import BranchMonth, summary_of
from members.rules.dues_months import next_month, written
from registry.admin import Place

SHOWN = 100  # branches on one page


class DeskForm(AskingForm):
    month = MonthField(label=_("month"))


@dataclass(frozen=True)
class Line:
    """One branch of the summary, and the lists behind its numbers; "" where they are not his.

    Of one that has left his rows since, its name of the month stands there and nothing of now.
    """

    branch: Organization
    name: str
    superior: Organization | None
    sums: BranchMonth
    people: str  # the collection sheet
    behind: str  # the arrears


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The month of the organisation and everything that stood below it at its end; people are
    behind the numbers. Whether the month is closed follows the tree of now."""
    organization, form = asking(
        request, DeskForm, roles.VIEW_DUES_TOTALS, month=written(timezone.localdate())
    )
    more: dict[str, Any] = {"asking": form}
    if form.is_valid():
        more |= _month_of(request, organization, form.cleaned_data["month"])
    return page(request, "desk", organization, "dues", **more)


def _month_of(request: HttpRequest, organization: Organization, month: date) -> dict[str, Any]:
    summary = summary_of(organization, month)
    there = Organization.objects.filter(at_the_end(organization, month).holds("pk"))
    keys = [pk for pk in there.order_by("path").values_list("pk", flat=True) if pk in summary]
    shown = Paginator(keys, SHOWN).get_page(request.GET.get("page"))
    names_people = may(request.user, roles.VIEW_DUES, organization.path)
    last = closed_to(organization)
    return {
        "month": month,
        "written": written(month),
        "closed": last is not None and month <= last,
        "open_from": written(first_open_month(organization, timezone.localdate())),
        "total": _total(summary),
        "behind": _behind(organization, month) if names_people else "",
        "lines": _lines(request.user, list(shown), summary, month),
        "shown": shown,
    }


def _lines(user: Any, keys: list[int], summary: dict[int, BranchMonth], month: date) -> list[Line]:
    branches = Organization.objects.select_related("parent").in_bulk(keys)
    last = next_month(month) - date.resolution
    names = OrganizationPeriod.objects.names_on(last, branches.values())
    lines = []
    for key in keys:
        branch, above = branches[key], branches[key].parent
        his = may(user, roles.VIEW_DUES_TOTALS, branch.path)
        opens = may(user, roles.VIEW_DUES, branch.path)
        lines.append(
            Line(
                branch,
                str(branch) if his else names[key],
                above if above and may(user, roles.VIEW_DUES_TOTALS, above.path) else None,
                summary[key],
                _people(branch, month) if opens else "",
                _behind(branch, month) if opens else "",
            )
        )
    return lines


def _people(branch: Organization, month: date) -> str:
    return address_of("dues_collection", branch, year=month.year)


def _behind(organization: Organization, month: date) -> str:
    return address_of("dues_arrears", organization, month=written(month))


def _total(summary: dict[int, BranchMonth]) -> BranchMonth:
    total = BranchMonth()
    for sums in summary.values():
        for field in fields(BranchMonth):
            setattr(total, field.name, getattr(total, field.name) + getattr(sums, field.name))
    return total


admin.site.page(  # type: ignore[attr-defined]
    "dues/",
    desk,
    "dues",
    roles.VIEW_DUES_TOTALS,
    Place(_("Dues"), "dues", roles.VIEW_DUES_TOTALS, 25, "dues"),
)
