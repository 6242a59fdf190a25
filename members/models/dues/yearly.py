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
from members.models.dues.assessments import Assessment, Figures, figures, year_of
from members.models.dues.bases import DuesBase
from members.models.dues.payments import PaymentMonth
from members.models.dues.policies import DuesPolicy, Policy, PolicyBook
from members.models.dues.standings import DuesStanding
from members.models.importing import chunks
from members.models.members import Member
from members.rules import dues
from members.rules.dues_months import written
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
    alone: bool  # nothing has changed within the year
    figures: Figures


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the run says of one member."""

    member_id: int
    number: str
    name: str
    state: str
    found: Figures | None  # None without a base that the rules take
    before: Decimal | None  # what he paid a month at the end of last year
    kept: Kept | None
    objection: str = ""  # why his base is not taken

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
        assessed one of the members meanwhile.
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
                Kept(first.pk, first.month_from, alone=False, figures=first.figures)
                if first
                else Kept(pk, month, alone=True, figures=Figures(*said))
            )
        self.last: dict[int, Figures] = {
            member: Figures(*said)
            for member, _pk, _month, *said in self._assessments(run, run.year - 1)
        }

    def _assessments(self, run: YearlyRun, year: int) -> Iterator[tuple[Any, ...]]:
        rows = Assessment.objects.under(run.organization).of_year(year).order_by("month_from")
        return rows.values_list("member", "pk", "month_from", *_FIGURES).iterator(chunk_size=BATCH)

    def judged(self, pk: int, number: str, name: str, category: str, path: str) -> Proposal:
        kept, last = self.kept.get(pk), self.last.get(pk)
        policy = self.policies.in_force(path, self.month)
        before = last.monthly if last else None
        said, objection = None, ""
        try:
            if kept:
                said = self._corrected(pk, kept, policy)
                objection = LATER if said and not self._may_correct(pk, kept) else ""
            else:
                said = self._proposed(pk, dues.CATEGORIES[category], last, policy)
        except ValueError as error:
            objection = error.args[0]
        said = None if objection else said
        if kept:
            state = CHANGED if said else UNCHANGED
            said = said or kept.figures
        else:
            state = PROPOSED if said else WITHOUT_BASE
        return Proposal(pk, number, name, state, said, before, kept, objection)

    def _corrected(self, pk: int, kept: Kept, policy: Policy) -> Figures | None:
        """Return the figures by a base given since; None where it is the one assessed."""
        income, category = self.incomes.get(pk), kept.figures.category
        if income is None or (base := policy.base_of(category, income)) == kept.figures.base:
            return None
        return figures(category, base, self.month, policy.rounding)

    def _may_correct(self, pk: int, kept: Kept) -> bool:
        """Whether the whole year may still be put right."""
        return kept.alone and kept.month_from == self.month and pk not in self.paying

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


class _Writing:
    """Takes proposals in beside the table, and lets them enter at once."""

    def __init__(self, run: YearlyRun, reason: str) -> None:
        self.run = run
        self.since, until = run.first.isoformat(), run.until.isoformat()
        self.always = [["month_from", "", self.since], ["month_until", "", until]]
        self.entries = LinkedEntries(f"organization:{run.organization.pk}", reason)
        same = {"month_from": self.since, "month_until": until, "reason": ""}
        self.room = WaitingRoom(Assessment, ("id", "member", *_FIGURES), same)
        self.changes: list[tuple[Any, ...]] = []
        self.written: set[int] = set()

    def take_in(self, proposals: list[Proposal]) -> None:
        self.written.update(p.member_id for p in proposals if p.state in (PROPOSED, CHANGED))
        new = [each for each in proposals if each.state == PROPOSED]
        keys = reserve_keys(Assessment, len(new))
        self.room.add((key, p.member_id, *_kept(p)) for key, p in zip(keys, new, strict=True))
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
        return f"{proposal.name} {written(self.run.first)}: {monthly}"

    def _logged(self, proposal: Proposal) -> list[list[Any]]:
        """Return the changes as the records would log them one by one."""
        new = _as_logged(proposal.found)
        if proposal.kept is None:
            own: list[list[Any]] = [["member", "", proposal.member_id], *self.always]
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
