"""What stands around the lists of people and organisations: whose it is, which day, who printed.

Shared by the lists beside the roster; each of them brings its title and its table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from branches.models import OrganizationPeriod
from members.papers.columns import Line, columns_offered, openness
from registry.papers.catalogue import Asked
from registry.papers.columns import PaperColumn, PaperTable
from registry.papers.lists import ListPaper

_OF_PEOPLE = columns_offered(())


def of_people(*keys: str) -> tuple[PaperColumn[Any], ...]:
    """Return the columns with these keys of those that rosters have, in this order."""
    return tuple(_OF_PEOPLE[key] for key in keys)


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
        openness(table.columns, lines, in_full=asked.in_full),
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
