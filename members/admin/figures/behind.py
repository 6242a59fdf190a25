"""The list behind a number of the statistics or of the work report, made by the same question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_safe

from branches.models import Organization
from branches.rules import hierarchy, roles
from members.admin.figures.asking import StatisticsForm
from members.admin.figures.labels import BALANCE, ORGANIZATIONS, label_of
from members.models import Member
from members.models.figures.balancing import balance_of
from members.models.figures.chosen import ONE_DAY
from members.models.figures.counting import GROUPS, TOTAL, stays_behind
from members.rules.figures import CLOSING, LINES, OPENING

SHOWN = 100


@dataclass(frozen=True)
class Row:
    """One line of a list: who or what, where, on which day; ``url`` only where one may open it."""

    name: str
    url: str = ""
    place: str = ""
    on: date | None = None
    words: str = ""


@require_safe
def behind(request: HttpRequest) -> HttpResponse:
    """The people, or the organisations, that one number counts."""
    asked = StatisticsForm(request)
    if not asked.is_valid():
        raise Http404(_now("There is no such list."))
    group, code = request.GET.get("group", ""), request.GET.get("code", "")
    try:
        label = label_of(group, code)
        entries = _entries(asked, group, code)
    except (KeyError, StopIteration):
        raise Http404(_now("There is no such list.")) from None
    shown = Paginator(entries, SHOWN).get_page(request.GET.get("page"))
    if group == ORGANIZATIONS:
        rows = rows_of_organizations(request.user, shown)
    elif group == BALANCE and code not in (OPENING, CLOSING):
        rows = rows_of_people(
            request.user, [(each.member_id, each.organization_id, each.on) for each in shown]
        )
    else:
        rows = rows_of_people(
            request.user, [(each.member_id, each.organization_id, None) for each in shown]
        )
    return list_page(
        request,
        title=label,
        organization=asked.chosen,
        shown=shown,
        rows=rows,
        back=asked.address("statistics"),
        query=asked.address("figures_behind", group=group, code=code).partition("?")[2],
    )


def _entries(asked: StatisticsForm, group: str, code: str) -> Any:
    chosen, on = asked.chosen, asked.cleaned_data["on"]
    if group == ORGANIZATIONS:
        standing = chosen.periods_on(on).order_by("path")
        if code == TOTAL:
            return standing
        if code not in hierarchy.KINDS:
            raise KeyError(code)
        return standing.filter(kind=code)
    if group == BALANCE:
        first = date(on.year, 1, 1)
        if code in (OPENING, CLOSING):
            day = on if code == CLOSING else first - ONE_DAY
            return chosen.stays_on(day).order_by("organization__path", "member")
        if code not in LINES:
            raise KeyError(code)
        return balance_of(chosen, first, on).behind(code)
    if group not in GROUPS:
        raise KeyError(group)
    return stays_behind(chosen, on, group, code).order_by("organization__path", "member")


def rows_of_people(
    user: Any, people: list[tuple[int | None, int | None, date | None]]
) -> list[Row]:
    """Return lines of members, each with a branch and perhaps a day.

    Who has moved out of the user's rows since is named, as on a roster, and leads nowhere.
    """
    keys = {member for member, _place, _on in people if member}
    members = Member.objects.only("pk", "name").in_bulk(keys)
    open_to_him = set(
        Member.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)
    )
    places = Organization.objects.in_bulk({place for _member, place, _on in people if place})
    return [
        Row(
            name=members[member].name if member else "",
            url=reverse("admin:members_member_change", args=[member])
            if member in open_to_him
            else "",
            place=str(places[place]) if place else "",
            on=on,
        )
        for member, place, on in people
    ]


def rows_of_organizations(user: Any, periods: Any) -> list[Row]:
    """Return lines of organisations as they were called then."""
    periods = list(periods)
    keys = {each.organization_id for each in periods}
    seen = set(
        Organization.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)
    )
    return [
        Row(
            name=each.name,
            url=reverse("admin:branches_organization_change", args=[each.organization_id])
            if each.organization_id in seen
            else "",
        )
        for each in periods
    ]


def list_page(request: HttpRequest, **more: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), **more}
    return TemplateResponse(request, "admin/members/figures/behind.html", context)


admin.site.page("statistics/behind/", behind, "figures_behind", roles.VIEW)  # type: ignore[attr-defined]
