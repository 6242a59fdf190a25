"""Sums of the ledger: of a period, of a month by branch, and what an account holds.

A transfer between two organisations of one subtree is no change of their common account: neither
end is counted, and money under way between them still belongs to it.

All but ``balance_of`` follow the tree of the last day of the months asked for: what was reorganised
since changes nothing of them. In a statement over several months the branches of its last day
count for all of it, also for what was held before, so that it adds up in itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from branches.models import Organization, Subtree
from members.models.dues.accounts import AccountEntry
from members.models.dues.arrears import arrears_of
from members.models.dues.owing import Owing
from members.models.dues.payments import Payment, PaymentMonth
from members.models.placements import Placement
from members.rules import ledger
from members.rules.dues_months import next_month
from registry.calendar import first_of_month
from registry.money import ZERO

COLUMNS = ("opening", "received", "interest", "remitted", "returned", "spent")


@dataclass(frozen=True)
class Statement:
    """The dues of an organisation and everything below it for some months, in yuan.

    ``owed`` is for the months themselves, ``paid`` what was booked in them, for whatever months;
    of it ``late`` is for earlier months, ``advance`` for later ones, ``extra`` voluntary.
    """

    owed: Decimal
    paid: Decimal
    late: Decimal
    advance: Decimal
    extra: Decimal
    arrears: Decimal
    opening: Decimal
    received: Decimal
    interest: Decimal
    remitted: Decimal
    returned: Decimal
    spent: Decimal
    closing: Decimal

    def as_yuan(self) -> dict[str, str]:
        """Return all sums as text with two digits, for other programs."""
        return {field.name: f"{getattr(self, field.name):.2f}" for field in fields(self)}


def statement_of(organization: Organization, first: date, until: date) -> Statement:
    """Return the statement of the months from ``first`` up to, not including, ``until``."""
    below = _before(organization, until)
    paid = _paid(below, first, until)
    moved = _moved(below, first, until)
    opening = _held(below, first) + moved["opening"]
    closing = opening + paid["paid"] + _left(moved | {"opening": ZERO})
    return Statement(
        owed=sum(Owing(first, until, below=below).totals().values(), ZERO),
        arrears=sum(
            (
                line.open.amount
                for line in arrears_of(organization, _month_before(until), below=below)
            ),
            ZERO,
        ),
        closing=closing,
        **paid,
        **moved | {"opening": opening},
    )


def closing_of(organization: Organization, until: date) -> Decimal:
    """Return what an organisation and everything below it hold of the dues before ``until``."""
    return _held(_before(organization, until), until)


def _before(organization: Organization, until: date) -> Subtree:
    """Return ``organization`` with all that stood below it on the last day before ``until``."""
    return Subtree(organization, until - date.resolution)


def _held(below: Subtree, until: date) -> Decimal:
    payments = Payment.objects.filter(below.holds(), booked_month__lt=until)
    return _all_paid(payments) + _left(_moved(below, None, until))


def balance_of(organization: Organization, until: date, fund: str = ledger.DUES) -> Decimal:
    """Return what the account of one organisation alone holds before the day ``until``.

    Of dues with the payments of its own members; of the budget what was booked. Within a month
    the payments of its days so far count; on its first day, the months before.
    """
    entries = AccountEntry.objects.filter(organization=organization, fund=fund, day__lt=until)
    month = first_of_month(until)
    booked = Q(booked_month__lt=month)
    if until > month:
        booked |= Q(booked_month=month, paid_on__lt=until)
    paid = Payment.objects.filter(booked, organization=organization)
    return _left(_by_column(entries)) + (_all_paid(paid) if fund == ledger.DUES else ZERO)


def _left(columns: Mapping[str, Decimal]) -> Decimal:
    """Return what is left of sums by column: what came less what went."""
    came = columns["opening"] + columns["received"] + columns["interest"]
    return came - columns["remitted"] - columns["returned"] - columns["spent"]


def _month_before(month: date) -> date:
    return (month - date.resolution).replace(day=1)


def _paid(below: Subtree, first: date, until: date) -> dict[str, Decimal]:
    payments = Payment.objects.filter(below.holds()).booked_in(first, until).of_the_dues()
    months = PaymentMonth.objects.filter(
        below.holds(), booked_month__gte=first, booked_month__lt=until
    )
    return payments.aggregate(
        paid=Sum("amount", default=ZERO),
        extra=Sum("amount", filter=Q(kind=ledger.EXTRA), default=ZERO),
    ) | months.aggregate(
        late=Sum("amount", filter=Q(month__lt=F("booked_month")), default=ZERO),
        advance=Sum("amount", filter=Q(month__gt=F("booked_month")), default=ZERO),
    )


def _all_paid(payments: Any) -> Decimal:
    total: Decimal = payments.of_the_dues().aggregate(sum=Sum("amount", default=ZERO))["sum"]
    return total


def _moved(below: Subtree, first: date | None, until: date) -> dict[str, Decimal]:
    """Return what came to the subtree and went from it, from the day ``first``, by column."""
    entries = AccountEntry.objects.filter(
        ~(Q(counterpart__isnull=False) & below.holds("counterpart")),
        below.holds(),
        fund=ledger.DUES,
        day__lt=until,
    )
    return _by_column(entries.filter(day__gte=first) if first else entries)


def _by_column(entries: QuerySet[AccountEntry]) -> dict[str, Decimal]:
    columns = dict.fromkeys(COLUMNS, ZERO)
    for kind, amount in entries.order_by().values_list("kind").annotate(Sum("amount")):
        columns[ledger.ENTRY_KINDS[kind].column] += amount
    return columns


@dataclass
class BranchSums:
    """One branch in some months, as it is published."""

    members: int = 0  # on the last day
    owed: Decimal = ZERO
    paid: Decimal = ZERO  # booked in these months, for whatever months; extras too
    extra: Decimal = ZERO  # of that, voluntary


def sums_of(organization: Organization, first: date, until: date) -> dict[int, BranchSums]:
    """Return the branches at and below ``organization`` with their sums of the months from
    ``first`` up to, not including, ``until``, by key."""
    rows: dict[int, BranchSums] = defaultdict(BranchSums)
    below = _before(organization, until)
    for pk, count in _members_before(below, until):
        rows[pk].members = count
    for (pk, _month), amount in Owing(first, until, below=below).totals().items():
        rows[pk].owed += amount
    payments = Payment.objects.filter(below.holds()).booked_in(first, until).of_the_dues()
    sums = payments.order_by().values_list("organization", "kind").annotate(Sum("amount"))
    for pk, kind, amount in sums:
        rows[pk].paid += amount
        if kind == ledger.EXTRA:
            rows[pk].extra += amount
    return dict(rows)


def _members_before(below: Subtree, until: date) -> Iterable[tuple[int, int]]:
    """Return how many belong to each branch on the last day before ``until``, by its key."""
    stays = Placement.objects.on(until - date.resolution).filter(below.holds())
    return stays.order_by().values_list("organization").annotate(Count("pk"))


@dataclass
class BranchMonth:
    """One branch in one month, as a monthly summary has it."""

    members: int = 0
    owed: Decimal = ZERO
    on_time: Decimal = ZERO  # for this month, booked in it or before
    late: Decimal = ZERO  # booked in this month for earlier ones
    in_arrears: int = 0
    arrears: Decimal = ZERO  # open at the end of the month, from this one and all before
    cash: Decimal = ZERO  # booked in this month, for whatever months; extras too
    online: Decimal = ZERO  # the same, by bank or online
    bank: Decimal = ZERO  # of that, by bank alone


def summary_of(organization: Organization, month: date) -> dict[int, BranchMonth]:
    """Return the branches at and below ``organization`` with their sums of ``month``, by key."""
    until = next_month(month)
    rows: dict[int, BranchMonth] = defaultdict(BranchMonth)
    below = _before(organization, until)
    for pk, count in _members_before(below, until):
        rows[pk].members = count
    for (pk, _month), amount in Owing(month, until, below=below).totals().items():
        rows[pk].owed = amount
    months = PaymentMonth.objects.filter(below.holds()).order_by().values_list("organization")
    on_time = months.filter(month=month, booked_month__lte=month)
    for pk, amount in on_time.annotate(Sum("amount")):
        rows[pk].on_time = amount
    for pk, amount in months.filter(booked_month=month, month__lt=month).annotate(Sum("amount")):
        rows[pk].late = amount
    payments = Payment.objects.filter(below.holds(), booked_month=month).of_the_dues()
    by_method = payments.order_by().values_list("organization", "method").annotate(Sum("amount"))
    for pk, method, amount in by_method:
        if method == ledger.CASH:
            rows[pk].cash += amount
        else:
            rows[pk].online += amount
        if method == ledger.BANK:
            rows[pk].bank += amount
    for line in arrears_of(organization, month, below=below):
        rows[line.organization_id].in_arrears += 1
        rows[line.organization_id].arrears += line.open.amount
    return dict(rows)
