"""党员党费交纳公示 and 党费欠缴名单: what single members of a branch have paid, or have not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from branches.models import Organization, OrganizationPeriod, Subtree, may
from branches.rules import hierarchy, roles
from members.models import Member, Payment, Placement
from members.models.dues.arrears import ArrearsLine, arrears_of
from members.models.dues.owing import Owing
from members.papers.dues.asking import (
    FORMS,
    TOTAL,
    DuesMonth,
    DuesYear,
    in_chinese,
    month_of,
    months_of,
    stretch,
    sum_of,
    summed,
    yuan,
)
from members.papers.dues.branches import PUBLIC, Line, added, with_gone
from members.papers.framing import framed, numbered
from members.papers.listed import MOST, then_of
from members.rules import ledger
from members.rules.dues_months import ARREARS_LEVELS, next_month
from registry.calendar import months_after
from registry.money import ZERO
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import A4, ListPaper


def named(members: Collection[int]) -> list[Member]:
    """Return the members in the order of rosters, with no more than their names and branches."""
    found = Member.objects.filter(pk__in=members).select_related("organization")
    only = ("name", "display_order", "organization__path")
    return sorted(
        found.only(*only), key=lambda each: (not each.display_order, each.display_order, each.pk)
    )


def branch_on(organization: Organization, day: date) -> OrganizationPeriod:
    """Return what a branch was on ``day``; raise ValidationError where it was none."""
    then = then_of(organization, day)
    if not hierarchy.KINDS[then.kind].holds_members:
        text = _("%(name)s is no branch. Choose one, or print those of all branches below.")
        raise ValidationError({"organization": text % {"name": organization}})
    return then


# 党员党费交纳公示


@dataclass(frozen=True)
class Paid:
    """What one member of a branch owes and has paid, or all of them."""

    owed: Decimal = ZERO
    paid: Decimal = ZERO
    extra: Decimal = ZERO


PAID_COLUMNS: tuple[PaperColumn[Line[Paid]], ...] = (
    PaperColumn("number", "序号", 14, lambda line: line.number),
    PaperColumn("name", "姓名", 46, lambda line: line.name, breaks="after_dot"),
    PaperColumn("owed", "应交", 30, lambda line: yuan(line.sums.owed), "right"),
    PaperColumn("paid", "实交", 30, lambda line: yuan(line.sums.paid), "right"),
    PaperColumn("extra", "其中\n自愿多交", 30, lambda line: yuan(line.sums.extra), "right"),
    PaperColumn("note", "备注", 30, lambda _line: ""),
)


def paid_by_members(organization: Organization, asked: Asked) -> ListPaper:
    """Return what each member has paid to a branch in a year; it stays within the branch."""
    then = branch_on(organization, asked.day)
    first, until = months_of(asked)
    owed: dict[int, Decimal] = defaultdict(Decimal)
    alone = Subtree(organization, asked.day)  # on its day it is a branch: nothing stands below
    for each in Owing(first, until, below=alone).rows():
        owed[each.member_id] += each.amount
    payments = Payment.objects.of_the_dues().filter(organization=organization)
    rows = payments.booked_in(first, until).order_by().values_list("member")
    extra = Sum("amount", filter=Q(kind=ledger.EXTRA))
    paid = {pk: (amount, more) for pk, amount, more in rows.annotate(Sum("amount"), extra=extra)}
    last = min(asked.day, until - date.resolution)
    stays = Placement.objects.on(last).filter(organization=organization)
    belonging = stays.filter(member__wrong_entry=False).values_list("member", flat=True)
    lines = []
    for number, member in enumerate(named({*owed, *paid, *belonging}), start=1):
        amount, more = paid.get(member.pk, (None, None))
        sums = Paid(owed[member.pk], amount or ZERO, more or ZERO)
        lines.append(Line(str(number), member.name, sums))
    total = added(Paid(), (line.sums for line in lines))
    return framed(
        summed(PAID_COLUMNS, lines, Line("", TOTAL, total)),
        then,
        asked,
        title=f"{first.year}年党员党费交纳公示",
        count_line=f"{stretch(first, months_after(until, -1))}　单位：元",
        page=A4,
        signoff=PUBLIC,
    )


BRANCH_PUBLICATION = Paper(
    "dues_branch_publication",
    "党员党费交纳公示",
    About.ORGANIZATION,
    FORMS,
    paid_by_members,
    DuesYear,
    protected=False,
    verb=roles.VIEW_DUES,
)


# 党费欠缴名单


@dataclass(frozen=True)
class OpenLine:
    """One member and what he has open; ``known`` is false for somebody who has moved out of the
    reader's rows since: how far he has paid by now is not told."""

    number: int
    name: str
    found: ArrearsLine
    known: bool

    @property
    def paid_to(self) -> str:
        month = self.found.paid_to if self.known else None
        return in_chinese(month) if month else ""


ARREARS_COLUMNS: tuple[PaperColumn[OpenLine], ...] = (
    PaperColumn("number", "序号", 12, lambda line: str(line.number)),
    PaperColumn("name", "姓名", 26, lambda line: line.name, breaks="after_dot"),
    PaperColumn("paid_to", "已交至", 24, lambda line: line.paid_to),
    PaperColumn("months", "欠交\n月数", 14, lambda line: str(line.found.open.months), "right"),
    PaperColumn("in_a_row", "连续\n月数", 14, lambda line: str(line.found.open.in_a_row), "right"),
    PaperColumn("amount", "欠交金额", 24, lambda line: yuan(line.found.open.amount), "right"),
    PaperColumn("level", "处理建议", 26, lambda line: ARREARS_LEVELS[line.found.level].chinese),
    PaperColumn("done", "催交情况", 40, lambda _line: ""),
)


def arrears(organization: Organization, asked: Asked) -> ListPaper:
    """Return who of ``organization`` and everything that stood below it at the end of a month has
    something open then, by branch as it was called and stood then.

    Whoever has moved out of the reader's rows since is named, and no more.
    """
    month = month_of(asked)
    then = then_of(organization, asked.day)
    found = {each.member_id: each for each in arrears_of(organization, month)}
    if len(found) > MOST:
        text = _("More than %(most)s people of %(name)s. Choose an organisation below it.")
        raise ValidationError({"organization": text % {"name": organization, "most": MOST}})
    by_branch: dict[int, list[OpenLine]] = defaultdict(list)
    for member in named(found):
        open_now = found[member.pk]
        known = may(asked.reader, roles.VIEW_DUES, member.organization.path)
        line = OpenLine(0, member.name, open_now, known)
        by_branch[open_now.organization_id].append(line)
    names = _names_on(next_month(month) - date.resolution, by_branch)
    lines = numbered(line for branch in names for line in by_branch[branch])
    sections, done = [], 0
    for branch, name in names.items():
        people = lines[done : done + len(by_branch[branch])]
        done += len(people)
        heading = f"{name}（{len(people)}人，{_open(people)}元）"
        rows = rows_of(ARREARS_COLUMNS, people)
        sections.append(Section(rows, "" if branch == organization.pk else heading))
    if lines:
        sections.append(Section((), total=f"{TOTAL}：{len(lines)}人，{_open(lines)}元", sums=True))
    return framed(
        PaperTable(ARREARS_COLUMNS, tuple(sections)),
        then,
        asked,
        title=f"党费欠缴名单（截至{in_chinese(month)}）",
        count_line=f"共{len(lines)}人　单位：元",
        page=A4,
    )


def _open(lines: Iterable[OpenLine]) -> str:
    return yuan(sum_of(line.found.open.amount for line in lines))


def _names_on(day: date, branches: Collection[int]) -> dict[int, str]:
    """Return what the branches were called on the day, in tree order; dissolved ones come last."""
    stood = OrganizationPeriod.objects.on(day).filter(organization__in=branches)
    return with_gone(dict(stood.order_by("path").values_list("organization", "name")), branches)


ARREARS = Paper(
    "dues_arrears",
    "党费欠缴名单",
    About.ORGANIZATION,
    FORMS,
    arrears,
    DuesMonth,
    protected=False,
    verb=roles.VIEW_DUES,
)
