"""Awkward workbooks by their XML, numbered as in the catalogue of awkward workbooks."""

from __future__ import annotations

import importlib.util
import re

import pytest

from registry import checks
from registry.sheets.workbook import ERROR_VALUE, NO_RESULT, NOT_A_NUMBER, Cell
from tests.sheets.making import (
    GOOD,
    HEADING_XML,
    NAMESPACE,
    cell,
    names,
    outcome,
    read,
    repacked,
    with_part,
    with_sheet_xml,
    within,
    workbook_of,
)

SHEET = "xl/worksheets/sheet1.xml"
PARTS = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    SHEET,
    "docProps/core.xml",
)
LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {more} "{f"&{one};" * 10}">'
    for one, more in zip("abcdefgh", "bcdefghx", strict=True)
)
ENTITIES = {
    "31 a file of the server": '<!ENTITY x SYSTEM "file:///etc/passwd">',
    "31 a page elsewhere": '<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;',
    "32 a billion laughs": LAUGHS,
    "34 a long entity told often": f'<!ENTITY x "{"x" * 200_000}">',
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("entities", ENTITIES)
def test_entities_are_refused_in_every_part(entities, part):
    xml = f'<?xml version="1.0"?><!DOCTYPE a [{ENTITIES[entities]}]><a>{"&x;" * 3000}</a>'
    with within(3):
        says = outcome(with_part(part, xml.encode()))
    assert says.startswith(f"The part “{part}” declares entities (a DTD), which no office program")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_33_entities_are_found_in_other_encodings(encoding):
    xml = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [{LAUGHS}]><a/>'
    assert "declares entities" in outcome(with_part("xl/styles.xml", xml.encode(encoding)))


def test_36_the_server_does_not_start_without_what_makes_xml_safe(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    [error] = checks.xml_reader()
    assert "defusedxml is missing" in error.msg


def rows_of(count, odd=""):
    return (
        HEADING_XML
        + "".join(f'<row r="{row}">{cell(f"A{row}", "张三")}</row>' for row in range(2, count + 2))
        + odd
    )


def numbers(*texts):
    return HEADING_XML + "".join(
        f'<row r="{row}">{cell(f"A{row}", "张三")}<c r="B{row}"><v>{text}</v></c></row>'
        for row, text in enumerate(texts, 2)
    )


def with_dimension(reference):
    return repacked(
        workbook_of(["姓名", "性别"], ["张三丰", "男"], ["李四光", "女"]),
        lambda name, part: part.replace(b'ref="A1:B3"', f'ref="{reference}"'.encode()),
    )


def without_sheets(name, part):
    if name != "xl/workbook.xml":
        return part
    return re.sub(b"<sheets>.*</sheets>", b"<sheets/>", part)


def elsewhere(name, part):
    return (
        part.replace(b"sheet1.xml", b"sheet7.xml") if name.endswith("workbook.xml.rels") else part
    )


def only_a_chart(name, part):
    if name == "xl/_rels/workbook.xml.rels":
        return part.replace(b"relationships/worksheet", b"relationships/chartsheet")
    return part


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(
            lambda: with_sheet_xml("<a>" * 200_000 + "</a>" * 200_000),
            "The workbook",
            id="35 elements in elements without end",
        ),
        pytest.param(
            lambda: with_sheet_xml(rows_of(5000, '<row r="5002"><c r="A5002"></row>')),
            "The part “xl/worksheets/sheet1.xml” of the workbook is damaged after row 5002.",
            id="37 broken after row 5000",
        ),
        pytest.param(
            lambda: with_sheet_xml(rows_of(3) + "<row r='5'><c r='A5'>")[:],
            "The part “xl/worksheets/sheet1.xml” of the workbook is damaged after row 5.",
            id="37 no end",
        ),
        pytest.param(
            lambda: with_part(
                "xl/worksheets/sheet1.xml",
                f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows_of(2)}'.encode()
                + b'<row r="4"><c r="A4" t="inlineStr"><is><t>\xff\xfe</t></is></c></row>'
                + b"</sheetData></worksheet>",
            ),
            "The part “xl/worksheets/sheet1.xml” of the workbook is damaged after row ",
            id="38 no UTF-8",
        ),
        pytest.param(
            lambda: with_sheet_xml(rows_of(2, f'<row r="4">{cell("A4", "&#xD800;")}</row>')),
            "The part “xl/worksheets/sheet1.xml” of the workbook is damaged after row 4.",
            id="38 half a sign",
        ),
        pytest.param(
            lambda: with_sheet_xml(rows_of(2, f'<row r="4">{cell("A4", "&#0;")}</row>')),
            "The part “xl/worksheets/sheet1.xml” of the workbook is damaged after row 4.",
            id="38 NUL",
        ),
        pytest.param(
            lambda: repacked(GOOD, without_sheets),
            "The workbook holds no sheet with cells.",
            id="39 no sheet",
        ),
        pytest.param(
            lambda: repacked(GOOD, only_a_chart),
            "The workbook holds no sheet with cells.",
            id="40 a chart alone",
        ),
        pytest.param(
            lambda: with_sheet_xml(HEADING_XML + '<row r="2"><c r="A2" t="s"><v>999</v></c></row>'),
            "The workbook is damaged (",
            id="41 a shared text that is not there",
        ),
        pytest.param(
            lambda: with_sheet_xml(HEADING_XML + f'<row r="2">{cell("??2", "x")}</row>'),
            "Sheet “名册”: a cell in row 2 is named “??2”.",
            id="42 a cell without a name",
        ),
        pytest.param(
            lambda: with_sheet_xml(HEADING_XML + f'<row r="2">{cell("A3", "x")}</row>'),
            "Sheet “名册”: a cell in row 2 is named “A3”.",
            id="42 a cell of another row",
        ),
        pytest.param(
            lambda: with_sheet_xml(HEADING_XML + f'<row r="2">{cell("XFE2", "x")}</row>'),
            "Sheet “名册”: a cell in row 2 is named “XFE2”.",
            id="42 a cell behind the last column",
        ),
        pytest.param(
            lambda: with_sheet_xml('<row r="5"/><row r="3"/>'),
            "Sheet “名册”: row 3 stands after row 5",
            id="42 rows downwards",
        ),
        pytest.param(
            lambda: with_sheet_xml(rows_of(3) + '<row r="4"/>'),
            "Sheet “名册”: row 4 stands after row 4",
            id="42 a row twice",
        ),
        pytest.param(
            lambda: with_sheet_xml(rows_of(2) + '<row r="0"/>'),
            "Sheet “名册”: row 0 stands after row 3",
            id="42 row 0",
        ),
        pytest.param(
            lambda: with_sheet_xml(HEADING_XML + f'<row r="1048576">{cell("A1048576", "x")}</row>'),
            "Sheet “名册”: the values reach over 1048576 rows and 2 columns.",
            id="45 one cell at the very end",
        ),
        pytest.param(
            lambda: with_sheet_xml(HEADING_XML + '<row r="999999999"><c r="A999999999"/></row>'),
            "Sheet “名册”: row 999999999 stands after row 1 or beyond the last row of Excel.",
            id="46 row 999999999",
        ),
        pytest.param(
            lambda: with_dimension("nonsense"), "The workbook is damaged (", id="44 no dimension"
        ),
        pytest.param(
            lambda: repacked(GOOD, elsewhere),
            "The part “xl/worksheets/sheet7.xml” of the workbook is missing.",
            id="41 a sheet that is not there",
        ),
    ],
)
def test_what_is_misbuilt_is_refused_with_its_place(data, says):
    data = data()
    with within(2):
        assert outcome(data).startswith(says)


def first(data):
    [sheet] = read(data).sheets
    return sheet


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param("A1", id="43 too small"),
        pytest.param("A1:XFD1048576", id="44 too large"),
    ],
)
def test_the_dimension_is_not_believed(reference):
    assert names(first(with_dimension(reference))) == ["张三丰", "李四光"]


def test_47_a_cell_in_the_last_column_is_no_column_of_the_list():
    sheet = first(
        with_sheet_xml(HEADING_XML + f'<row r="2">{cell("A2", "张三")}{cell("XFD2", "x")}</row>')
    )
    assert [column.letter for column in sheet.columns] == ["A", "B"]
    assert sheet.records[0].values == ("张三", None)


@pytest.mark.parametrize("text", ["NaN", "INF", "-INF", "1e999", "5" * 5000])
def test_48_a_number_that_is_none_is_an_error_of_its_cell(text):
    assert first(with_sheet_xml(numbers(text))).records[0].values[1].fault == NOT_A_NUMBER


def test_48_a_word_in_a_cell_of_numbers_is_a_word():
    assert first(with_sheet_xml(numbers("abc"))).records[0].values[1] == "abc"


CDATA = "<![CDATA[张三丰]]>"
SHARING = with_sheet_xml(
    '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
)
RICH = (
    f'<sst xmlns="{NAMESPACE}"><si><t>姓名</t></si><si><r><t>张三</t></r>'
    '<r><t xml:space="preserve">丰</t></r><rPh sb="0" eb="1"><t>zhang</t></rPh></si></sst>'
).encode()
PREFIXED = (
    f'<x:worksheet xmlns:x="{NAMESPACE}"><x:sheetData>'
    '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>姓名</x:t></x:is></x:c></x:row>'
    '<x:row r="2"><x:c r="A2" t="inlineStr"><x:is><x:t>张三丰</x:t></x:is></x:c></x:row>'
    "</x:sheetData></x:worksheet>"
)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(lambda: with_part(SHEET, PREFIXED.encode()), id="49 prefixes"),
        pytest.param(
            lambda: repacked(
                GOOD,
                lambda _, part: part.replace(
                    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
                ),
            ),
            id="49 strict names",
        ),
        pytest.param(
            lambda: with_sheet_xml(
                '<row r="1"><c t="inlineStr"><is><t>姓名</t></is></c></row>'
                '<row><c t="inlineStr"><is><t>张三丰</t></is></c></row>'
            ),
            id="42 no references at all",
        ),
        pytest.param(
            lambda: with_sheet_xml(
                f'<row r="1">{cell("A1", "姓名")}</row><row r="2"><c r="A2" t="inlineStr"><is>'
                "<r><rPr><b/></rPr><t>张</t></r><r><t>三丰</t></r>"
                '<rPh sb="0" eb="1"><t>zhang</t></rPh><phoneticPr fontId="1"/></is></c></row>'
            ),
            id="50 rich text with its sound",
        ),
        pytest.param(lambda: with_part("xl/sharedStrings.xml", RICH, SHARING), id="50 shared rich"),
        pytest.param(
            lambda: with_sheet_xml(
                f'<row r="1">{cell("A1", "姓名")}</row><row r="2">{cell("A2", CDATA)}</row>'
            ),
            id="50 text as it stands",
        ),
        pytest.param(
            lambda: with_sheet_xml(
                f'<row r="1">{cell("A1", "姓名")}</row><!-- <row r="9"></row> --><row r="2">'
                f"{cell('A2', '&#24352;三丰')}</row>"
            ),
            id="50 a comment and a number for a sign",
        ),
    ],
)
def test_every_way_of_writing_a_text_is_read(data):
    assert names(first(data())) == ["张三丰"]


@pytest.mark.parametrize(("text", "name"), [("张_x000D_三", "张\r三"), ("张_x0000_三", "张\0三")])
def test_51_escapes_of_excel_are_signs(text, name):
    """The readers of cells then take the first for a blank and refuse the second."""
    row = f'<row r="2">{cell("A2", text)}</row>'
    assert names(first(with_sheet_xml(HEADING_XML + row))) == [name]


def test_74_a_row_like_a_plain_one_with_one_odd_cell_is_told_of():
    """Rows that a pattern recognises whole stand beside those that the parser walks."""
    plain = f'<row r="2">{cell("A2", "张三")}<c r="B2"><v>1</v></c></row>'
    odd = f'<row r="3">{cell("A3", "李四")}<c r="B3"><f>1+1</f></c></row>'
    error = f'<row r="4">{cell("A4", "王五")}<c r="B4" t="e"><v>#N/A</v></c></row>'
    sheet = first(with_sheet_xml(HEADING_XML + plain + odd + error + plain.replace("2", "5")))
    assert [record.values[1] for record in sheet.records] == [
        1.0,
        Cell(None, fault=NO_RESULT, formula=True),
        Cell(None, "#N/A", ERROR_VALUE),
        1.0,
    ]


def test_each_pattern_and_parser_see_the_same():
    """A blank in a tag is enough for a row to be walked by the parser; nothing else may differ."""
    rows = HEADING_XML + "".join(
        f'<row r="{row}" spans="1:2"{" hidden=" + chr(34) + "1" + chr(34) if row % 5 == 0 else ""}>'
        f'{cell(f"A{row}", f"张{row}")}<c r="B{row}" s="0"><v>{row}</v></c></row>'
        for row in range(2, 400)
    )
    plain, walked = (first(with_sheet_xml(xml)) for xml in (rows, rows.replace("<row ", "<row  ")))
    assert plain.records == walked.records
    assert [str(note) for note in plain.notes] == [str(note) for note in walked.notes]
    assert [note.params["count"] for note in plain.notes] == [79]
