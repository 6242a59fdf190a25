"""The collection sheet: what the members of one branch owe and have paid, by months of a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from branches.models import Organization
from members.models.dues.closings import closed_to
from members.models.dues.owing import Owing
from members.models.dues.payments import Payment, PaymentMonth
from members.models.members import Member
from members.models.placements import Placement
from members.rules.dues_months import months_between
from members.rules.ledger import EXTRA
from registry.money import ZERO


@dataclass
class MonthCell:
    """One month of one member: None is owed where nothing is; ``paid`` is what was paid here.

    ``elsewhere`` is what was paid for it to another branch, and ``by_now`` both.
    """

    month: date
    owed: Decimal | None = None
    paid: Decimal = ZERO
    elsewhere: Decimal = ZERO

    @property
    def by_now(self) -> Decimal:
        return self.paid + self.elsewhere

    @property
    def open(self) -> Decimal:
        return max((self.owed or ZERO) - self.by_now, ZERO)

    @property
    def owed_here(self) -> Decimal:
        """What is owed less what another branch has taken of it already."""
        return max((self.owed or ZERO) - self.elsewhere, ZERO)


@dataclass
class CollectionRow:
    """One member in the sheet; ``here`` where the branch takes his money now."""

    member_id: int
    name: str
    number: str
    here: bool
    stayed: bool  # in some month of the year
    cells: dict[date, MonthCell]
    extra: Decimal = ZERO  # given to this branch in the year, beyond the dues
    extra_by_now: Decimal = ZERO  # whenever and to whomever

    @property
    def owed(self) -> Decimal:
        return sum((cell.owed_here for cell in self.cells.values()), ZERO)

    @property
    def paid(self) -> Decimal:
        return sum((cell.paid for cell in self.cells.values()), ZERO)

    @property
    def stands_in_the_sheet(self) -> bool:
        """Whoever has come since stands in it with the months that came along unpaid."""
        return self.stayed or any(cell.open or cell.paid for cell in self.cells.values())


@dataclass
class Collection:
    """A branch and a year: whoever belonged in it, in the order of the roster.

    Asked with five queries, however many members there are, and only when it is looked at.

    Unpaid months go along with a member who has moved: they stand in the sheet of the branch that
    he belongs to now, and what he has paid stays in that of the branch that took it.
    """

    organization: Organization
    year: int

    @cached_property
    def rows(self) -> list[CollectionRow]:
        rows = {row.member_id: row for row in _rows_of(self)}
        for owed in Owing(self.first, self.until, members=list(rows)).rows():
            row = rows[owed.member_id]
            if row.here:
                row.cells[owed.month].owed = owed.amount
        _add_what_was_paid(self, rows)
        return [row for row in rows.values() if row.stands_in_the_sheet]

    @cached_property
    def closed_to(self) -> date | None:
        return closed_to(self.organization)

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def until(self) -> date:
        return date(self.year + 1, 1, 1)

    @cached_property
    def months(self) -> list[date]:
        return months_between(self.first, self.until)

    def is_closed(self, month: date) -> bool:
        return self.closed_to is not None and month <= self.closed_to

    def owed_for(self, month: date) -> Decimal:
        return sum((row.cells[month].owed_here for row in self.rows), ZERO)

    def paid_for(self, month: date) -> Decimal:
        return sum((row.cells[month].paid for row in self.rows), ZERO)


def _rows_of(sheet: Collection) -> Iterable[CollectionRow]:
    stays = Placement.objects.filter(
        Q(placed_until__isnull=True)
        | Q(placed_until__gt=sheet.first) & Q(placed_until__gt=F("placed_from")),
        member=OuterRef("pk"),
        organization=sheet.organization,
        placed_from__lt=sheet.until,
    )
    members: QuerySet[Member] = Member.objects.annotate(stayed=Exists(stays)).filter(
        Q(stayed=True) | Q(organization=sheet.organization), wrong_entry=False
    )
    columns = ("pk", "name", "number", "organization_id", "stayed")
    for pk, name, number, branch, stayed in members.order_by("display_order", "pk").values_list(
        *columns
    ):
        cells = {month: MonthCell(month) for month in sheet.months}
        here = branch == sheet.organization.pk
        yield CollectionRow(pk, name, number, here=here, stayed=stayed, cells=cells)


def _add_what_was_paid(sheet: Collection, rows: dict[int, CollectionRow]) -> None:
    here = sheet.organization.pk
    months = PaymentMonth.objects.filter(
        member__in=list(rows), month__gte=sheet.first, month__lt=sheet.until
    )
    sums = months.order_by().values_list("member", "organization", "month")
    for pk, branch, month, amount in sums.annotate(Sum("amount")):
        cell = rows[pk].cells[month]
        if branch == here:
            cell.paid += amount
        elif rows[pk].here:
            cell.elsewhere += amount
    for row in rows.values():
        if not row.here:  # what he has paid was owed here; the rest has gone along with him
            for cell in row.cells.values():
                cell.owed = cell.paid or None
    extras = Payment.objects.filter(member__in=list(rows), kind=EXTRA)
    by_year = extras.order_by().values_list("member", "organization", "paid_on__year")
    totals: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for pk, branch, year, amount in by_year.annotate(Sum("amount")):
        totals[pk] += amount
        if branch == here and year == sheet.year:
            rows[pk].extra += amount
    for pk, total in totals.items():
        rows[pk].extra_by_now = total
