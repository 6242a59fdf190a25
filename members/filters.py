"""The filters above the list of members; their choices are rows that the user may see."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import Area, Organization, Unit
from branches.rules import roles
from members.models import Member, Office, choices
from members.models.members import MemberQuerySet
from members.models.searching import probationary_on
from members.rules import codes, completeness
from registry.admin.autocomplete import ScopedAutocomplete
from registry.calendar import PartialDate
from registry.forms import PartialDateFormField
from registry.language import labelled

ANY = "any"
OLDEST = 150
ON_ROLL, LEFT, SUSPENDED, WRONG, ALL = "on_roll", "left", "suspended", "wrong", "all"
STATES = (
    (ON_ROLL, _("on the roll")),
    (LEFT, _("left")),
    (SUSPENDED, _("suspended")),
    (WRONG, _("wrong entries")),
    (ALL, _("everybody")),
)
YES_OR_NO = (("", "---------"), ("1", _("yes")), ("0", _("no")))


def what_may_lack() -> list[tuple[str, Any]]:
    items = [(item.field, item.label) for item in completeness.ITEMS]
    return [(ANY, _("anything")), *labelled(items)]


def posts() -> list[tuple[str, Any]]:
    return [(ANY, _("any")), *choices.posts()]


def findings() -> list[tuple[str, Any]]:
    return [(ANY, _("any")), *choices.finding_codes()]


def months() -> list[tuple[str, str]]:
    return [(str(month), str(month)) for month in range(1, 13)]


class PartialDateFilter(django_filters.Filter):
    field_class = PartialDateFormField


class YesOrNo(django_filters.TypedChoiceFilter):
    def __init__(self, **options: Any) -> None:
        super().__init__(choices=YES_OR_NO, coerce=lambda value: value == "1", **options)

    def filter(self, qs: Any, value: Any) -> Any:
        if value in (None, ""):
            return qs
        return qs.filter(**{f"{self.field_name}__{self.lookup_expr}": value})


class AsAtFilter(django_filters.FilterSet):
    """What is asked of people as they were on a day: of the list today, of a roster its own day."""

    category = django_filters.ChoiceFilter(label=_("category"), choices=choices.categories)
    sex = django_filters.ChoiceFilter(label=_("sex"), choices=choices.sexes)
    age_from = django_filters.NumberFilter(
        label=_("age from"), method="filter_age_from", min_value=0, max_value=OLDEST
    )
    age_to = django_filters.NumberFilter(
        label=_("age to"), method="filter_age_to", min_value=0, max_value=OLDEST
    )
    joined_from = PartialDateFilter(label=_("joined from"), method="filter_joined_from")
    joined_to = PartialDateFilter(label=_("joined to"), method="filter_joined_to")
    office = django_filters.ChoiceFilter(
        label=_("holds office"), choices=posts, method="filter_office"
    )

    def __init__(self, *args: Any, day: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day or timezone.localdate()

    def filter_age_from(self, rows: MemberQuerySet, _name: str, years: Any) -> Any:
        return rows.aged(self.day, at_least=int(years))

    def filter_age_to(self, rows: MemberQuerySet, _name: str, years: Any) -> Any:
        return rows.aged(self.day, at_most=int(years))

    def filter_joined_from(self, rows: MemberQuerySet, _name: str, day: PartialDate) -> Any:
        return rows.joined_from(day)

    def filter_joined_to(self, rows: MemberQuerySet, _name: str, day: PartialDate) -> Any:
        return rows.joined_to(day)

    def filter_office(self, rows: MemberQuerySet, _name: str, post: str) -> Any:
        return rows.holding_office(self.day, "" if post == ANY else post)


class MemberFilter(AsAtFilter):
    """What a clerk narrows the list by. The parameters' names stand in links of ours."""

    organization = django_filters.ModelChoiceFilter(
        label=_("organisation"),
        method="filter_organization",
        queryset=lambda request: Organization.objects.visible_to(request.user, roles.VIEW),
        # Any field that points at every kind of organisation; a member's own names branches only.
        widget=ScopedAutocomplete(Office._meta.get_field("organization"), admin.site),
    )
    state = django_filters.ChoiceFilter(
        label=_("state"), choices=STATES, method="filter_state", empty_label=None
    )
    kind = django_filters.ChoiceFilter(label=pgettext_lazy("member", "kind"), choices=choices.kinds)
    ethnicity = django_filters.ChoiceFilter(label=_("ethnic group"), choices=choices.ethnic_groups)
    education = django_filters.ChoiceFilter(label=_("education"), choices=choices.educations)
    birthday_month = django_filters.ChoiceFilter(
        label=_("Party birthday in month"), choices=months, method="filter_birthday_month"
    )
    leading_cadre = YesOrNo(label=_("leading cadre"))
    unit = django_filters.ModelChoiceFilter(
        label=_("unit"),
        queryset=lambda request: Unit.objects.visible_to(request.user),
        widget=ScopedAutocomplete(Member._meta.get_field("unit"), admin.site),
    )
    area = django_filters.ModelChoiceFilter(
        label=_("area"),
        field_name="organization__area",
        queryset=lambda request: Area.objects.visible_to(request.user),
    )
    floating = YesOrNo(label=_("floating"))
    lost_contact = YesOrNo(
        label=_("contact lost"), method="filter_lost_contact", field_name="lost_contact_since"
    )
    hardship = YesOrNo(label=_("in hardship"))
    missing = django_filters.ChoiceFilter(
        label=_("missing"), choices=what_may_lack, method="filter_missing"
    )
    finding = django_filters.ChoiceFilter(
        label=_("finding"), choices=findings, method="filter_finding"
    )

    class Meta:
        model = Member
        # In this order; what is not named here comes last.
        fields = (
            *("organization", "state", "kind", "category", "sex", "ethnicity", "education"),
            *("age_from", "age_to", "joined_from", "joined_to", "birthday_month", "office"),
        )

    def filter_queryset(self, queryset: Any) -> Any:
        """Who is on the roll now, unless another state is asked for."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.on_roll()

    def filter_organization(self, rows: MemberQuerySet, _name: str, top: Organization) -> Any:
        return rows.under(top)

    def filter_state(self, rows: MemberQuerySet, _name: str, state: str) -> Any:
        if state == ON_ROLL:
            return rows.on_roll()
        if state == LEFT:
            return rows.filter(left_on__isnull=False, wrong_entry=False)
        if state == SUSPENDED:
            return rows.filter(suspended_on__isnull=False, wrong_entry=False)
        return rows.filter(wrong_entry=True) if state == WRONG else rows

    def filter_birthday_month(self, rows: MemberQuerySet, _name: str, month: str) -> Any:
        return rows.with_party_birthday_in(int(month))

    def filter_lost_contact(self, rows: MemberQuerySet, _name: str, lost: Any) -> Any:
        return rows.filter(lost_contact_since__isnull=not lost)

    def filter_missing(self, rows: MemberQuerySet, _name: str, field: str) -> Any:
        return rows.incomplete() if field == ANY else rows.lacking(field)

    def filter_finding(self, rows: MemberQuerySet, _name: str, code: str) -> Any:
        return rows.with_open_finding("" if code == ANY else code)


class RosterFilter(AsAtFilter):
    """Who of those who belonged on the day stands on the roster; kind and age are of that day."""

    kind = django_filters.ChoiceFilter(
        label=pgettext_lazy("member", "kind"), choices=choices.kinds, method="filter_kind"
    )

    class Meta:
        model = Member
        fields = ("kind",)

    def filter_kind(self, rows: MemberQuerySet, _name: str, kind: str) -> Any:
        probationary = probationary_on(self.day)
        return rows.filter(probationary if kind == codes.PROBATIONARY else ~probationary)
