"""Web pages and XML of Excel 2003, under whatever name they come."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from registry.sheets.spreadsheet_xml import SPACE
from registry.sheets.workbook import ERROR_VALUE, NO_RESULT, NOT_A_NUMBER, Cell, Unreadable
from tests.sheets.making import names, read

ROWS = "<tr><th>姓名<th>性别<th>备注</tr><tr><td>张三丰<td>男<td>好</tr>"
PAGE = f"<html><head><title>导出</title></head><body><table>{ROWS}</table></body></html>"


def sheet_of(page, name="名册.xls"):
    data = page if isinstance(page, bytes) else page.encode()
    [sheet] = read(data, name).sheets
    return sheet


def why_refused(page, name="名册.xls"):
    with pytest.raises(Unreadable) as refusal:
        read(page if isinstance(page, bytes) else page.encode(), name)
    return str(refusal.value)


@pytest.mark.parametrize("name", ["名册.xls", "名册.et", "名册.xlsx", "名册.html", "名册"])
def test_a_web_page_is_read_under_any_name(name):
    workbook = read(PAGE.encode(), name)
    assert (workbook.format, names(workbook.sheets[0])) == ("html", ["张三丰"])


SAID = PAGE.replace("<title>", '<meta charset="{}"><title>')


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(SAID.format("utf-8").encode(), id="as it says"),
        pytest.param(SAID.format("gb2312").encode("gb18030"), id="GB18030 called gb2312"),
        pytest.param(PAGE.encode("gb18030"), id="GB18030 without a word"),
        pytest.param(SAID.format("utf-8").encode("gb18030"), id="GB18030 called UTF-8"),
        pytest.param(SAID.format("nonsense").encode(), id="an encoding that there is not"),
        pytest.param(PAGE.encode("utf-8-sig"), id="UTF-8 by its mark"),
        pytest.param(PAGE.encode("utf-16"), id="UTF-16 by its mark"),
        pytest.param(
            SAID.format("x")
            .replace("charset=", "content='text/html; charset=gbk' x=")
            .encode("gbk"),
            id="GBK in an older way of saying it",
        ),
    ],
)
def test_a_web_page_is_read_in_its_encoding(data):
    assert names(sheet_of(data)) == ["张三丰"]


def test_spans_are_merged_cells():
    sheet = sheet_of(
        "<table><tr><td colspan=3>第一支部党员名册</td></tr>"
        "<tr><td>所在党支部</td><td>姓名</td><td>备注</td></tr>"
        "<tr><td rowspan=2>第一支部</td><td>张三丰</td><td>甲</td></tr>"
        "<tr><td>李四光</td><td>乙</td></tr><tr><td>第二支部</td><td>王五</td><td>丙</td></tr>"
        "</table>"
    )
    assert sheet.title_lines == ["第一支部党员名册"]
    assert [record.values for record in sheet.records] == [
        ("第一支部", "张三丰", "甲"),
        ("第一支部", "李四光", "乙"),
        ("第二支部", "王五", "丙"),
    ]


def test_two_rows_of_headings_in_a_web_page_become_one():
    sheet = sheet_of(
        "<table><tr><th rowspan=2>姓名<th colspan=2>党内情况</tr><tr><th>入党时间<th>转正时间</tr>"
        "<tr><td>张三丰<td>1999.10<td>2000.10</tr></table>"
    )
    assert sheet.heading_rows == [1, 2]
    assert [column.field for column in sheet.columns] == ["name", "joined_on", "full_member_on"]


def test_text_outside_the_table_is_a_line_above_it():
    sheet = sheet_of(f"<body><h2>第一支部名册</h2><p>填报单位：办公室</p><table>{ROWS}</table>")
    assert sheet.title_lines == ["第一支部名册", "填报单位：办公室"]
    assert sheet.heading_rows == [3]


def test_entities_breaks_and_blanks_of_a_web_page_are_text():
    sheet = sheet_of(
        "<table><tr><td>姓&nbsp;名<td>备<br>注</tr>"
        "<tr><td>\n  张三丰 &nbsp;<td>一&lt;二&#x4e09;<br/>四</tr><tr><td>&nbsp;<td></tr></table>"
    )
    assert sheet.records[0].values == ("张三丰", "一<二三\n四")
    assert len(sheet.records) == 1


def test_what_a_page_does_not_show_is_not_read():
    sheet = sheet_of(
        "<script>document.write('<table><tr><td>姓名')</script><style>td{}</style>"
        '<!-- <table><tr><td>x --><img src="http://elsewhere/x.png">'
        f"<table>{ROWS.replace('好', '<script>1</script>好<option hidden></option>')}</table>"
    )
    assert sheet.records[0].values == ("张三丰", "男", "好")


def test_a_number_kept_as_text_stays_what_it_is():
    sheet = sheet_of(
        "<table><tr><td>姓名<td>身份证号<td>备注</tr><tr><td>张三丰"
        "<td style=\"mso-number-format:'\\@'\">110101198506120011<td x:str>0012</tr>"
        '<tr><td>李四光<td>="110101199010010028"<td>#N/A</tr></table>'
    )
    assert sheet.records[0].values == ("张三丰", "110101198506120011", "0012")
    assert sheet.records[1].values == (
        "李四光",
        "110101199010010028",
        Cell(None, "#N/A", ERROR_VALUE),
    )


def test_a_table_that_is_there_for_the_layout_of_the_page_stands_aside():
    sheet = sheet_of(
        f"<table><tr><td>第一支部名册</td></tr><tr><td><table>{ROWS}</table></td></tr></table>"
    )
    assert (sheet.title_lines, names(sheet)) == (["第一支部名册"], ["张三丰"])


def test_a_table_in_a_cell_beside_others_is_text():
    inner = "<table><tr><td>甲<td>乙</tr></table>"
    assert sheet_of(f"<table>{ROWS.replace('好', inner)}</table>").records[0].values[2] == "甲 乙"


def test_the_sheet_of_a_page_has_the_name_that_excel_shows():
    comment = "<!--[if gte mso 9]><xml><x:Name>二支部</x:Name></xml><![endif]-->"
    assert sheet_of(comment + PAGE).name == "二支部"
    assert sheet_of(PAGE, "三支部.xls").name == "三支部"


def test_hidden_rows_and_columns_of_a_page_are_read_and_told():
    rows = ROWS.replace("<tr><td>", "<tr style='display: none'><td>")
    sheet = sheet_of(f"<table><col><col span=2 style='DISPLAY:none'>{rows}</table>")
    assert [note.code for note in sheet.notes] == ["rows_hidden", "columns_hidden"]
    assert "2 hidden columns" in str(sheet.notes[1])


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("<html><body><p>姓名</p></body></html>", "The file is a web page without a table."),
        ("<html><script><table></script></html>", "The file is a web page without a table."),
        (PAGE[:-40], "The file ends in the middle of its table."),
        ("<?xml version='1.0'?><a/>", "The file is an XML document but not a workbook."),
        (f"<table><tr>{'<td colspan=1000>x' * 5000}</tr></table>", "more than 4000000 cells"),
    ],
)
def test_a_page_that_gives_no_table_is_refused(page, says):
    assert says in why_refused(page)


def test_a_page_nested_without_end_or_with_spans_without_end_is_no_matter():
    assert "web page" in why_refused("<div>" * 100_000)
    deep = "<table><tr><td>" * 3000 + "x" + "</td></tr></table>" * 3000
    assert why_refused(deep)
    assert names(sheet_of(PAGE.replace("<td>张", "<td rowspan=99999999999>张"))) == ["张三丰"]


def xml_of(rows, *, before="", after="", options=""):
    return (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>{before}'
        f'<Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}" xmlns:x="urn:schemas-microsoft-com:office:'
        'excel" xmlns:html="http://www.w3.org/TR/REC-html40"><Styles><Style ss:ID="m">'
        '<NumberFormat ss:Format="yyyy\\.mm"/></Style><Style ss:ID="two">'
        '<NumberFormat ss:Format="Fixed"/></Style></Styles>'
        f'<Worksheet ss:Name="名册"><Table ss:ExpandedRowCount="1">{rows}</Table>'
        f"<x:WorksheetOptions>{options}</x:WorksheetOptions></Worksheet>{after}</Workbook>"
    )


def row(*cells, **attributes):
    told = "".join(f' ss:{name}="{value}"' for name, value in attributes.items())
    return f"<Row{told}>{''.join(cells)}</Row>"


def cell(value=None, kind="String", **attributes):
    told = "".join(f' ss:{name}="{value}"' for name, value in attributes.items())
    data = "" if value is None else f'<Data ss:Type="{kind}">{value}</Data>'
    return f"<Cell{told}>{data}</Cell>"


COMMENT = "\n<Comment><ss:Data>批注</ss:Data></Comment>"
HEAD = row(cell("姓名"), cell("出生日期"), cell("备注"))


@pytest.mark.parametrize("name", ["名册.xls", "名册.xml", "名册.et", "名册.xlsx"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_xml_of_excel_2003_is_read_under_any_name(name, encoding):
    page = xml_of(HEAD + row(cell("张三丰")))
    if encoding == "gb18030":
        page = page.replace('"1.0"', '"1.0" encoding="GB2312"', 1)
    workbook = read(page.encode(encoding), name)
    assert (workbook.format, names(workbook.sheets[0])) == ("xml", ["张三丰"])


def test_every_type_of_cell_in_xml_is_read():
    values = [
        cell("1985-06-12T00:00:00.000", "DateTime"),
        cell("1985-06-12T08:30:00.000", "DateTime"),
        cell("1985-06-01T00:00:00.000", "DateTime", StyleID="m"),
        cell("12.5", "Number"),
        cell("1985.1", "Number", StyleID="two"),
        cell("1", "Boolean"),
        cell("#REF!", "Error"),
        cell("12", "Number", Formula="=RC[-1]"),
        cell(None, Formula="=RC[-1]"),
        cell("NaN", "Number"),
        cell("好<html:B>粗</html:B>").replace("</Cell>", COMMENT + "</Cell>"),
        '<Cell ss:StyleID="m"/>',
    ]
    rows = HEAD + "".join(row(cell("张三丰"), value) for value in values)
    found = [record.values[1] for record in sheet_of(xml_of(rows)).records]
    assert found == [
        date(1985, 6, 12),
        datetime(1985, 6, 12, 8, 30),  # noqa: DTZ001 - as the sheet has it
        Cell(date(1985, 6, 1), "1985.06"),
        12.5,
        Cell(1985.1, "1985.10"),
        True,
        Cell(None, "#REF!", ERROR_VALUE),
        Cell(12.0, formula=True),
        Cell(None, fault=NO_RESULT, formula=True),
        Cell(None, "NaN", NOT_A_NUMBER),
        "好粗",
        None,
    ]


def test_places_merges_and_hidden_parts_of_xml_are_followed():
    page = xml_of(
        '<Column ss:Index="3" ss:Hidden="1" ss:Span="1"/>'
        + row(cell("名册", MergeAcross=2), Index=2)
        + HEAD
        + row(cell("张三丰"), cell("甲", Index=3, MergeDown=1), Index=5)
        + row(cell("李四光"), Hidden=1),
        after='<Worksheet ss:Name="旧"><Table/><x:WorksheetOptions><x:Visible>SheetHidden'
        "</x:Visible></x:WorksheetOptions></Worksheet>",
    )
    workbook = read(page.encode(), "a.xls")
    [sheet] = workbook.sheets
    assert (sheet.title_lines, sheet.heading_rows) == (["名册"], [3])
    assert [(each.row, each.values) for each in sheet.records] == [
        (5, ("张三丰", None, "甲")),
        (6, ("李四光", None, "甲")),
    ]
    assert [note.code for note in sheet.notes] == [
        "rows_hidden",
        "columns_hidden",
        "cells_filled_down",
    ]
    assert [note.code for note in workbook.notes] == ["sheet_hidden"]


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (
            xml_of(HEAD, before='<!DOCTYPE a [<!ENTITY b "c">]>'),
            "The workbook declares entities (a DTD)",
        ),
        (xml_of(HEAD)[:-60], "The XML of the workbook is damaged at line 1."),
        (
            xml_of(HEAD).replace('<Worksheet ss:Name="名册">', ""),
            "The XML of the workbook is damaged",
        ),
        (xml_of(row(Index=9) + row(Index=3)), "row 3 stands after row 9"),
        (xml_of(row(Index=9_999_999)), "row 9999999 stands after row 0 or beyond"),
        (xml_of(row(cell("a", Index=20_000))), "a cell of row 1 stands in a column that there is"),
        (
            xml_of(HEAD + row(cell("张三丰"), Index=1_000_000)),
            "the values reach over 1000000 rows and 3 columns",
        ),
    ],
)
def test_xml_that_is_misbuilt_is_refused(page, says):
    assert says in why_refused(page)
