"""The workbook of an upload as it goes back: marked in place, everything else as it was."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from openpyxl.comments import Comment

from registry.sheets import reading
from registry.sheets.cells import read_text
from registry.sheets.columns import ColumnTable, SheetColumn
from registry.sheets.editing import process
from registry.sheets.editing.marking import FILLS
from registry.sheets.editing.returned import (
    REASON_HEADING,
    RETURNED_HEADINGS,
    ROW_HEADING,
    STATUS_HEADING,
    Mark,
    RowNote,
    returned_workbook,
)
from registry.sheets.workbook import Unreadable
from tests.sheets.editing_workbooks import (
    FRAME,
    HEADINGS,
    PEOPLE,
    a_roster,
    color_of,
    opened,
    parts_of,
    rows_xml,
    sheet_xml,
)
from tests.sheets.making import MUSEUM, read, repacked

WRONG = Mark("名册", "C4", "error", "“1990.13”不是日期")
NOTES = (
    RowNote("名册", 3, "新增"),
    RowNote("名册", 4, "错误", "出生年月：“1990.13”不是日期"),
    RowNote("名册", 5, "新增"),
)
SHEETS = {"名册": [2]}


def returned(data, marks=(WRONG,), notes=NOTES, name="名册.xlsx", sheets=None, **asked):
    return returned_workbook(data, name, marks, notes, sheets=sheets or SHEETS, **asked)


def marked(data, *marks, notes=()):
    """The sheet that comes back with these marks."""
    return opened(returned(data, marks, notes).data)


def test_a_wrong_cell_is_coloured_and_says_why():
    cell = marked(a_roster(), WRONG)["C4"]
    assert color_of(cell) == "FF" + FILLS["error"]
    assert cell.comment.text == "“1990.13”不是日期"
    assert cell.value == "1990.13"


@pytest.mark.parametrize("level", FILLS)
def test_each_level_has_its_colour(level):
    assert color_of(marked(a_roster(), Mark("名册", "C4", level, "…"))["C4"]) == "FF" + FILLS[level]


def test_the_gravest_of_several_marks_colours_and_all_are_told():
    cell = marked(
        a_roster(), Mark("名册", "C4", "warning", "其一"), Mark("名册", "C4", "error", "其二")
    )["C4"]
    assert color_of(cell) == "FF" + FILLS["error"]
    assert cell.comment.text == "其一\n其二"


def test_a_coloured_cell_keeps_the_rest_of_its_style():
    def with_style(book):
        book.active["D4"].number_format = "#,##0.00"

    cell = marked(a_roster(with_style), Mark("名册", "D4", "error", "…"))["D4"]
    assert (cell.number_format, cell.border, cell.value) == ("#,##0.00", FRAME, 20)


def test_an_empty_cell_can_be_marked():
    assert (
        marked(a_roster(), Mark("名册", "B9", "error", "姓名空缺"))["B9"].comment.text == "姓名空缺"
    )


def test_status_and_reason_stand_behind_the_rows():
    sheet = opened(returned(a_roster()).data)
    assert [cell.value for cell in sheet[2]] == [*HEADINGS, STATUS_HEADING, REASON_HEADING]
    assert [cell.value for cell in sheet[4]][4:] == ["错误", "出生年月：“1990.13”不是日期"]
    assert sheet["E3"].border == FRAME
    assert sheet["F4"].alignment.wrap_text
    assert sheet.column_dimensions["F"].width > 40
    assert sheet["E2"].font.b, "our headings look like the others"


def test_a_text_is_never_a_formula():
    note = RowNote("名册", 3, "=1+1", "@SUM(A1)_x0041_")
    data = returned(a_roster(), (), [note]).data
    assert [cell.data_type for cell in opened(data)[3][4:]] == ["s", "s"]
    [sheet] = read(data).sheets
    assert sheet.records[0].values[4:] == ("=1+1", "@SUM(A1)_x0041_")


def test_two_row_headings_get_headings_over_both_rows():
    def with_two_rows(book):
        sheet = book.active
        sheet.insert_rows(3)
        sheet.merge_cells("B2:B3")

    sheet = opened(returned(a_roster(with_two_rows), sheets={"名册": [2, 3]}).data)
    assert sheet["E2"].value == STATUS_HEADING
    assert {"E2:E3", "F2:F3"} <= {str(each) for each in sheet.merged_cells.ranges}


def test_all_other_parts_come_back_byte_for_byte_and_in_their_order():
    def with_second_sheet(book):
        book.create_sheet("附表").append(["不动"])

    data = repacked(a_roster(with_second_sheet), lambda name, part: part, **{"xl/own.bin": b"\0\1"})
    before, after = parts_of(data), parts_of(returned(data).data)
    assert list(after)[: len(before)] == list(before)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"[Content_Types].xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"}


def test_rows_without_a_mark_are_the_same_to_the_byte():
    data = a_roster()
    before, after = rows_xml(data), rows_xml(returned(data, [WRONG], ()).data)
    assert {row for row in before if before[row] != after[row]} == {4}


def test_notes_of_others_stay_and_ours_stands_behind_them():
    def with_comments(book):
        book.active["C4"].comment = Comment("请核对", "某人")
        book.active["A2"].comment = Comment("不动", "某人")

    sheet = marked(a_roster(with_comments), WRONG)
    assert sheet["C4"].comment.text == "请核对\n“1990.13”不是日期"
    assert sheet["A2"].comment.text == "不动"


def test_returned_once_more_it_tells_only_what_is_wrong_now():
    first = returned(a_roster()).data
    again = returned(
        first, [Mark("名册", "B5", "question", "是谁？")], [RowNote("名册", 4, "已更新")]
    ).data
    sheet = opened(again)
    assert color_of(sheet["C4"]) == ""
    assert sheet["C4"].comment is None
    assert sheet["C4"].border == FRAME
    assert sheet["B5"].comment.text == "是谁？"
    assert [cell.value for cell in sheet[2]] == [*HEADINGS, STATUS_HEADING, REASON_HEADING]
    assert [cell.value for cell in sheet[4]][4:] == ["已更新", None]


def test_uploaded_once_more_it_reads_as_before():
    [sheet] = read(returned(a_roster()).data).sheets
    [before] = read(a_roster()).sheets
    assert [column.field for column in sheet.columns][:4] == [c.field for c in before.columns]
    assert [record.values[:4] for record in sheet.records] == [r.values for r in before.records]
    assert [column.heading for column in sheet.columns][4:] == [STATUS_HEADING, REASON_HEADING]


def test_our_own_columns_are_not_asked_about():
    for only_rows in (None, {("名册", 4)}):
        [sheet] = read(returned(a_roster(), only_rows=only_rows).data).sheets
        table = ColumnTable((SheetColumn("name", ("姓名",), read_text),), ignored=RETURNED_HEADINGS)
        assert set(table.match(sheet).unknown.values()) == {"序号", "出生年月", "党费"}


def test_macros_do_not_come_back():
    def as_macros(name, part):
        return part.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )

    data = repacked(a_roster(), as_macros, **{"xl/vbaProject.bin": b"macro"})
    result = returned(data, name="名册.xlsm")
    parts = parts_of(result.data)
    assert "xl/vbaProject.bin" not in parts
    assert b"macroEnabled" not in parts["[Content_Types].xml"]
    assert (result.name, result.converted) == ("名册.xlsx", False)
    assert opened(result.data)["C4"].comment


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_another_format_comes_back_as_xlsx_with_the_same_places(encoding):
    text = "党员名册\n序号,姓名,出生年月\n1,陶敏,1980.05\n2,=李一,1990.13\n"
    result = returned(
        text.encode(encoding),
        [Mark("名册", "C4", "error", "“1990.13”不是日期")],
        [RowNote("名册", 4, "错误")],
        name="名册.csv",
    )
    sheet = opened(result.data)
    assert (result.name, result.converted) == ("名册.xlsx", True)
    assert sheet["C4"].value == "1990.13"
    assert sheet["C4"].comment.text == "“1990.13”不是日期"
    assert (sheet["B4"].value, sheet["B4"].data_type) == ("=李一", "s")
    assert sheet["D4"].value == "错误"


def test_of_a_large_file_only_the_rows_asked_for_come_back_with_their_numbers():
    marks = [WRONG, Mark("名册", "B3", "error", "不在其中")]
    result = returned(a_roster(), marks, NOTES, only_rows={("名册", 4)})
    sheet = opened(result.data)
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        [*HEADINGS, ROW_HEADING, STATUS_HEADING, REASON_HEADING],
        [*PEOPLE[1], 4, "错误", "出生年月：“1990.13”不是日期"],
    ]
    assert sheet["C2"].comment.text == "“1990.13”不是日期"
    assert result.converted


def prefixed(data: bytes) -> bytes:
    """The same workbook with a prefix before every tag of its sheet."""

    def edit(name, part):
        if not name.endswith("sheet1.xml"):
            return part
        text = part.decode().replace("</", "</x:").replace("xmlns=", "xmlns:x=")
        return "".join(
            "<x:" + piece if piece[:1].isalpha() else ("<" + piece if at else piece)
            for at, piece in enumerate(text.split("<"))
        ).encode()

    return repacked(data, edit)


def without_names_of_cells(data: bytes) -> bytes:
    """The same workbook as frugal programs write it: rows and cells say not where they are."""

    def edit(name, part):
        if not name.endswith("sheet1.xml"):
            return part
        for column in "ABCD":
            for row in range(1, 8):
                part = part.replace(f' r="{column}{row}"'.encode(), b"")
        return part

    return repacked(data, edit)


def in_utf16(data: bytes) -> bytes:
    def edit(name, part):
        if name.endswith("sheet1.xml"):
            return ('<?xml version="1.0" encoding="UTF-16"?>' + part.decode()).encode("utf-16")
        return part

    return repacked(data, edit)


@pytest.mark.parametrize("odd", [prefixed, without_names_of_cells, in_utf16])
def test_a_sheet_that_other_programs_have_written_is_marked_as_well(odd):
    sheet = opened(returned(odd(a_roster())).data)
    assert sheet["C4"].comment.text == "“1990.13”不是日期"
    assert [cell.value for cell in sheet[4]] == [
        *PEOPLE[1], "错误", "出生年月：“1990.13”不是日期"
    ]  # fmt: skip


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
def test_a_workbook_without_styles_gets_some():
    def edit(name, part):
        if name.endswith("workbook.xml.rels"):
            return re.sub(rb"<Relationship [^>]*/styles[^>]*>", b"", part)
        if name.startswith("["):
            return re.sub(rb"<Override [^>]*/styles.xml[^>]*>", b"", part)
        return re.sub(rb' s="\d+"', b"", part)

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts_of(a_roster()).items():
            if name != "xl/styles.xml":
                archive.writestr(name, edit(name, part))
    sheet = opened(returned(buffer.getvalue()).data)
    assert color_of(sheet["C4"]) == "FF" + FILLS["error"]


def test_columns_that_share_a_width_keep_it():
    def edit(name, part):
        if not name.endswith("sheet1.xml"):
            return part
        return part.replace(
            b"<sheetData>", b'<cols><col min="2" max="20" width="9"/></cols><sheetData>'
        )

    cols = sheet_xml(returned(repacked(a_roster(), edit)).data)
    assert '<col min="2" max="4" width="9"/><col min="5" max="5" width="12.0"' in cols
    assert '<col min="7" max="20" width="9"/>' in cols


def test_the_strict_form_of_the_standard_comes_back_as_a_new_workbook():
    old = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    new = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    data = repacked(
        a_roster(),
        lambda name, part: part.replace(old, new) if name == "xl/workbook.xml" else part,
    )
    result = returned(data)
    assert result.converted
    assert opened(result.data)["C4"].comment


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData>"),
        ("xl/worksheets/sheet1.xml", b"no markup"),
        ("xl/styles.xml", b"<styleSheet><cellXfs></styleSheet>"),
        ("[Content_Types].xml", b"<Types"),
    ],
)
def test_a_misbuilt_workbook_is_refused_with_one_sentence(name, part):
    data = repacked(a_roster(), lambda each, old: part if each == name else old)
    with pytest.raises(Unreadable) as refusal:
        returned(data)
    assert str(refusal.value) == (
        "The workbook is built so that it cannot be changed. Open it in Excel, save it as a new "
        ".xlsx and upload that."
    )


def test_a_workbook_that_takes_too_long_takes_only_its_process_with_it(monkeypatch):
    monkeypatch.setattr(process, "WALL_SECONDS", 0.01)
    with pytest.raises(Unreadable, match="needs more time or memory than is allowed"):
        returned(a_roster())


@pytest.mark.parametrize("museum_file", sorted(MUSEUM.glob("*.xlsx")), ids=lambda file: file.name)
def test_every_member_of_the_museum_comes_back(museum_file):
    data = museum_file.read_bytes()
    _, grids, _ = reading.read_grids(data, museum_file.name)
    name = grids[0].name
    result = returned(
        data, [Mark(name, "B3", "error", "…")], (), museum_file.name, sheets={name: [1]}
    )
    assert opened(result.data)["B3"].comment.text == "…"
