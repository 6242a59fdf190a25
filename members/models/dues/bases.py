"""What is known of a member's income: the figure from which the base of a year is taken.

Income is protected information of the second kind: only those who keep dues see it, and the log
says that it changed, not to what. It is not sealed: the monthly amount beside it tells as much.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles, tree
from members.models.dues.months import ends_after_it_begins, kept_as_month
from members.models.members import Member
from registry.models import Record, VersionedRecord
from registry.models.records import HIDDEN
from registry.money import ZERO, YuanField


class IncomeRecord(Record):
    """A record of income, whose figures stand in the log as dots."""

    incomes: frozenset[str] = frozenset()

    class Meta:
        abstract = True

    def _logged(self, field: models.Field[Any, Any], value: Any) -> Any:
        if field.name in self.incomes and value not in (None, ""):
            return HIDDEN
        return super()._logged(field, value)


class OfMembers(models.QuerySet[Any]):
    """Rows that belong to members, and are seen by those who keep their dues."""

    def visible_to(self, user: Any, verb: str = roles.VIEW_DUES) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "member__organization__path"))

    def under(self, organization: Organization) -> Self:
        """Rows of members who are in ``organization``, or below it, now."""
        return self.filter(
            member__organization__path__gte=organization.path,
            member__organization__path__lt=organization.end_path,
        )


class BaseComponentQuerySet(models.QuerySet["BaseComponent"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW_DUES) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))

    def in_month(self, month: date) -> Self:
        """The components that hold in ``month``."""
        ended = Q(month_until__isnull=True) | Q(month_until__gt=month)
        return self.filter(ended, month_from__lte=month)

    def at(self, path: str) -> Self:
        """The components of the office at ``path`` and of all offices above, whenever they held."""
        held = self.filter(organization__path__in=[*tree.ancestors_of(path), path])
        return held.order_by("organization__path", "display_order", "pk")

    def for_path(self, path: str, month: date) -> Self:
        """The components that hold at ``path`` in ``month``, of all offices above too."""
        return self.at(path).in_month(month)


class BaseComponent(Record):
    """One part of the base as an office counts it: 职务工资, or, deducted, 个人所得税."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="base_components", verbose_name=_("kept by")
    )
    name = models.CharField(_("component of the base"), max_length=50)
    deducted = models.BooleanField(_("deducted"), default=False)
    month_from = models.DateField(_("from month"))
    month_until = models.DateField(
        _("until month"), null=True, blank=True, help_text=_("The first month without it.")
    )
    display_order = models.PositiveIntegerField(_("order"), default=0)

    objects = BaseComponentQuerySet.as_manager()

    class Meta:
        verbose_name = _("component of the base")
        verbose_name_plural = _("components of the base")
        constraints = [
            kept_as_month("base_component_from_a_month", "month_from"),
            kept_as_month("base_component_until_a_month", "month_until"),
            ends_after_it_begins("base_component_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["organization", "name", "month_from"],
                name="base_component_once_per_month",
                violation_error_message=_("The office has this component from that month already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"


def sum_of(parts: Mapping[BaseComponent, Decimal]) -> Decimal:
    """Return the base that the parts come to."""
    return sum((-part if each.deducted else part for each, part in parts.items()), ZERO)


class DuesBase(IncomeRecord, VersionedRecord):
    """A member's monthly income for the dues of a year, as entered, imported or added up."""

    member = models.ForeignKey(
        Member, models.CASCADE, related_name="dues_bases", verbose_name=_("member")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    amount = YuanField(_("base"), help_text=_("Yuan a month; of the retired the whole pension."))

    objects = OfMembers.as_manager()

    incomes = frozenset({"amount"})

    class Meta:
        verbose_name = _("dues base")
        verbose_name_plural = _("dues bases")
        ordering = ["member", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "year"],
                name="dues_base_once_per_year",
                violation_error_message=_("The member has a base for this year already."),
            ),
            models.CheckConstraint(
                name="dues_base_not_below_zero",
                condition=Q(amount__gte=ZERO),
                violation_error_message=_("A base cannot be below 0."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.year}"

    @property
    def log_chain(self) -> str:
        return self.member.log_chain

    @classmethod
    @transaction.atomic
    def give(
        cls,
        member: Member,
        year: int,
        amount: Decimal | None = None,
        parts: Mapping[BaseComponent, Decimal] | None = None,
    ) -> Self:
        """Keep the base of a year, as one figure or as ``parts`` that add up to it.

        Replaces what was known of that year. Raises ValidationError for a sum below 0.
        """
        base = cls.objects.filter(member=member, year=year).first() or cls(member=member, year=year)
        if parts is not None:
            amount = sum_of(parts)
        if amount is None or amount < 0:
            raise ValidationError(
                {
                    "amount": _now("The base is %(amount)s; it cannot be below 0.")
                    % {"amount": amount}
                }
            )
        base.amount = amount
        base.full_clean()
        base.save()
        base.parts.all().delete()
        BasePart.objects.bulk_create(
            BasePart(base=base, component=component, amount=part)
            for component, part in (parts or {}).items()
        )
        return base


class BasePart(models.Model):
    """How much one component adds to a base. Written only by ``DuesBase.give``."""

    base = models.ForeignKey(DuesBase, models.CASCADE, related_name="parts")
    component = models.ForeignKey(
        BaseComponent, models.PROTECT, related_name="+", verbose_name=_("component of the base")
    )
    amount = YuanField(_("amount"))

    class Meta:
        verbose_name = _("part of a base")
        verbose_name_plural = _("parts of bases")
        constraints = [
            models.UniqueConstraint(fields=["base", "component"], name="base_part_once"),
            models.CheckConstraint(name="base_part_not_below_zero", condition=Q(amount__gte=ZERO)),
        ]

    def __str__(self) -> str:
        return str(self.component)
