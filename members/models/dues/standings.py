"""How far each member has paid: kept by the verbs, so that arrears cost what they show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
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
        DuesStanding.objects.bulk_create(
            standings_of(members),
            update_conflicts=True,
            unique_fields=["member"],
            update_fields=["paid_to", "over"],
            batch_size=1000,
        )


def _members() -> models.QuerySet[Any]:
    """The members; their own module asks for standings, and so cannot be imported here."""
    member: Any = DuesStanding._meta.get_field("member").related_model
    rows: models.QuerySet[Any] = member._base_manager.all()
    return rows


def standings_of(members: Collection[int]) -> list[DuesStanding]:
    """Return the standings of ``members`` as they follow from what is owed and what was paid."""
    settled: dict[int, date | None] = {}
    paid: dict[int, dict[date, Decimal]] = {pk: {} for pk in members}
    sums = (
        _members()
        .filter(pk__in=members)
        .order_by()
        .values_list("pk", "dues_standing__settled_to", "paid_months__month")
        .annotate(Sum("paid_months__amount"))
    )
    for pk, settled_to, month, amount in sums.iterator():
        settled[pk] = settled_to
        if month:
            paid[pk][month] = amount
    owing: dict[int, dict[date, Decimal]] = defaultdict(dict)
    if last := max((month for months in paid.values() for month in months), default=None):
        for each in Owing(FIRST_MONTH, date(last.year + 1, 1, 1), members=members).rows():
            owing[each.member_id][each.month] = each.amount
    return [
        DuesStanding(
            member_id=pk,
            settled_to=settled[pk],
            paid_to=ledger.paid_to(owing[pk], paid[pk], settled[pk]),
            over=ledger.overpaid(owing[pk], paid[pk]),
        )
        for pk in members
    ]
