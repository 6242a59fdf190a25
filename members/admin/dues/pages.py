"""What the pages of dues have in common: whose they are, the way to each other, and their forms."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, may
from branches.rules import roles
from members.models import Office
from registry.admin.autocomplete import ScopedAutocomplete, keys_among
from registry.admin.saving import is_sent_again
from registry.login.kept_forms import typed_before


@dataclass(frozen=True)
class Door:
    """One page of dues, for whoever carries ``verb`` at the organisation."""

    label: str | Promise
    url_name: str
    verb: str


DOORS = (
    Door(_("Overview"), "dues", roles.VIEW_DUES_TOTALS),
    Door(_("Collection"), "dues_collection", roles.VIEW_DUES),
    Door(_("Assessment"), "dues_assessment", roles.VIEW_DUES),
    Door(_("Arrears"), "dues_arrears", roles.VIEW_DUES),
    Door(_("Months"), "dues_months", roles.VIEW_DUES_TOTALS),
    Door(_("Account book"), "dues_accounts", roles.VIEW_DUES_TOTALS),
    Door(_("Remittances"), "dues_remittances", roles.VIEW_DUES_TOTALS),
    Door(_("Returns"), "dues_returns", roles.VIEW_DUES_TOTALS),
    Door(_("Policies"), "dues_policies", roles.VIEW_DUES_TOTALS),
)


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


class DeedForm(forms.Form):
    """A form that a verb of the ledger answers; what the verb objects to stands at its fields."""

    # The verbs name columns, the form may ask for them under another name.
    renamed: dict[str, str] = {}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)

    def object_to(self, error: ValidationError) -> None:
        for name, found in error.update_error_dict({}).items():
            field = self.renamed.get(name, name)
            self.add_error(field if field in self.fields else NON_FIELD_ERRORS, found)


def organization_of(request: HttpRequest, verb: str) -> Organization:
    """Return the organisation that the address names; one's own where it names none.

    Raises Http404 for somebody else's and for one that never was.
    """
    own = Organization.objects.visible_to(request.user, verb).order_by("path")
    asked = request.GET.get("organization")
    if asked:
        found = own.filter(pk__in=keys_among([asked])).first()
    else:
        found = own.standing().first() or own.first()
    if found is None:
        raise Http404(_now("There is no such organisation."))
    return found


def asking(
    request: HttpRequest, form: type[Asking], verb: str, **unsaid: Any
) -> tuple[Organization, Asking]:
    """Return whose page is asked for, and the form above it; ``unsaid`` where nothing is said."""
    organization = organization_of(request, verb)
    data = unsaid | {name: value for name, value in request.GET.items() if value}
    data["organization"] = organization.pk
    return organization, form(data, Organization.objects.visible_to(request.user, verb))


def address_of(url_name: str, organization: Organization | int, **more: Any) -> str:
    pk = organization if isinstance(organization, int) else organization.pk
    return f"{reverse(f'admin:{url_name}')}?{urlencode({'organization': pk, **more})}"


def typed(request: HttpRequest) -> Any:
    """Return what was typed: now, or before the session had ended."""
    return request.POST if request.method == "POST" else typed_before(request)


def is_done(request: HttpRequest, form: DeedForm, deed: Callable[..., Any]) -> bool:
    """Do ``deed`` with what the form says, and return whether it is done.

    What it objects to stands in the form. A form that is sent twice does it once.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        with transaction.atomic():
            if not is_sent_again(request):
                deed(**form.cleaned_data)
    except ValidationError as error:
        form.object_to(error)
        return False
    return True


def page(
    request: HttpRequest,
    template: str,
    organization: Organization,
    here: str,
    **more: Any,
) -> HttpResponse:
    """Return a page of dues with its tabs; ``here`` is the address name of the one that is open."""
    doors = [
        (door.label, address_of(door.url_name, organization), door.url_name == here)
        for door in DOORS
        if may(request.user, door.verb, organization.path)
    ]
    form_media = [more[name].media for name in ("asking", "form") if more.get(name) is not None]
    context = {
        **admin.site.each_context(request),
        "title": next(f"{door.label}" for door in DOORS if door.url_name == here),
        "organization": organization,
        "doors": doors,
        "back": address_of(here, organization),
        "once": request.POST.get("once") or secrets.token_urlsafe(16),
        "media": sum(form_media, forms.Media()),
        **more,
    }
    return TemplateResponse(request, f"admin/members/dues/{template}.html", context)
