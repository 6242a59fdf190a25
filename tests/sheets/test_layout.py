"""Titles, headings and the lines that are about no person."""

from __future__ import annotations

import pytest

from registry.sheets import headings
from registry.sheets.reading import arrange, read_grids, read_workbook
from tests.sheets.making import SYNONYMS, names, read, read_sheet, repacked, workbook_of

HEADINGS = ["序号", "姓名", "性别", "出生年月", "身份证号", "备注"]
ZHANG = [1, "张三丰", "男", "1985.06", "110101198506120011", None]
LI = [2, "李四光", "女", "1990.10", "110101199010010028", None]


@pytest.mark.parametrize(
    ("heading", "normal"),
    [
        pytest.param("姓  名", "姓名", id="blanks for width"),
        pytest.param("姓　名\n", "姓名", id="full-width blank and line break"),
        pytest.param("*姓名", "姓名", id="star before"),
        pytest.param("所属党组织名称＊", "所属党组织名称", id="full-width star behind"),
        pytest.param("核算基数（元）", "核算基数", id="unit in full-width brackets"),
        pytest.param("党籍状态（正式党员或预备党员）", "党籍状态", id="allowed values"),
        pytest.param("是否农民工 ", "是否农民工", id="blank at the end"),
        pytest.param("Ｎａｍｅ：", "name", id="full-width letters and a colon"),
        pytest.param("（备注）", "备注", id="nothing but brackets"),
        pytest.param("姓\u200b名", "姓名", id="a sign that nobody sees"),
    ],
)
def test_a_heading_is_looked_up_by_its_normal_form(heading, normal):
    assert headings.normal(heading) == normal


def test_a_note_that_makes_a_difference_can_be_a_synonym_of_its_own():
    synonyms = {"学历在职": "in_service", "学历": "education"}
    assert headings.look_up("学历（在职）", synonyms) == ("学历在职", "in_service")
    assert headings.look_up("学历（必填）", synonyms) == ("学历", "education")


def test_verified_headings_of_one_sheet_are_found_whatever_is_written_above_them():
    sheet = read_sheet(
        ["各分党委委员及分工统计表"],
        ["单位名称：", None, None, "填报时间：2026年10月"],
        ["序号", "职  务", "姓  名", "工作证号", "分  工", "任职时间", "办公电话", "联系\n电话*"],
        [1, "书记", "张三丰", "0012", None, "2017.02", None, "13800138000"],
        *([number] for number in range(2, 11)),
        ["统计日期：2017年2月  日"],
        merges=("A1:H1", "A2:C2", "A14:H14"),
    )
    assert sheet.heading_rows == [3]
    assert sheet.title_lines[0] == "各分党委委员及分工统计表"
    assert sheet.skipped == {"numbered": 9, "signature": 1}
    assert len(sheet.records) == 1
    assert sheet.column_of("phone").letter == "H"


def test_two_rows_of_headings_with_merges_become_one():
    sheet = read_sheet(
        ["名册"],
        ["序号", "姓名", "家庭", None, "党内情况", None],
        [None, None, "住址", "人口", "入党时间", "转正时间"],
        [1, "张三丰", "幸福路1号", 3, "1999.10", "2000.10"],
        merges=("A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:F2"),
    )
    assert sheet.heading_rows == [2, 3]
    assert [column.heading for column in sheet.columns] == [
        "序号",
        "姓名",
        "家庭/住址",
        "家庭/人口",
        "党内情况/入党时间",
        "党内情况/转正时间",
    ]
    fields = {column.letter: column.field for column in sheet.columns if column.field}
    assert fields == {
        "A": "row_number",
        "B": "name",
        "C": "address",
        "E": "joined_on",
        "F": "full_member_on",
    }
    assert sheet.cells(sheet.records[0])["C"] == "幸福路1号"


def test_a_part_of_a_heading_does_not_take_the_field_of_a_whole_one():
    sheet = read_sheet(
        ["姓名", "性别", "入党介绍人", None],
        [None, None, "姓名", "联系电话"],
        ["张三丰", "男", "王五", "13800138000"],
        merges=("A1:A2", "B1:B2", "C1:D1"),
    )
    assert sheet.column_of("name").letter == "A"
    assert [column.field for column in sheet.columns] == ["name", "sex", "", "phone"]


def test_a_title_line_merged_in_parts_is_no_row_of_headings():
    sheet = read_sheet(
        ["填报单位：第一支部", None, None, "填报时间：2026年", None, None],
        HEADINGS,
        ZHANG,
        merges=("A1:C1", "D1:F1"),
    )
    assert sheet.heading_rows == [2]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        pytest.param(["合  计", "2人"], "total", id="total with blanks"),
        pytest.param([None, "小计：", 2], "total", id="subtotal in the second cell"),
        pytest.param(["第一支部", "合计", 2], "total", id="total of a branch"),
        pytest.param(["共计2人"], "total", id="total in words"),
        pytest.param(["填表人：      审核人："], "signature", id="signatures"),
        pytest.param([None, "制表：王五", None, "审核："], "signature", id="in two cells"),
        pytest.param(["统计日期：2017年2月  日"], "signature", id="day of the count"),
        pytest.param(["党组织联系人：王五"], "signature", id="a label never seen before"),
        pytest.param(["注：本表一式两份"], "note", id="note"),
        pytest.param(["备注：无"], "note", id="remark"),
        pytest.param(["以上人员均为本单位在职党员并经支部委员会审核确认"], "note", id="long text"),
        pytest.param(HEADINGS, "heading", id="headings of the next page"),
        pytest.param(["序号", "姓　名", "性别", "出生年月"], "heading", id="other blanks in them"),
        pytest.param(["第一党支部党员名册"], "title", id="title of the next page"),
        pytest.param([3], "numbered", id="number alone"),
        pytest.param(["4", " ", None], "numbered", id="number as text"),
        pytest.param([None, " ", "　"], "blank", id="blanks"),
    ],
)
def test_a_line_that_is_about_nobody_is_skipped_and_counted(line, kind):
    sheet = read_sheet(["第一党支部党员名册"], HEADINGS, ZHANG, line, LI, merges=("A1:F1",))
    assert names(sheet) == ["张三丰", "李四光"]
    assert sheet.skipped == {kind: 1}


@pytest.mark.parametrize("name", ["何计", "小吉", "总钦", "共青", "合山", "注满", "王合计"])
def test_a_name_that_sounds_like_a_total_is_a_person(name):
    assert names(read_sheet(HEADINGS, [1, name, "男", "1985.06", "110101198506120011"])) == [name]


@pytest.mark.parametrize(
    "row",
    [
        ["", "必填", "必填", "选填", "必填", ""],
        ["自动生成", "必填", "男/女", "格式1985.06", "文本格式", "选填"],
        [None, "（必填）", "请选择", None, None, None],
    ],
)
def test_a_row_of_requirements_below_the_headings_is_no_person(row):
    sheet = read_sheet(HEADINGS, row, ZHANG)
    assert (names(sheet), sheet.skipped) == (["张三丰"], {"requirement": 1})


def test_a_sample_line_is_no_person():
    sheet = read_sheet(HEADINGS, ["示例", *ZHANG[1:]], LI)
    assert (names(sheet), sheet.skipped) == (["李四光"], {"sample": 1})


def test_a_person_of_whom_only_the_name_is_known_is_a_record():
    assert names(read_sheet(HEADINGS, [None, "张三丰"], LI)) == ["张三丰", "李四光"]


def test_blank_rows_are_counted_between_records_and_ignored_behind_them():
    def format_the_rest(book):
        for row in range(8, 3000):
            book.active.cell(row, 2).number_format = "0.00"

    sheet = read_sheet(HEADINGS, ZHANG, [], [], LI, then=format_the_rest)
    assert [record.row for record in sheet.records] == [2, 5]
    assert sheet.skipped == {"blank": 2}


def test_merged_cells_are_filled_down_and_told():
    sheet = read_sheet(
        ["所在党支部", "姓名"],
        ["第一支部", "张三丰"],
        [None, "李四光"],
        [None, "王五"],
        ["第二支部", "赵六"],
        merges=("A2:A4",),
    )
    assert [record.values[0] for record in sheet.records] == ["第一支部"] * 3 + ["第二支部"]
    assert [str(note) for note in sheet.notes] == [
        "2 cells of the sheet “名册” belong to merged cells and were given the value of the first."
    ]


def test_the_same_as_above_is_the_value_above():
    sheet = read_sheet(
        ["所在党支部", "姓名"], ["第一支部", "张三丰"], ["同 上", "李四光"], ["〃", "王五"]
    )
    assert [record.values[0] for record in sheet.records] == ["第一支部"] * 3


def test_cells_merged_across_columns_are_an_error_with_their_range():
    sheet = read_sheet(HEADINGS, ZHANG, [2, "李四光", "女", "1990.10"], merges=("C3:D3",))
    [note] = sheet.notes
    assert (note.level, note.code) == ("error", "cells_merged_across")
    assert str(note).startswith("名册!C3:D3 is merged across columns")


def test_a_merge_over_every_row_of_excel_costs_nothing():
    data = repacked(
        workbook_of(HEADINGS, ZHANG, LI, merges=("F2:F3",)),
        lambda _, part: part.replace(b"F2:F3", b"F2:F1048576"),
    )
    [sheet] = read(data).sheets
    assert len(sheet.records) == 2


def test_every_visible_sheet_is_read_and_the_others_are_named():
    def more(book):
        second = book.create_sheet("二支部")
        second.append(["姓名", "性别"])
        second.append(["赵六", "男"])
        book.create_sheet("Sheet3")
        book.create_sheet("说明").append(["这里没有名册"])
        hidden = book.create_sheet("旧")
        hidden.append(["姓名", "性别"])
        hidden.sheet_state = "veryHidden"
        book.active.row_dimensions[2].hidden = True

    workbook = read(workbook_of(HEADINGS, ZHANG, then=more))
    assert [sheet.name for sheet in workbook.sheets] == ["名册", "二支部"]
    assert [(note.code, note.params["sheet"]) for note in workbook.notes] == [
        ("sheet_without_headings", "说明"),
        ("sheet_hidden", "旧"),
    ]
    assert [note.code for note in workbook.sheets[0].notes] == ["rows_hidden"]


INSTRUCTION = (
    "1.红色标题为必填项。2.身份证号码为18位。3.所在党支部填写全称，不得简写。4.导入前删除本说明。"
)


def test_instructions_drawn_over_the_records_are_part_of_no_record():
    """As in many a template: C7:H14 merged, with a long text, while people stand beside it."""
    people = [[number, f"张三{sign}"] for number, sign in enumerate("甲乙丙丁戊己庚辛", 1)]
    rows = [[*person, None, None, None, "好"] for person in people]
    rows[4][2] = INSTRUCTION
    rows[4][5] = None
    sheet = read_sheet(HEADINGS, *rows, merges=("C6:E9",))
    assert len(sheet.records) == 8
    assert sheet.records[4].values == (5.0, "张三戊", None, None, None, None)
    assert sheet.skipped == {"note": 1}
    assert sheet.skipped_lines == [("note", 6, INSTRUCTION)]
    assert sheet.notes == []


def test_instructions_in_rows_of_their_own_are_one_line():
    sheet = read_sheet(
        HEADINGS, ZHANG, [], [None, None, INSTRUCTION], [], [], LI, merges=("C4:F6",)
    )
    assert names(sheet) == ["张三丰", "李四光"]
    assert sheet.skipped["note"] == 1


def test_cells_merged_as_their_heading_is_are_no_matter():
    sheet = read_sheet(
        ["姓名", "性别", "备注", None],
        ["张三丰", "男", "好", None],
        ["李四光", "女", None, None],
        merges=("C1:D1", "C2:D2", "C3:D3"),
    )
    assert (len(sheet.records), sheet.notes) == (2, [])


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(["示例", *ZHANG[1:]], id="in the first cell"),
        pytest.param(["例", *ZHANG[1:]], id="in one sign"),
        pytest.param([1, "例：张三丰", "男", "1985.06"], id="before the name"),
        pytest.param([1, "张三丰（示例）", "男", "1985.06"], id="behind the name"),
        pytest.param([*ZHANG[:5], "此行为示例"], id="in the remark"),
        pytest.param([*ZHANG[:5], "示例"], id="as the remark"),
    ],
)
def test_a_person_marked_as_an_example_is_none(row):
    sheet = read_sheet(HEADINGS, row, LI)
    assert (names(sheet), sheet.skipped) == (["李四光"], {"sample": 1})


@pytest.mark.parametrize(
    "row",
    [
        [None, None, "男/女", "格式：1985.06", "18位", "选填"],
        [None, "请填真实姓名", "男、女", None, "与身份证一致", None],
        ["必填", "必填", None, None, "必填", None],
    ],
)
def test_a_row_of_allowed_values_is_no_person(row):
    sheet = read_sheet(HEADINGS, row, LI)
    assert (names(sheet), sheet.skipped) == (["李四光"], {"requirement": 1})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("（以下空白）", "note"),
        ("以下空白", "note"),
        ("第1页 共3页", "note"),
        ("2026年10月10日", "note"),
        ("转下页", "note"),
        ("机关第二党支部（12人）", "section"),
        ("离退休干部党委", "section"),
        ("支部书记签字：", "signature"),
    ],
)
def test_a_lone_text_in_the_column_of_names_is_no_person(text, kind):
    sheet = read_sheet(["姓名", "性别", "出生年月"], ["张三丰", "男", "1985.06"], [text])
    assert (names(sheet), sheet.skipped) == (["张三丰"], {kind: 1})


def test_headings_of_two_rows_repeated_on_each_page_are_skipped():
    head = [
        ["序号", "姓名", "家庭", None, "党内情况", None],
        [None, None, "住址", "人口", "入党时间", "转正时间"],
    ]
    sheet = read_sheet(
        *head,
        [1, "张三丰", "幸福路1号", 3, "1999.10", "2000.10"],
        *head,
        [2, "李四光", "幸福路2号", 2, "1999.10", "2000.10"],
        merges=("A1:A2", "B1:B2", "C1:D1", "E1:F1", "A4:A5", "B4:B5", "C4:D4", "E4:F4"),
    )
    assert (names(sheet), sheet.skipped) == (["张三丰", "李四光"], {"heading": 2})


def test_twenty_thousand_formatted_rows_are_nothing():
    def format_rows(book):
        for row in range(3, 20_003):
            for column in range(1, 4):
                book.active.cell(row, column).number_format = "0.00"

    sheet = read_sheet(HEADINGS, ZHANG, then=format_rows)
    assert (len(sheet.records), sheet.skipped) == (1, {})


def test_a_form_that_waits_to_be_filled_is_read_where_that_is_wanted():
    data = workbook_of(["党员花名册"], HEADINGS, *([number] for number in range(1, 11)))
    [sheet] = read_workbook(data, "a.xlsx", SYNONYMS, empty=True).sheets
    assert (sheet.heading_rows, sheet.records) == ([2], [])
    assert sheet.skipped == {"numbered": 10}


def test_the_same_sheets_can_be_laid_out_again_by_other_synonyms():
    rows = [HEADINGS, ZHANG, [2, "李四光", INSTRUCTION]]
    kind, grids, notes = read_grids(workbook_of(*rows, merges=("C3:E6",)), "a.xlsx")
    first = arrange("a.xlsx", kind, grids, notes, SYNONYMS)
    second = arrange("a.xlsx", kind, grids, notes, {**SYNONYMS, "性别": "note"})
    assert [column.field for column in second.sheets[0].columns][2] == "note"
    assert first.sheets[0].skipped == second.sheets[0].skipped == {"note": 1}
    assert first.sheets[0].records == second.sheets[0].records
