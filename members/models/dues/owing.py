"""What is owed by whom, to which branch, for which months: the one answer to this question.

A month is owed to the branch of its first day, or to that which accepted the member within it; as
much as the assessment that holds in it says, less a reduction. A fixed number of queries answers
for any number of people and months: the database meets stays with assessments and gives stretches
of time, and the rules say which months lie in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Case, F, FilteredRelation, Q, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, Least

from branches.models import Subtree
from branches.rules import hierarchy
from members.models.placements import Placement
from members.rules.dues_months import months_between, months_owed
from registry.money import ZERO

_COLLECTING = Q(
    organization__kind__in=[kind.code for kind in hierarchy.KINDS.values() if kind.collects],
    organization__sort__in=[sort.code for sort in hierarchy.SORTS.values() if sort.collects],
)


class Owed(NamedTuple):
    """What one member owes to one branch for one month; 0.00 where he is exempt."""

    member_id: int
    organization_id: int
    month: date
    amount: Decimal


class Stretch(NamedTuple):
    """The part of a stay and of an assessment that meet within the months asked for."""

    stay_from: date
    stay_until: date
    stay_began: str  # "" before the months asked for, so that the database has less to tell apart
    assessed_from: date
    assessed_until: date

    def months(self) -> list[date]:
        owed = months_owed(self.stay_from, self.stay_until, self.stay_began, self.assessed_until)
        return [month for month in owed if month >= self.assessed_from]


class Owing:
    """What is owed for the months from ``first`` up to, not including, ``until``.

    To what is ``below`` an organisation, by the tree of whichever day that was asked for, by
    ``members``, or both. Nobody owes for a month in which he is not assessed, is suspended, or
    belongs to a branch that collects nothing.
    """

    def __init__(
        self,
        first: date,
        until: date,
        *,
        below: Subtree | None = None,
        members: Collection[int] | models.QuerySet[Any] | None = None,
    ) -> None:
        self.first, self.until = first, until
        stays = Placement.objects.filter(
            _COLLECTING,
            Q(placed_until__isnull=True)
            | Q(placed_until__gt=first) & Q(placed_until__gt=F("placed_from")),
            placed_from__lt=until,
        )
        if below is not None:
            stays = stays.filter(below.holds())
        if members is not None:
            stays = stays.filter(member__in=members)
        self._stays = stays.order_by()

    def rows(self) -> Iterator[Owed]:
        """Yield what each member owes for each month, in no order."""
        columns = ("member_id", "organization_id", *Stretch._fields, "monthly")
        meeting = Q(member__reductions__month_until__isnull=True) | Q(
            member__reductions__month_until__gt=self.first
        )
        reduced = FilteredRelation(
            "member__reductions",
            condition=meeting & Q(member__reductions__month_from__lt=self.until),
        )
        told = ("reduced__month_from", "reduced__month_until", "reduced__amount")
        rows = self._stretches(self._stays.annotate(reduced=reduced)).values_list(*columns, *told)
        held: dict[tuple[int, date], Owed] = {}  # of members with a reduction: one row for each
        for member, branch, *stretch, monthly, begin, end, most in rows.iterator():
            for month in Stretch(*stretch).months():
                if most is None:
                    yield Owed(member, branch, month, monthly)
                    continue
                holds = begin <= month and (end is None or month < end)
                owed = Owed(member, branch, month, min(monthly, most) if holds else monthly)
                held[member, month] = min(owed, held.get((member, month), owed))
        yield from held.values()

    def totals(self) -> dict[tuple[int, date], Decimal]:
        """Return what is owed to each branch for each month, by branch and month.

        Added up by the database, so that it costs what the branches are and not the people.
        """
        totals: dict[tuple[int, date], Decimal] = defaultdict(lambda: ZERO)
        columns = ("organization_id", *Stretch._fields)
        sums = self._stretches(self._stays).values(*columns).annotate(sum=Sum("monthly"))
        # No iterator(): for one PostgreSQL plans to be early with the first rows, not with all.
        for branch, *stretch, amount in sums.values_list(*columns, "sum"):
            for month in Stretch(*stretch).months():
                totals[branch, month] += amount
        reduced = self._reduced()
        if not reduced:
            return dict(totals)
        concerned = self._stays.filter(member__in={member for member, _month in reduced})
        rows = self._stretches(concerned).values_list("member_id", *columns, "monthly")
        for member, branch, *stretch, monthly in rows.iterator():
            for month in Stretch(*stretch).months():
                totals[branch, month] -= max(monthly - reduced.get((member, month), monthly), ZERO)
        return dict(totals)

    def _stretches(self, stays: models.QuerySet[Placement]) -> models.QuerySet[Any]:
        """Return the stays, each once for every assessment that it meets, cut to the months."""
        first = Value(self.first, models.DateField())
        until = Value(self.until, models.DateField())
        return stays.filter(
            member__assessments__month_from__lt=self.until,
            member__assessments__month_until__gt=self.first,
        ).annotate(
            stay_from=Greatest("placed_from", first),
            stay_until=Least(Coalesce("placed_until", until), until),
            stay_began=Case(When(placed_from__lt=self.first, then=Value("")), default="began"),
            assessed_from=Greatest("member__assessments__month_from", first),
            assessed_until=Least("member__assessments__month_until", until),
            monthly=F("member__assessments__monthly"),
        )

    def _reduced(self) -> dict[tuple[int, date], Decimal]:
        """Return the most that members with a reduction owe, by member and month."""
        most: dict[tuple[int, date], Decimal] = {}
        rows: Any = self._stays.filter(
            Q(member__reductions__month_until__isnull=True)
            | Q(member__reductions__month_until__gt=self.first),
            member__reductions__month_from__lt=self.until,
        ).values_list(
            "member_id",
            "member__reductions__month_from",
            "member__reductions__month_until",
            "member__reductions__amount",
        )
        for member, begin, end, amount in rows:
            stretch = months_between(max(begin, self.first), min(end or self.until, self.until))
            most |= {(member, month): amount for month in stretch}
        return most
