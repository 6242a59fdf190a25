"""What stands around the lists of people and organisations: whose it is, which day, who printed.

Shared by the lists beside the roster; each of them brings its title and its table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from branches.models import OrganizationPeriod
from members.papers.columns import COLUMNS, Line
from registry.papers.catalogue import Asked
from registry.papers.columns import PaperColumn, PaperTable
from registry.papers.lists import ListPaper

_ROSTERS = {column.key: column for column in COLUMNS}
PROTECTED = {"id_number": "身份证号码", "phone": "联系电话", "mobile": "手机号码"}


def columns_of_the_roster(*keys: str) -> tuple[PaperColumn[Any], ...]:
    """Return the columns of 党员花名册 with these keys, in this order."""
    return tuple(_ROSTERS[key] for key in keys)


def numbered(lines: Iterable[Any]) -> list[Any]:
    """Return the lines numbered from 1 in the order they come."""
    return [replace(line, number=number) for number, line in enumerate(lines, start=1)]


def framed(
    table: PaperTable,
    then: OrganizationPeriod,
    asked: Asked,
    *,
    title: str,
    count_line: str,
    lines: Sequence[Line] = (),
    **options: Any,
) -> ListPaper:
    """Return the list of an organisation, which was ``then``; ``lines`` are the people on it."""
    label = "填报时间" if asked.day == asked.at.date() else "截至时间"
    foot = [
        f"打印：{asked.printed_by}",
        f"{asked.at:%Y-%m-%d %H:%M}",
        _openness(table, lines, asked),
    ]
    return ListPaper(
        title=f"{then.short_name or then.name}{title}",
        unit_line=f"填报单位：{then.name}",
        day=f"{label}：{asked.day.year}年{asked.day.month}月{asked.day.day}日",
        count_line=count_line,
        table=table,
        footer="　".join(filter(None, foot)),
        **options,
    )


def _openness(table: PaperTable, lines: Sequence[Line], asked: Asked) -> str:
    """Say which numbers are masked or stand in full, where there are any."""
    named = "、".join(PROTECTED[each.key] for each in table.columns if each.key in PROTECTED)
    if not named:
        return ""
    if not asked.in_full:
        return f"{named}部分隐藏"
    hidden = sum(not line.in_full for line in lines)
    return f"含完整{named}" + (f"（其中{hidden}人除外）" if hidden else "")
