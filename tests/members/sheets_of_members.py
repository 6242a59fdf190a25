"""Rosters as offices make them: title, unit line, headings in the third row, total, signatures."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

HEADINGS = (
    "序号", "姓  名", "性别", "民族", "出生年月", "入党时间", "转正时间", "党内职务", "身份证号码",
    "联系电话",
)  # fmt: skip
# Valid, invented numbers of women born on 17 May 1980.
ID_1, ID_2, ID_3 = "11010119800517002X", "110101198005170046", "110101198005170062"


def a_row(**said: Any) -> dict[str, Any]:
    return {
        "姓  名": "陶敏",
        "性别": "女",
        "民族": "汉",
        "出生年月": "1980.05",
        "入党时间": "2005.06",
        "转正时间": "2006.06",
    } | said


def a_roster(
    *rows: dict[str, Any],
    title: str = "党员花名册",
    unit: str = "填报单位（盖章）：",
    extra: tuple[str, ...] = (),
    sheet_name: str = "Sheet1",
) -> bytes:
    """Return the bytes of a workbook; a row says its cells by heading."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = sheet_name
    headings = (*HEADINGS, *extra)
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headings))
    sheet.append([unit])
    sheet.append(headings)
    for number, row in enumerate(rows, 1):
        sheet.append([{"序号": number, **row}.get(heading) for heading in headings])
    sheet.append(["合计", f"{len(rows)}人"])
    sheet.append(["填表人：          审核人："])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
