"""One table for each kind of value."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.sheets import codes
from registry.sheets.cells import (
    CellError,
    choice_reader,
    read_amount,
    read_code,
    read_integer,
    read_phone,
    read_text,
    read_yes_no,
)
from registry.sheets.names import read_name
from registry.sheets.workbook import Cell

read_sex = choice_reader({"男": "M", "男性": "M", "1": "M", "女": "F", "F": "F"}, "男, 女")


def code_of_refusal(read, cell, **options):
    with pytest.raises(CellError) as refusal:
        read(cell, **options)
    assert refusal.value.sentence.code in codes.ALL
    return refusal.value.sentence.code


def codes_of(read):
    return [finding.code for finding in read.findings]


@pytest.mark.parametrize(
    ("cell", "name", "warned"),
    [
        ("张三丰", "张三丰", []),
        ("张  三", "张三", []),
        ("张　三", "张三", []),
        (" 张三 ", "张三", []),
        ("张\u00a0三", "张三", []),
        ("欧阳 三丰", "欧阳三丰", ["name_cleaned"]),
        ("张三\n丰", "张三丰", ["name_cleaned"]),
        ("张三（女）", "张三", ["name_cleaned"]),
        ("张三(预备)", "张三", ["name_cleaned"]),
        ("张三★", "张三", ["name_cleaned"]),
        ("★张 三(女)(预备)", "张三", ["name_cleaned"]),
        ("张\u200b三", "张三", ["text_cleaned"]),
        ("\u202e张三", "张三", ["text_cleaned"]),
        ("买买提•艾力", "买买提·艾力", []),
        ("买买提・艾力", "买买提·艾力", []),
        ("买买提‧艾力", "买买提·艾力", []),
        ("买买提．艾力", "买买提·艾力", []),
        ("买买提.艾力", "买买提·艾力", []),
        ("买买提 · 艾力", "买买提·艾力", []),
        ("𠮷田𬭛", "𠮷田𬭛", []),
        ("张\ue001", "张\ue001", ["name_doubtful"]),
        ("张□", "张□", ["name_doubtful"]),
        ("Anna Louise Strong", "Anna Louise Strong", []),
        ("<b>张三</b>", "<b>张三</b>", []),
        ("无", None, []),
        ("", None, []),
        (None, None, []),
    ],
)
def test_a_name_is_read_as_the_person_writes_it(cell, name, warned):
    read = read_name(cell)
    assert (read.value, codes_of(read)) == (name, warned)


@pytest.mark.parametrize(
    "text", ["张三\U0001f600", "张\x00三", "张\x07三", "张\ud800", "Z\u0301\u0302\u0303"]
)
def test_signs_that_no_office_writes_are_refused_everywhere(text):
    for read in (read_name, read_text, read_code, read_phone, read_amount, read_sex):
        assert code_of_refusal(read, text) == "text_characters"


def test_a_long_text_is_refused_and_not_cut():
    assert read_text("长" * 255).value == "长" * 255
    with pytest.raises(CellError, match="has 32767 signs; at most 255 are kept. Shorten it."):
        read_text("长" * 32767)


def test_text_keeps_line_breaks_only_where_they_are_wanted():
    assert read_text("一行\r\n二行", lines=True).value == "一行\n二行"
    assert read_text("一行\r\n二行").value == "一行 二行"


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+1", "-2", "@SUM(A1)", "√", "☆先进"])
def test_text_that_looks_odd_is_kept_as_it_is(text):
    assert read_text(text).value == text


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("210102196009084314", "210102196009084314"),
        ("２１０１０２19600908431Ｘ", "21010219600908431X"),
        ("21010219600908431x", "21010219600908431x"),
        ("210102 19600908 4314 ", "210102196009084314"),
        ("'210102196009084314", "210102196009084314"),
        ("K¸", "Ķ"),
        ("‘证件:1", "1"),
        ("身份证号：210102196009084314", "210102196009084314"),
        (" 020100", "020100"),
        (20100.0, "20100"),
        (Cell(20100.0, "020100"), "020100"),
        ("无", None),
        (None, None),
    ],
)
def test_a_code_is_text_without_filling(cell, code):
    assert read_code(cell).value == code


@pytest.mark.parametrize("cell", [1.10101199003077e17, "1.10101E+17", Cell(3.5e17, "")])
def test_a_number_whose_last_digits_are_lost_is_never_guessed(cell):
    assert code_of_refusal(read_code, cell, lost=codes.ID_DIGITS_LOST) == "id_digits_lost"


def test_a_secret_number_is_not_quoted():
    with pytest.raises(CellError) as refusal:
        read_code("2" * 41, secret=True)
    assert "2222" not in str(refusal.value)


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        (13800138000.0, "13800138000"),
        ("13800138000.0", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+8613800138000", "13800138000"),
        ("010-88886666", "010-88886666"),
        ("（010）88886666", "(010)88886666"),
        ("13800138000/13900139000", "13800138000 13900139000"),
        ("13800138000、010-88886666", "13800138000 010-88886666"),
        ("—", None),
    ],
)
def test_a_phone_number_is_read(cell, phone):
    assert read_phone(cell).value == phone


@pytest.mark.parametrize("cell", ["问支部", "138001380001380013800138000", "12", "1380x"])
def test_what_is_no_phone_number_is_refused(cell):
    assert code_of_refusal(read_phone, cell) == "phone_unreadable"


def test_a_phone_number_in_scientific_notation_is_lost():
    assert code_of_refusal(read_phone, "1.38E+10") == "digits_lost"


@pytest.mark.parametrize("cell", ["是", "√", "1", 1.0, "TRUE", True, "Y", "有", "✔"])
def test_yes_in_all_its_spellings(cell):
    assert read_yes_no(cell).value is True


@pytest.mark.parametrize("cell", ["否", "×", "0", 0.0, "FALSE", False, "N", "无", "没有"])
def test_no_in_all_its_spellings(cell):
    assert read_yes_no(cell).value is False


def test_neither_yes_nor_no_is_said_so():
    assert read_yes_no(None).value is None
    assert code_of_refusal(read_yes_no, "也许") == "choice_unknown"


def test_a_choice_goes_by_its_aliases_and_names_the_usual_ones():
    assert [read_sex(cell).value for cell in ("男", " 男性", "女", "ｆ", 1.0, "", "不详")] == [
        "M",
        "M",
        "F",
        "F",
        "M",
        None,
        None,
    ]
    with pytest.raises(CellError, match="“中” is not known here. Write one of: 男, 女."):
        read_sex("中")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (10.0, "10.00"),
        ("10.00", "10.00"),
        ("¥10", "10.00"),
        ("1,000", "1000.00"),
        ("１０", "10.00"),
        ("10元", "10.00"),
        (33.330000000000005, "33.33"),
        (Cell(12.5, formula=True), "12.50"),
    ],
)
def test_an_amount_is_read_in_yuan(cell, amount):
    assert read_amount(cell).value == Decimal(amount)


@pytest.mark.parametrize("cell", ["拾元", "-10", "10.005", "1e3", "1,00", 1e300, -1.0])
def test_what_is_no_amount_is_refused(cell):
    assert code_of_refusal(read_amount, cell) == "number_unreadable"


def test_whole_numbers_keep_to_their_bounds():
    assert [read_integer(cell).value for cell in (12.0, "１２", "12.0", "无")] == [12, 12, 12, None]
    for cell in ("12.5", 12.5, "-1", "十二"):
        assert code_of_refusal(read_integer, cell) == "number_unreadable"


ANY_CELL = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.builds(Cell, st.text(max_size=9) | st.none(), st.text(max_size=9)),
)
READERS = (read_text, read_name, read_code, read_phone, read_yes_no, read_sex, read_integer)


@pytest.mark.parametrize("read", [*READERS, read_amount])
@given(cell=ANY_CELL)
def test_any_cell_gives_a_value_or_a_sentence(read, cell):
    try:
        found = read(cell)
    except CellError:
        return
    assert all(finding.code in codes.ALL for finding in found.findings)


@pytest.mark.parametrize("read", [read_text, read_name, read_code])
@given(text=st.text(max_size=40))
def test_a_text_once_read_reads_the_same_again_without_a_word(read, text):
    try:
        once = read(text).value
    except CellError:
        return
    if once is not None and "(" not in once:
        assert read(once).value in (once, None)
