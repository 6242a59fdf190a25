"""What stands below a member: the stays in branches, which only verbs write, and the offices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import roles, tree
from members.admin.standing.warned import post_under_discipline
from members.models import Member, Office, Placement
from members.rules import offices
from registry.admin import ScopedInline
from registry.admin.history import UNSEEN
from registry.language import said
from registry.sentences import ERROR


class PlacementInline(ScopedInline):
    """Where the member has belonged; organisations outside the reader's rows stay unnamed."""

    model = Placement
    add_verb = change_verb = None
    fields = readonly_fields = ("branch", "placed_from", "placed_until", "began", "ended")
    verbose_name_plural = _("stays")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Placement]:
        self._seen = Organization.objects.visible_to(request.user)
        stays: QuerySet[Placement] = super().get_queryset(request).order_by("placed_from", "id")
        return stays

    @admin.display(description=_("branch"))
    def branch(self, stay: Placement) -> str:
        return names_seen(self._seen, [stay.organization_id]).get(stay.organization_id, UNSEEN)


def names_seen(seen: QuerySet[Organization], ids: list[int]) -> dict[int, str]:
    """Return the names of those organisations that are among ``seen``."""
    return {each.pk: str(each) for each in seen.filter(pk__in=ids)}


class OfficeForm(forms.ModelForm):
    """One office of the member; what only looks odd about it is said after saving."""

    instance: Office
    reader: Any = None  # who is told what few may see

    class Meta:
        model = Office
        fields = ("post", "organization", "body", "held_from", "held_until", "full_time")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes: list[str] = []

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors or not self.has_changed():
            return
        for objection in self._objections():
            if objection.level == ERROR:
                self.add_error(
                    objection.field if objection.field in self.fields else None, said(objection)
                )
            else:
                self.notes.append(said(objection))

    def _objections(self) -> list[Any]:
        office, member = self.instance, self.instance.member
        top = office.organization
        others = Office.objects.filter(organization=top, body=office.body).exclude(member=member)
        belongs = member is not None and (
            top.path <= member.organization.path < tree.end_of(top.path)
        )
        found = offices.objections(
            offices.Held(office.post, office.held_from, office.held_until),
            [offices.Held(each.post, each.held_from, each.held_until) for each in others],
            from_elsewhere=not belongs,
            kind=member.kind if member else "",
            founded_on=top.founded_on,
        )
        return [*found, *post_under_discipline(member, office.held_from, self.reader)]


class OfficeInline(ScopedInline):
    """The offices of the member in his own branch and above it, as far as the clerk keeps those."""

    model = Office
    form = OfficeForm
    fields = ("post", "organization", "body", "held_from", "held_until", "full_time")
    add_verb = change_verb = roles.CHANGE
    choice_verbs = {"organization": roles.CHANGE_ORGANIZATION}
    verbose_name_plural = _("offices")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Office]:
        kept = Office.objects.visible_to(request.user, roles.CHANGE_ORGANIZATION)
        if not self._may(request, roles.CHANGE_ORGANIZATION, None):
            kept = Office.objects.visible_to(request.user)
        return kept.select_related("organization").order_by("-held_from", "id")

    def get_formset(self, request: HttpRequest, obj: Member | None = None, **kwargs: Any) -> Any:
        self._member = obj
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.reader = request.user  # a class made for this request
        return formset

    def choices_of(self, request: HttpRequest, field: Any) -> QuerySet[Any]:
        rows = super().choices_of(request, field)
        if field.name == "organization" and self._member is not None:
            own = self._member.organization.path
            rows = rows.filter(path__in=[*tree.ancestors_of(own), own])
        return rows
