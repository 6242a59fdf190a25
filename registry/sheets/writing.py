"""Lists out. Every value is written as text, a number or a day, and never as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

import xlsxwriter

SheetValue = str | int | float | Decimal | bool | date | None

# Excel takes more digits of a number for zeros; longer numbers are written as text.
_EXACT_DIGITS = 15
_LONGEST_TEXT = 32_767
_WIDEST = 40
_HEADING_ROW = 1  # below the title, counted from 0


def write_list(
    target: str | Path | BinaryIO,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[SheetValue]],
    *,
    sheet_name: str = "Sheet1",
    widths: Sequence[float] = (),
) -> int:
    """Write a title, headings that stay in sight, and the rows; return how many rows.

    Memory does not grow with the rows. Text that looks like a formula (=, +, -, @) is kept as
    text: xlsxwriter's ``write_string`` makes no formula of anything.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    workbook = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
    try:
        sheet = workbook.add_worksheet(sheet_name)
        framed = {"border": 1, "valign": "vcenter"}
        title_format = workbook.add_format({"bold": True, "font_size": 16, "align": "center"})
        heading_format = workbook.add_format(
            framed | {"bold": True, "align": "center", "text_wrap": True}
        )
        text_format = workbook.add_format(framed | {"num_format": "@"})
        number_format = workbook.add_format(framed)
        day_format = workbook.add_format(framed | {"num_format": "yyyy-mm-dd"})
        for column, heading in enumerate(headings):
            width = widths[column] if column < len(widths) else _width_of(heading)
            sheet.set_column(column, column, width)
        if len(headings) > 1:
            sheet.merge_range(0, 0, 0, len(headings) - 1, "", title_format)
        sheet.write_string(0, 0, title, title_format)
        for column, heading in enumerate(headings):
            sheet.write_string(_HEADING_ROW, column, heading, heading_format)
        sheet.freeze_panes(_HEADING_ROW + 1, 0)
        sheet.repeat_rows(_HEADING_ROW)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        count = 0
        for count, values in enumerate(rows, 1):
            row = _HEADING_ROW + count
            for column, value in enumerate(values):
                if value is None or value == "":
                    sheet.write_blank(row, column, None, text_format)
                elif isinstance(value, (datetime, date)):
                    sheet.write_datetime(row, column, value, day_format)
                elif isinstance(value, (int, float, Decimal)) and not _is_long(value):
                    sheet.write_number(row, column, value, number_format)
                else:
                    sheet.write_string(row, column, str(value)[:_LONGEST_TEXT], text_format)
    finally:
        workbook.close()
    return count


def _is_long(value: float | Decimal) -> bool:
    return isinstance(value, bool) or abs(value) >= 10**_EXACT_DIGITS


def _width_of(heading: str) -> float:
    """Return a width in signs; a Han sign takes two."""
    signs = sum(2 if sign > "\u2e7f" else 1 for sign in heading)
    return float(min(max(signs + 4, 8), _WIDEST))
