"""党费收缴登记表: what each member of a branch owed and paid in the months of a year, to sign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q, Sum

from branches.models import Organization, Subtree, may
from branches.rules import roles
from members.models import Assessment, Member, Payment, PaymentMonth, Placement, Reduction
from members.models.dues.owing import Owing
from members.papers.dues.asking import (
    FORMS,
    TOTAL,
    DuesYear,
    in_chinese,
    months_of,
    sum_of,
    summed,
    yuan,
)
from members.papers.dues.people import branch_on, named
from members.papers.framing import framed
from members.rules import dues, ledger
from members.rules.dues_months import months_between
from registry.calendar import months_after
from registry.money import ZERO
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn
from registry.papers.lists import ListPaper

PAPER = "党费收缴登记表"
NOT_OWED, PAID_TO_ANOTHER = "／", "转"
LET_OFF = {dues.EXEMPT: "免", dues.PAID_ELSEWHERE: "外"}
LEGEND = (
    "注：空白为应交未交；“免”为免交，“外”为在外地交纳，“转”为转出后在其他支部补交，"
    "“／”为当月不在本支部交纳。"
)


@dataclass(frozen=True)
class Line:
    """One member, or the sum of all: what stands in each month, and what was paid for them."""

    number: str
    name: str
    base: str
    monthly: str
    months: tuple[str, ...]
    paid: Decimal
    note: str = ""


def _month(number: int) -> PaperColumn[Line]:
    return PaperColumn(
        f"month_{number}", f"{number}月", 15, lambda line: line.months[number - 1], "right"
    )


COLUMNS: tuple[PaperColumn[Line], ...] = (
    PaperColumn("number", "序号", 8, lambda line: line.number),
    PaperColumn("name", "姓名", 18, lambda line: line.name, breaks="after_dot"),
    PaperColumn("base", "核定\n基数", 18, lambda line: line.base, "right"),
    PaperColumn("monthly", "月交\n纳额", 15, lambda line: line.monthly, "right"),
    *map(_month, range(1, 13)),
    PaperColumn("paid", TOTAL, 18, lambda line: yuan(line.paid), "right"),
    PaperColumn("signature", "本人\n签名", 20, lambda _line: ""),
    PaperColumn("note", "备注", 22, lambda line: line.note, "left", "freely"),
)


@dataclass(frozen=True)
class _Year:
    """What the register of dues knows of a branch in the months of a year, as at a day."""

    branch: Organization
    day: date
    months: tuple[date, ...]  # all of the year, also those to come
    begun: date  # the first month that has not begun on the day

    @property
    def until(self) -> date:
        return date(self.months[0].year + 1, 1, 1)

    @property
    def last(self) -> date:
        """The last month that has begun."""
        return months_after(self.begun, -1)

    @cached_property
    def owed(self) -> dict[int, dict[date, Decimal]]:
        """What is owed to the branch, by member and month."""
        owed: dict[int, dict[date, Decimal]] = defaultdict(dict)
        alone = Subtree(self.branch, self.day)  # on its day it is a branch: nothing stands below
        for each in Owing(self.months[0], self.until, below=alone).rows():
            owed[each.member_id][each.month] = each.amount
        return owed

    @cached_property
    def paid(self) -> dict[int, dict[date, Decimal]]:
        """What the branch took by the day, by member and month."""
        return self._paid(Q(organization=self.branch))

    @cached_property
    def paid_to_others(self) -> dict[int, dict[date, Decimal]]:
        return self._paid(~Q(organization=self.branch) & Q(member__in=self.owed))

    def _paid(self, which: Q) -> dict[int, dict[date, Decimal]]:
        rows = PaymentMonth.objects.filter(
            which,
            month__gte=self.months[0],
            month__lt=self.until,
            payment__paid_on__lte=self.day,
        )
        paid: dict[int, dict[date, Decimal]] = defaultdict(dict)
        sums = rows.order_by().values_list("member", "month").annotate(Sum("amount"))
        for member, month, amount in sums:
            paid[member][month] = amount
        return paid

    @cached_property
    def extras(self) -> dict[int, Decimal]:
        """What members gave freely in the year, by member."""
        extras = Payment.objects.filter(
            organization=self.branch, kind=ledger.EXTRA, paid_on__lte=self.day
        ).booked_in(self.months[0], self.until)
        return dict(extras.order_by().values_list("member").annotate(Sum("amount")))

    @cached_property
    def members(self) -> list[Member]:
        """Whoever owed or paid here in the year, or belongs here on the day, in roster order."""
        stays = Placement.objects.on(self.day).filter(organization=self.branch)
        belonging = stays.filter(member__wrong_entry=False).values_list("member", flat=True)
        return named({*self.owed, *self.paid, *self.extras, *belonging})

    @cached_property
    def assessments(self) -> dict[int, list[Assessment]]:
        """The assessments of the months that are owed here, by member."""
        rows = Assessment.objects.of_year(self.months[0].year).filter(member__in=self.owed)
        found: dict[int, list[Assessment]] = defaultdict(list)
        for each in rows.order_by("month_from"):
            if any(each.month_from <= m < each.month_until for m in self.owed[each.member_id]):
                found[each.member_id].append(each)
        return found

    @cached_property
    def reductions(self) -> dict[tuple[int, date], str]:
        """The kinds of reductions, by member and month."""
        rows = Reduction.objects.filter(
            Q(month_until__isnull=True) | Q(month_until__gt=self.months[0]),
            member__in=self.owed,
            month_from__lt=self.until,
        )
        return {
            (each.member_id, month): each.kind
            for each in rows
            for month in months_between(each.month_from, each.month_until or self.until)
        }

    def open(self, member: int) -> Decimal:
        """What is missing of the months that have begun, wherever it was paid."""
        here, there = self.paid[member], self.paid_to_others[member]
        return sum_of(
            max(owed - here.get(month, ZERO) - there.get(month, ZERO), ZERO)
            for month, owed in self.owed[member].items()
            if month < self.begun
        )

    def cell(self, member: int, month: date, *, known: bool) -> str:
        if paid := self.paid[member].get(month):
            return yuan(paid)
        owed = self.owed[member].get(month)
        if owed is None:
            return NOT_OWED
        if not owed:
            return LET_OFF.get(self.reductions.get((member, month), ""), yuan(owed))
        elsewhere = self.paid_to_others[member].get(month, ZERO) >= owed
        return PAID_TO_ANOTHER if elsewhere and known else ""

    def line(self, number: int, member: Member, reader: Any) -> Line:
        """Return the line of a member; who has moved out of the reader's rows since is named, and
        of him stands what was paid here, but not his income."""
        known = may(reader, roles.VIEW_DUES, member.organization.path)
        assessed = self.assessments[member.pk]
        first = assessed[0] if assessed else None
        extra = self.extras.get(member.pk)
        notes = [_changed(each) for each in assessed[1:] if known]
        return Line(
            number=str(number),
            name=member.name,
            base=yuan(first.base) if first and known and first.rate is not None else "",
            monthly=yuan(first.monthly) if first else "",
            months=tuple(self.cell(member.pk, month, known=known) for month in self.grid),
            paid=sum_of(self.paid[member.pk].values()),
            note="；".join([*notes, *([f"自愿多交{yuan(extra)}"] if extra else [])]),
        )

    @property
    def grid(self) -> list[date]:
        """Twelve months, also of 2008."""
        return [date(self.until.year - 1, number, 1) for number in range(1, 13)]

    def total(self, lines: Iterable[Line]) -> Line:
        by_month = [sum_of(paid.get(month) for paid in self.paid.values()) for month in self.grid]
        return Line("", TOTAL, "", "", tuple(map(yuan, by_month)), sum_of(x.paid for x in lines))

    def said(self, lines: Iterable[Line]) -> str:
        owed = sum_of(
            amount
            for months in self.owed.values()
            for month, amount in months.items()
            if month < self.begun
        )
        missing = sum_of(self.open(member) for member in [*self.owed])
        extra = sum_of(self.extras.values())
        return (
            f"截至{in_chinese(self.last)}：应交{yuan(owed)}元，欠交{yuan(missing)}元；"
            f"全年各月实交{yuan(sum_of(each.paid for each in lines))}元，"
            f"另自愿多交{yuan(extra)}元。{LEGEND}"
        )


def _changed(later: Assessment) -> str:
    base = f"基数{yuan(later.base)}、" if later.rate is not None else ""
    return f"{later.month_from.month}月起{base}月交{yuan(later.monthly)}"


def register(organization: Organization, asked: Asked) -> ListPaper:
    """Return the register of a branch for a year, with what was paid by the day.

    Raises ValidationError for an organisation that is no branch.
    """
    then = branch_on(organization, asked.day)
    first, begun = months_of(asked)
    months = tuple(months_between(first, date(first.year + 1, 1, 1)))
    year = _Year(organization, asked.day, months, begun)
    lines = [
        year.line(number, member, asked.reader)
        for number, member in enumerate(year.members, start=1)
    ]
    return framed(
        summed(COLUMNS, lines, year.total(lines), year.said(lines)),
        then,
        asked,
        title=f"{first.year}年{PAPER}",
        count_line=f"共{len(lines)}人　单位：元",
        size=9,
        signoff=("收缴人：", "组织委员：", "党支部书记：", "（盖章）"),
    )


REGISTER = Paper(
    "dues_register",
    PAPER,
    About.ORGANIZATION,
    FORMS,
    register,
    DuesYear,
    protected=False,
    verb=roles.VIEW_DUES,
)
