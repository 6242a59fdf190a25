"""A form filled in place: its own rows first, more in their style, and all below follows."""

from __future__ import annotations

import re
from datetime import date

import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table

from registry.calendar import PartialDate
from registry.sheets.cells import read_text
from registry.sheets.columns import ColumnTable, SheetColumn
from registry.sheets.dates import read_date
from registry.sheets.editing.forms import filled, read_form
from registry.sheets.workbook import Unreadable
from tests.sheets.editing_workbooks import (
    FRAME,
    a_roster,
    opened,
    parts_of,
    rows_xml,
    sheet_xml,
)
from tests.sheets.making import NAMESPACE, repacked

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

TABLE = ColumnTable(
    (
        SheetColumn("row_number", ("序号",), read_text, derived=True),
        SheetColumn("name", ("姓名",), read_text),
        SheetColumn("born_on", ("出生年月",), read_date),
    )
)


def a_form(then=None, rows=2):
    """An empty form with framed rows that are numbered beforehand, a total and signatures."""
    return a_roster(then, tuple((number,) for number in range(1, rows + 1)))


def people(count):
    return [
        {"row_number": number, "name": f"人{number}", "born_on": PartialDate(1980, 5, number)}
        for number in range(1, count + 1)
    ]


def fill(data, count, name="名册.xlsx"):
    form = read_form(data, name, TABLE)
    return filled(form, [(form.sheets[0], people(count))]).data


def column(sheet, letter):
    return [cell.value for cell in sheet[letter]]


def test_the_form_has_rows_enough():
    data = a_form(rows=4)
    sheet = opened(fill(data, 3))
    assert column(sheet, "B")[2:6] == ["人1", "人2", "人3", None]
    assert column(sheet, "A")[2:] == [1, 2, 3, 4, "合计", "填表人："]
    before, after = rows_xml(data), rows_xml(fill(data, 3))
    assert {row for row in before if before[row] != after[row]} == {3, 4, 5}


def test_rows_are_added_in_the_style_of_the_last_one():
    def with_height(book):
        book.active.row_dimensions[4].height = 31

    sheet = opened(fill(a_form(with_height), 5))
    assert column(sheet, "A")[2:] == [1, 2, 3, 4, 5, "合计", "填表人："]
    assert {sheet.cell(7, place).border.left.style for place in range(1, 5)} == {"thin"}
    assert sheet["D7"].border == FRAME
    assert sheet.row_dimensions[7].height == 31
    assert sheet["A8"].border != FRAME


def test_a_form_of_headings_alone_gets_framed_rows():
    def without_rows(book):
        book.active.delete_rows(3, 10)

    sheet = opened(fill(a_form(without_rows), 2))
    assert column(sheet, "B")[2:] == ["人1", "人2"]
    assert sheet["C4"].border == FRAME
    assert not sheet["C4"].font.b, "people are not written as headings"


def test_what_stands_below_follows():
    def furnish(book):
        sheet = book.active
        sheet.merge_cells("A6:B6")
        sheet["D6"] = "=D5*2"
        sheet["E1"] = "=D5"
        rule = DataValidation(type="list", formula1='"男,女"')
        rule.add("B3:B4")
        sheet.add_data_validation(rule)
        fill = PatternFill("solid", "FFFFEEEE")
        sheet.conditional_formatting.add("A3:D4", FormulaRule(formula=['$B3=""'], fill=fill))
        sheet.print_area = "A1:D6"
        sheet.print_title_rows = "2:2"
        sheet.row_breaks.append(Break(5))
        sheet["C6"].hyperlink = "#A1"
        other = book.create_sheet("汇总")
        other.append(["=名册!D5", "=SUM(名册!D3:D4)", "=D5"])

    data = fill(a_form(furnish), 4)
    sheet, other = opened(data), opened(data, "汇总")
    assert sheet["D7"].value == "=SUM(D3:D6)"
    assert sheet["D8"].value == "=D7*2"
    assert sheet["E1"].value == "=D7"
    assert "A8:B8" in {str(each) for each in sheet.merged_cells.ranges}
    assert str(sheet.data_validations.dataValidation[0].sqref) == "B3:B6"
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["A3:D6"]
    assert sheet.print_area == "'名册'!$A$1:$D$8"
    assert sheet.print_title_rows == "$2:$2"
    assert [each.id for each in sheet.row_breaks.brk] == [7]
    assert sheet["C8"].hyperlink.ref == "C8"
    assert [cell.value for cell in other[1]] == ["=名册!D7", "=SUM(名册!D3:D6)", "=D5"]


def test_notes_and_charts_below_follow():
    def furnish(book):
        sheet = book.active
        sheet["A5"].comment = Comment("共计", "某人")
        sheet["A2"].comment = Comment("序号", "某人")
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=4, min_row=3, max_row=4))
        sheet.add_chart(chart, "C6")

    data = fill(a_form(furnish), 4)
    sheet = opened(data)
    assert sheet["A7"].comment.text == "共计"
    assert sheet["A2"].comment.text == "序号"
    assert sheet._charts[0].anchor._from.row == 7
    assert sheet._charts[0].series[0].val.numRef.f == "'名册'!$D$3:$D$6"


def test_one_formula_for_several_cells_is_one_for_each_when_its_rows_are_parted():
    def edit(name, part):
        if not name.endswith("sheet1.xml"):
            return part
        first = '<f t="shared" ref="D3:D6" si="0">LEN(B3)*$D$5</f>'
        for row, formula in (
            (3, first),
            (4, '<f t="shared" si="0"/>'),
            (6, '<f t="shared" si="0"/>'),
        ):
            cell = f'<c r="D{row}">{formula}<v>1</v></c></row>'.encode()
            row_xml = re.search(rb'<row r="%d".*?</row>' % row, part)[0]
            bare = re.sub(rb'<c r="D%d"[^>]*/>' % row, b"", row_xml)
            part = part.replace(row_xml, bare.replace(b"</row>", cell))
        return part

    sheet = opened(fill(repacked(a_form(), edit), 3))
    assert column(sheet, "D")[2:] == [
        "=LEN(B3)*$D$6", "=LEN(B4)*$D$6", "=LEN(B5)*$D$6", "=SUM(D3:D5)", "=LEN(B7)*$D$6"
    ]  # fmt: skip


def test_cells_merged_across_are_merged_in_added_rows_and_filled_at_their_left():
    def with_merges(book):
        for row in (2, 3, 4):
            book.active.merge_cells(start_row=row, end_row=row, start_column=3, end_column=4)

    sheet = opened(fill(a_form(with_merges), 3))
    assert "C5:D5" in {str(each) for each in sheet.merged_cells.ranges}
    assert sheet["C5"].value == "1980.05"


def test_formulas_are_computed_when_it_is_opened():
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    more = {
        "xl/_rels/workbook.xml.rels": (
            f'<Relationship Id="rId99" Type="{OFFICE}/calcChain" Target="calcChain.xml"/>'
        ),
        "[Content_Types].xml": f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/>',
    }

    def edit(name, part):
        end = part.rindex(b"</") if name in more else 0
        return part[:end] + more.get(name, "").encode() + part[end:]

    chain = f'<calcChain xmlns="{NAMESPACE}"><c r="D5" i="1"/></calcChain>'.encode()
    parts = parts_of(fill(repacked(a_form(), edit, **{"xl/calcChain.xml": chain}), 1))
    assert not any("calcChain" in name or b"calcChain" in parts[name] for name in parts)
    assert b'fullCalcOnLoad="1"' in parts["xl/workbook.xml"]


@pytest.mark.parametrize(
    ("epoch", "serial"), [(CALENDAR_WINDOWS_1900, 29342), (CALENDAR_MAC_1904, 27880)]
)
def test_a_day_counts_from_the_first_day_of_its_workbook(epoch, serial):
    def with_days(book):
        book.epoch = epoch
        for row in (3, 4):
            book.active.cell(row, 3).number_format = "yyyy/m/d"

    data = fill(a_form(with_days), 1)
    assert f"<v>{serial}</v>" in sheet_xml(data)
    assert opened(data)["C3"].value.date() == date(1980, 5, 1)


def test_rows_are_not_added_to_a_table_of_excels_own():
    def with_table(book):
        for place, heading in enumerate("序号 姓名 出生年月 党费".split(), 1):
            book.active.cell(2, place, heading)
        book.active.add_table(Table(displayName="T", ref="A2:D4"))

    data = a_form(with_table)
    assert column(opened(fill(data, 2)), "B")[2:4] == ["人1", "人2"]
    with pytest.raises(Unreadable, match="3 more rows are needed on the sheet “名册”"):
        fill(data, 5)


def test_people_of_two_rows_each_are_refused():
    def with_merges(book):
        book.active.merge_cells("B3:B4")

    with pytest.raises(Unreadable, match="a person has several rows"):
        fill(a_form(with_merges), 1)


def test_a_form_without_lines_is_filled_down_to_its_total():
    def bare(book):
        for row in book.active.iter_rows():
            for cell in row:
                cell.border = None
        for row in (3, 4):
            book.active.cell(row, 1).value = None

    sheet = opened(fill(a_form(bare), 3))
    assert column(sheet, "A")[2:] == [1, 2, 3, "合计", "填表人："]


def test_headings_repeated_on_each_page_stay_between_the_people():
    def with_pages(book):
        sheet = book.active
        sheet.insert_rows(4)
        for place, heading in enumerate("序号 姓名 出生年月 党费".split(), 1):
            sheet.cell(4, place, heading)

    sheet = opened(fill(a_form(with_pages), 3))
    assert column(sheet, "B")[2:6] == ["人1", "姓名", "人2", "人3"]


def test_thousands_of_formatted_rows_below_the_form_are_left_alone():
    def with_rows(book):
        for row in range(20, 2000):
            book.active.cell(row, 1).border = FRAME

    sheet = opened(fill(a_form(with_rows), 3))
    assert column(sheet, "A")[2:7] == [1, 2, 3, "合计", "填表人："]
    assert sheet.max_row == 2000
