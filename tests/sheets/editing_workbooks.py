"""Workbooks to be changed in place, and what of them stays and changes."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
from openpyxl.styles import Border, Font, PatternFill, Side
from python_calamine import CalamineWorkbook

LINE = Side(style="thin")
FRAME = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEADINGS = ("序号", "姓名", "出生年月", "党费")
PEOPLE = ((1, "陶敏", "1980.05", 10), (2, "李一", "1990.13", 20), (3, "王二", "1985.06", 30))


def a_roster(then: Any = None, people: tuple = PEOPLE) -> bytes:
    """Return a workbook with a title, headings in row 2, framed people and a total."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名册"
    sheet.append(["党员名册"])
    sheet.merge_cells("A1:D1")
    sheet.append(HEADINGS)
    for person in people:
        sheet.append(person)
    for row in sheet.iter_rows(min_row=2, max_row=2 + len(people), max_col=4):
        for cell in row:
            cell.border = FRAME
    for cell in sheet[2]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", "FFDDDDDD")
    end = 2 + len(people)
    sheet.append(["合计", None, None, f"=SUM(D3:D{end})"])
    sheet.append(["填表人：", None, "审核人："])
    if then:
        then(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet_xml(data: bytes, number: int = 1) -> str:
    return parts_of(data)[f"xl/worksheets/sheet{number}.xml"].decode()


def rows_xml(data: bytes) -> dict[int, str]:
    """Return the rows of the first sheet as they are written."""
    found = re.finditer(r'<(?:x:)?row r="(\d+)".*?</(?:x:)?row>', sheet_xml(data), re.DOTALL)
    return {int(match[1]): match[0] for match in found}


def opened(data: bytes, name: str | None = None) -> Any:
    """Return a sheet as openpyxl reads it, once the other reader has taken the workbook, too."""
    CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    book = openpyxl.load_workbook(io.BytesIO(data))
    return book[name] if name else book.worksheets[0]


def color_of(cell: Any) -> str:
    return cell.fill.fgColor.rgb if cell.fill.patternType else ""
