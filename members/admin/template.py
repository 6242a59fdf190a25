"""The page that hands out a workbook to fill in, for one of the clerk's branches."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from branches.models import Organization
from branches.rules import roles
from members.models import Member
from members.sheets.template import template_of
from registry.admin.autocomplete import ScopedAutocomplete
from registry.downloads import attachment
from registry.models import acting
from registry.sheets.editing.returned import XLSX_TYPE


class TemplateForm(forms.Form):
    organization = forms.ModelChoiceField(
        queryset=Organization.objects.none(),
        label=_("branch"),
        widget=ScopedAutocomplete(Member._meta.get_field("organization"), admin.site),
        error_messages={
            "required": _("Choose the branch."),
            "invalid_choice": _("This is no branch of yours. Choose one of the list."),
        },
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organization.objects.visible_to(user, roles.IMPORT).visible_to(user, roles.EXPORT)
        branches = mine.standing().that_hold_members()
        self.fields["organization"].queryset = branches  # type: ignore[attr-defined]
        first = branches.order_by("path").first()
        self.fields["organization"].initial = first.pk if first else None


@require_safe
def template(request: HttpRequest) -> HttpResponseBase:
    """The workbook of the branch that the address names; without one, the choice of a branch."""
    asked = request.GET if "organization" in request.GET else None
    form = TemplateForm(asked, user=request.user, label_suffix="")
    if form.is_valid():
        branch = form.cleaned_data["organization"]
        with acting(request.user):
            data = template_of(branch, request.user, timezone.localdate())
        return attachment(f"{branch}党员信息模板.xlsx", data, XLSX_TYPE)
    context = {
        **admin.site.each_context(request),
        "title": _now("A template to fill in"),
        "form": form,
        "media": form.media,
    }
    return TemplateResponse(request, "admin/members/template.html", context)


admin.site.page(  # type: ignore[attr-defined]
    "members/template/", template, "member_template", roles.IMPORT
)
