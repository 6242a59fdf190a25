"""Of which organisation a page is asked, among those of its reader."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.models.grants import granted
from members.models import Office
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


def asking(
    request: HttpRequest, form: type[Asking], verb: str, **unsaid: Any
) -> tuple[Organization, Asking]:
    """Return whose page is asked for, and the form above it; ``unsaid`` where nothing is said."""
    organization = organization_asked(request, verb)
    data = unsaid | {name: value for name, value in request.GET.items() if value}
    data["organization"] = organization.pk
    return organization, form(data, Organization.objects.visible_to(request.user, verb))


def record_to(request: HttpRequest, verb: str, rows: Any, pk: int) -> Any:
    """Return the record with this key, where the user has ``verb``; 404 for any other."""
    return get_object_or_404(rows.visible_to(request.user, verb), pk=pk)
