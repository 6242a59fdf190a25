"""The filters above the list of files; their choices are rows that the user may see."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import Organization
from branches.rules import roles
from members.filters import YesOrNo
from members.models import Deadline, DevelopmentFile, Office, choices
from members.models.development.files import DevelopmentFileQuerySet
from members.rules.development.planning import DESK_STATES
from registry.admin.autocomplete import ScopedAutocomplete
from registry.language import labelled

OPEN, STOPPED, ARCHIVED, WRONG, ALL = "open", "stopped", "archived", "wrong", "all"
STATES = (
    (OPEN, _("open")),
    (STOPPED, _("stopped")),
    (ARCHIVED, _("archived")),
    (WRONG, _("wrong entries")),
    (ALL, _("all")),
)
OLDEST = 150


def desk_states() -> list[tuple[str, str]]:
    return labelled(DESK_STATES.items())


class FileFilter(django_filters.FilterSet):
    """What a clerk narrows the list by. The parameters' names stand in links of ours."""

    organization = django_filters.ModelChoiceFilter(
        label=_("organisation"),
        method="filter_organization",
        queryset=lambda request: Organization.objects.visible_to(request.user, roles.VIEW),
        # Any field that points at every kind of organisation.
        widget=ScopedAutocomplete(Office._meta.get_field("organization"), admin.site),
    )
    state = django_filters.ChoiceFilter(
        label=_("state"), choices=STATES, method="filter_state", empty_label=None
    )
    standing = django_filters.ChoiceFilter(
        label=pgettext_lazy("development", "standing"), choices=choices.standings
    )
    stage = django_filters.ChoiceFilter(label=_("stage"), choices=choices.stages)
    step = django_filters.ChoiceFilter(
        label=_("waits for the step"), choices=choices.development_steps, method="filter_step"
    )
    deadline = django_filters.ChoiceFilter(
        label=_("a step is"), choices=desk_states, method="filter_deadline"
    )
    mine = YesOrNo(label=_("waits for me"), method="filter_mine")
    category = django_filters.ChoiceFilter(label=_("category"), choices=choices.categories)
    sex = django_filters.ChoiceFilter(label=_("sex"), choices=choices.sexes)
    education = django_filters.ChoiceFilter(label=_("education"), choices=choices.educations)
    age_from = django_filters.NumberFilter(
        label=_("age from"), method="filter_age_from", min_value=0, max_value=OLDEST
    )
    age_to = django_filters.NumberFilter(
        label=_("age to"), method="filter_age_to", min_value=0, max_value=OLDEST
    )
    front_line = YesOrNo(label=_("front line"))

    class Meta:
        model = DevelopmentFile
        fields = ("organization", "state", "standing", "stage")

    def filter_queryset(self, queryset: Any) -> Any:
        """The open files, unless another state is asked for."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.open()

    def filter_organization(
        self, rows: DevelopmentFileQuerySet, _name: str, top: Organization
    ) -> Any:
        return rows.under(top)

    def filter_state(self, rows: DevelopmentFileQuerySet, _name: str, state: str) -> Any:
        if state == OPEN:
            return rows.open()
        if state == STOPPED:
            return rows.stopped()
        if state == ARCHIVED:
            return rows.filter(archived_on__isnull=False, wrong_entry=False)
        return rows.filter(wrong_entry=True) if state == WRONG else rows

    def filter_step(self, rows: DevelopmentFileQuerySet, _name: str, step: str) -> Any:
        return rows.filter(pk__in=Deadline.objects.filter(step=step).values("file"))

    def filter_deadline(self, rows: DevelopmentFileQuerySet, _name: str, state: str) -> Any:
        waiting = Deadline.objects.in_state(state, timezone.localdate())
        return rows.filter(pk__in=waiting.values("file"))

    def filter_mine(self, rows: DevelopmentFileQuerySet, _name: str, mine: Any) -> Any:
        waiting = Deadline.objects.waiting_for(self.request.user)
        asked = {"pk__in": waiting.values("file")}
        return rows.filter(**asked) if mine else rows.exclude(**asked)

    def filter_age_from(self, rows: DevelopmentFileQuerySet, _name: str, years: Any) -> Any:
        return rows.aged(timezone.localdate(), at_least=int(years))

    def filter_age_to(self, rows: DevelopmentFileQuerySet, _name: str, years: Any) -> Any:
        return rows.aged(timezone.localdate(), at_most=int(years))
