"""Awkward sheets by their layout, numbered as in the catalogue of awkward workbooks."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.worksheet.datavalidation import DataValidation

from members.sheets.members import MemberResource
from registry.sheets.columns import ColumnTable, SheetColumn
from registry.sheets.names import read_name
from registry.sheets.reading import read_workbook
from tests.sheets.making import (
    HEADING_XML,
    names,
    outcome,
    read,
    with_sheet_xml,
    within,
    workbook_of,
)

TABLE = MemberResource.table(date(2026, 10, 10))
HEADINGS = ["序号", "姓名", "性别", "出生年月", "身份证号", "所在党支部"]
ZHANG = [1, "张三丰", "男", "1985.06", "110101198506120011", "第一支部"]
LI = [2, "李四光", "女", "1990.10", "110101199010010028", "第一支部"]


def written(rows, columns=6, odd=None):
    """Return a workbook of many rows, as fast as one can be written."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet("名册")
    for column in range(columns):
        sheet.write(0, column, HEADINGS[column] if column < 6 else f"列{column}")
    for row in range(1, rows + 1):
        sheet.write_row(row, 0, [row, "张三", "男"])
    if odd:
        odd(book, sheet)
    book.close()
    return buffer.getvalue()


def two_sheets(**second):
    def more(book):
        other = book.create_sheet("二支部")
        other.append(["姓名", "性别"])
        other.append(["赵六", "男"])
        for name, value in second.items():
            setattr(other, name, value)

    return workbook_of(HEADINGS, ZHANG, then=more)


def sheets_of(data):
    return read_workbook(data, "名册.xlsx", TABLE.synonyms)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(
            workbook_of([]), "The workbook is empty: no visible sheet", id="52 an empty sheet"
        ),
        pytest.param(
            workbook_of(HEADINGS),
            "The workbook holds headings but no rows below them.",
            id="52 headings alone",
        ),
        pytest.param(
            workbook_of(HEADINGS, *([number] for number in range(1, 9))),
            "The workbook holds headings but no rows below them.",
            id="52 numbers alone",
        ),
        pytest.param(
            workbook_of(["甲", "乙"], ["a", "b"]),
            "No sheet has a row of headings that are known.",
            id="60 no heading that is known",
        ),
    ],
)
def test_a_sheet_without_records_is_refused(data, says):
    assert outcome(data).startswith(says)


def test_53_every_visible_sheet_is_read_whichever_is_active():
    assert [sheet.name for sheet in sheets_of(two_sheets()).sheets] == ["名册", "二支部"]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_54_a_hidden_sheet_is_not_read_but_named(state):
    workbook = sheets_of(two_sheets(sheet_state=state))
    assert [sheet.name for sheet in workbook.sheets] == ["名册"]
    [note] = workbook.notes
    assert str(note) == (
        "The hidden sheet “二支部” was not read. Show it in the workbook if it belongs to the list."
    )


def hide_row(book):
    book.active.row_dimensions[2].hidden = True


def hide_column(book):
    book.active.column_dimensions["C"].hidden = True


def filter_rows(book):
    book.active.auto_filter.ref = "A1:F3"
    hide_row(book)


@pytest.mark.parametrize(
    ("hide", "says"),
    [
        pytest.param(hide_row, "has 1 hidden rows. They were read, too.", id="55 a hidden row"),
        pytest.param(filter_rows, "has 1 hidden rows. They were read, too.", id="55 a filter"),
        pytest.param(hide_column, "has 1 hidden columns. They were read, too.", id="55 a column"),
    ],
)
def test_hidden_rows_and_columns_are_read_and_told(hide, says):
    [sheet] = sheets_of(workbook_of(HEADINGS, ZHANG, LI, then=hide)).sheets
    assert names(sheet) == ["张三丰", "李四光"]
    assert [str(note) for note in sheet.notes] == [f"The sheet “名册” {says}"]


@pytest.mark.parametrize("above", range(1, 11))
def test_56_headings_are_found_below_any_number_of_titles(above):
    titles = [[f"第一支部名册 {line}"] for line in range(above)]
    [sheet] = sheets_of(workbook_of(*titles, HEADINGS, ZHANG)).sheets
    assert (sheet.heading_rows, len(sheet.title_lines)) == ([above + 1], above)


def test_57_two_rows_of_headings_are_joined():
    data = workbook_of(
        ["姓名", "家庭", None],
        [None, "住址", "电话"],
        ["张三丰", "幸福路", "13800138000"],
        merges=("A1:A2", "B1:C1"),
    )
    [sheet] = sheets_of(data).sheets
    assert [column.heading for column in sheet.columns] == ["姓名", "家庭/住址", "家庭/电话"]


def test_58_a_branch_merged_over_twenty_rows_is_filled_down():
    rows = [[f"张三{number}", "第一支部" if number == 0 else None] for number in range(20)]
    [sheet] = sheets_of(workbook_of(["姓名", "所在党支部"], *rows, merges=("B2:B21",))).sheets
    assert {record.values[1] for record in sheet.records} == {"第一支部"}
    assert "19 cells of the sheet “名册” belong to merged cells" in str(sheet.notes[0])


def test_59_a_value_merged_over_two_columns_is_told_with_its_range():
    [sheet] = sheets_of(workbook_of(HEADINGS, ZHANG, [2, "李四光", "女"], merges=("C3:D3",))).sheets
    [note] = sheet.notes
    assert (note.level, note.code) == ("error", "cells_merged_across")
    assert str(note).startswith("名册!C3:D3 is merged across columns")


def test_60_a_column_that_is_needed_is_named():
    table = ColumnTable((SheetColumn("name", ("姓名",), read_name, required=True),))
    [sheet] = sheets_of(workbook_of(["性别", "民族"], ["男", "汉族"])).sheets
    findings = [str(finding) for finding in table.match(sheet).findings]
    assert "The sheet “名册” has no column “姓名”. Add it." in findings


def test_61_an_unknown_column_is_listed():
    [sheet] = sheets_of(workbook_of([*HEADINGS, "血型"], [*ZHANG, "A"])).sheets
    assert TABLE.match(sheet).unknown == {"G": "血型"}


def test_62_a_heading_that_stands_twice_with_other_values_is_an_error():
    data = workbook_of(["姓名", "性别", "姓名"], ["张三丰", "男", "李四光"])
    [finding] = TABLE.match(sheets_of(data).sheets[0]).findings
    assert (finding.code, finding.level) == ("heading_twice", "error")


@pytest.mark.parametrize(
    "heading",
    [
        "姓  名",
        "姓\n名",
        "*姓名",
        "姓名（必填）",
        "姓名 ",
        "姓　名＊",
        "【姓名】",
        "姓名：",
        "１.姓名",
    ],
)
def test_63_a_heading_is_known_however_it_is_dressed(heading):
    [sheet] = sheets_of(workbook_of([heading, "性别", "民族"], ["张三丰", "男", "汉族"])).sheets
    assert names(sheet) == ["张三丰"]


def test_64_the_order_of_columns_is_free():
    order = [4, 2, 1, 5, 0, 3]
    rows = [[row[place] for place in order] for row in (HEADINGS, ZHANG, LI)]
    [sheet] = sheets_of(workbook_of(*rows)).sheets
    assert names(sheet) == ["张三丰", "李四光"]


def test_66_twenty_thousand_formatted_rows_are_nothing():
    def formatted(book, sheet):
        bordered = book.add_format({"border": 1})
        for row in range(3, 20_003):
            for column in range(6):
                sheet.write_blank(row, column, None, bordered)

    with within(3):
        [sheet] = read(written(2, odd=formatted)).sheets
    assert (len(sheet.records), sheet.skipped) == (2, {})


def test_67_blank_lines_are_counted():
    [sheet] = sheets_of(workbook_of(HEADINGS, ZHANG, [], [], LI)).sheets
    assert (len(sheet.records), sheet.skipped) == (2, {"blank": 2})


@pytest.mark.parametrize("place", ["top", "middle", "end"])
@pytest.mark.parametrize(
    "line", [["合计", None, 2], [None, "小 计"], ["填表人：王五"], ["总计：2人"], ["备注：无"]]
)
def test_68_totals_and_signatures_are_nobody_wherever_they_stand(line, place):
    people = [ZHANG, LI]
    people.insert({"top": 0, "middle": 1, "end": 2}[place], line)
    [sheet] = sheets_of(workbook_of(HEADINGS, *people)).sheets
    assert names(sheet) == ["张三丰", "李四光"]
    assert sum(sheet.skipped.values()) == 1


def test_69_more_rows_than_are_read_are_refused():
    rows = (f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(2, 200_003))
    data = with_sheet_xml(HEADING_XML + "".join(rows))
    with within(10):
        assert outcome(data) == "Sheet “名册” has more than 200000 rows. Split the workbook."


def test_70_thousands_of_columns_are_refused():
    with within(5):
        assert outcome(written(2, columns=16_384)).startswith(
            "Sheet “名册” has 16384 columns with headings; at most 256 are read."
        )


def dress(book):
    sheet = book.active
    sheet["B2"].comment = Comment("批注", "x")
    sheet.add_data_validation(DataValidation("list", formula1='"男,女"', sqref="C2:C9"))
    sheet.conditional_formatting.add("C2:C9", CellIsRule("equal", ["1"]))


def turn(book):
    sheet = book.active
    sheet.sheet_view.rightToLeft = True
    sheet.freeze_panes = "C2"
    sheet.row_dimensions.group(2, 3, outline_level=1)
    sheet.column_dimensions.group("C", "D", outline_level=1)


@pytest.mark.parametrize(
    "then", [pytest.param(dress, id="71 comments and lists"), pytest.param(turn, id="72 frozen")]
)
def test_how_a_sheet_is_dressed_makes_no_difference(then):
    [sheet] = sheets_of(workbook_of(HEADINGS, ZHANG, LI, then=then)).sheets
    assert [record.values for record in sheet.records] == [
        (1.0, *ZHANG[1:]),
        (2.0, *LI[1:]),
    ]
    assert sheet.notes == []


def test_71_a_picture_in_the_sheet_is_passed_over():
    def with_picture(book, sheet):
        sheet.insert_image("H2", "x.png", {"image_data": io.BytesIO(PIXEL)})

    assert len(read(written(2, odd=with_picture)).sheets[0].records) == 2


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c6300"
    "01000005000"
    "10d0a2db40000000049454e44ae426082"
)


def test_91_days_are_counted_from_1904_where_the_workbook_does_so():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["姓名", "出生年月"])
    book.active.append(["张三丰", date(1985, 6, 12)])
    buffer = io.BytesIO()
    book.save(buffer)
    assert read(buffer.getvalue()).sheets[0].records[0].values[1] == date(1985, 6, 12)
