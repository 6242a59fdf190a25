"""Awkward text files, lettered as in the catalogue of awkward workbooks."""

from __future__ import annotations

import pytest

from registry.sheets.workbook import ERROR_VALUE, Cell
from tests.sheets.making import names, outcome, read, within

TEXT = "姓名,性别,备注\n张三丰,男,好\n李四光,女,\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode("gbk"), id="a GBK"),
        pytest.param(TEXT.replace("丰", "𬭛").encode("gb18030"), id="a GB18030 with four bytes"),
        pytest.param(TEXT.encode("utf-8-sig"), id="b UTF-8 with a mark"),
        pytest.param(TEXT.encode(), id="b UTF-8 without"),
        pytest.param(TEXT.encode("utf-16"), id="c UTF-16 with a mark"),
        pytest.param(TEXT.encode("utf-16-le"), id="c UTF-16 LE without"),
        pytest.param(TEXT.encode("utf-16-be"), id="c UTF-16 BE without"),
        pytest.param(TEXT.replace(",", "\t").encode("utf-16"), id="c Unicode text of Excel"),
        pytest.param(TEXT.replace(",", ";").encode(), id="e semicolons"),
        pytest.param(TEXT.replace(",", "\t").encode(), id="e tabs"),
        pytest.param(TEXT.replace(",", "，").encode(), id="e wide commas"),
        pytest.param(TEXT.replace("\n", "\r").encode(), id="f CR alone"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="f CR LF"),
        pytest.param(TEXT.removesuffix("\n").encode(), id="f no end of the last line"),
        pytest.param(TEXT.replace(",\n", "\n").encode(), id="g a short line"),
        pytest.param(f"sep=,\n{TEXT}".encode(), id="j sep="),
        pytest.param(f"\ufeffsep=;\n{TEXT.replace(',', ';')}".encode(), id="j sep= behind a mark"),
        pytest.param(TEXT.replace("好", '"好\n很好"').encode(), id="m a line end in quotes"),
        pytest.param(TEXT.replace("好", '="110"').encode(), id="n the wrapper of Excel"),
        pytest.param(f"第一支部名册,,\n{TEXT}合计,2,\n".encode(), id="a title and a total"),
    ],
)
@pytest.mark.parametrize("name", ["二支部.csv", "二支部.txt"])
def test_the_text_is_read(data, name):
    [sheet] = read(data, name).sheets
    assert sheet.name == "二支部"
    assert names(sheet) in (["张三丰", "李四光"], ["张三𬭛", "李四光"])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(
            TEXT.encode() + b"\xff\xfe\xff,x\n",
            "Line 4 of the text file holds signs of an unknown encoding.",
            id="d a mixture",
        ),
        pytest.param(
            TEXT.replace("好", '"好').encode(),
            "Line 3 of the text file cannot be split into columns: a quotation mark is not closed",
            id="h a quotation mark that stays open",
        ),
        pytest.param(
            TEXT.replace("好", "好\0").encode(),
            "The file is neither a workbook nor a text file: line 2 holds control signs.",
            id="i NUL",
        ),
        pytest.param(
            b"a" * 5_000_000, "Line 1 of the text file cannot be split", id="l one line of 5 MB"
        ),
        pytest.param(b"\n\n , ,\n", "The workbook is empty", id="blank lines"),
        pytest.param(
            TEXT.encode("utf-16")[:-1],
            "Line 3 of the text file holds signs of an unknown encoding.",
            id="c half a sign at the end",
        ),
    ],
)
def test_the_text_is_refused_with_its_line(data, says):
    with within(3):
        assert outcome(data, "a.csv").startswith(says)


def test_g_a_line_with_more_cells_than_headings_keeps_those_that_have_one():
    [sheet] = read(f"{TEXT}王五,男,好,多,余\n".encode(), "a.csv").sheets
    assert sheet.records[2].values == ("王五", "男", "好")


def test_k_numbers_stay_text_with_their_zeros():
    [sheet] = read("姓名,身份证号,备注\n张三,0012,1e3\n".encode(), "a.csv").sheets
    assert sheet.records[0].values == ("张三", "0012", "1e3")


def test_n_the_wrapper_of_excel_falls_away_and_an_error_is_told():
    [sheet] = read('姓名,身份证号,备注\n张三,"=""021""",#N/A\n'.encode(), "a.csv").sheets
    assert sheet.records[0].values == ("张三", "021", Cell(None, "#N/A", ERROR_VALUE))


def test_m_a_line_end_in_quotes_does_not_move_the_rows_below():
    [sheet] = read(TEXT.replace("好", '"好\n很好"').encode(), "a.csv").sheets
    assert sheet.records[0].values[2] == "好\n很好"
    assert [record.row for record in sheet.records] == [2, 3]
