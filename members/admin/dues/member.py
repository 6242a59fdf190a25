"""The dues of one member: the block on his page, and the pages on which they change."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.rules import roles
from members.admin.dues.acting_on import Asked, DuesForm, Seen, page_for
from members.admin.dues.asking import year_asked
from members.admin.dues.fields import AmountField, MonthField
from members.models import Assessment, BaseComponent, DuesBase, Member, choices
from members.models.dues.assessing import assess, correct
from members.models.dues.bases import sum_of
from members.models.dues.closings import closed_to
from members.models.dues.giving import Typed, give_bases
from members.rules import dues
from members.rules.dues_months import next_month, written
from registry.calendar import months_after
from registry.login.kept_forms import keeps_form
from registry.money import ZERO

INCOME = _("monthly income")
OF_WHAT = _("Yuan a month; of the retired the whole pension, of a fixed amount the amount itself.")


def in_words(assessment: Assessment) -> str:
    """Return what an assessment says: 2026-01 to 2026-06: 75.00 yuan a month (…)."""
    text = _now("%(first)s to %(last)s: %(monthly)s yuan a month, %(category)s, base %(base)s")
    said = text % {
        "first": written(assessment.month_from),
        "last": written(months_after(assessment.month_until, -1)),
        "monthly": assessment.monthly,
        "category": assessment.get_category_display(),
        "base": assessment.base,
    }
    return f"{said} – {assessment.reason}" if assessment.reason else said


def assessments_of(member: Member, year: int) -> list[Assessment]:
    return list(Assessment.objects.filter(member=member).of_year(year).order_by("month_from"))


class ChangeForm(DuesForm):
    """From which month on a member pays by which income."""

    renamed = {"month_from": "month", "base": "income"}

    month = MonthField(label=_("from month"))
    income = AmountField(label=INCOME, help_text=OF_WHAT)
    category = forms.ChoiceField(label=_("category of dues"))
    reason = forms.CharField(
        label=_("why"), required=False, max_length=200, help_text=_("Stands in the history.")
    )

    def __init__(self, data: Any, *, year: int, **options: Any) -> None:
        super().__init__(data, **options)
        self.year = year
        fields: Any = self.fields
        fields["category"].choices = choices.dues_categories()
        fields["category"].initial = dues.CATEGORIES[self.member.category].category

    def clean_month(self) -> date:
        month: date = self.cleaned_data["month"]
        if month.year != self.year:
            text = _now("%(month)s is not in %(year)s. Open the page of that year.")
            raise ValidationError(text % {"month": written(month), "year": self.year})
        return month

    def apply(self) -> str:
        asked = self.cleaned_data
        made = assess(
            self.member,
            asked["month"],
            asked["income"],
            reason=asked["reason"],
            category=asked["category"],
        )
        text = _now("%(name)s pays %(monthly)s yuan a month from %(month)s.")
        return text % {
            "name": self.member.name,
            "monthly": made.monthly,
            "month": written(made.month_from),
        }


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    year = year_asked(request)

    def ask(member: Member) -> Asked:
        kept = assessments_of(member, year)
        seen = Seen.of(kept, in_words)

        def form(data: Any) -> ChangeForm:
            asked = ChangeForm(data, member=member, seen=seen, year=year)
            asked.initial = {"month": _first_month_to_change(member, kept, year)}
            if given := DuesBase.objects.filter(member=member, year=year).first():
                asked.initial["income"] = given.amount
            return asked

        return Asked(
            member,
            _now("Change the dues of %(name)s within %(year)s")
            % {"name": member.name, "year": year},
            _("Change the dues"),
            form,
            heading=_now("Assessed for %(year)s") % {"year": year},
            consequences=(
                _("Months before stay as they were assessed."),
                _("What was paid for later months stays booked; what is too much then shows."),
            ),
        )

    return page_for(request, pk, ask)


def _first_month_to_change(member: Member, kept: list[Assessment], year: int) -> date:
    """Return the next month within the year; its first open one where nothing is assessed yet."""
    today, last = timezone.localdate(), date(year, 12, 1)
    if kept and today.year == year:
        return min(next_month(today), last)
    closed = closed_to(member.organization)
    first = next_month(closed) if closed else date(year, 1, 1)
    return min(max(first, date(year, 1, 1)), last)


class CorrectForm(DuesForm):
    """The right figure of an assessment, for all of its months."""

    renamed = {"base": "income"}

    income = AmountField(label=INCOME, help_text=OF_WHAT)
    category = forms.ChoiceField(label=_("category of dues"))
    reason = forms.CharField(
        label=_("why"), required=False, max_length=200, help_text=_("Stands in the history.")
    )

    def __init__(self, data: Any, *, assessment: Assessment, **options: Any) -> None:
        super().__init__(data, **options)
        self.assessment = assessment
        fields: Any = self.fields
        fields["category"].choices = choices.dues_categories()
        fields["category"].initial = assessment.category

    def apply(self) -> str:
        asked = self.cleaned_data
        correct(self.assessment, asked["income"], asked["reason"], category=asked["category"])
        text = _now("Corrected: %(name)s pays %(monthly)s yuan a month from %(month)s.")
        return text % {
            "name": self.member.name,
            "monthly": self.assessment.monthly,
            "month": written(self.assessment.month_from),
        }


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def correct_page(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Assessment.objects.visible_to(request.user, roles.COLLECT_DUES)
    member_key = get_object_or_404(rows, pk=pk).member_id

    def ask(member: Member) -> Asked:
        kept = get_object_or_404(Assessment.objects.select_related("member"), pk=pk)
        seen = Seen.of([kept], in_words)
        kept.member = member
        return Asked(
            member,
            _now("Correct the dues of %(name)s from %(month)s")
            % {"name": member.name, "month": written(kept.month_from)},
            _("Correct"),
            lambda data: CorrectForm(data, member=member, seen=seen, assessment=kept),
            heading=_now("As it stands"),
            consequences=(
                _("All months of this assessment are owed by the new figure, past ones too."),
                _("Where one of them is closed, change the dues from the first open month on."),
                _("What was paid for them stays booked; what is missing or too much then shows."),
            ),
        )

    return page_for(request, member_key, ask)


class BaseForm(DuesForm):
    """The base of a year, added up from its components."""

    def __init__(
        self, data: Any, *, year: int, components: list[BaseComponent], kept: Any, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.year, self.components, self.kept = year, components, kept
        parts = {part.component_id: part.amount for part in kept.parts.all()} if kept else {}
        for each in components:
            self.fields[f"part_{each.pk}"] = AmountField(
                label=each.name,
                required=False,
                initial=parts.get(each.pk),
                help_text=_now("Is deducted.") if each.deducted else "",
            )

    def apply(self) -> str:
        parts = {
            each: amount
            for each in self.components
            if (amount := self.cleaned_data[f"part_{each.pk}"])
        }
        amount = sum_of(parts) if parts else ZERO
        over = self.kept.version if self.kept else 0
        give_bases(self.year, [Typed(self.member, amount, over, parts)])
        text = _now("The components of %(name)s come to %(amount)s yuan a month for %(year)s.")
        return text % {"name": self.member.name, "amount": amount, "year": self.year}


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def base_page(request: HttpRequest, pk: int) -> HttpResponse:
    year = year_asked(request)

    def ask(member: Member) -> Asked:
        month = date(year, 1, 1)
        held = BaseComponent.objects.for_path(member.organization.path, month)
        components = list(held)
        if not components:
            raise Http404
        kept = DuesBase.objects.filter(member=member, year=year).prefetch_related("parts").first()
        seen = Seen.of([kept] if kept else [], lambda base: f"{base.year}: {base.amount}")
        address = reverse("admin:dues_assessment")
        return Asked(
            member,
            _now("Base of %(name)s for %(year)s, by components")
            % {"name": member.name, "year": year},
            _("Save the base"),
            lambda data: BaseForm(
                data, member=member, seen=seen, year=year, components=components, kept=kept
            ),
            heading=_now("Base given so far"),
            consequences=(_("It assesses nobody yet: look at the yearly run, and confirm."),),
            back=f"{address}?organization={member.organization_id}&year={year}",
        )

    return page_for(request, pk, ask)


for route, view, name in (
    ("dues/members/<int:pk>/change/", change_page, "dues_change"),
    ("dues/members/<int:pk>/base/", base_page, "dues_base"),
    ("dues/assessments/<int:pk>/correct/", correct_page, "dues_correct"),
):
    admin.site.page(route, view, name, roles.COLLECT_DUES)  # type: ignore[attr-defined]
