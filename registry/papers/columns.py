"""A printed list as a table of columns, said once for paper, workbook and page.

The columns of a list are declared beside what they show (``members/papers/roster.py``), for
example::

    COLUMNS = (
        PaperColumn("name", "姓名", 18, lambda member: member.name, breaks="after_dot"),
        PaperColumn("joined_on", "入党时间", 18, lambda member: member.joined_on.dotted()),
        PaperColumn("job", "单位及职务", 40, lambda member: member.job, "left", "freely"),
    )

``table(COLUMNS, members)`` turns records into texts; PDF, workbook and page print the same texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

PAGE_WIDTH = 273.0  # of the table, in millimetres: A4 on its side less its margins
INSIDE = 0.8  # between the line of a cell and its text, in millimetres
MM_PER_POINT = 25.4 / 72
LINES_AT_EASE = 20  # a cell of so many lines fits on any page

Record = TypeVar("Record")
Align = Literal["left", "center", "right"]
# Letters and digits in a row, between which no line may end.
UNBROKEN_RUN = re.compile(r"[^\s\u2e80-\uffff\U00020000-\U0003ffff]+")
# Widths in em, rounded up, of the signs that numbers and dates are written with; others take one.
NARROW = dict.fromkeys("0123456789", 0.565) | dict.fromkeys("., -/:", 0.36) | {"*": 0.48}

Breaks = Literal["never", "after_dot", "freely"]


@dataclass(frozen=True)
class PaperColumn(Generic[Record]):
    """One column: its heading, its share of the width, and the text of one record in it.

    Widths are millimetres when they add up to PAGE_WIDTH;
    otherwise they are stretched or shrunk to it together. ``breaks`` says where a line may end:
    never (numbers, dates), after_dot (names: 古丽娜尔·买买提江), freely (running text).
    """

    key: str  # a layout names its columns by this; it stays when the heading changes
    heading: str  # may hold a line break, used only where it does not fit on one line
    width: float
    value: Callable[[Record], str]
    align: Align = "center"
    breaks: Breaks = "never"


@dataclass(frozen=True)
class PaperTable:
    """Columns and the texts below them, in the order in which they print."""

    columns: tuple[PaperColumn[Any], ...]
    rows: tuple[tuple[str, ...], ...]

    def texts(self) -> Iterator[str]:
        """Every text that is printed, headings first."""
        yield from (column.heading for column in self.columns)
        for row in self.rows:
            yield from row


def table(columns: Sequence[PaperColumn[Record]], records: Iterable[Record]) -> PaperTable:
    """Return the records as texts, one row each, in the order they come."""
    return PaperTable(
        tuple(columns),
        tuple(tuple(column.value(record) for column in columns) for record in records),
    )


@dataclass(frozen=True)
class ListPaper:
    """A printed list: title, a line above the table, the table, a line to sign.

    ``unit_line``, ``day`` and ``count_line`` stand above the table (填报单位（盖章）：…,
    填报时间：2026年11月20日, 共23人); ``signoff`` are the labels of the last line; ``empty`` is
    printed in place of rows where there are none; ``footer`` stands at the left foot of every page
    (who printed it and when, what is masked).
    """

    title: str
    unit_line: str
    day: str
    count_line: str
    table: PaperTable
    signoff: tuple[str, ...] = ("填表人：", "审核人：", "日期：　　　年　　月　　日", "（盖章）")
    empty: str = "（无人员）"
    footer: str = ""
    size: float = 10  # of the table's letters, in points

    def texts(self) -> Iterator[str]:
        """Every text that is printed, for ``glyphs.missing_glyphs``."""
        yield from (self.title, self.unit_line, self.day, self.count_line, self.empty, self.footer)
        yield from self.signoff
        yield from self.table.texts()

    def data(self) -> dict[str, Any]:
        """Return what ``templates/papers/roster.typ`` reads."""
        columns = self.table.columns
        stretch = PAGE_WIDTH / sum(column.width for column in columns)
        widths = [column.width * stretch for column in columns]
        rooms = [(width - 2 * INSIDE) / (self.size * MM_PER_POINT) for width in widths]
        return {
            "title": self.title,
            "unit_line": self.unit_line,
            "day": self.day,
            "count_line": self.count_line,
            "page_width": PAGE_WIDTH,
            "inside": INSIDE,
            "columns": [
                {
                    "heading": column.heading,
                    "width": width,
                    "align": column.align,
                    "breaks": column.breaks,
                }
                for column, width in zip(columns, widths, strict=True)
            ],
            "rows": [_row(row, columns, rooms) for row in self.table.rows],
            "signoff": self.signoff,
            "empty": self.empty,
            "footer": self.footer,
            "size": self.size,
        }


def _row(
    cells: Sequence[str], columns: Sequence[PaperColumn[Any]], rooms: Sequence[float]
) -> dict[str, Any]:
    """Return the cells, the numbers of those that need care, and whether the row may be tall.

    Judged roughly and on the safe side. The template measures exactly, which takes far longer
    than printing, and so does it only where there is a doubt.
    """
    judged = list(zip(cells, columns, rooms, strict=True))
    return {
        "cells": cells,
        "care": [at for at, cell in enumerate(judged) if not _lies_well(*cell)],
        "tall": any(
            text.count("\n") + _em(text) / room > LINES_AT_EASE for text, _column, room in judged
        ),
    }


def _lies_well(text: str, column: PaperColumn[Any], room: float) -> bool:
    """Whether a text fits a cell with ``room`` for so many em, or wraps by itself."""
    if "\n" not in text and _em(text) <= room:
        return True
    if column.breaks != "freely" or column.align == "center":
        return False
    return all(_em(run) <= room for run in UNBROKEN_RUN.findall(text))


def _em(text: str) -> float:
    return sum(NARROW.get(sign, 1) for sign in text)
