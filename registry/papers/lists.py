"""A printed list: title, lines above the table, the table, a line to sign.

One list becomes a PDF, a workbook ready to print and a page (``registry/papers/writing.py``), with
the same texts in all three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from registry.papers.columns import PaperColumn, PaperTable, Section
from registry.sentences import Sentence

INSIDE = 0.8  # between the line of a cell and its text, in millimetres
MM_PER_POINT = 25.4 / 72
LINES_AT_EASE = 20  # a cell of so many lines fits on any page
# Letters and digits in a row, between which no line may end.
UNBROKEN_RUN = re.compile(r"[^\s\u2e80-\uffff\U00020000-\U0003ffff]+")
# Widths in em, rounded up, of the signs that numbers and dates are written with; others take one.
NARROW = dict.fromkeys("0123456789", 0.565) | dict.fromkeys("., -/:", 0.36) | {"*": 0.48}


@dataclass(frozen=True)
class Page:
    """A size of paper: its name for Typst, and the width that is left for a table, in mm."""

    paper: str
    flipped: bool
    width: float


A4 = Page("a4", flipped=False, width=180)
A4_ON_ITS_SIDE = Page("a4", flipped=True, width=273)
A3_ON_ITS_SIDE = Page("a3", flipped=True, width=390)


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
    page: Page = A4_ON_ITS_SIDE
    page_per_section: bool = False
    correction: str = ""  # what stands in the empty line below each row, as on a sheet to check
    warnings: tuple[Sentence, ...] = ()  # what to tell whoever prints it

    template: ClassVar[str] = "list"

    def texts(self) -> Iterator[str]:
        """Every text that is printed, for ``glyphs.missing_glyphs``."""
        yield from (self.title, self.unit_line, self.day, self.count_line, self.empty, self.footer)
        yield self.correction
        yield from self.signoff
        yield from self.table.texts()

    @property
    def count(self) -> int:
        """How many records are listed."""
        return len(self.table.rows)

    def data(self) -> dict[str, Any]:
        """Return what ``templates/papers/list.typ`` reads."""
        columns = self.table.columns
        stretch = self.page.width / sum(column.width for column in columns)
        widths = [column.width * stretch for column in columns]
        rooms = [(width - 2 * INSIDE) / (self.size * MM_PER_POINT) for width in widths]
        return {
            "title": self.title,
            "unit_line": self.unit_line,
            "day": self.day,
            "count_line": self.count_line,
            "page": {
                "paper": self.page.paper,
                "flipped": self.page.flipped,
                "width": self.page.width,
            },
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
            "sections": [_section(section, columns, rooms) for section in self.table.sections],
            "page_per_section": self.page_per_section,
            "correction": self.correction,
            "signoff": self.signoff,
            "empty": self.empty,
            "footer": self.footer,
            "size": self.size,
        }


def _section(
    section: Section, columns: Sequence[PaperColumn[Any]], rooms: Sequence[float]
) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "rows": [_row(row, columns, rooms) for row in section.rows],
        "total": section.total,
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
