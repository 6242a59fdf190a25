"""党费上缴清单 and 党费返还清单: what was sent up, what came from below, what went back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from branches.models import Organization, OrganizationPeriod
from branches.rules import roles
from members.models import AccountEntry, Remittance, ReturnLine
from members.papers.dues.asking import (
    FORMS,
    TOTAL,
    DuesYear,
    YearBefore,
    stretch,
    sum_of,
    summed,
    yuan,
)
from members.papers.framing import framed, numbered
from members.papers.listed import then_of
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import ListPaper


@dataclass(frozen=True)
class Sent:
    """What was sent and what has arrived of it; ``difference`` is None while it is under way."""

    on: date | None = None
    amount: Decimal | None = None
    voucher: str = ""
    arrived_on: date | None = None
    arrived: Decimal | None = None
    difference: Decimal | None = None


def sendings(transfers: Collection[Any], day: date) -> list[Sent]:
    """Return what had been sent of each transfer by the day, and had arrived."""
    held = AccountEntry.objects.filter(
        reverses__isnull=True, reversed_by__isnull=True, day__lte=day
    )
    keys = [each.entry_id for each in transfers if each.entry_id]
    sent = {each.pk: each for each in held.filter(pk__in=keys)}
    arrivals = {each.arrives_from_id: each for each in held.filter(arrives_from__in=sent)}
    return [_sent(sent.get(each.entry_id), arrivals.get(each.entry_id)) for each in transfers]


def _sent(entry: AccountEntry | None, arrival: AccountEntry | None) -> Sent:
    if entry is None:
        return Sent()
    if arrival is None:
        return Sent(entry.day, entry.amount, entry.voucher_number)
    return Sent(
        entry.day,
        entry.amount,
        entry.voucher_number,
        arrival.day,
        arrival.amount,
        arrival.amount - entry.amount,
    )


def _day(day: date | None) -> str:
    return f"{day:%Y.%m.%d}" if day else ""


def _percent(share: Decimal | None) -> str:
    return "" if share is None else f"{share.normalize():f}%"


def _told_on(
    day: date, organizations: Collection[Organization]
) -> tuple[dict[int, str], dict[int, str]]:
    """Return what ``organizations`` were called on the day, and where they stood in the tree, by
    key; of one that did not stand then, its name and place of now."""
    keys = {each.pk for each in organizations}
    stood = OrganizationPeriod.objects.on(day).filter(organization__in=keys)
    names = {each.pk: each.name for each in organizations}
    places = {each.pk: each.path for each in organizations}
    for key, name, path in stood.values_list("organization", "name", "path"):
        names[key], places[key] = name, path
    return names, places


# 党费上缴清单


@dataclass(frozen=True)
class Upward:
    """One remittance, or the sum of several."""

    number: int | None
    name: str
    months: str
    paid: Decimal
    whole: Decimal
    share: Decimal | None
    due: Decimal
    sent: Sent


UPWARD_COLUMNS: tuple[PaperColumn[Upward], ...] = (
    PaperColumn("number", "序号", 9, lambda line: str(line.number or "")),
    PaperColumn("name", "上缴党组织", 48, lambda line: line.name, "left", "freely"),
    PaperColumn("months", "所属月份", 30, lambda line: line.months, breaks="freely"),
    PaperColumn("paid", "实收党费", 21, lambda line: yuan(line.paid), "right"),
    PaperColumn("share", "上缴\n比例", 12, lambda line: _percent(line.share), "right"),
    PaperColumn("whole", "大额党费\n全额上缴", 21, lambda line: yuan(line.whole), "right"),
    PaperColumn("due", "应上缴", 21, lambda line: yuan(line.due), "right"),
    PaperColumn("sent_on", "上缴日期", 19, lambda line: _day(line.sent.on)),
    PaperColumn("sent", "已上缴", 21, lambda line: yuan(line.sent.amount), "right"),
    PaperColumn("voucher", "凭证号", 18, lambda line: line.sent.voucher, breaks="freely"),
    PaperColumn("arrived_on", "上级\n收到日期", 19, lambda line: _day(line.sent.arrived_on)),
    PaperColumn("arrived", "上级实收", 21, lambda line: yuan(line.sent.arrived), "right"),
    PaperColumn("difference", "差额", 15, lambda line: yuan(line.sent.difference), "right"),
)


def upward(organization: Organization, asked: Asked) -> ListPaper:
    """Return what an organisation has remitted to its superior for the months of a year, and what
    those right below it then have remitted to it, wherever they stand now."""
    year = asked.answers(DuesYear)["year"]
    then = then_of(organization, asked.day)
    rows = Remittance.objects.filter(
        Q(organization=organization) | Q(superior=organization), month_from__year=year
    )
    found = list(rows.select_related("organization").order_by("month_from"))
    names, places = _told_on(asked.day, [each.organization for each in found])
    remittances = sorted(found, key=lambda each: places[each.organization_id])
    lines = [
        _upward(remittance, sent, names[remittance.organization_id])
        for remittance, sent in zip(remittances, sendings(remittances, asked.day), strict=True)
    ]
    own = [
        line
        for line, each in zip(lines, remittances, strict=True)
        if each.organization_id == organization.pk
    ]
    below = [line for line in lines if line not in own]
    sections = [*_section("上缴上级", own), *_section("下级上缴", below)]
    return framed(
        PaperTable(UPWARD_COLUMNS, tuple(sections)),
        then,
        asked,
        title=f"{year}年党费上缴清单",
        count_line=f"共{len(lines)}项　单位：元",
        empty="（无上缴）",
        signoff=("经办人：", "审核人：", "上级经收人：", "（盖章）"),
    )


def _upward(remittance: Any, sent: Sent, name: str) -> Upward:
    return Upward(
        number=None,
        name=name,
        months=stretch(remittance.month_from, remittance.last_month),
        paid=remittance.paid,
        whole=remittance.whole,
        share=remittance.share,
        due=remittance.due,
        sent=sent,
    )


def _section(heading: str, lines: list[Upward]) -> list[Section]:
    """Return the remittances that go one way, and their sums; nothing where there are none."""
    if not lines:
        return []
    total = Upward(
        number=None,
        name=TOTAL,
        months="",
        paid=sum_of(each.paid for each in lines),
        whole=sum_of(each.whole for each in lines),
        share=None,
        due=sum_of(each.due for each in lines),
        sent=_sum_of_sent(each.sent for each in lines),
    )
    return [
        Section(rows_of(UPWARD_COLUMNS, numbered(lines)), heading),
        Section(rows_of(UPWARD_COLUMNS, [total]), sums=True),
    ]


def _sum_of_sent(sent: Iterable[Sent]) -> Sent:
    """Return the sums of what was sent, of what has arrived, and of the differences."""
    both = list(sent)
    return Sent(
        amount=sum_of(each.amount for each in both),
        arrived=sum_of(each.arrived for each in both),
        difference=sum_of(each.difference for each in both),
    )


REMITTANCES = Paper(
    "dues_remittances",
    "党费上缴清单",
    About.ORGANIZATION,
    FORMS,
    upward,
    DuesYear,
    protected=False,
    verb=roles.VIEW_DUES_TOTALS,
)


# 党费返还清单


@dataclass(frozen=True)
class Returned:
    """What one branch gets back, or all of them."""

    number: int | None
    name: str
    paid: Decimal
    share: Decimal | None
    due: Decimal
    sent: Sent


RETURNED_COLUMNS: tuple[PaperColumn[Returned], ...] = (
    PaperColumn("number", "序号", 10, lambda line: str(line.number or "")),
    PaperColumn("name", "离退休党支部", 72, lambda line: line.name, "left", "freely"),
    PaperColumn("paid", "全年交纳", 26, lambda line: yuan(line.paid), "right"),
    PaperColumn("share", "返还\n比例", 14, lambda line: _percent(line.share), "right"),
    PaperColumn("due", "应返还", 26, lambda line: yuan(line.due), "right"),
    PaperColumn("sent_on", "拨付日期", 22, lambda line: _day(line.sent.on)),
    PaperColumn("sent", "已返还", 26, lambda line: yuan(line.sent.amount), "right"),
    PaperColumn("voucher", "凭证号", 22, lambda line: line.sent.voucher, breaks="freely"),
    PaperColumn("arrived", "支部实收", 26, lambda line: yuan(line.sent.arrived), "right"),
    PaperColumn("signature", "领款人签名", 30, lambda _line: ""),
)


def returned(organization: Organization, asked: Asked) -> ListPaper:
    """Return what an organisation returns of a year's dues to the branches of the retired that
    were listed then, wherever they stand now."""
    year = asked.answers(YearBefore)["year"]
    then = then_of(organization, asked.day)
    rows = ReturnLine.objects.filter(run__organization=organization, run__year=year)
    found = list(rows.select_related("branch", "run"))
    names, places = _told_on(asked.day, [line.branch for line in found])
    found.sort(key=lambda line: places[line.branch_id])
    lines = [
        Returned(number, names[line.branch_id], line.paid, line.run.share, line.due, sent)
        for number, (line, sent) in enumerate(
            zip(found, sendings(found, asked.day), strict=True), start=1
        )
    ]
    total = Returned(
        None,
        TOTAL,
        sum_of(each.paid for each in lines),
        None,
        sum_of(each.due for each in lines),
        _sum_of_sent(each.sent for each in lines),
    )
    return framed(
        summed(RETURNED_COLUMNS, lines, total),
        then,
        asked,
        title=f"{year}年党费返还清单",
        count_line=f"共{len(lines)}个党支部　单位：元",
        empty="（无返还）",
        signoff=("经办人：", "审核人：", "批准人：", "（盖章）"),
    )


RETURNS = Paper(
    "dues_returns",
    "党费返还清单",
    About.ORGANIZATION,
    FORMS,
    returned,
    YearBefore,
    protected=False,
    verb=roles.VIEW_DUES_TOTALS,
)
