"""The own fields of an organisation: what it keeps of its members beside the register's columns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from branches.admin.organizations import page_of
from branches.models import Organization
from branches.rules import roles
from members.models import OwnField
from members.models.own_fields import LONGEST_NAME, cleaned_name
from members.sheets.own_fields import refuse_known_heading
from registry.login.kept_forms import keeps_form, typed_before


class OwnFieldForm(forms.Form):
    """The name of a field that ``organization`` is going to keep."""

    name = forms.CharField(
        label=_("name of the field"),
        max_length=LONGEST_NAME,
        help_text=_("As the heading of the column in your own sheets. It cannot be changed later."),
    )

    def __init__(self, data: Any, organization: Organization) -> None:
        super().__init__(data, label_suffix="")
        self.organization = organization

    def clean_name(self) -> str:
        name = cleaned_name(self.cleaned_data["name"])
        refuse_known_heading(name)
        held = OwnField.objects.for_path(self.organization.path).filter(name=name)
        if known := held.select_related("organization").first():
            raise ValidationError(
                _now("“%(name)s” holds here already; it is kept by %(organization)s.")
                % {"name": name, "organization": known.organization}
            )
        return name


class ErasingForm(forms.Form):
    """The yes to an erasing: it is meant for as many people as the page has told of."""

    people = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, people: int) -> None:
        super().__init__(data)
        self.now = people

    def clean_people(self) -> int:
        people: int = self.cleaned_data["people"]
        if people != self.now:
            raise ValidationError(
                _now(
                    "The values have changed in the meantime. Look at the number, and decide again."
                )
            )
        return people


def page_of_own_fields(organization: Organization) -> str:
    return reverse("admin:organization_own_fields", args=[organization.pk])


@keeps_form
def own_fields_page(request: HttpRequest, pk: int) -> HttpResponse:
    kept = Organization.objects.visible_to(request.user, roles.CHANGE_ORGANIZATION).standing()
    organization = get_object_or_404(kept, pk=pk)
    data = request.POST if request.method == "POST" else typed_before(request)
    form = OwnFieldForm(data, organization)
    if request.method == "POST" and form.is_valid():
        OwnField.keep(organization, [form.cleaned_data["name"]])
        text = _now("“%(name)s” was added. It stands on the form of every member here and below.")
        messages.success(request, text % {"name": form.cleaned_data["name"]})
        return HttpResponseRedirect(page_of_own_fields(organization))
    context = {
        **admin.site.each_context(request),
        "title": _now("Own fields of %(name)s") % {"name": organization},
        "organization": organization,
        "back": page_of(organization),
        "form": form,
        "own_fields": OwnField.objects.for_path(organization.path).once_each(),
    }
    return TemplateResponse(request, "admin/members/own_fields.html", context)


def erase_page(request: HttpRequest, pk: int) -> HttpResponse:
    kept = OwnField.objects.visible_to(request.user, roles.CHANGE_ORGANIZATION)
    field = get_object_or_404(kept.select_related("organization"), pk=pk)
    people = len(field.holders())
    form = ErasingForm(request.POST if request.method == "POST" else None, people)
    if request.method == "POST" and form.is_valid():
        field.erase()
        messages.success(request, _now("“%(name)s” was deleted.") % {"name": field.name})
        return HttpResponseRedirect(page_of_own_fields(field.organization))
    told = ngettext(
        "%(count)s member holds a value in this field.",
        "%(count)s members hold a value in this field.",
        people,
    )
    context = {
        **admin.site.each_context(request),
        "title": _now("Delete the own field “%(name)s”") % {"name": field.name},
        "organization": field.organization,
        "back": page_of_own_fields(field.organization),
        "form": form,
        "people": people,
        "told": told % {"count": people},
    }
    return TemplateResponse(request, "admin/members/own_field_erase.html", context)


admin.site.page(  # type: ignore[attr-defined]
    "organizations/<int:pk>/own-fields/",
    own_fields_page,
    "organization_own_fields",
    roles.CHANGE_ORGANIZATION,
)
admin.site.page(  # type: ignore[attr-defined]
    "own-fields/<int:pk>/erase/", erase_page, "own_field_erase", roles.CHANGE_ORGANIZATION
)
