"""The yearly run: what everybody below an organisation is to pay in a year, proposed and confirmed.

A proposal is worked out, never kept: the clerk looks at it, corrects a base or gives one that is
missing, looks again, and confirms, which writes the assessments. Run again it proposes only for
those who have come since, and puts right what rests on a base that was corrected before anything
was paid for the year. All else changes from a month on and with a reason: ``assessing.assess``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from members.models.dues.assessments import Assessment, Figures, year_of
from members.models.dues.bases import DuesBase
from members.models.dues.closed_months import ClosingBook
from members.models.dues.payments import PaymentMonth
from members.models.dues.proposals import (
    BATCH,
    CHANGED,
    FIGURES,
    PROPOSED,
    Known,
    Proposal,
    of_members,
)
from members.models.dues.standings import DuesStanding
from members.models.importing import chunks
from members.models.members import Member, MemberQuerySet
from members.rules import dues
from members.rules.dues_months import written
from registry.loading import WaitingRoom, insert, reserve_keys, update
from registry.models import StaleRecord
from registry.models.bulk_log import Line, LinkedEntries
from registry.models.log import Action
from registry.models.records import HIDDEN

_LABEL = "members.assessment"


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

    @property
    def members(self) -> MemberQuerySet:
        """Everybody whom the run is about."""
        return Member.objects.under(self.organization).on_roll()

    def settled(self) -> MemberQuerySet:
        """Members whose assessment of the year plainly stands: the run proposes nothing for them
        and there is nothing to look at. Found by the database; a few more may be so."""
        assessed = Assessment.objects.of_year(self.year)
        own = assessed.filter(member=OuterRef("pk"))
        bases = DuesBase.objects.filter(member=OuterRef("pk"), year=self.year)
        first = assessed.filter(member=OuterRef("member"), month_from=self.first)
        paying = {code: each.category for code, each in dues.CATEGORIES.items()}
        found = self.members.filter(Exists(own))
        for category in dues.DUES_CATEGORIES:
            these = Q(category__in=[code for code in paying if paying[code] == category])
            found = found.exclude(these & Q(Exists(own.exclude(category=category))))
            if category == dues.RETIRED:  # of whose pension the base may be a part
                found = found.exclude(these & Q(Exists(bases)))
        return found.exclude(Exists(bases.exclude(Exists(first.filter(base=OuterRef("amount"))))))

    def proposals(self, members: Collection[int] | None = None) -> Iterator[Proposal]:
        """Yield what is proposed for each member, or for those with the keys ``members``, in the
        order of the roster."""
        known = Known(self.organization, self.year, self.closed, members)
        rows = self.members.in_roster_order()
        if members is not None:
            rows = rows.filter(pk__in=members)
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


class _Writing:
    """Takes proposals in beside the table, and lets them enter at once."""

    def __init__(self, run: YearlyRun, reason: str) -> None:
        self.run = run
        self.until = run.until.isoformat()
        self.entries = LinkedEntries(f"organization:{run.organization.pk}", reason)
        same = {"month_until": self.until, "reason": ""}
        self.room = WaitingRoom(Assessment, ("id", "member", "month_from", *FIGURES), same)
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
        return update(Assessment, FIGURES, self.changes)

    def _bring_standings_up_to_date(self) -> None:
        """Give everybody a standing, and work it out anew for those who have paid for the year.

        Whoever else was assessed has paid to where he had paid before.
        """
        top = self.run.organization
        held = set(of_members(DuesStanding.objects, top).values_list("member", flat=True))
        rows = ((member, None, None, 0) for member in self.written if member not in held)
        insert(DuesStanding, ("member", "settled_to", "paid_to", "over"), rows)
        paid = of_members(PaymentMonth.objects.filter(month__gte=self.run.first), top)
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
            return own + [[name, "", new[name]] for name in FIGURES if new[name] != ""]
        old = _as_logged(proposal.kept.figures)
        return [
            [name, old[name], new[name]]
            for name in FIGURES
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
        return dict.fromkeys(FIGURES, "")
    rate = "" if found.rate is None else str(found.rate.normalize())
    return {
        "category": found.category,
        "base": HIDDEN,
        "rate": rate,
        "monthly": str(found.monthly),
    }
