"""The workbooks of the journeys: a roster as an office has it, and the form of a superior."""

from __future__ import annotations

from pathlib import Path

import openpyxl

HEADINGS = (
    "序号", "姓  名", "性别", "民族", "出生年月", "入党时间", "转正时间", "所在党支部",
    "身份证号码", "联系电话", "车牌号",
)  # fmt: skip
BRANCH = "机关第一党支部"
WRONG, RIGHT = "110101198005170021", "110101198005170046"


def a_roster(folder: Path) -> Path:
    """A title, merged branches, a wrong ID number, a date of two readings, an unknown column."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "花名册"
    sheet.append(["交通局机关党员花名册"])
    sheet.merge_cells("A1:K1")
    sheet.append(["填报单位：交通局机关党委"])
    sheet.append(HEADINGS)
    people = (
        ("陶  敏", "女", "1980.05", "11010119800517002X", "13900000001", "浙A10001"),
        ("陶建国", "男", 1985.1, None, "13900000002", None),
        ("陶晓红", "女", "1980.05", WRONG, "13900000003", "浙A10003"),
        ("欧阳若男", "女", "1979.11", None, None, None),
    )
    for number, (name, sex, born, id_number, phone, plate) in enumerate(people, 1):
        branch = BRANCH if number == 1 else None
        sheet.append(
            [number, name, sex, "汉", born, "2005.06", "2006.06", branch, id_number, phone, plate]
        )
    sheet.merge_cells(f"H4:H{3 + len(people)}")
    sheet.append(["合计", f"{len(people)}人"])
    sheet.append(["填表人：        审核人："])
    path = folder / "花名册.xlsx"
    book.save(path)
    return path


def a_form(folder: Path) -> Path:
    """What came from above: pre-numbered rows, and a column that no register knows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["党员联系方式统计表"])
    sheet.merge_cells("A1:E1")
    sheet.append(["序号", "姓名", "出生年月", "联系电话", "微信群昵称"])
    for number in range(1, 4):
        sheet.append([number])
    sheet.append(["填表人："])
    path = folder / "统计表.xlsx"
    book.save(path)
    return path
