"""The demo's dues: policies, bases, assessments of two years, and reductions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from branches.models import Organization
from branches.rules.hierarchy import ORGAN_COMMITTEE
from members.models import Assessment, DuesBase, DuesPolicy, DuesStanding, Member, Reduction
from members.models.dues.assessments import Figures, figures
from members.models.dues.policies import PolicyBook
from members.rules import dues
from registry.loading import insert

SINCE = "2016-01-01"
# The lowest, highest and commonest monthly income, in yuan.
INCOMES = {"in_service": (2600, 14500, 5800), "retired": (2400, 9800, 4700)}
POLICY = [
    "version", "organization", "valid_from", "rounding_unit", "rounding_mode", "share_upward",
    "remitted_every", "returned_share", "reopening_needs_two",
]  # fmt: skip
BASE = ["version", "member", "year", "amount"]
ASSESSMENT = [
    "member", "month_from", "month_until", "category", "base", "rate", "monthly", "reason",
]  # fmt: skip
REDUCTION = [
    "member", "month_from", "month_until", "kind", "amount", "approved_by", "approved_on", "reason",
]  # fmt: skip


class DuesLoader:
    """Gives everybody of a demo the dues of the year of ``on`` and of the one before."""

    def __init__(self, seed: int, on: date) -> None:
        self.rng = random.Random(f"dues {seed}")  # noqa: S311 - invented incomes need no secret
        self.year = on.year
        self.bases: list[tuple[Any, ...]] = []
        self.reductions: list[tuple[Any, ...]] = []

    def load(self) -> None:
        insert(DuesPolicy, POLICY, self._policies())
        self.policies = PolicyBook(DuesPolicy.objects.all())
        insert(Assessment, ASSESSMENT, list(self._assessments()))
        insert(DuesBase, BASE, self.bases)
        insert(Reduction, REDUCTION, self.reductions)
        assessed = Assessment.objects.order_by("member").values_list("member", flat=True).distinct()
        # They had all paid to December before the register knew of payments.
        december = f"{self.year - 1}-12-01"
        standings = [(member, december, None, 0) for member in assessed]
        insert(DuesStanding, ("member", "settled_to", "paid_to", "over"), standings)

    def _policies(self) -> Iterator[tuple[Any, ...]]:
        """The top says how much goes up and how often; its first committee rounds to the jiao."""
        for top in Organization.objects.filter(parent=None):
            yield 1, top.pk, SINCE, "0.01", "half_up", "20", "quarter", "100", True
        committee = Organization.objects.filter(kind=ORGAN_COMMITTEE).order_by("path").first()
        if committee:
            yield 1, committee.pk, SINCE, "0.1", "up", None, "", None, None

    def _assessments(self) -> Iterator[tuple[Any, ...]]:
        columns = ("pk", "category", "organization__path", "hardship", "floating")
        rows = Member.objects.order_by("pk").values_list(*columns)
        for member, category, path, hardship, floating in rows.iterator():
            self._reduce(member, hardship=hardship, floating=floating)
            income = self._income(category)
            if self.rng.random() < 0.01:
                continue  # nobody has told his base yet
            before = (income * Decimal(self.rng.choice((70, 93, 96, 100, 100))) / 100).quantize(
                dues.FEN
            )
            yield from self._year(member, category, path, self.year - 1, before)
            yield from self._year(member, category, path, self.year, income)

    def _income(self, category: str) -> Decimal:
        lowest, highest, commonest = INCOMES[category]
        return Decimal(round(self.rng.triangular(lowest, highest, commonest) * 2)) / 2

    def _year(
        self, member: int, category: str, path: str, year: int, income: Decimal
    ) -> Iterator[tuple[Any, ...]]:
        """The assessment of one year; a few are promoted in its middle."""
        first, middle, until = date(year, 1, 1), date(year, 7, 1), date(year + 1, 1, 1)
        self.bases.append((1, member, year, _fen(income)))
        rounding = self.policies.in_force(path, first).rounding
        promoted = category == dues.IN_SERVICE and self.rng.random() < 0.02
        paying = dues.CATEGORIES[category].category
        now = figures(paying, income, first, rounding)
        yield _row(member, first, middle if promoted else until, now, "")
        if promoted:
            more = figures(paying, income + 900, middle, rounding)
            yield _row(member, middle, until, more, "职务晋升")

    def _reduce(self, member: int, *, hardship: bool, floating: bool) -> None:
        january, year = f"{self.year}-01-01", f"{self.year + 1}-01-01"
        approved = ("机关党委", f"{self.year}-01-15")
        if floating:
            elsewhere = ("paid_elsewhere", 0, *approved, "持流动党员活动证在外地交纳")
            self.reductions.append((member, january, None, *elsewhere))
        elif hardship:
            kind, amount = self.rng.choice((("exempt", 0), ("reduced", 100)))
            self.reductions.append((member, january, year, kind, amount, *approved, "生活困难"))


def _row(member: int, first: date, until: date, found: Figures, reason: str) -> tuple[Any, ...]:
    rate = None if found.rate is None else str(found.rate)
    return (
        member, first.isoformat(), until.isoformat(), found.category, _fen(found.base), rate,
        _fen(found.monthly), reason,
    )  # fmt: skip


def _fen(amount: Decimal) -> int:
    return int(amount.scaleb(2))
