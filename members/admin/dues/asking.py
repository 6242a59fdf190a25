"""Of which year, and of which branch, a page of dues is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import hierarchy, roles
from members.admin.asking import AskingForm, organization_asked
from members.rules.ledger import FIRST_MONTH


class YearAskingForm(AskingForm):
    """The organisation and one of the last years, or the next."""

    year = forms.TypedChoiceField(label=_("year"), coerce=int)

    def __init__(self, data: Any, own: Any) -> None:
        super().__init__(data, own)
        latest = timezone.localdate().year + 1
        years = sorted({int(data["year"]), *range(latest, latest - 5, -1)}, reverse=True)
        self.fields["year"].choices = [(each, f"{each}") for each in years]  # type: ignore[attr-defined]


def branch_asked(request: HttpRequest) -> Organization | None:
    """Return the organisation that the address names; the first branch of one's own, if there is
    any, where it names none."""
    if request.GET.get("organization"):
        return organization_asked(request, roles.VIEW_DUES)
    own = Organization.objects.visible_to(request.user, roles.VIEW_DUES).standing()
    return own.filter(kind=hierarchy.BRANCH).order_by("path").first()


def year_asked(request: HttpRequest) -> int:
    """Return the year in the address, this one where none is named; 404 for one without dues."""
    asked = request.GET.get("year", "")
    this = timezone.localdate().year
    if not asked:
        return this
    known = {f"{year}": year for year in range(FIRST_MONTH.year, this + 2)}
    if asked not in known:
        raise Http404
    return known[asked]


def year_of_sheet(request: HttpRequest, today: date) -> int:
    """Return the year in the address; this one, and a sentence, where it cannot be read.

    What was typed into a sheet is not lost by it.
    """
    try:
        return year_asked(request)
    except Http404:
        messages.error(
            request,
            _now("There is no sheet for “%(year)s”. Choose a year from %(first)s to %(last)s.")
            % {
                "year": request.GET["year"][:20],
                "first": FIRST_MONTH.year,
                "last": today.year + 1,
            },
        )
        return today.year
