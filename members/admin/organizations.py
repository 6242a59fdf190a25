"""Organisations with their people: the numbers in the list, and Party groups that are not empty."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from branches.admin.organizations import OrganizationPages, PartyGroupInline
from branches.models import Organization
from members.models import Member, OwnField
from members.models.headcounts import heads_of


class GroupFormSet(forms.BaseInlineFormSet):
    """A Party group goes only when it is empty: its members would lose it unseen."""

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if people := Member.objects.filter(party_group=form.instance.pk).count():
                text = ngettext(
                    "“%(name)s” has %(count)s member. Move him to another Party group first.",
                    "“%(name)s” has %(count)s members. Move them to another Party group first.",
                    people,
                )
                raise ValidationError(text % {"name": form.instance.name, "count": people})


class GroupInline(PartyGroupInline):
    formset = GroupFormSet


@admin.register(Organization)
class OrganizationAdmin(OrganizationPages):
    list_display = (
        "shown_name", "code", "kind_and_sort", "full_count", "probationary_count", "unit_names",
        "area", "contact", "phone",
    )  # fmt: skip
    inlines = (GroupInline,)

    def history_of(self, obj: Any) -> Any:
        return [*super().history_of(obj), (OwnField, obj.own_fields.values_list("pk", flat=True))]

    def get_list_select_related(self, request: HttpRequest) -> tuple[str, ...]:
        return ("area", "headcount")

    def full_count(self, organization: Any) -> int:
        return heads_of(organization)[0]

    full_count.short_description = _("full members")  # type: ignore[attr-defined]

    def probationary_count(self, organization: Any) -> int:
        return heads_of(organization)[1]

    probationary_count.short_description = _("probationary")  # type: ignore[attr-defined]
