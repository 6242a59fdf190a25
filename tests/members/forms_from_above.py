"""Empty forms as superiors send them: title, unit line, two-row headings, total, signatures."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
from openpyxl.styles import Border, Side

_LINE = Side(style="thin")
FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEADINGS = ("序号", "姓  名", "性别", "出生年月", "入党时间", "身份证号码", "政治表现")


def a_form(
    *headings: str,
    rows: int = 3,
    sheet_names: tuple[str, ...] = ("采集表",),
    then: Callable | None = None,
) -> bytes:
    """Return a form with framed rows that are numbered beforehand; ``then`` gets its workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheet_names:
        _add_sheet(book.create_sheet(name), headings or HEADINGS, rows)
    if then:
        then(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _add_sheet(sheet: Any, headings: tuple[str, ...], rows: int) -> None:
    sheet.append(["市直机关党员信息采集表"])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(headings))
    sheet.append(["填报单位（盖章）：", None, None, "填报时间：    年  月  日"])
    sheet.append(headings)
    for number in range(1, rows + 1):
        sheet.append([number])
    for row in sheet.iter_rows(min_row=3, max_row=3 + rows, max_col=len(headings)):
        for cell in row:
            cell.border = FRAME
    sheet.append(["合计"])
    sheet.append(["填表人：          审核人："])


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def lines_of(data: bytes, name: str | None = None) -> list[list[Any]]:
    """Return the values of a sheet row by row, of the first where none is named."""
    book = opened(data)
    sheet = book[name] if name else book.worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]
