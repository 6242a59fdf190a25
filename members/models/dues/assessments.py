"""Assessments (核定): what a member pays a month, fixed for a year and changed with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import choices
from members.models.dues.bases import IncomeRecord, OfMembers
from members.models.dues.months import ends_after_it_begins, kept_as_month
from members.models.members import Member
from members.rules import dues
from members.rules.dues_months import written
from registry.money import ZERO, YuanField


@dataclass(frozen=True, slots=True)
class Figures:
    """What an assessment says of a month."""

    category: str
    base: Decimal
    rate: Decimal | None  # share of the base; None for a fixed amount
    monthly: Decimal


def figures(category: str, base: Decimal, month: date, rounding: dues.Rounding) -> Figures:
    """Return the figures that follow from a base; raise ValueError where the rules have none."""
    monthly = dues.monthly_dues(category, base, month, rounding)
    rate = None if category == dues.FIXED else dues.rate_for(category, base, month)
    return Figures(category, base, rate, monthly)


def year_of(year: int) -> tuple[date, date]:
    """Return the first month of a year with dues, and the first month after it.

    Raises ValueError for a year before the first scale.
    """
    until = date(year + 1, 1, 1)
    first = max(date(year, 1, 1), dues.SCALES[0].since)
    if first >= until:
        dues.scale_for(date(year, 12, 1))
    return first, until


class AssessmentQuerySet(OfMembers):
    def of_year(self, year: int) -> Self:
        return self.filter(month_from__gte=date(year, 1, 1), month_from__lt=date(year + 1, 1, 1))

    def in_month(self, month: date) -> Self:
        """The assessments that hold in ``month``: at most one of each member."""
        return self.filter(month_from__lte=month, month_until__gt=month)


class Assessment(IncomeRecord):
    """What a member pays in each month from one up to, not including, another of the same year.

    Kept as the figures were when it was made; a new scale or policy changes none of them. Written
    by the verbs of ``assessing`` and by the yearly run.
    """

    member = models.ForeignKey(
        Member,
        models.CASCADE,
        related_name="assessments",
        verbose_name=_("member"),
        db_index=False,
    )
    month_from = models.DateField(_("from month"))
    month_until = models.DateField(_("until month"), help_text=_("The first month after it."))
    category = models.CharField(
        _("category of dues"), max_length=20, choices=choices.dues_categories
    )
    base = YuanField(_("base"))
    rate = models.DecimalField(
        _("rate"), max_digits=5, decimal_places=4, null=True, help_text=_("Share of the base.")
    )
    monthly = YuanField(_("monthly amount"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = AssessmentQuerySet.as_manager()

    incomes = frozenset({"base"})

    class Meta:
        verbose_name = _("assessment of dues")
        verbose_name_plural = _("assessments of dues")
        ordering = ["member", "month_from"]
        indexes = [
            # Holds all that is owed, so that adding it up reads the index alone.
            models.Index(
                fields=["member", "month_from", "month_until", "monthly"],
                name="assessment_by_member",
            )
        ]
        constraints = [
            kept_as_month("assessment_from_a_month", "month_from"),
            kept_as_month("assessment_until_a_month", "month_until"),
            ends_after_it_begins("assessment_ends_after_it_begins"),
            models.CheckConstraint(
                name="assessment_not_below_zero", condition=Q(base__gte=ZERO, monthly__gte=ZERO)
            ),
            models.UniqueConstraint(
                fields=["member", "month_from"],
                name="assessment_once_per_month",
                violation_error_message=_("The member is assessed from that month already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {written(self.month_from)}: {self.monthly}"

    @property
    def log_chain(self) -> str:
        return self.member.log_chain

    @property
    def figures(self) -> Figures:
        return Figures(self.category, self.base, self.rate, self.monthly)

    @figures.setter
    def figures(self, found: Figures) -> None:
        self.category, self.base = found.category, found.base
        self.rate, self.monthly = found.rate, found.monthly
