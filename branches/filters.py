"""The filters above the lists of this app; their choices are rows that the user may see."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.apps import apps
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import Account, Area, AuditEntry, Grant, Organization, Unit, choices
from branches.rules import roles
from registry.admin.autocomplete import ScopedAutocomplete
from registry.models import Action, Record

LARGEST = 2**63 - 1
STANDING, DISSOLVED, ALL = "standing", "dissolved", "all"
STATES = ((STANDING, _("standing")), (DISSOLVED, _("dissolved")), (ALL, _("all")))


class OrganizationFilter(django_filters.FilterSet):
    """What a clerk narrows the list by. The parameters' names stand in links of ours."""

    organization = django_filters.ModelChoiceFilter(
        label=_("organisation"),
        method="filter_organization",
        queryset=lambda request: Organization.objects.visible_to(request.user, roles.VIEW),
        widget=ScopedAutocomplete(Organization._meta.get_field("parent"), admin.site),
    )
    state = django_filters.ChoiceFilter(
        label=_("state"), choices=STATES, method="filter_state", empty_label=None
    )
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=choices.kinds)
    sort = django_filters.ChoiceFilter(label=_("sort of branch"), choices=choices.sorts)
    approves = django_filters.ChoiceFilter(
        label=_("approves probationary members"),
        field_name="approves_members",
        choices=(("True", _("yes")), ("False", _("no"))),
    )
    unit = django_filters.ModelChoiceFilter(
        label=_("unit"),
        field_name="units",
        queryset=lambda request: Unit.objects.visible_to(request.user),
        widget=ScopedAutocomplete(Organization._meta.get_field("units"), admin.site),
    )
    area = django_filters.ModelChoiceFilter(
        label=_("area"), queryset=lambda request: Area.objects.visible_to(request.user)
    )

    class Meta:
        model = Organization
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        """What stands now, unless another state is asked for."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.standing()

    def filter_organization(self, rows: Any, _name: str, top: Organization) -> Any:
        return rows.under(top)

    def filter_state(self, rows: Any, _name: str, state: str) -> Any:
        if state == DISSOLVED:
            return rows.filter(dissolved_on__isnull=False)
        return rows.standing() if state == STANDING else rows


class AccountFilter(django_filters.FilterSet):
    open = django_filters.ChoiceFilter(
        label=_("may log in"),
        field_name="is_active",
        choices=(("True", _("yes")), ("False", _("no"))),
    )
    role = django_filters.ChoiceFilter(
        label=_("role"), choices=choices.role_names, method="filter_role"
    )

    class Meta:
        model = Account
        fields: list[str] = []

    def filter_role(self, rows: Any, _name: str, role: str) -> Any:
        return rows.filter(pk__in=Grant.objects.filter(role=role).values("user"))


def kinds_of_records() -> list[tuple[str, Any]]:
    """The kinds of records of which the log tells."""
    return sorted(
        (
            (model._meta.label_lower, model._meta.verbose_name)
            for model in apps.get_models()
            if issubclass(model, Record)
        ),
        key=lambda choice: str(choice[1]),
    )


class AuditFilter(django_filters.FilterSet):
    action = django_filters.ChoiceFilter(label=_("what"), choices=Action.choices)
    user = django_filters.ModelChoiceFilter(
        label=_("who"), queryset=lambda request: Account.objects.visible_to(request.user)
    )
    model = django_filters.ChoiceFilter(label=_("kind of record"), choices=kinds_of_records)
    day_from = django_filters.DateFilter(label=_("from"), method="filter_from")
    day_to = django_filters.DateFilter(label=_("to"), method="filter_to")
    chain = django_filters.CharFilter(label=_("chain"))
    record = django_filters.NumberFilter(
        label=_("number of the record"), field_name="object_id", min_value=1, max_value=LARGEST
    )

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def filter_from(self, rows: Any, _name: str, day: date) -> Any:
        return rows.filter(at__gte=midnight(day))

    def filter_to(self, rows: Any, _name: str, day: date) -> Any:
        return rows.filter(at__lt=midnight(day + timedelta(days=1)))


def midnight(day: date) -> datetime:
    """The first moment of ``day`` where the office stands."""
    return timezone.make_aware(datetime.combine(day, time()))
