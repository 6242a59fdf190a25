"""What every page of dues is asked: of which organisation, and of which year."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from members.models import Office
from members.rules.ledger import FIRST_MONTH
from registry.admin.autocomplete import ScopedAutocomplete, keys_among


def organization_asked(request: HttpRequest, verb: str) -> Organization:
    """Return the organisation in the address, the user's own topmost where none is named.

    One of somebody else's and one that never was get the same answer: 404.
    """
    own = Organization.objects.visible_to(request.user, verb)
    asked = request.GET.get("organization", "")
    if asked:
        own = own.filter(pk__in=keys_among([asked]))
    found: Organization | None = own.order_by("path").first()
    if found is None:
        raise Http404
    return found


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


class AskingForm(forms.Form):
    """The organisation and the year, to choose others."""

    organization = forms.ModelChoiceField(
        label=_("organisation"),
        queryset=Organization.objects.none(),
        # Any field that points at every kind of organisation.
        widget=ScopedAutocomplete(Office._meta.get_field("organization"), admin.site),
    )
    year = forms.TypedChoiceField(label=_("year"), coerce=int)

    def __init__(self, user: Any, verb: str, organization: Organization, year: int) -> None:
        super().__init__(initial={"organization": organization.pk, "year": year}, label_suffix="")
        fields: Any = self.fields
        fields["organization"].queryset = Organization.objects.visible_to(user, verb)
        latest = timezone.localdate().year + 1
        years = sorted({year, *range(latest, latest - 5, -1)}, reverse=True)
        fields["year"].choices = [(each, f"{each}") for each in years]
