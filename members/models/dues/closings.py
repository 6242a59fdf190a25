"""Closed months: what a committee has closed stays as it was, for itself and all below it."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, may, scopes
from branches.models.reorganizing import Objections, hold_tree
from branches.rules import roles, tree
from members.models.accounts import account, whoever
from members.models.dues.months import kept_as_month
from members.models.dues.policies import policy_for
from members.rules.dues_months import next_month, written
from members.rules.ledger import FIRST_MONTH
from registry.calendar import first_of_month
from registry.models import Record


class ClosingQuerySet(models.QuerySet["Closing"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW_DUES_TOTALS) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))

    def closed(self) -> Self:
        """The closings that hold: not opened again."""
        return self.filter(reopened_on__isnull=True)

    def over(self, organization: Organization) -> Self:
        """The closings that bind ``organization``: its own and those of its superiors."""
        line = [*tree.ancestors_of(organization.path), organization.path]
        return self.filter(organization__path__in=line)

    def closed_to(self, organization: Organization) -> models.QuerySet[Any, Any]:
        """The last month that is closed for ``organization``, as a value to stand in a query."""
        rows = self.closed().over(organization).order_by("-month")
        return rows.values("month")[:1]


class Closing(Record):
    """A month, and all before it, that an organisation has closed for itself and all below it."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="closings", verbose_name=_("organisation")
    )
    month = models.DateField(_("month"))
    closed_on = models.DateField(_("closed on"))
    closed_by = whoever(_("closed by"))
    asked_on = models.DateField(_("asked to open again on"), null=True)
    asked_by = whoever(_("asked by"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    reopened_on = models.DateField(_("opened again on"), null=True)
    reopened_by = whoever(_("opened by"))

    objects = ClosingQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        ordering = ["-month", "-id"]
        constraints = [
            kept_as_month("closing_of_a_month", "month"),
            models.CheckConstraint(
                name="closing_reopened_with_a_reason",
                condition=Q(reopened_on__isnull=True) | Q(asked_on__isnull=False) & ~Q(reason=""),
            ),
            models.UniqueConstraint(
                name="closing_once",
                fields=["organization", "month"],
                condition=Q(reopened_on__isnull=True),
                violation_error_message=_("This month is closed already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {written(self.month)}"

    # Verbs

    @classmethod
    @transaction.atomic
    def close(cls, organization: Organization, month: date, on: date, by: Any) -> Self:
        """Close ``month`` and all before it, for ``organization`` and everything below it."""
        hold_tree()  # alone: nobody books money meanwhile
        problems = Objections()
        if month != first_of_month(month) or month < FIRST_MONTH:
            problems.add(
                "month", _now("There are no dues for %(month)s to close."), month=written(month)
            )
        elif month > first_of_month(on):
            problems.add(
                "month",
                _now("%(month)s is still to come. Close it when it has begun."),
                month=written(month),
            )
        elif (last := closed_to(organization)) and month <= last:
            problems.add(
                "month",
                _now("%(last)s is closed, and all months before it. Choose a later one."),
                last=written(last),
            )
        problems.stop()
        return cls.objects.create(
            organization=organization, month=month, closed_on=on, closed_by=account(by)
        )

    @transaction.atomic
    def reopen(self, reason: str, on: date, by: Any) -> None:
        """Open the month again for ``reason``; where the office wants two for it, ask for it."""
        self._refuse_reopening(reason)
        self.reason, self.asked_on, self.asked_by = reason.strip()[:200], on, account(by)
        if not policy_for(self.organization, first_of_month(on)).reopening_needs_two:
            self.reopened_on, self.reopened_by = on, account(by)
        self.save()

    @transaction.atomic
    def confirm_reopening(self, on: date, by: Any) -> None:
        """Open the month as somebody else has asked for: the second person."""
        self._refuse_reopening(self.reason)
        if not self.asked_on:
            raise ValidationError(_now("Nobody has asked to open %(month)s.") % {"month": self})
        if not may(by, roles.APPROVE, self.organization.path):
            raise ValidationError(
                _now("An approver of %(name)s opens this month.") % {"name": self.organization}
            )
        if self.asked_by == by:
            raise ValidationError(
                _now("%(name)s has asked for it. A second person opens the month.")
                % {"name": self.asked_by}
            )
        self.reopened_on, self.reopened_by = on, account(by)
        self.save()

    def _refuse_reopening(self, reason: str) -> None:
        hold_tree()  # alone: nobody books money meanwhile
        if not reason.strip():
            raise ValidationError({"reason": _now("Say why the month is opened again.")})
        standing = type(self).objects.closed()
        if not standing.filter(pk=self.pk).exists():
            raise ValidationError(
                _now("%(month)s is open already.") % {"month": written(self.month)}
            )
        last = standing.over(self.organization).exclude(pk=self.pk)
        if later := last.filter(month__gte=self.month).order_by("-month").first():
            raise ValidationError(
                _now("%(later)s has closed %(month)s as well. Open that one first.")
                % {"later": later, "month": written(self.month)}
            )


def closed_to(organization: Organization) -> date | None:
    """Return the last month that is closed for ``organization``; None where all are open."""
    closings = Closing.objects.closed().over(organization)
    last: date | None = closings.aggregate(last=Max("month"))["last"]
    return last


def first_open_month(organization: Organization, day: date) -> date:
    """Return the month in which money of ``day`` is booked: its own, or the first open one."""
    return first_open_after(closed_to(organization), day)


def first_open_after(last: date | None, day: date) -> date:
    """Return the month in which money of ``day`` is booked; ``last`` is the last closed one."""
    own = first_of_month(day)
    return next_month(last) if last and last >= own else own
