"""The hand-made roster and the list of organisations, as they came."""

from __future__ import annotations

from registry.sheets.reading import read_workbook
from tests.sheets.making import MUSEUM, read


def test_the_hand_made_roster_is_read_whole():
    workbook = read((MUSEUM / "handmade-roster.xlsx").read_bytes(), "handmade-roster.xlsx")
    [sheet] = workbook.sheets
    assert (workbook.format, workbook.notes, sheet.name) == ("xlsx", [], "Sheet1")
    assert sheet.title_lines == [
        "交通局机关第一党支部党员花名册",
        "填报单位（盖章）：机关第一党支部  填报时间：2026年10月10日",
    ]
    assert sheet.heading_rows == [3]
    assert len(sheet.records) == 16
    assert [record.row for record in sheet.records] == list(range(4, 20))
    assert sheet.skipped == {"total": 1, "signature": 1}
    assert [line[:2] for line in sheet.skipped_lines] == [("total", 20), ("signature", 21)]
    assert all(column.field for column in sheet.columns)


def test_every_cell_of_the_roster_has_the_address_it_has_in_the_file():
    [sheet] = read((MUSEUM / "handmade-roster.xlsx").read_bytes()).sheets
    first = sheet.records[0]
    assert sheet.address(sheet.column_of("id_number"), first.row) == "Sheet1!M4"
    assert sheet.cells(first)["M"] == "210102196009084314"
    assert sheet.cells(first)["A"] == 1.0
    assert "O" not in sheet.cells(first), "a blank cell is left out"
    assert sheet.column_of("name").heading == "姓  名"
    assert sheet.column_of("name").normal == "姓名"


def test_a_plain_list_of_organisations_is_read_by_its_own_synonyms():
    synonyms = {"组织代码": "code", "组织全称": "name", "组织类别": "kind"}
    data = (MUSEUM / "organizations.xlsx").read_bytes()
    [sheet] = read_workbook(data, "organizations.xlsx", synonyms).sheets
    assert (sheet.name, sheet.heading_rows, len(sheet.records)) == ("党组织", [1], 6)
    assert sheet.cells(sheet.records[1])["A"] == "100001"
    unknown = {column.letter: column.heading for column in sheet.columns if not column.field}
    assert unknown == {"C": "组织简称", "E": "上级组织代码"}
