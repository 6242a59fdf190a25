"""The yearly run: what everybody below an organisation is to pay in a year, proposed and confirmed.

A proposal is worked out, never kept: the clerk looks at it, corrects a base or gives one that is
missing, looks again, and confirms, which writes the assessments. Run again it proposes only for
those who have come since, and puts right what rests on a base that was corrected before anything
was paid for the year. All else changes from a month on and with a reason: ``assessing.assess``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from members.models.dues.assessments import Assessment, Figures, figures, year_of
from members.models.dues.bases import DuesBase
from members.models.dues.closed_months import ClosingBook
from members.models.dues.payments import PaymentMonth
from members.models.dues.policies import DuesPolicy, Policy, PolicyBook
from members.models.dues.standings import DuesStanding
from members.models.importing import chunks
from members.models.members import Member
from members.models.placements import Placement
from members.rules import dues
from members.rules.dues_months import next_month, written
from registry.loading import WaitingRoom, insert, reserve_keys, update
from registry.models import StaleRecord
from registry.models.bulk_log import Line, LinkedEntries
from registry.models.log import Action
from registry.models.records import HIDDEN
from registry.sentences import Sentence

PROPOSED, CHANGED, UNCHANGED, WITHOUT_BASE = "proposed", "changed", "unchanged", "without_base"
STATES = (PROPOSED, CHANGED, UNCHANGED, WITHOUT_BASE)
MUCH = 5  # a change of more than one part in so many, 20 %, is worth a look
LATER = Sentence(
    "The base given since is not the one that was assessed. Change the dues from a month on, with "
    "a reason."
)
BATCH = 5_000
_LABEL = "members.assessment"
_FIGURES = ("category", "base", "rate", "monthly")


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


class YearlyRun:
    """Proposes and assesses for all who are on the roll below ``organization`` now.

    Raises ValueError for a year without a scale.
    """

    def __init__(self, organization: Organization, year: int) -> None:
        self.organization, self.year = organization, year
        self.first, self.until = year_of(year)

    @cached_property
    def closed(self) -> ClosingBook:
        """The closed months of the year, as they are when the run first asks for them."""
        return ClosingBook(self.first)

    def proposals(self) -> Iterator[Proposal]:
        """Yield what is proposed for each member, in the order of the roster."""
        known = _Known(self)
        rows = Member.objects.under(self.organization).on_roll().in_roster_order()
        columns = ("pk", "number", "name", "category", "organization__path")
        for row in rows.values_list(*columns).iterator(chunk_size=BATCH):
            yield known.judged(*row)

    def confirm(self, proposals: Iterable[Proposal], reason: str = "") -> Counter[str]:
        """Assess as ``proposals`` say, and return how many members are in each of STATES.

        All of them or none, in one short transaction. Raises ``StaleRecord`` where somebody has
        assessed one of the members meanwhile, or closed or opened a month.
        """
        counts: Counter[str] = Counter()
        writing = _Writing(self, reason)
        try:
            rest = iter(proposals)
            while batch := list(islice(rest, BATCH)):
                counts.update(each.state for each in batch)
                writing.take_in(batch)
            if counts[PROPOSED] or counts[CHANGED]:
                writing.enter()
        finally:
            writing.close()
        return counts


def _of_members(rows: Any, organization: Organization) -> Any:
    """Return those of ``rows`` whose member is below ``organization`` now."""
    return rows.filter(
        member__organization__path__gte=organization.path,
        member__organization__path__lt=organization.end_path,
    ).order_by()


class _Known:
    """What the register knows before a run: read at once, asked for each member."""

    def __init__(self, run: YearlyRun) -> None:
        self.run = run
        top, self.month = run.organization, run.first
        bases = DuesBase.objects.under(top).filter(year=run.year)
        self.incomes: dict[int, Decimal] = dict(bases.values_list("member", "amount"))
        self.policies = PolicyBook(DuesPolicy.objects.for_anybody_under(top.path))
        self.kept: dict[int, Kept] = {}
        for member, pk, month, *said in self._assessments(run, run.year):
            first = self.kept.get(member)
            self.kept[member] = (
                Kept(first.pk, first.month_from, first.figures, Figures(*said), alone=False)
                if first
                else Kept(pk, month, Figures(*said), Figures(*said), alone=True)
            )
        self.last: dict[int, Figures] = {
            member: Figures(*said)
            for member, _pk, _month, *said in self._assessments(run, run.year - 1)
        }
        self.moved = self._closed_where_they_were()

    def _assessments(self, run: YearlyRun, year: int) -> Iterator[tuple[Any, ...]]:
        rows = Assessment.objects.under(run.organization).of_year(year).order_by("month_from")
        return rows.values_list("member", "pk", "month_from", *_FIGURES).iterator(chunk_size=BATCH)

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
                if said and closed and begins >= self.run.until:
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
        if not self.run.closed.last:
            return None
        found = (self.run.closed.closed_to(path), self.moved.get(pk))
        return max((month for month in found if month), default=None)

    def _closed_where_they_were(self) -> dict[int, date]:
        """Return the last closed month of those who have left another branch within the year."""
        found: dict[int, date] = {}
        if not self.run.closed.last:
            return found
        left = Placement.objects.filter(placed_until__gt=self.month)
        left = _of_members(left, self.run.organization)
        columns = ("member", "organization__path", "placed_from", "placed_until")
        for pk, *stay in left.values_list(*columns).iterator(chunk_size=BATCH):
            if month := self.run.closed.closed_within(*stay):
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
        paid = PaymentMonth.objects.filter(month__gte=self.month, month__lt=self.run.until)
        sums = _of_members(paid, self.run.organization).values("member").annotate(Sum("amount"))
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


class _Writing:
    """Takes proposals in beside the table, and lets them enter at once."""

    def __init__(self, run: YearlyRun, reason: str) -> None:
        self.run = run
        self.until = run.until.isoformat()
        self.entries = LinkedEntries(f"organization:{run.organization.pk}", reason)
        same = {"month_until": self.until, "reason": ""}
        self.room = WaitingRoom(Assessment, ("id", "member", "month_from", *_FIGURES), same)
        self.changes: list[tuple[Any, ...]] = []
        self.written: set[int] = set()

    def take_in(self, proposals: list[Proposal]) -> None:
        self.written.update(p.member_id for p in proposals if p.state in (PROPOSED, CHANGED))
        new = [each for each in proposals if each.state == PROPOSED]
        keys = reserve_keys(Assessment, len(new))
        self.room.add(
            (key, p.member_id, p.month_from.isoformat(), *_kept(p))
            for key, p in zip(keys, new, strict=True)
        )
        changed = [each for each in proposals if each.kept and each.state == CHANGED]
        self.changes += [(*_kept(p), p.kept.pk) for p in changed if p.kept]
        lines = [(Action.ADD, key, p) for key, p in zip(keys, new, strict=True)]
        lines += [(Action.CHANGE, p.kept.pk, p) for p in changed if p.kept]
        self.entries.add(
            Line(action, _LABEL, key, self._label(p), self._logged(p)) for action, key, p in lines
        )

    def enter(self) -> None:
        try:
            with transaction.atomic():
                hold_tree(shared=True)
                if ClosingBook(self.run.first).last != self.run.closed.last:
                    raise StaleRecord(str(self.run.organization))
                self.room.enter()
                if self.changes and self._change() != len(self.changes):
                    raise StaleRecord(str(self.run.organization))
                self._bring_standings_up_to_date()
                self.entries.enter()
        except IntegrityError as error:  # somebody has assessed one of them meanwhile
            raise StaleRecord(str(self.run.organization)) from error

    def _change(self) -> int:
        return update(Assessment, _FIGURES, self.changes)

    def _bring_standings_up_to_date(self) -> None:
        """Give everybody a standing, and work it out anew for those who have paid for the year.

        Whoever else was assessed has paid to where he had paid before.
        """
        top = self.run.organization
        held = set(_of_members(DuesStanding.objects, top).values_list("member", flat=True))
        rows = ((member, None, None, 0) for member in self.written if member not in held)
        insert(DuesStanding, ("member", "settled_to", "paid_to", "over"), rows)
        paid = _of_members(PaymentMonth.objects.filter(month__gte=self.run.first), top)
        concerned = self.written.intersection(paid.values_list("member", flat=True).distinct())
        for keys in chunks(sorted(concerned)):
            DuesStanding.recompute(keys)

    def close(self) -> None:
        self.room.close()
        self.entries.close()

    def _label(self, proposal: Proposal) -> str:
        monthly = proposal.found.monthly if proposal.found else ""
        return f"{proposal.name} {written(proposal.month_from)}: {monthly}"

    def _logged(self, proposal: Proposal) -> list[list[Any]]:
        """Return the changes as the records would log them one by one."""
        new = _as_logged(proposal.found)
        if proposal.kept is None:
            own: list[list[Any]] = [
                ["member", "", proposal.member_id],
                ["month_from", "", proposal.month_from.isoformat()],
                ["month_until", "", self.until],
            ]
            return own + [[name, "", new[name]] for name in _FIGURES if new[name] != ""]
        old = _as_logged(proposal.kept.figures)
        return [
            [name, old[name], new[name]]
            for name in _FIGURES
            if name == "base" or old[name] != new[name]
        ]


def _kept(proposal: Proposal) -> tuple[Any, ...]:
    """Return the figures as the database keeps them."""
    found = proposal.found
    assert found is not None  # noqa: S101 - who is without a base is not written
    rate = None if found.rate is None else str(found.rate)
    return found.category, _fen(found.base), rate, _fen(found.monthly)


def _fen(amount: Decimal) -> int:
    return int(amount.scaleb(2))


def _as_logged(found: Figures | None) -> dict[str, str]:
    if found is None:
        return dict.fromkeys(_FIGURES, "")
    rate = "" if found.rate is None else str(found.rate.normalize())
    return {
        "category": found.category,
        "base": HIDDEN,
        "rate": rate,
        "monthly": str(found.monthly),
    }
