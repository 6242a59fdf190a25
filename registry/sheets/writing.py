"""Lists out, as .xlsx, .csv and .json. A cell is text, a number or a day, and never a formula.

Rows are taken one by one and written at once: memory does not grow with them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from registry.calendar import PartialDate
from registry.sheets.guarding import guarded

SheetValue = str | int | float | Decimal | bool | date | PartialDate | None

# Excel takes more digits of a number for zeros; longer numbers are written as text.
_EXACT_DIGITS = 15
_LONGEST_TEXT = 32_767
_NARROWEST, _WIDEST = 8, 40  # columns, in Latin signs
_MEASURED = 200  # rows that say how wide a column is
_HEADING_ROW = 1  # below the title, counted from 0
_DAY_ZERO = date(1899, 12, 30)
# Excel counts a 29 February 1900 that never was, and no day before that year.
_FIRST_DAY = date(1900, 3, 1)

# What XML cannot hold as it is; Excel takes _x000D_ for a sign, so text that says it is escaped.
_UNUSUAL = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True)
class Table:
    """A list on its way out; people know its columns by ``headings``, programs by ``names``."""

    title: str
    names: Sequence[str]
    headings: Sequence[str]
    rows: Iterable[Sequence[SheetValue]]


@dataclass(frozen=True)
class Format:
    """One kind of file; ``write`` returns how many rows it has written."""

    label: str
    content_type: str
    write: Callable[[BinaryIO, Table], int]
    for_programs: bool = False  # fields by their names, codes, days in ISO


def write_list(
    target: str | Path | BinaryIO,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[SheetValue]],
    *,
    sheet_name: str = "Sheet1",
    widths: Sequence[float] = (),
) -> int:
    """Write an .xlsx: a title, headings that stay in sight, and the rows; return how many rows.

    A column without a width gets one from its heading and the first rows.
    """
    workbook = xlsxwriter.Workbook(
        str(target) if isinstance(target, Path) else target, {"constant_memory": True}
    )
    try:
        framed = {"border": 1, "valign": "vcenter"}
        plain = _Styles(*map(workbook.add_format, (
            framed | {"num_format": "@"}, framed, framed | {"num_format": "yyyy-mm-dd"},
        )))  # fmt: skip
        head = workbook.add_format(framed | {"bold": True, "align": "center", "text_wrap": True})
        top = workbook.add_format({"bold": True, "font_size": 16, "align": "center"})
        sheet: Any = workbook.add_worksheet(sheet_name, worksheet_class=LineSheet)
        last = len(headings) - 1
        sheet.begin(last)
        sheet.write_line([title, *[None] * last], _Styles(top, top, top))
        sheet.write_line(headings, _Styles(head, head, head))
        sheet.freeze_panes(_HEADING_ROW + 1, 0)
        sheet.repeat_rows(_HEADING_ROW)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        measured = [_width_of(heading) for heading in headings]
        count = 0
        for count, values in enumerate(rows, 1):
            sheet.write_line(values, plain)
            if count <= _MEASURED:
                measured = [
                    max(pair) for pair in zip(measured, map(_width_of, values), strict=True)
                ]
        for column, width in enumerate([*widths, *measured[len(widths) :]]):
            sheet.set_column(column, column, width)
    finally:
        workbook.close()
    return count


@dataclass(frozen=True)
class _Styles:
    text: Any
    number: Any
    day: Any
    indexes: tuple[int, int, int] = field(init=False)

    def __post_init__(self) -> None:
        indexes = tuple(each._get_xf_index() for each in (self.text, self.number, self.day))
        object.__setattr__(self, "indexes", indexes)


class LineSheet(Worksheet):
    """A sheet that is written row by row, from the first row down.

    xlsxwriter's own ``write_string`` writes text that stands between <r> and </r> as it is, a
    formula in it included, and takes three times as long: it keeps each cell, and looks up its
    format again. What is used of its inside is that of the release which requirements.txt pins.
    """

    def begin(self, last_column: int) -> None:
        self.letters = [xl_col_to_name(column) for column in range(last_column + 1)]
        self.dim_rowmin, self.dim_rowmax = 0, -1
        self.dim_colmin, self.dim_colmax = 0, last_column
        if last_column:
            self.merge.append([0, 0, 0, last_column])  # the title

    def write_line(self, values: Iterable[SheetValue], styles: _Styles) -> None:
        self.dim_rowmax += 1
        row = self.dim_rowmax + 1
        text, number, day = styles.indexes
        cells = []
        for letter, value in zip(self.letters, values, strict=True):
            if isinstance(value, PartialDate):
                value = value.first_day if value.day else value.printed  # noqa: PLW2901
            if value is None or value == "":
                cells.append(_text_cell(f"{letter}{row}", text, ""))
            elif isinstance(value, str):
                cells.append(_text_cell(f"{letter}{row}", text, value))
            elif isinstance(value, date) and (days := _days(value)):
                cells.append(f'<c r="{letter}{row}" s="{day}"><v>{days}</v></c>')
            elif isinstance(value, (int, float, Decimal)) and not _is_long(value):
                cells.append(f'<c r="{letter}{row}" s="{number}"><v>{value}</v></c>')
            else:
                cells.append(_text_cell(f"{letter}{row}", text, str(value)))
        self.fh.write(f'<row r="{row}">{"".join(cells)}</row>')

    def write_texts(self, texts: Iterable[tuple[str, int]], points: float) -> int:
        """Write texts, each with the index of its format, in a row of a height; return its number.

        The row is counted from 0.
        """
        self.dim_rowmax += 1
        row = self.dim_rowmax + 1
        cells = (
            _text_cell(f"{letter}{row}", style, text)
            for letter, (text, style) in zip(self.letters, texts, strict=True)
        )
        height = f'ht="{points:.2f}" customHeight="1"'
        self.fh.write(f'<row r="{row}" {height}>{"".join(cells)}</row>')
        return self.dim_rowmax


def _text_cell(place: str, style: int, text: str) -> str:
    if not text:
        return f'<c r="{place}" s="{style}"/>'
    return f'<c r="{place}" s="{style}" t="inlineStr">{_inline(text)}</c>'


def _inline(text: str) -> str:
    """Return text as it stands within a cell; blanks around it are kept only where it says so."""
    keeps = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<is><t{keeps}>{_UNUSUAL.sub(_escaped, text[:_LONGEST_TEXT])}</t></is>"


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    return _ENTITIES.get(sign) or f"_x{ord(sign):04X}_"


def _days(day: date) -> int:
    """Return the number by which Excel knows a day; 0 for one before its calendar begins."""
    if isinstance(day, datetime):
        day = day.date()
    return (day - _DAY_ZERO).days if day >= _FIRST_DAY else 0


def _is_long(value: float | Decimal) -> bool:
    return isinstance(value, bool) or not abs(value) < 10**_EXACT_DIGITS


def _width_of(value: SheetValue) -> int:
    """Return how many Latin signs wide a cell is; a Han sign takes two."""
    lines = str(value or "").split("\n")
    signs = max(sum(2 if sign > "\u2e7f" else 1 for sign in line) for line in lines)
    return min(max(signs + 2, _NARROWEST), _WIDEST)


def _write_xlsx(target: BinaryIO, table: Table) -> int:
    return write_list(target, table.title, table.headings, table.rows)


def _write_csv(target: BinaryIO, table: Table) -> int:
    """Write headings and rows, in the encoding that Excel knows by its byte order mark."""
    text = io.TextIOWrapper(target, "utf-8-sig", newline="")
    lines = csv.writer(text)
    lines.writerow([guarded(heading) for heading in table.headings])
    count = 0
    for values in table.rows:
        lines.writerow([_as_text(value) for value in values])
        count += 1
    text.detach()  # the caller closes his file
    return count


def _as_text(value: SheetValue) -> str:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, PartialDate):
        # Excel would take 1985-06 for the first day of that month.
        return str(value) if value.day else value.printed
    return "" if value is None else str(value)


def _write_json(target: BinaryIO, table: Table) -> int:
    """Write a list of objects, one on a line; what is empty is null, a date is ISO."""
    count = 0
    for count, values in enumerate(table.rows, 1):
        line = {
            name: None if value == "" else value
            for name, value in zip(table.names, values, strict=True)
        }
        target.write(b",\n" if count > 1 else b"[\n")
        target.write(json.dumps(line, ensure_ascii=False, default=str).encode())
    target.write(b"\n]\n" if count else b"[]\n")
    return count


XLSX, CSV, JSON = "xlsx", "csv", "json"
FORMATS = {
    XLSX: Format(
        "Excel (.xlsx)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _write_xlsx,
    ),
    CSV: Format("CSV (.csv)", "text/csv; charset=utf-8", _write_csv),
    JSON: Format("JSON (.json)", "application/json", _write_json, for_programs=True),
}
