"""Lists out: nothing in a file computes, days are days, and what went out reads back as it was."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from registry.calendar import PartialDate
from registry.sheets import delimited
from registry.sheets.guarding import guarded, unguarded
from registry.sheets.reading import read_workbook
from registry.sheets.workbook import plain
from registry.sheets.writing import FORMATS, Table, write_list

DANGEROUS = [
    "=1+1",
    "=cmd|'/c calc'!A1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "'=1+1",
    "{=1}",
    "http://x",
    "<r></t></is></c><c><f>1+1</f></c></r>",
    '="1"',
]
FORMULA_SIGNS = tuple("=+-@\t\r＝＋－＠")


def a_table(*rows, headings=("序号", "姓名"), title="第一支部名册"):
    return Table(title, [f"field{n}" for n, _ in enumerate(headings)], headings, rows)


def written(file_format, table):
    buffer = io.BytesIO()
    count = FORMATS[file_format].write(buffer, table)
    return buffer.getvalue(), count


def sheet_of(table):
    data, _count = written("xlsx", table)
    return openpyxl.load_workbook(io.BytesIO(data)).active


def read_back(name, data):
    """Return the cells of each record as our own reader finds them."""
    [sheet] = read_workbook(data, name, {"序号": "row_number", "姓名": "name"}).sheets
    return [[plain(value) for value in record.values] for record in sheet.records]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula_in_a_workbook(text):
    data, _count = written("xlsx", a_table([1, text]))
    assert "<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    cell = openpyxl.load_workbook(io.BytesIO(data)).active["B3"]
    assert (cell.data_type, cell.number_format) == ("s", "@")
    assert cell.value.replace("_x000D_", "\r") == text


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_is_computed_in_a_text_file_and_our_reader_takes_it_back(text):
    data, _count = written("csv", a_table([1, text]))
    [_headings, [_number, field]] = [values for _row, values in delimited.rows_of(data)]
    assert field == text.replace("\r", "\n"), "a text file has one way of ending a line"
    stands_there = guarded(text)
    assert not stands_there.startswith(FORMULA_SIGNS)
    assert not stands_there.lstrip().startswith(FORMULA_SIGNS)


@given(some.text())
def test_a_guard_is_taken_away_again_whatever_stands_behind_it(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).lstrip().startswith(FORMULA_SIGNS)


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_headings_are_guarded_like_cells(file_format):
    """An office names its own fields."""
    data, _count = written(file_format, a_table([1, "x"], headings=("序号", "=1+1")))
    if file_format == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(data)).active["B2"].data_type == "s"
    else:
        assert data.decode("utf-8-sig").splitlines()[0] == "序号,'=1+1"


def test_a_sheet_has_a_title_borders_and_headings_that_stay_and_repeat():
    sheet = sheet_of(a_table([1, "张三"]))
    assert sheet["A1"].value == "第一支部名册"
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:B1"]
    assert [cell.value for cell in sheet[2]] == ["序号", "姓名"]
    assert sheet["B2"].font.bold
    assert {sheet[place].border.left.style for place in ("A2", "B3")} == {"thin"}
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$2:$2")
    assert sheet.oddFooter.center.text == "&P / &N"


def test_a_column_is_as_wide_as_what_stands_in_it():
    sheet = sheet_of(a_table([1, "110101198005170021"], [2, "很长" * 40]))
    narrow, wide = (sheet.column_dimensions[letter].width for letter in "AB")
    assert narrow < 10
    assert 38 < wide < 42, "no wider than a screen bears"


@pytest.mark.parametrize(
    ("value", "cell", "number_format"),
    [
        pytest.param(PartialDate(1985, 6, 12), date(1985, 6, 12), "yyyy-mm-dd", id="a day"),
        pytest.param(PartialDate(1985, 6), "1985.06", "@", id="a month is no day"),
        pytest.param(PartialDate(1985), "1985", "@", id="nor is a year"),
        pytest.param(date(1900, 2, 28), "1900-02-28", "@", id="before Excel counts right"),
        pytest.param(date(1900, 3, 1), date(1900, 3, 1), "yyyy-mm-dd", id="its first sure day"),
        pytest.param(17, 17, "General", id="a number"),
        pytest.param(110101198005170021, "110101198005170021", "@", id="too long for Excel"),
        pytest.param("00123", "00123", "@", id="zeros in front"),
        pytest.param("110101198005170021", "110101198005170021", "@", id="digits are text"),
        pytest.param(None, None, "@", id="nothing"),
        pytest.param("a & b < c", "a & b < c", "@", id="signs of XML"),
        pytest.param("_x000D_", "_x000D_", "@", id="text that looks like an escaped sign"),
        pytest.param(" 张三 ", " 张三 ", "@", id="blanks around it"),
        pytest.param("𠮷", "𠮷", "@", id="a rare sign"),
    ],
)
def test_a_value_is_what_it_is(value, cell, number_format):
    found = sheet_of(a_table([1, value]))["B3"]
    shown = found.value.date() if hasattr(found.value, "date") else found.value
    assert (_as_excel_says(shown), found.number_format) == (cell, number_format)


def _as_excel_says(value):
    """openpyxl leaves the escapes of Excel standing."""
    return value.replace("_x005F_", "_") if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (PartialDate(1985, 6, 12), "1985-06-12"),
        # Excel would make the first of June of 1985-06.
        (PartialDate(1985, 6), "1985.06"),
        (-12, "-12"),
        (None, ""),
        ('a,“b”\n"c"', '"a,“b”\n""c"""'),
    ],
)
def test_a_text_file_says_it_in_text(value, field):
    data, count = written("csv", a_table([1, value]))
    assert data.startswith(b"\xef\xbb\xbf"), "Excel knows UTF-8 by its mark"
    assert data.decode("utf-8-sig") == f"序号,姓名\r\n1,{field}\r\n"
    assert count == 1


def test_a_program_gets_a_list_of_objects():
    rows = [1, PartialDate(1985, 6)], ["", None], ["=1", date(2026, 1, 2)]
    data, count = written("json", a_table(*rows))
    assert json.loads(data) == [
        {"field0": 1, "field1": "1985-06"},
        {"field0": None, "field1": None},
        {"field0": "=1", "field1": "2026-01-02"},
    ]
    assert count == 3
    assert json.loads(written("json", a_table())[0]) == []


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_what_is_written_reads_back(file_format):
    # A longer text would be taken for a note below the list.
    texts = [text.replace("\r", "\n") for text in DANGEROUS if len(text) < 20]
    data, _count = written(file_format, a_table(*([n, text] for n, text in enumerate(texts, 1))))
    assert read_back(f"名册.{file_format}", data) == [
        [str(n) if file_format == "csv" else n, text] for n, text in enumerate(texts, 1)
    ]


def test_rows_are_written_as_they_come():
    """A list of a million rows never stands in memory."""
    waiting = []

    def rows():
        for number in range(3):
            waiting.append(number)
            yield [number, "x"]

    assert write_list(io.BytesIO(), "", ["序号", "姓名"], rows()) == 3
    assert waiting == [0, 1, 2]
