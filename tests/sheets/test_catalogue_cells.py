"""Awkward cells of a roster, numbered as in the catalogue of awkward workbooks.

Each is read by the reader that a roster has for its column. What needs the register to be judged
(branches, duplicates, a birth date beside an ID number) is tested with the staging of a roster.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from members.sheets.members import MemberResource
from registry.calendar import PartialDate
from registry.sheets.cells import CellError, read_amount, read_yes_no
from registry.sheets.workbook import ERROR_VALUE, NO_RESULT, Cell
from tests.sheets.making import GOOD, HEADING_XML, cell, read, with_sheet_xml

TODAY = date(2026, 10, 10)
FIELDS = MemberResource.table(TODAY).by_field


def read_as(field, value):
    """Return the value that a field takes from a cell and the codes of its warnings."""
    found = FIELDS[field].read(value)
    return found.value, [finding.code for finding in found.findings]


def code_of(field, value):
    with pytest.raises(CellError) as refusal:
        FIELDS[field].read(value)
    return refusal.value.sentence.code


def day(year, month=0, of_month=0):
    return PartialDate(year, month, of_month)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        pytest.param(
            "name", Cell(None, fault=NO_RESULT, formula=True), "formula_without_value", id="74"
        ),
        *(
            pytest.param("born_on", Cell(None, word, ERROR_VALUE), "error_value", id=f"75 {word}")
            for word in ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?")
        ),
        pytest.param("id_number", 1.10101199003077e17, "id_digits_lost", id="77 as a number"),
        pytest.param("id_number", "1.10101E+17", "id_digits_lost", id="77 as it is shown"),
        pytest.param("id_number", "110101198506120000", "id_digits_lost", id="77 ending in zeros"),
        pytest.param("phone", "1.38E+10", "digits_lost", id="78 as it is shown"),
        pytest.param("id_number", "11010119850612001Х", "id_unreadable", id="80 a Cyrillic X"),
        pytest.param("id_number", "110101198506120011", "id_check_digit", id="82"),
        pytest.param("id_number", "11010119850612001", "id_length", id="83 seventeen digits"),
        pytest.param("id_number", "1101011985061200111", "id_length", id="83 nineteen digits"),
        pytest.param("id_number", "110101198502300014", "id_unreadable", id="85 30 February"),
        pytest.param("id_number", "E12345678", "id_unreadable", id="86 a passport"),
        pytest.param("born_on", "2031.06", "date_in_future", id="89"),
        pytest.param("born_on", 60.0, "date_unreadable", id="92 the day that never was"),
        pytest.param("born_on", 0.0, "date_unreadable", id="92 zero"),
        pytest.param("born_on", -5.0, "date_unreadable", id="92 below zero"),
        pytest.param("born_on", 2958466.0, "date_unreadable", id="92 after the year 9999"),
        pytest.param("born_on", "03/07/90", "date_ambiguous", id="94 two digits everywhere"),
        pytest.param("born_on", "7-3-1990", "date_ambiguous", id="94 day or month"),
        pytest.param("born_on", "1985.13", "date_unreadable", id="94 month 13"),
        pytest.param("born_on", "1985.02.30", "date_unreadable", id="94 30 February"),
        pytest.param("born_on", 1985.1, "date_ambiguous", id="94 a zero may be lost"),
        pytest.param("born_on", "农历1985年六月十二", "date_unreadable", id="96 lunar"),
        pytest.param("born_on", "腊月初八", "date_unreadable", id="96 lunar in words"),
        pytest.param("name", "张三\U0001f600", "text_characters", id="113 a face"),
        pytest.param("name", "张\0三", "text_characters", id="113 NUL"),
        pytest.param(
            "name", "Z\u0301\u0302\u0303\u0304", "text_characters", id="113 a pile of marks"
        ),
        pytest.param("note", "x" * 32_767, "text_too_long", id="114 a cell as long as Excel has"),
        pytest.param("name", "张" * 61, "text_too_long", id="114 a long name"),
        pytest.param("ethnicity", "火星族", "choice_unknown", id="116 an unknown people"),
        pytest.param("sex", "中", "choice_unknown", id="116 neither"),
        pytest.param("education", "很高", "choice_unknown", id="116 an unknown education"),
        pytest.param("phone", "问支部", "phone_unreadable", id="78 no number"),
    ],
)
def test_the_cell_is_refused(field, value, code):
    assert code_of(field, value) == code


# As a workbook has it: without a zone.
MOMENT = datetime(1986, 5, 4, 0, 30)  # noqa: DTZ001
ID = "110101198506120012"


@pytest.mark.parametrize(
    ("field", "value", "result", "warned"),
    [
        pytest.param("name", "=cmd|'/c calc'!A1", "=cmd|'/c calc'!A1", [], id="76 a command"),
        pytest.param("note", "+1", "+1", [], id="76 a plus"),
        pytest.param("note", "@SUM(A1)", "@SUM(A1)", [], id="76 a function"),
        pytest.param("note", "\t=1+1", "=1+1", [], id="76 behind a tab"),
        pytest.param("phone", 13800138000.0, "13800138000", [], id="78 a whole number"),
        pytest.param("phone", "13800138000.0", "13800138000", [], id="78 with a point"),
        pytest.param("id_number", f"'{ID}", ID, [], id="79 an apostrophe"),
        pytest.param("id_number", "110101 19850612 0012", ID, [], id="79 blanks"),
        pytest.param("id_number", f"身份证：{ID}", ID, [], id="79 a label"),
        pytest.param("id_number", f" {ID}\u00a0", ID, [], id="79 blanks around"),
        pytest.param("id_number", "11010119850612008x", "11010119850612008X", [], id="80 small x"),
        pytest.param("id_number", "11010119850612008Ｘ", "11010119850612008X", [], id="80 wide X"),
        pytest.param("id_number", "110101850612001", ID, ["id_converted"], id="81"),
        pytest.param("born_on", 32939.0, day(1990, 3, 7), [], id="90 a bare serial"),
        pytest.param("born_on", date(1990, 3, 7), day(1990, 3, 7), [], id="90 a day"),
        *(
            pytest.param("born_on", text, day(1990, 3, 7), [], id=f"93 {text}")
            for text in (
                "1990.3.7",
                "1990/03/07",
                "19900307",
                "1990年3月7日",
                "１９９０．３．７",
                "1990-03-07 ",
            )
        ),
        *(
            pytest.param("born_on", text, day(1990, 3), [], id=f"93 {text}")
            for text in ("1990.03", "1990年3月", "一九九〇年三月", "199003", "1990/3", "1990-03")
        ),
        pytest.param("born_on", "1990", day(1990), [], id="93 a year"),
        pytest.param("born_on", "85.6", day(1985, 6), ["date_two_digit_year"], id="93 two digits"),
        pytest.param(
            "born_on", Cell(1985.1, "1985.10"), day(1985, 10), [], id="94 shown as 1985.10"
        ),
        pytest.param("born_on", MOMENT, day(1986, 5, 4), [], id="95 a time"),
        pytest.param("born_on", "1940-06-01T00:00:00", day(1940, 6, 1), [], id="95 as text"),
        pytest.param("born_on", "2019/2/3  14:30", day(2019, 2, 3), [], id="95 two blanks"),
        *(
            pytest.param("born_on", text, None, ["value_blank_word"], id=f"96 {text}")
            for text in ("不详", "无", "—", "/")
        ),
        pytest.param("staff_number", "１２３ＡＢＣ", "123ABC", [], id="105 wide letters"),
        pytest.param("name", "张\u200b三", "张三", ["text_cleaned"], id="106 a sign of no width"),
        pytest.param("name", "张\u00ad三", "张三", ["text_cleaned"], id="106 a soft hyphen"),
        pytest.param("name", "\u202e张三", "张三", ["text_cleaned"], id="106 written backwards"),
        pytest.param("name", "张\u00a0三", "张三", [], id="107 a hard blank"),
        pytest.param("name", "张\u3000三", "张三", [], id="107 a wide blank"),
        pytest.param("name", "欧阳 三丰", "欧阳三丰", ["name_cleaned"], id="107 a blank in four"),
        pytest.param("name", "𠮷田𬭛", "𠮷田𬭛", [], id="108"),
        pytest.param("name", "张\ue001", "张\ue001", ["name_doubtful"], id="109"),
        pytest.param("name", "张□", "张□", ["name_doubtful"], id="110 a box"),
        pytest.param("name", "张?", "张?", ["name_doubtful"], id="110 a question mark"),
        pytest.param("name", "⿰亻尔", "⿰亻尔", ["name_doubtful"], id="110 a description"),
        *(
            pytest.param("name", f"买买提{dot}艾力", "买买提·艾力", [], id=f"111 {ord(dot):04X}")
            for dot in "·•・‧．"
        ),
        pytest.param("ethnicity", "汉", "01", [], id="116 short"),
        pytest.param("ethnicity", "汉族", "01", [], id="116 whole"),
        pytest.param("ethnicity", "01", "01", [], id="116 a code"),
        pytest.param("note", "<img onerror=alert(1)>", "<img onerror=alert(1)>", [], id="118"),
        pytest.param("name", "<b>张三</b>", "<b>张三</b>", [], id="118 in a name"),
    ],
)
def test_the_cell_is_read(field, value, result, warned):
    assert read_as(field, value) == (result, warned)


def test_73_a_formula_is_its_result_and_a_warning_where_it_matters():
    assert read_as("born_on", Cell(date(1990, 3, 7), formula=True)) == (
        day(1990, 3, 7),
        ["formula_value"],
    )
    assert read_as("note", Cell("好", formula=True))[0] == "好"


@pytest.mark.parametrize("value", ["是", "√", "1", "TRUE", "Y", True])
def test_115_yes_in_its_forms(value):
    assert read_yes_no(value).value is True


@pytest.mark.parametrize("value", [10.0, "10.00", "¥10", "１０", "10元", "10.0"])
def test_117_an_amount_in_its_forms(value):
    assert read_amount(value).value == 10


@pytest.mark.parametrize("value", ["拾元", "-10", "10.005", "1e3"])
def test_117_what_is_no_amount(value):
    with pytest.raises(CellError):
        read_amount(value)


def test_77_a_number_of_eighteen_digits_arrives_as_the_number_that_excel_keeps():
    row = f'<row r="2">{cell("A2", "张三")}<c r="B2"><v>1.10101199003077E+17</v></c></row>'
    value = read(with_sheet_xml(HEADING_XML + row)).sheets[0].records[0].values[1]
    assert code_of("id_number", value) == "id_digits_lost"


def test_every_field_of_a_roster_bears_every_value_of_a_small_workbook():
    [sheet] = read(GOOD).sheets
    for column in FIELDS.values():
        for value in (*sheet.records[0].values, 1.0, True, date(1990, 1, 1), Cell("x", "y")):
            try:
                column.read(value)
            except CellError as refusal:
                assert refusal.sentence.code  # noqa: PT017 - either of the two is right
