"""Text files in their encodings, and workbooks of other programs."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from registry.sheets.delimited import separator_of
from registry.sheets.workbook import Unreadable
from registry.sheets.writing import write_list
from tests.sheets.making import NAMESPACE, names, read, repacked, workbook_of

TEXT = "姓名,性别,备注\n张三丰,男,\n李四光,女,好\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode(), id="UTF-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="UTF-8 with mark"),
        pytest.param(TEXT.encode("gb18030"), id="GB18030"),
        pytest.param(TEXT.encode("gbk"), id="GBK"),
        pytest.param(TEXT.encode("utf-16"), id="UTF-16 with mark"),
        pytest.param(b"\xfe\xff" + TEXT.encode("utf-16-be"), id="UTF-16, big end first"),
        pytest.param(TEXT.encode("utf-16-le"), id="UTF-16 without mark"),
        pytest.param(TEXT.replace(",", "\t").encode(), id="tabs"),
        pytest.param(TEXT.replace(",", ";").encode(), id="semicolons"),
        pytest.param(TEXT.replace(",", "，").encode(), id="full-width commas"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="line ends of Windows"),
        pytest.param(TEXT.replace("\n", "\r").encode(), id="line ends of the old Mac"),
    ],
)
@pytest.mark.parametrize("name", ["二支部.csv", "二支部.txt", "二支部.xls"])
def test_text_is_read_in_any_encoding_and_with_any_separator(data, name):
    workbook = read(data, name)
    [sheet] = workbook.sheets
    assert (workbook.format, sheet.name, sheet.heading_rows) == ("csv", "二支部", [1])
    assert names(sheet) == ["张三丰", "李四光"]
    assert sheet.address("B", sheet.records[1].row) == "二支部!B3"


def test_quoted_separators_line_ends_and_excels_wrapper_belong_to_the_cell():
    data = 'sep=;\n姓名;身份证号;备注\n张三;="021";"一;\n二，三，四，五，六，七，八"\n'
    [sheet] = read(data.encode(), "a.csv").sheets
    assert sheet.heading_rows == [2]
    assert sheet.records[0].values == ("张三", "021", "一;\n二，三，四，五，六，七，八")


def test_the_separator_is_the_one_that_cuts_every_line():
    assert separator_of("a;b,c;d\ne;f;g\n") == ";"
    assert separator_of("姓名\n张三\n") == ","
    assert separator_of("姓名,备注\n张三,一，二，三\n") == ","


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ('姓名,性别\n"张三,男\n'.encode(), "Line 2 of the text file cannot be split"),
        ("姓名,性别\n".encode() + b"\xff\xff,x\n", "Line 2 of the text file holds signs of"),
        ("姓名,性别\n张\0三,男\n".encode(), "line 2 holds control signs"),
        (b"a" * 5_000_000, "Line 1 of the text file cannot be split"),
    ],
)
def test_text_that_cannot_be_read_is_told_with_its_line(data, says):
    with pytest.raises(Unreadable) as refusal:
        read(data, "a.csv")
    assert says in str(refusal.value)


def test_an_open_document_is_read():
    table = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p>'
            "</table:table-cell>"
            for text in row
        )
        + "</table:table-row>"
        for row in (["姓名", "性别"], ["张三", "男"])
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="名册">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    workbook = read(buffer.getvalue(), "名册.ods")
    assert (workbook.format, names(workbook.sheets[0])) == ("ods", ["张三"])


def test_prefixed_names_and_the_strict_namespace_make_no_difference():
    rows = (
        '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>姓名</x:t></x:is></x:c></x:row>'
        '<x:row r="2"><x:c r="A2" t="inlineStr"><x:is><x:r><x:t>张</x:t></x:r>'
        '<x:r><x:t>三</x:t></x:r><x:rPh sb="0" eb="1"><x:t>zhang</x:t></x:rPh></x:is></x:c></x:row>'
    )
    xml = (
        f'<x:worksheet xmlns:x="{NAMESPACE}"><x:sheetData>{rows}</x:sheetData>'
        '<x:mergeCells><x:mergeCell ref="A3:A4"/></x:mergeCells></x:worksheet>'
    )
    data = repacked(workbook_of(["x"]), lambda name, old: xml.encode() if "sheet1" in name else old)
    assert names(read(data).sheets[0]) == ["张三"]


def test_a_wrong_dimension_is_not_believed():
    data = repacked(
        workbook_of(["姓名", "性别"], ["张三", "男"], ["李四", "女"]),
        lambda name, old: old.replace(b'ref="A1:B3"', b'ref="A1:A1"'),
    )
    assert names(read(data).sheets[0]) == ["张三", "李四"]


def test_a_written_list_reads_back_and_nothing_in_it_is_a_formula():
    dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1", "http://x", "0012", "{=1}"]
    rows = [[number, text, 11010119900307001] for number, text in enumerate(dangerous)]
    buffer = io.BytesIO()
    written = write_list(buffer, "第一支部名册", ["序号", "姓名", "身份证号"], rows)
    assert written == len(dangerous)
    book = openpyxl.load_workbook(buffer)
    cells = [row[1] for row in book.active.iter_rows(min_row=3)]
    assert [cell.value for cell in cells] == dangerous
    assert {cell.data_type for cell in cells} == {"s"}
    assert book.active["C3"].value == "11010119900307001", "longer than Excel counts, so text"
    [sheet] = read(buffer.getvalue()).sheets
    assert (sheet.heading_rows, sheet.title_lines) == ([2], ["第一支部名册"])
    assert len(sheet.records) == len(dangerous)
