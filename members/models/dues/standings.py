"""How far each member has paid: kept by the verbs, so that arrears cost what they show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import in_scopes, scopes
from branches.rules import roles
from members.models.dues.months import kept_as_month
from members.models.dues.owing import Owing
from members.rules import ledger
from members.rules.dues_months import written
from members.rules.ledger import FIRST_MONTH
from registry.calendar import first_of_month
from registry.models import Action, Entry
from registry.money import ZERO, YuanField


class DuesStandingQuerySet(models.QuerySet["DuesStanding"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW_DUES) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "member__organization__path"))


class DuesStanding(models.Model):
    """How far one member has paid, and what he has paid too much.

    ``settled_to`` is entered: the month to which dues were paid before the register knew of them,
    as a letter or a list says. The rest follows from what is owed and what was paid.
    """

    member = models.OneToOneField(
        "members.Member", models.CASCADE, primary_key=True, related_name="dues_standing"
    )
    settled_to = models.DateField(_("settled to"), null=True)
    paid_to = models.DateField(_("paid to"), null=True)
    over = YuanField(_("paid too much"), default=ZERO)

    objects = DuesStandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing of dues")
        verbose_name_plural = _("standings of dues")
        indexes = [models.Index(fields=["paid_to", "member"], name="standing_by_paid_to")]
        constraints = [
            kept_as_month("standing_settled_to_a_month", "settled_to"),
            kept_as_month("standing_paid_to_a_month", "paid_to"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.paid_to and written(self.paid_to)}"

    @classmethod
    @transaction.atomic
    def settle(cls, member: Any, month: date | None, today: date) -> None:
        """Keep that ``member`` had paid to ``month`` before the register knew of his payments.

        None takes back what was kept by mistake.
        """
        if month and (month != first_of_month(month) or not FIRST_MONTH <= month <= today):
            raise ValidationError(
                {
                    "settled_to": _now(
                        "%(name)s cannot have paid to %(month)s already. Write a month between "
                        "2008-04 and this one."
                    )
                    % {"name": member.name, "month": written(month)}
                }
            )
        _members().select_for_update(no_key=True).get(pk=member.pk)
        standing, _new = cls.objects.get_or_create(member=member)
        before = standing.settled_to
        cls.objects.filter(pk=member.pk).update(settled_to=month)
        said = [written(each) if each else "" for each in (before, month)]
        Entry.append(Action.CHANGE, member, [["dues settled to", *said]])
        cls.recompute([member.pk])

    @classmethod
    def follow(cls, members: Collection[int], since: date = FIRST_MONTH) -> None:
        """Bring the standings of those of ``members`` up to date whom a change of what is owed
        from the month ``since`` on concerns: who has paid for it, or later."""
        paid = cls.objects.filter(member__in=members, member__paid_months__month__gte=since)
        kept = paid.order_by("member").distinct()
        if found := list(kept.values_list("member", flat=True)):
            cls.recompute(found)

    @classmethod
    def recompute(cls, members: Collection[int]) -> None:
        """Bring the standings of ``members`` up to date; the caller holds their rows."""
        Reckoning(members).keep()


def _members() -> models.QuerySet[Any]:
    """The members; their own module asks for standings, and so cannot be imported here."""
    member: Any = DuesStanding._meta.get_field("member").related_model
    rows: models.QuerySet[Any] = member._base_manager.all()
    return rows


class Reckoning:
    """What ``members`` owe and have paid, month by month, read once: their standings follow.

    ``months`` are those that the caller is going to add; what is owed is read for them as well.
    """

    def __init__(self, members: Collection[int], months: Collection[date] = ()) -> None:
        self.members = members
        self.settled: dict[int, date | None] = {}
        self.paid: dict[int, dict[date, Decimal]] = {pk: {} for pk in members}
        self.owed: dict[int, dict[date, Decimal]] = defaultdict(dict)
        sums = (
            _members()
            .filter(pk__in=members)
            .order_by()
            .values_list("pk", "dues_standing__settled_to", "paid_months__month")
            .annotate(Sum("paid_months__amount"))
        )
        for pk, settled_to, month, amount in sums.iterator():
            self.settled[pk] = settled_to
            if month:
                self.paid[pk][month] = amount
        concerned = [*months, *(month for paid in self.paid.values() for month in paid)]
        if last := max(concerned, default=None):
            until = date(min(last.year + 1, date.max.year), 1, 1)
            for each in Owing(FIRST_MONTH, until, members=members).rows():
                self.owed[each.member_id][each.month] = each.amount

    def add(self, member: int, months: Mapping[date, Decimal]) -> None:
        """Count what is booked for ``months`` of ``member`` besides."""
        paid = self.paid[member]
        for month, amount in months.items():
            paid[month] = paid.get(month, ZERO) + amount

    def open(self, member: int, month: date) -> Decimal | None:
        """Return what is missing for a month; None where nothing is owed for it."""
        owed = self.owed[member].get(month)
        return None if owed is None else max(owed - self.paid[member].get(month, ZERO), ZERO)

    def standings(self) -> list[DuesStanding]:
        return [
            DuesStanding(
                member_id=pk,
                settled_to=self.settled[pk],
                paid_to=ledger.paid_to(self.owed[pk], self.paid[pk], self.settled[pk]),
                over=ledger.overpaid(self.owed[pk], self.paid[pk]),
            )
            for pk in self.members
        ]

    def keep(self) -> None:
        """Write the standings; the caller holds the rows of the members."""
        DuesStanding.objects.bulk_create(
            self.standings(),
            update_conflicts=True,
            unique_fields=["member"],
            update_fields=["paid_to", "over"],
            batch_size=1000,
        )
