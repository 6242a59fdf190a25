"""党费收缴月汇总表 and 党费收缴情况公示: the branches of a committee with their sums, no people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from branches.models import Organization, OrganizationPeriod
from branches.rules import hierarchy, roles
from members.models.dues.statements import (
    BranchMonth,
    BranchSums,
    Statement,
    statement_of,
    summary_of,
    sums_of,
)
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
from members.papers.framing import framed
from members.papers.listed import then_of
from members.papers.organizations import standing_under
from members.rules.dues_months import next_month
from registry.calendar import months_after
from registry.papers.catalogue import About, Asked, Paper
from registry.papers.columns import PaperColumn
from registry.papers.lists import A4, ListPaper

Sums = TypeVar("Sums")
Row = TypeVar("Row", bound=Any)  # a dataclass of amounts and counts


@dataclass(frozen=True)
class Line(Generic[Sums]):
    """One branch or member, or all of them, with its sums."""

    number: str
    name: str
    sums: Sums


def added(nothing: Row, sums: Iterable[Row]) -> Row:
    """Return sums added up, one by one; ``nothing`` where there are none."""
    for each in sums:
        more = {
            one.name: getattr(nothing, one.name) + getattr(each, one.name) for one in fields(each)
        }
        nothing = replace(nothing, **more)
    return nothing


def with_gone(names: dict[int, str], branches: Collection[int]) -> dict[int, str]:
    """Return the names, and behind them those of the ``branches`` that were dissolved since."""
    gone = Organization.objects.filter(pk__in=set(branches) - set(names)).order_by("path")
    return names | dict(gone.values_list("pk", "name"))


def lines_of(
    standing: list[OrganizationPeriod], sums: Mapping[int, Sums], none: Sums
) -> list[Line[Sums]]:
    """Return the branches that stood at the end of the months, and those that have sums all the
    same because they were dissolved before it."""
    names = {
        each.organization_id: each.name
        for each in standing
        if hierarchy.KINDS[each.kind].holds_members or each.organization_id in sums
    }
    return [
        Line(str(number), name, sums.get(pk, none))
        for number, (pk, name) in enumerate(with_gone(names, sums.keys()).items(), start=1)
    ]


def standing_before(
    organization: Organization, until: date, asked: Asked
) -> list[OrganizationPeriod]:
    """Return what stood at ``organization`` and below on the last day before ``until``, in tree
    order: the tree that the sums follow. Nothing where it was not founded yet, or had ended."""
    last = until - date.resolution
    if organization.on(last) is None:
        return []
    return standing_under(organization, replace(asked, day=last))


# 党费收缴月汇总表

MONTH, ARREARS, TAKEN = "本月", "累计欠交", "本月实收"  # above the columns that belong together
MONTHLY_COLUMNS: tuple[PaperColumn[Line[BranchMonth]], ...] = (
    PaperColumn("number", "序号", 10, lambda line: line.number),
    PaperColumn("name", "党支部", 62, lambda line: line.name, "left", "freely"),
    PaperColumn("members", "党员数", 15, lambda line: str(line.sums.members), "right"),
    PaperColumn("owed", "应交", 22, lambda line: yuan(line.sums.owed), "right", under=MONTH),
    PaperColumn(
        "on_time", "按时交纳", 22, lambda line: yuan(line.sums.on_time), "right", under=MONTH
    ),
    PaperColumn(
        "late", "补交以前\n月份", 22, lambda line: yuan(line.sums.late), "right", under=MONTH
    ),
    PaperColumn(
        "in_arrears", "人数", 12, lambda line: str(line.sums.in_arrears), "right", under=ARREARS
    ),
    PaperColumn(
        "arrears", "金额", 22, lambda line: yuan(line.sums.arrears), "right", under=ARREARS
    ),
    PaperColumn("cash", "现金", 21, lambda line: yuan(line.sums.cash), "right", under=TAKEN),
    PaperColumn("bank", "银行", 21, lambda line: yuan(line.sums.bank), "right", under=TAKEN),
    PaperColumn(
        "online",
        "线上",
        21,
        lambda line: yuan(line.sums.online - line.sums.bank),
        "right",
        under=TAKEN,
    ),
    PaperColumn(
        "taken",
        "合计",
        23,
        lambda line: yuan(line.sums.cash + line.sums.online),
        "right",
        under=TAKEN,
    ),
)


def summary(organization: Organization, asked: Asked) -> ListPaper:
    """Return the branches that stood at and below ``organization`` at the end of a month, with
    their sums of it."""
    month = month_of(asked)
    then = then_of(organization, asked.day)
    standing = standing_before(organization, next_month(month), asked)
    lines = lines_of(standing, summary_of(organization, month), BranchMonth())
    total = added(BranchMonth(), (line.sums for line in lines))
    note = (
        "注：实收为本月入账的全部党费，含补交、预交和自愿多交；"
        "按时交纳为本月应交中截至本月入账的部分。"
    )
    return framed(
        summed(MONTHLY_COLUMNS, lines, Line("", TOTAL, total), note),
        then,
        asked,
        title=f"{in_chinese(month)}党费收缴汇总表",
        count_line=f"共{len(lines)}个党支部　单位：元",
        empty="（无党支部）",
    )


SUMMARY = Paper(
    "dues_summary",
    "党费收缴月汇总表",
    About.ORGANIZATION,
    FORMS,
    summary,
    DuesMonth,
    protected=False,
    verb=roles.VIEW_DUES_TOTALS,
)


# 党费收缴情况公示

PUBLISHED_COLUMNS: tuple[PaperColumn[Line[BranchSums]], ...] = (
    PaperColumn("number", "序号", 12, lambda line: line.number),
    PaperColumn("name", "党支部", 74, lambda line: line.name, "left", "freely"),
    PaperColumn("members", "党员数", 16, lambda line: str(line.sums.members), "right"),
    PaperColumn("owed", "应交", 26, lambda line: yuan(line.sums.owed), "right"),
    PaperColumn("paid", "实交", 26, lambda line: yuan(line.sums.paid), "right"),
    PaperColumn("extra", "其中\n自愿多交", 26, lambda line: yuan(line.sums.extra), "right"),
)


def published(organization: Organization, asked: Asked) -> ListPaper:
    """Return what the branches have paid in a year that stood at and below ``organization`` at its
    end, or stand there now, in sums only, and what has become of it."""
    first, until = months_of(asked)
    then = then_of(organization, asked.day)
    standing = standing_before(organization, until, asked)
    lines = lines_of(standing, sums_of(organization, first, until), BranchSums())
    total = added(BranchSums(), (line.sums for line in lines))
    account = account_in_words(statement_of(organization, first, until))
    return framed(
        summed(PUBLISHED_COLUMNS, lines, Line("", TOTAL, total), account),
        then,
        asked,
        title=f"{first.year}年党费收缴情况公示",
        count_line=f"{stretch(first, months_after(until, -1))}　单位：元",
        empty="（无党支部）",
        page=A4,
        signoff=PUBLIC,
    )


PUBLIC = ("公示时间：　　年　　月　　日至　　月　　日", "监督电话：", "（盖章）")


def account_in_words(statement: Statement) -> str:
    """Return how the money came and went: 期初结存…；收入…；支出…；期末结存…."""
    came = {
        "党员交纳": statement.paid,
        "上级下拨、返还及下级上缴": statement.received,
        "利息": statement.interest,
    }
    went = {
        "上缴上级": statement.remitted,
        "返还、下拨下级": statement.returned,
        "使用": statement.spent,
    }
    return (
        f"党费收支：期初结存{yuan(statement.opening)}元；收入{_parts(came)}；"
        f"支出{_parts(went)}；期末结存{yuan(statement.closing)}元。"
    )


def _parts(amounts: Mapping[str, Decimal]) -> str:
    parts = "，".join(f"{name}{yuan(amount)}元" for name, amount in amounts.items() if amount)
    return f"{yuan(sum_of(amounts.values()))}元" + (f"（{parts}）" if parts else "")


PUBLICATION = Paper(
    "dues_publication",
    "党费收缴情况公示",
    About.ORGANIZATION,
    FORMS,
    published,
    DuesYear,
    protected=False,
    verb=roles.VIEW_DUES_TOTALS,
)
