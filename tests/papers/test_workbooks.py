"""The workbook of a list: what is in its cells, how it prints, and that other programs open it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import A3_ON_ITS_SIDE, A4, A4_ON_ITS_SIDE, ListPaper
from registry.papers.workbooks import workbook, write_workbook
from registry.sheets.sheet_names import sheet_names
from tests.papers.printing import COLUMNS, LI, POST, a_roster


def opened(data: bytes) -> list[Worksheet]:
    return list(openpyxl.load_workbook(io.BytesIO(data)).worksheets)


def sheet_of(paper: ListPaper) -> Worksheet:
    [sheet] = opened(write_workbook(paper))
    return sheet


def texts(sheet: Worksheet) -> list[list[str]]:
    """The texts of each row, without the empty cells."""
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def in_sections(*headings: str, **more: Any) -> ListPaper:
    sections = [
        Section(rows_of(COLUMNS, [LI | {"number": str(at)}]), heading, "小计：1人")
        for at, heading in enumerate(headings, start=1)
    ]
    table = PaperTable(COLUMNS, (*sections, Section((), "", f"合计：{len(headings)}人")))
    return a_roster(LI, table=table, **more)


def test_title_unit_and_headings_stand_above_the_people_and_the_line_to_sign_below():
    found = texts(sheet_of(a_roster(LI)))
    assert found == [
        ["第一党支部党员花名册"],
        ["填报单位（盖章）：第一党支部", "填报时间：2026年11月20日", "共1人"],
        [column.heading for column in COLUMNS],
        [value for column in COLUMNS if (value := column.value(LI))],
        ["填表人：", "审核人：", "日期：　　　年　　月　　日", "（盖章）"],
    ]


@pytest.mark.parametrize(
    ("page", "number", "orientation"),
    [(A4, "9", "portrait"), (A4_ON_ITS_SIDE, "9", "landscape"), (A3_ON_ITS_SIDE, "8", "landscape")],
)
def test_it_prints_on_its_paper_one_page_wide_with_headings_and_numbers(page, number, orientation):
    sheet = sheet_of(a_roster(LI, page=page, footer="打印：王&赵 9:30"))
    assert f"{sheet.page_setup.paperSize}" == number
    assert (sheet.page_setup.orientation or "portrait") == orientation
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "A4"
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert sheet.oddFooter.left.text.strip() == "打印：王&&赵 9:30"
    wide = sum(dimension.width * 7 + 5 for dimension in sheet.column_dimensions.values())
    assert len(sheet.column_dimensions) == len(COLUMNS)
    assert wide / 96 * 25.4 == pytest.approx(page.width, rel=0.1)


def test_a_footer_is_never_longer_than_excel_takes():
    sheet = sheet_of(a_roster(LI, footer="很长" * 200))
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"


def test_every_cell_of_the_table_is_framed_text():
    sheet = sheet_of(a_roster(LI, LI, correction="更正"))
    for row in sheet.iter_rows(min_row=3, max_row=7):
        for cell in row:
            assert cell.border.left.style == cell.border.bottom.style == "thin"
            assert cell.number_format == "@"
            assert cell.value is None or cell.data_type in {"s", "inlineStr"}


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "=cmd|' /C calc'!A0", "<r><t>x</t></r>", "<b>&amp;",
        "https://example.org", "0013", "1985.06", "510102198506010013", "a\tb", " x ",
        "㛃䶮𬱖𫖯", "#panic()", "'x",
    ],
)  # fmt: skip
def test_a_text_stays_the_text_it_is(text):
    paper = a_roster(LI | {"name": text, "post": text})
    data = write_workbook(replace(paper, title=text, unit_line=text, signoff=(text,)))
    [sheet] = opened(data)
    found = texts(sheet)
    assert [found[0][0], found[1][0], found[3][1], found[3][5], found[4][0]] == [text] * 5
    parts = zipfile.ZipFile(io.BytesIO(data))
    assert not [name for name in parts.namelist() if "calcChain" in name or "hyperlink" in name]
    assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_a_long_post_has_a_row_as_high_as_its_lines_and_a_number_stays_on_one():
    sheet = sheet_of(a_roster(LI, LI | {"post": POST}, LI | {"post": "长" * 3_000}))
    low, high, highest = (sheet.row_dimensions[row].height for row in (4, 5, 6))
    assert low < 25
    assert high > 4 * 10 * 1.25
    assert highest <= 409
    assert sheet["F5"].alignment.wrap_text
    assert sheet["G5"].alignment.shrink_to_fit
    assert not sheet["G5"].alignment.wrap_text


def test_a_row_to_write_in_is_higher():
    sheet = sheet_of(a_roster(LI, to_write_in=True))
    assert sheet.row_dimensions[4].height >= 24  # points, 8.5 mm


def test_sections_are_bands_across_the_table():
    sheet = sheet_of(in_sections("第一支部", "第二支部"))
    found = texts(sheet)
    assert [row[0] for row in found[3:]] == [
        "第一支部", "1", "小计：1人", "第二支部", "2", "小计：1人", "合计：2人", "填表人：",
    ]  # fmt: skip
    merged = {f"{each}" for each in sheet.merged_cells.ranges}
    assert {"A1:H1", "A4:H4", "A6:H6", "A10:H10"} <= merged


def test_a_page_per_section_is_a_sheet_per_section_and_the_last_is_signed():
    sheets = opened(
        write_workbook(in_sections("支部", "支部", "一/二:[支部]", page_per_section=True))
    )
    assert [sheet.title for sheet in sheets] == ["支部", "支部_2", "一_二__支部_"]
    assert [texts(sheet)[0][0] for sheet in sheets] == ["第一党支部党员花名册"] * 3
    assert [["合计：3人"] in texts(sheet) for sheet in sheets] == [False, False, True]
    assert ["填表人：" in f"{texts(sheet)}" for sheet in sheets] == [False, False, True]


def test_a_workbook_holds_any_lists_each_on_a_sheet():
    data = workbook([("甲", a_roster(LI)), ("乙", a_roster(title="乙支部", page=A4))])
    assert [(sheet.title, sheet["A1"].value) for sheet in opened(data)] == [
        ("甲", "第一党支部党员花名册"),
        ("乙", "乙支部"),
    ]


def test_a_list_of_nobody_says_so():
    assert ["（无人员）"] in texts(sheet_of(a_roster()))


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_a_list_of_few_columns_has_its_lines_one_below_the_other(columns):
    few: tuple[PaperColumn[Any], ...] = COLUMNS[:columns]
    rows = rows_of(few, [LI])
    paper = a_roster(LI, table=PaperTable(few, (Section(rows),)), signoff=("一", "二", "三", "四"))
    found = ["".join(row) for row in texts(sheet_of(paper))]
    for part in ("填报单位（盖章）：第一党支部", "填报时间：2026年11月20日", "共1人"):
        assert part in "".join(found)
    assert re.sub(r"\s", "", found[-1]) == "一二三四"


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (["第一支部"], ["第一支部"]),
        (["a", "A", "a"], ["a", "A_2", "a_3"]),
        (["[x]:*?/\\"], ["_x______"]),
        (["", "'"], ["Sheet", "Sheet_2"]),
        (["History"], ["History_2"]),
        (["支" * 40], ["支" * 31]),
        (["支" * 40, "支" * 40], ["支" * 31, "支" * 27 + "_2"]),
        (["𬱖" * 20], ["𬱖" * 15]),
        (["甲\n乙"], ["甲_乙"]),
    ],
)
def test_names_of_sheets_are_such_as_excel_takes(wanted, names):
    assert sheet_names(wanted) == names
