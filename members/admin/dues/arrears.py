"""Who has not paid: whom to remind, whom to talk to, whom the committee should hear of.

A flag is for the committee to look at; it has no consequence here. What was paid too much stands
beside it, as of today. Arrears follow the tree of the end of the month: who and what has left the
reader's rows since is named as it was then, and opens nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from branches.models import Organization, OrganizationPeriod, Subtree, may
from branches.rules import roles
from members.admin.asking import AskingForm, asking
from members.admin.doors import address_of
from members.admin.dues.fields import MonthField
from members.admin.dues.pages import page
from members.models import DuesStanding, Member
from members.models.dues.arrears import ArrearsLine, arrears_of, at_the_end
from members.rules.dues_months import ARREARS_LEVELS, next_month, written
from registry.language import labelled, said
from registry.money import ZERO

SHOWN = 100  # people on one page
ALL_LEVELS = ("", _("all"))


class ArrearsForm(AskingForm):
    month = MonthField(label=_("at the end of"))
    level = forms.ChoiceField(label=_("what is to be done"), required=False)

    def __init__(self, data: Any, own: Any) -> None:
        super().__init__(data, own)
        levels = labelled([(each.code, each.label) for each in ARREARS_LEVELS.values()])
        self.fields["level"].choices = [ALL_LEVELS, *levels]  # type: ignore[attr-defined]


@dataclass
class BranchArrears:
    """What is open and what was overpaid in one branch."""

    branch: Organization | None = None
    name: str = ""
    url: str = ""  # of its own list; none where it has left the reader's rows
    levels: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ARREARS_LEVELS, 0))
    amount: Decimal = ZERO
    over: Decimal = ZERO

    @property
    def people(self) -> int:
        return sum(self.levels.values())


@dataclass(frozen=True)
class Debtor:
    """One member on the list; ``member`` is None where he has left the reader's rows since."""

    name: str
    member: Member | None
    branch: str
    line: ArrearsLine
    level: str
    sheet: str


@require_safe
def arrears(request: HttpRequest) -> HttpResponse:
    organization, form = asking(
        request, ArrearsForm, roles.VIEW_DUES, month=written(timezone.localdate())
    )
    more: dict[str, Any] = {"asking": form}
    if form.is_valid():
        more |= _listed(request, organization, form.cleaned_data["month"], form)
    return page(request, "arrears", organization, "dues_arrears", **more)


def _listed(
    request: HttpRequest, organization: Organization, month: date, form: ArrearsForm
) -> dict[str, Any]:
    level = form.cleaned_data["level"]
    lines = arrears_of(organization, month)
    overpaid = (
        DuesStanding.objects.visible_to(request.user)
        .filter(
            over__gt=0,
            member__organization__path__gte=organization.path,
            member__organization__path__lt=organization.end_path,
        )
        .order_by("member__organization__path", "member__pk")
    )
    branches = _branches(request.user, organization, lines, overpaid, month)
    place = {each.branch.pk: (n, each) for n, each in enumerate(branches) if each.branch}
    kept = [line for line in lines if not level or line.level == level]
    kept.sort(
        key=lambda line: (place[line.organization_id][0], -line.open.in_a_row, line.member_id)
    )
    shown = Paginator(kept, SHOWN).get_page(request.GET.get("page"))
    names = {each.code: said(each.label) for each in ARREARS_LEVELS.values()}
    return {
        "month": month,
        "levels": names,
        "branches": branches,
        "total": _total(branches),
        "debtors": _debtors(
            request.user, list(shown), {pk: branch for pk, (_n, branch) in place.items()}, month
        ),
        "shown": shown,
        "overpaid": Paginator(overpaid.select_related("member__organization"), SHOWN).get_page(
            request.GET.get("over")
        ),
        "query": f"month={written(month)}&level={level}",
    }


def _debtors(
    user: Any, shown: list[ArrearsLine], branches: dict[int, BranchArrears], month: date
) -> list[Debtor]:
    keys = [line.member_id for line in shown]
    people = Member.objects.visible_to(user, roles.VIEW_DUES).in_bulk(keys)
    called = dict(Member.objects.filter(pk__in=keys).values_list("pk", "name"))
    debtors = []
    for line in shown:
        branch = branches[line.organization_id]
        sheet = address_of("dues_collection", line.organization_id, year=month.year)
        debtors.append(
            Debtor(
                called[line.member_id],
                people.get(line.member_id),
                branch.name,
                line,
                said(ARREARS_LEVELS[line.level].label),
                sheet if branch.url else "",
            )
        )
    return debtors


def _branches(
    user: Any,
    organization: Organization,
    lines: list[ArrearsLine],
    overpaid: QuerySet[DuesStanding],
    month: date,
) -> list[BranchArrears]:
    """Return the branches in which something is open or overpaid, in the order of the tree."""
    found: dict[int, BranchArrears] = defaultdict(BranchArrears)
    for line in lines:
        branch = found[line.organization_id]
        branch.levels[line.level] += 1
        branch.amount += line.open.amount
    sums = overpaid.order_by().values_list("member__organization").annotate(Sum("over"))
    for pk, over in sums:
        found[pk].over = over
    there = at_the_end(organization, month).holds("pk") | Subtree.now(organization).holds("pk")
    rows = Organization.objects.filter(there).order_by("path")
    known = [each for each in rows if each.pk in found]
    gone = [each for each in known if not may(user, roles.VIEW_DUES, each.path)]
    names = OrganizationPeriod.objects.names_on(next_month(month) - date.resolution, gone)
    for each in known:
        branch = found[each.pk]
        branch.branch, branch.name = each, names.get(each.pk, str(each))
        if each.pk not in names:
            branch.url = address_of("dues_arrears", each, month=written(month))
    return [found[each.pk] for each in known]


def _total(branches: list[BranchArrears]) -> BranchArrears:
    total = BranchArrears()
    for each in branches:
        total.amount += each.amount
        total.over += each.over
        for level, people in each.levels.items():
            total.levels[level] += people
    return total


admin.site.page("dues/arrears/", arrears, "dues_arrears", roles.VIEW_DUES)  # type: ignore[attr-defined]
