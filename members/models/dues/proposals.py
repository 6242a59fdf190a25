"""What a yearly run proposes for each member: worked out from what is known, never kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Sum

from branches.models import Organization
from members.models.dues.assessments import Assessment, Figures, figures, year_of
from members.models.dues.bases import DuesBase
from members.models.dues.closed_months import ClosingBook
from members.models.dues.payments import PaymentMonth
from members.models.dues.policies import DuesPolicy, Policy, PolicyBook
from members.models.placements import Placement
from members.rules import dues
from members.rules.dues_months import next_month, written
from registry.sentences import Sentence

PROPOSED, CHANGED, UNCHANGED, WITHOUT_BASE = "proposed", "changed", "unchanged", "without_base"
STATES = (PROPOSED, CHANGED, UNCHANGED, WITHOUT_BASE)
MUCH = 5  # a change of more than one part in so many, 20 %, is worth a look
LATER = Sentence(
    "The base given since is not the one that was assessed. Change the dues from a month on, with "
    "a reason."
)
BATCH = 5_000
FIGURES = ("category", "base", "rate", "monthly")


@dataclass(frozen=True, slots=True)
class Kept:
    """The first assessment of the year that is there already."""

    pk: int
    month_from: date
    figures: Figures
    latest: Figures  # those of its last months
    alone: bool  # nothing has changed within the year


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the run says of one member."""

    member_id: int
    number: str
    name: str
    state: str
    category: str  # of dues: by which he is to pay now
    found: Figures | None  # None without a base that the rules take
    last: Figures | None  # by which he paid at the end of last year
    kept: Kept | None
    month_from: date  # the first that is assessed: that of the year, or the first open one
    objection: str = ""  # why his base is not taken

    @property
    def begins_late(self) -> bool:
        """Whether he is assessed from the first open month on, and not for the whole year."""
        return self.state == PROPOSED and self.month_from > year_of(self.month_from.year)[0]

    @property
    def before(self) -> Decimal | None:
        """What he paid a month at the end of last year."""
        return self.last.monthly if self.last else None

    @property
    def known(self) -> Figures | None:
        """The figures that he was assessed by last, in this year or the one before."""
        return self.kept.latest if self.kept else self.last

    @property
    def changed_category(self) -> bool:
        """Whether he is to pay by another category than the one he was assessed by last."""
        return self.known is not None and self.known.category != self.category

    @property
    def needs_a_look(self) -> bool:
        """Whether a clerk should look at it before it is confirmed, or at all."""
        if self.objection or self.state == WITHOUT_BASE or self.changed_category:
            return True
        return self.state != UNCHANGED and self.differs_much

    @property
    def differs_much(self) -> bool:
        """Whether the monthly amount changes by more than 20 %."""
        if self.found is None or self.before is None:
            return False
        return abs(self.found.monthly - self.before) * MUCH > self.before


def of_members(rows: Any, organization: Organization) -> Any:
    """Return those of ``rows`` whose member is below ``organization`` now."""
    return rows.filter(
        member__organization__path__gte=organization.path,
        member__organization__path__lt=organization.end_path,
    ).order_by()


class Known:
    """What the register knows before a run: read at once, asked for each member.

    Of all below ``top``, or only of those with the keys ``members``.
    """

    def __init__(
        self, top: Organization, year: int, closed: ClosingBook, members: Collection[int] | None
    ) -> None:
        self.top, self.members, self.closed = top, members, closed
        self.month, self.until = year_of(year)
        bases = self._concerned(DuesBase.objects.under(top)).filter(year=year)
        self.incomes: dict[int, Decimal] = dict(bases.values_list("member", "amount"))
        self.policies = PolicyBook(DuesPolicy.objects.for_anybody_under(top.path))
        self.kept: dict[int, Kept] = {}
        for member, pk, month, *said in self._assessments(year):
            first = self.kept.get(member)
            self.kept[member] = (
                Kept(first.pk, first.month_from, first.figures, Figures(*said), alone=False)
                if first
                else Kept(pk, month, Figures(*said), Figures(*said), alone=True)
            )
        self.last: dict[int, Figures] = {
            member: Figures(*said) for member, _pk, _month, *said in self._assessments(year - 1)
        }
        self.moved = self._closed_where_they_were()

    def _concerned(self, rows: Any) -> Any:
        return rows if self.members is None else rows.filter(member__in=self.members)

    def _assessments(self, year: int) -> Iterator[tuple[Any, ...]]:
        rows = self._concerned(Assessment.objects.under(self.top)).of_year(year)
        columns = ("member", "pk", "month_from", *FIGURES)
        yield from rows.order_by("month_from").values_list(*columns).iterator(chunk_size=BATCH)

    def judged(self, pk: int, number: str, name: str, category: str, path: str) -> Proposal:
        kept, last = self.kept.get(pk), self.last.get(pk)
        policy = self.policies.in_force(path, self.month)
        paying = dues.CATEGORIES[category]
        said, objection = None, ""
        closed = self._closed_to(pk, path)
        begins = next_month(closed) if closed else self.month
        try:
            if kept:
                said = self._corrected(pk, kept, policy)
                objection = self._against(pk, kept, said, closed) if said else ""
            else:
                said = self._proposed(pk, paying, last, policy)
                if said and closed and begins >= self.until:
                    objection = _nothing_is_open(closed)
        except ValueError as error:
            objection = error.args[0]
        said = None if objection else said
        if kept:
            state = CHANGED if said else UNCHANGED
            said = said or kept.figures
        else:
            state = PROPOSED if said else WITHOUT_BASE
        return Proposal(
            pk, number, name, state, paying.category, said, last, kept, begins, objection
        )

    def _closed_to(self, pk: int, path: str) -> date | None:
        """Return the last month of the year that is closed where the member is, or was in it."""
        if not self.closed.last:
            return None
        found = (self.closed.closed_to(path), self.moved.get(pk))
        return max((month for month in found if month), default=None)

    def _closed_where_they_were(self) -> dict[int, date]:
        """Return the last closed month of those who have left another branch within the year."""
        found: dict[int, date] = {}
        if not self.closed.last:
            return found
        left = Placement.objects.filter(placed_until__gt=self.month)
        left = self._concerned(of_members(left, self.top))
        columns = ("member", "organization__path", "placed_from", "placed_until")
        for pk, *stay in left.values_list(*columns).iterator(chunk_size=BATCH):
            if month := self.closed.closed_within(*stay):
                found[pk] = max(month, found.get(pk, month))
        return found

    def _corrected(self, pk: int, kept: Kept, policy: Policy) -> Figures | None:
        """Return the figures by a base given since; None where it is one that was assessed."""
        income, category = self.incomes.get(pk), kept.figures.category
        if income is None:
            return None
        base = policy.base_of(category, income)
        if base in (kept.figures.base, kept.latest.base):
            return None
        return figures(category, base, self.month, policy.rounding)

    def _against(self, pk: int, kept: Kept, said: Figures, closed: date | None) -> str:
        """Return what speaks against putting the whole year right; "" where nothing does."""
        if not kept.alone or kept.month_from != self.month or pk in self.paying:
            return LATER
        if closed and said.monthly != kept.figures.monthly:
            return _acts_later(closed)
        return ""

    @cached_property
    def paying(self) -> set[int]:
        """Who has paid for a month of the year."""
        paid = PaymentMonth.objects.filter(month__gte=self.month, month__lt=self.until)
        sums = self._concerned(of_members(paid, self.top)).values("member").annotate(Sum("amount"))
        return set(sums.filter(amount__sum__gt=0).values_list("member", flat=True))

    def _proposed(
        self, pk: int, paying: dues.Paying, last: Figures | None, policy: Policy
    ) -> Figures | None:
        """Return the figures by the base given for the year, by that of last year, or by the
        amount that the rule itself names; None without any of them."""
        income = self.incomes.get(pk)
        if income is not None:
            base = policy.base_of(paying.category, income)
        elif last and last.category == paying.category:
            base = last.base
        elif paying.amount is not None:
            base = paying.amount
        else:
            return None
        return figures(paying.category, base, self.month, policy.rounding)


def _acts_later(closed: date) -> Sentence:
    return Sentence(
        "%(month)s is closed, so the base given since does not count for the whole year. Change "
        "the dues from %(open)s on, with a reason, or have %(month)s opened.",
        month=written(closed),
        open=written(next_month(closed)),
    )


def _nothing_is_open(closed: date) -> Sentence:
    return Sentence(
        "%(month)s is closed, and all months before it. Choose a later year, or have it opened.",
        month=written(closed),
    )
