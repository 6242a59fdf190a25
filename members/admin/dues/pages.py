"""What the pages of dues have in common: whose they are, the way to each other, and their forms."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, may
from branches.rules import roles
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


def address_of(url_name: str, organization: Organization | int, **more: Any) -> str:
    pk = organization if isinstance(organization, int) else organization.pk
    return f"{reverse(f'admin:{url_name}')}?{urlencode({'organization': pk, **more})}"


def doors_of(
    user: Any, organization: Organization | None, here: str
) -> list[tuple[Any, str, bool]]:
    """Return the pages of dues that ``user`` may open, each with its address, and whether it is
    the one whose address name is ``here``; none without an organisation."""
    if organization is None:
        return []
    return [
        (door.label, address_of(door.url_name, organization), door.url_name == here)
        for door in DOORS
        if may(user, door.verb, organization.path)
    ]


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
    form_media = [more[name].media for name in ("asking", "form") if more.get(name) is not None]
    context = {
        **admin.site.each_context(request),
        "title": next(f"{door.label}" for door in DOORS if door.url_name == here),
        "organization": organization,
        "doors": doors_of(request.user, organization, here),
        "back": address_of(here, organization),
        "once": request.POST.get("once") or secrets.token_urlsafe(16),
        "media": sum(form_media, forms.Media()),
        **more,
    }
    return TemplateResponse(request, f"admin/members/dues/{template}.html", context)
