"""What every page of dues is asked: of which organisation, and of which year."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.models.grants import granted
from branches.rules import hierarchy, roles
from members.models import Office
from members.rules.ledger import FIRST_MONTH
from registry.admin.autocomplete import ScopedAutocomplete, keys_among


class AskingForm(forms.Form):
    """Of which organisation a page is; what else it asks is said by a page of its own."""

    organization = forms.ModelChoiceField(
        label=_("organisation"),
        queryset=Organization.objects.none(),
        # Any field that points at every kind of organisation.
        widget=ScopedAutocomplete(Office._meta.get_field("organization"), admin.site),
    )

    def __init__(self, data: Any, own: Any) -> None:
        super().__init__(data, label_suffix="")
        self.fields["organization"].queryset = own  # type: ignore[attr-defined]


class YearAskingForm(AskingForm):
    """The organisation and one of the last years, or the next."""

    year = forms.TypedChoiceField(label=_("year"), coerce=int)

    def __init__(self, data: Any, own: Any) -> None:
        super().__init__(data, own)
        latest = timezone.localdate().year + 1
        years = sorted({int(data["year"]), *range(latest, latest - 5, -1)}, reverse=True)
        self.fields["year"].choices = [(each, f"{each}") for each in years]  # type: ignore[attr-defined]


Asking = TypeVar("Asking", bound=AskingForm)


def organization_asked(request: HttpRequest, verb: str) -> Organization:
    """Return the organisation that the address names; one's own topmost where it names none.

    Raises Http404 for somebody else's and for one that never was, with the same words.
    """
    own = Organization.objects.visible_to(request.user, verb).order_by("path")
    asked = request.GET.get("organization", "")
    found: Organization | None = granted(request.user, verb, asked)
    if found is None and asked:
        found = own.filter(pk__in=keys_among([asked])).first()
    elif found is None:
        found = own.standing().first() or own.first()
    if found is None:
        raise Http404(_now("There is no such organisation."))
    return found


def branch_asked(request: HttpRequest) -> Organization | None:
    """Return the organisation that the address names; the first branch of one's own, if there is
    any, where it names none."""
    if request.GET.get("organization"):
        return organization_asked(request, roles.VIEW_DUES)
    own = Organization.objects.visible_to(request.user, roles.VIEW_DUES).standing()
    return own.filter(kind=hierarchy.BRANCH).order_by("path").first()


def asking(
    request: HttpRequest, form: type[Asking], verb: str, **unsaid: Any
) -> tuple[Organization, Asking]:
    """Return whose page is asked for, and the form above it; ``unsaid`` where nothing is said."""
    organization = organization_asked(request, verb)
    data = unsaid | {name: value for name, value in request.GET.items() if value}
    data["organization"] = organization.pk
    return organization, form(data, Organization.objects.visible_to(request.user, verb))


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
