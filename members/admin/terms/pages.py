"""What the pages of terms have in common: whose they are, and the tabs from each to the others."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, may
from branches.rules import roles
from members.admin import doors
from members.admin.asking import organization_asked
from members.admin.deeds import DeedForm
from members.admin.doors import Door
from members.models import Member, Office
from registry.admin.autocomplete import ScopedAutocomplete
from registry.forms import DayField
from registry.plain_text import PlainTexts

DOORS = (
    Door(_("Terms of office"), "terms", roles.VIEW),
    Door(_("Committees"), "terms_committees", roles.VIEW),
    Door(_("Elections"), "terms_elections", roles.VIEW),
    Door(_("Notices"), "terms_notices", roles.VIEW),
    Door(_("Party workers"), "terms_workers", roles.VIEW),
)


class TermsForm(PlainTexts, DeedForm):
    """A form that a verb of terms answers."""


class SomebodyForm(TermsForm):
    """Asks for a member, or for the name of somebody from elsewhere."""

    member = forms.ModelChoiceField(
        label=_("member"),
        required=False,
        queryset=Member.objects.none(),
        widget=ScopedAutocomplete(Office._meta.get_field("member"), admin.site),
    )
    name_from_elsewhere = forms.CharField(
        label=_("name"),
        required=False,
        max_length=50,
        help_text=_("Of somebody who is no member here."),
    )


class DayForm(TermsForm):
    on = DayField(label=_("on"), initial=timezone.localdate)


def page(
    request: HttpRequest, template: str, organization: Organization, here: str, **more: Any
) -> HttpResponse:
    """Return a page of terms with its tabs; ``here`` is the address name of the one that is
    open."""
    may_change = may(request.user, roles.CHANGE_ORGANIZATION, organization.path)
    return doors.page(
        request,
        f"admin/members/terms/{template}.html",
        DOORS,
        organization,
        here,
        **{"may_change": may_change, **more},
    )


deed = partial(doors.deed, page)


def organization_to_change(request: HttpRequest) -> Organization:
    """Return the organisation of the address; 403 where the user only reads it, 404 as ever."""
    organization = organization_asked(request, roles.VIEW)
    if not may(request.user, roles.CHANGE_ORGANIZATION, organization.path):
        raise PermissionDenied
    return organization
