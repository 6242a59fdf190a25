"""What the ledger knows of the members in a sheet of payments, asked in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db.models import Max, Sum

from branches.models import Organization
from members.models import Assessment, DuesPolicy, Member, Payment, PaymentMonth
from members.models.dues.closings import closed_to
from members.models.dues.owing import Owing
from members.models.dues.policies import PolicyBook
from members.models.dues.taking import stays_of
from members.rules import dues
from members.rules.ledger import Stay
from members.sheets.known import MANY, in_chunks
from registry.money import ZERO


class Money:
    """Owed and paid by these members in the years from ``first`` to ``last``."""

    def __init__(self, members: Collection[int], first: int, last: int) -> None:
        self.members: dict[int, Member] = {}
        self.stays: dict[int, list[Stay]] = {}
        self.owed: dict[int, dict[date, Decimal]] = defaultdict(dict)
        self.paid: dict[int, dict[date, Decimal]] = defaultdict(dict)
        self.days: set[tuple[int, date, Decimal]] = set()
        self.latest: dict[int, int] = {}  # the last row of each in the ledger
        self._assessments: dict[int, list[Assessment]] = defaultdict(list)
        begin, until = date(first, 1, 1), date(last + 1, 1, 1)
        for chunk in in_chunks(members, MANY):
            self._ask(chunk, begin, until)
        self._policies = PolicyBook(DuesPolicy.objects.all())

    def _ask(self, chunk: list[int], begin: date, until: date) -> None:
        people = Member.objects.select_related("organization").in_bulk(chunk)
        self.members |= people
        self.stays |= stays_of(people)
        for each in Owing(begin, until, members=chunk).rows():
            self.owed[each.member_id][each.month] = each.amount
        months = PaymentMonth.objects.filter(
            member__in=chunk, month__gte=begin, month__lt=until
        ).order_by()
        for pk, month, amount in months.values_list("member", "month").annotate(Sum("amount")):
            self.paid[pk][month] = amount
        payments = Payment.objects.filter(member__in=chunk)
        held = payments.not_reversed().filter(paid_on__gte=begin)
        self.days |= set(held.values_list("member", "paid_on", "amount"))
        self.latest |= dict(payments.order_by().values_list("member").annotate(Max("pk")))
        for assessment in Assessment.objects.filter(
            member__in=chunk, month_from__lt=until, month_until__gt=begin
        ):
            self._assessments[assessment.member_id].append(assessment)

    def open_months(self, member: int, until: date) -> dict[date, Decimal]:
        """Return what is missing of each month up to, and including, ``until``, in order."""
        paid = self.paid[member]
        return {
            month: owed - paid.get(month, ZERO)
            for month, owed in sorted(self.owed[member].items())
            if month <= until and owed > paid.get(month, ZERO)
        }

    def by_rate(self, pk: int, base: Decimal, month: date) -> Decimal | None:
        """Return what the rates and the office's rounding make of a base; None for no rate."""
        member = self.members[pk]
        category = dues.CATEGORIES[member.category].category
        for each in self._assessments[pk]:
            if each.month_from <= month < each.month_until:
                category = each.category
        if category == dues.FIXED:
            return None
        policy = self._policies.in_force(member.organization.path, month)
        try:
            return dues.monthly_dues(category, base, month, policy.rounding)
        except ValueError:
            return None


class Closed:
    """To which month each branch is closed, asked once each."""

    def __init__(self) -> None:
        self._known: dict[int, date | None] = {}

    def to(self, organization: Organization) -> date | None:
        if organization.pk not in self._known:
            self._known[organization.pk] = closed_to(organization)
        return self._known[organization.pk]
