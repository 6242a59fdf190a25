"""A new workbook of what was read of one in another format, each cell at its place."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from registry.sheets.sheet_names import sheet_names
from registry.sheets.workbook import Cell, Grid, Value

_LONGEST_TEXT = 32_767
_EXACT = 10**15
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def names_of(grids: Sequence[Grid]) -> dict[str, str]:
    """Return name in the file → name in a workbook, which Excel takes and which occurs once."""
    given = [grid.name for grid in grids]
    return dict(zip(given, sheet_names(given), strict=True))


def rebuilt(grids: Sequence[Grid], only: Mapping[str, Collection[int]] | None = None) -> bytes:
    """Return an .xlsx with the visible sheets; of those in ``only`` just these rows, close up.

    Lines that hold several values are framed, since frames were not read.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    formats = {
        kind: book.add_format({"border": kind[0], "num_format": kind[1], "valign": "vcenter"})
        for kind in ((framed, code) for framed in (0, 1) for code in ("@", "yyyy-mm-dd", "General"))
    }
    shown = [grid for grid in grids if not grid.hidden]
    for name, grid in zip(names_of(shown).values(), shown, strict=True):
        _write(
            book.add_worksheet(name),
            grid,
            None if only is None else only.get(grid.name, ()),
            formats,
        )
    book.close()
    return buffer.getvalue()


def _write(
    sheet: Worksheet, grid: Grid, only: Collection[int] | None, formats: dict[tuple[int, str], Any]
) -> None:
    rows = [each for each in grid.rows if only is None or each[0] in only]
    places = {number: place for place, (number, _) in enumerate(rows)} if only is not None else {}
    width = max((len(values) for _, values in rows), default=0)
    for number, values in rows:
        framed = int(sum(value is not None for value in values) > 1)
        row = places.get(number, number - 1)
        for column in range(width if framed else len(values)):
            value = values[column] if column < len(values) else None
            _write_cell(sheet, row, column, value, framed, formats)
    for top, left, bottom, right in grid.merges:
        if only is None or (top == bottom and top in places):
            first = places.get(top, top - 1)
            sheet.merge_range(first, left - 1, first + bottom - top, right - 1, "")
            values = dict(rows).get(top, [])
            if left <= len(values):
                framed = int(sum(value is not None for value in values) > 1)
                _write_cell(sheet, first, left - 1, values[left - 1], framed, formats)


def _write_cell(
    sheet: Worksheet,
    row: int,
    column: int,
    value: Value,
    framed: int,
    formats: dict[tuple[int, str], Any],
) -> None:
    text, day, general = (formats[framed, code] for code in ("@", "yyyy-mm-dd", "General"))
    if isinstance(value, Cell):
        value = value.shown or value.value
    if value is None or value == "":
        if framed:
            sheet.write_blank(row, column, None, general)
    elif isinstance(value, (datetime, date)):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, float) and abs(value) < _EXACT:
        sheet.write_number(row, column, value, general)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, general)
    else:
        sheet.write_string(row, column, str(value)[:_LONGEST_TEXT], text)
