"""The pages on which an organisation is renamed, moved, changed in kind or dissolved.

Each asks for the day and the document number, and shows everything that speaks against it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.admin.choosing import OrganizationField
from branches.admin.organizations import kind_in_words, page_of, refuse_future
from branches.models import Organization, choices
from branches.rules import roles
from members.models.headcounts import heads_of
from members.models.reorganizing import (
    change_kind_of_organization,
    dissolve_organization,
    move_organization,
)
from registry.forms import DayField
from registry.login.kept_forms import keeps_form, typed_before
from registry.models import StaleRecord
from registry.plain_text import PlainTexts


class ChangeForm(PlainTexts, forms.Form):
    """A change of one organisation: from which day, by which document."""

    title: str | Promise
    button: str | Promise
    done: str | Promise

    on = DayField(
        label=pgettext_lazy("change", "from"), initial=timezone.localdate, widget=AdminDateWidget
    )
    document = forms.CharField(label=_("document number"), max_length=100, required=False)

    def __init__(self, data: Any, organization: Organization, user: Any) -> None:
        super().__init__(data, initial=self.initial_of(organization), label_suffix="")
        self.organization = organization
        for field in self.fields.values():
            if isinstance(field, OrganizationField):
                field.limit_to(user)
        self.order_fields([name for name in self.fields if name not in {"on", "document"}])

    def initial_of(self, organization: Organization) -> dict[str, Any]:
        return {}

    def clean_on(self) -> Any:
        refuse_future(self.cleaned_data["on"])
        return self.cleaned_data["on"]

    def change(self) -> None:
        raise NotImplementedError

    def is_done(self) -> bool:
        """Run the verb; what it objects to stands at the fields, and nothing is changed."""
        if not self.is_valid():
            return False
        try:
            self.change()
        except ValidationError as error:
            for name, found in error.update_error_dict({}).items():
                self.add_error(name if name in self.fields else None, list(found))
        except (IntegrityError, StaleRecord):
            sentence = _now("Somebody else saved the same at this moment. Look, and save again.")
            self.add_error(None, sentence)
        return not self.errors

    def consequences(self) -> list[str]:
        """Return what will follow, before anything has happened."""
        return []


class RenameForm(ChangeForm):
    title, button, done = _("Rename %(name)s"), _("Rename"), _("The new name is entered.")

    name = forms.CharField(label=_("full name"), max_length=100, help_text=_("As on the seal."))
    short_name = forms.CharField(label=_("short name"), max_length=50, required=False)

    def initial_of(self, organization: Organization) -> dict[str, Any]:
        return {"name": organization.name, "short_name": organization.short_name}

    def change(self) -> None:
        asked = self.cleaned_data
        self.organization.rename(
            asked["name"], asked["short_name"], on=asked["on"], document=asked["document"]
        )

    def consequences(self) -> list[str]:
        return [_now("Papers and lists as at an earlier day keep the old name.")]


class MoveForm(ChangeForm):
    title, button, done = _("Move %(name)s under another superior"), _("Move"), _("It has moved.")

    parent = OrganizationField(roles.CHANGE_TREE, label=_("new superior"))

    def change(self) -> None:
        asked = self.cleaned_data
        move_organization(self.organization, asked["parent"], asked["on"], asked["document"])

    def consequences(self) -> list[str]:
        below = Organization.objects.standing().under(self.organization).count() - 1
        full, probationary = heads_of(self.organization)
        return [
            _now("Organisations that move along: %(count)s.") % {"count": below},
            _now("Members that move along, full and probationary: %(full)s + %(probationary)s.")
            % {"full": full, "probationary": probationary},
            _now("Whoever sees the old superior only, sees them no longer."),
        ]


class KindForm(ChangeForm):
    title, button, done = (
        _("Change the kind of %(name)s"),
        _("Change kind"),
        _("The new kind is entered."),
    )

    kind = forms.ChoiceField(label=_("kind"), choices=choices.kinds)
    sort = forms.ChoiceField(label=_("sort of branch"), choices=choices.sorts)

    def initial_of(self, organization: Organization) -> dict[str, Any]:
        return {"kind": organization.kind, "sort": organization.sort}

    def change(self) -> None:
        asked = self.cleaned_data
        change_kind_of_organization(
            self.organization, asked["kind"], asked["sort"], asked["on"], asked["document"]
        )


class DissolveForm(ChangeForm):
    title, button, done = _("Dissolve %(name)s"), _("Dissolve"), _("It is dissolved.")

    def change(self) -> None:
        asked = self.cleaned_data
        dissolve_organization(self.organization, asked["on"], asked["document"])

    def consequences(self) -> list[str]:
        return [_now("It stays in the chronicle and on papers as at an earlier day.")]


def change_page(request: HttpRequest, pk: int, form_class: type[ChangeForm]) -> HttpResponse:
    """Only below his own organisation does a clerk change the tree; all else is not there."""
    rows = Organization.objects.reorganizable_by(request.user).select_related("headcount")
    organization = get_object_or_404(rows, pk=pk)
    data = request.POST if request.method == "POST" else typed_before(request)
    form = form_class(data, organization, request.user)
    if request.method == "POST" and form.is_done():
        messages.success(request, str(form.done))
        if sentence := form.said_of_signs():
            messages.warning(request, sentence)
        return HttpResponseRedirect(page_of(organization))
    context = {
        **admin.site.each_context(request),
        "title": form.title % {"name": organization},
        "organization": organization,
        "kind": kind_in_words(organization),
        "back": page_of(organization),
        "form": form,
        "button": form.button,
        "consequences": form.consequences(),
        "media": admin.site.get_model_admin(Organization).media + form.media,
    }
    return TemplateResponse(request, "admin/branches/organization_change.html", context)


for name, form_class in (
    ("rename", RenameForm),
    ("move", MoveForm),
    ("kind", KindForm),
    ("dissolve", DissolveForm),
):
    view = keeps_form(partial(change_page, form_class=form_class))
    admin.site.page(  # type: ignore[attr-defined]
        f"organizations/<int:pk>/{name}/", view, f"organization_{name}", roles.CHANGE_TREE
    )
