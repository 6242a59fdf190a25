"""Every way of writing a date, and what cannot be told."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from registry.calendar import PartialDate
from registry.sheets.cells import CellError
from registry.sheets.dates import read_date
from registry.sheets.workbook import Cell
from tests.sheets.making import HEADING_XML, read, with_sheet_xml, workbook_of

TODAY = date(2026, 10, 10)
DAYS = st.dates(date(1900, 3, 1), date(2026, 10, 10))


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("1985.06", "1985-06"),
        ("1985.6", "1985-06"),
        ("1985.1", "1985-01"),  # as text nothing was lost
        ("1985.10", "1985-10"),
        ("1985-06", "1985-06"),
        ("1985/6", "1985-06"),
        ("1985．06", "1985-06"),
        ("１９８５．０６", "1985-06"),
        ("1985. 06", "1985-06"),
        ("1985.06.", "1985-06"),
        ("198506", "1985-06"),
        ("19850612", "1985-06-12"),
        ("1985.06.12 ", "1985-06-12"),
        ("1985-6-12", "1985-06-12"),
        ("1990/02/28", "1990-02-28"),
        ("2019/2/3  14:30", "2019-02-03"),
        ("2019-02-03 00:00:00", "2019-02-03"),
        ("1986-05-04T00:00:00+08:00", "1986-05-04"),
        ("1985年6月", "1985-06"),
        ("1985 年 6 月 12 日", "1985-06-12"),
        ("2017年2月  日", "2017-02"),
        ("1985年", "1985"),
        ("1985", "1985"),
        ("6.1985", "1985-06"),
        ("25-3-1990", "1990-03-25"),
        ("一九八五年六月", "1985-06"),
        ("一九八五年十二月二十一日", "1985-12-21"),
        ("二〇一〇年十月三十日", "2010-10-30"),
        ("二○○九年一月一日", "2009-01-01"),
        ("31210", "1985-06-12"),
        (31210.0, "1985-06-12"),
        (32939.0, "1990-03-07"),
        (32939.75, "1990-03-07"),
        (1985.0, "1985"),
        (198506.0, "1985-06"),
        (19850612.0, "1985-06-12"),
        (1985.06, "1985-06"),
        (1985.6, "1985-06"),
        (1985.11, "1985-11"),
        (1985.0612, "1985-06-12"),
        (date(1986, 5, 4), "1986-05-04"),
        (datetime(1940, 6, 1, 8, 30), "1940-06-01"),  # noqa: DTZ001 - cells know no zone
        (Cell(1985.1, "1985.10"), "1985-10"),
        (Cell(date(1985, 6, 1), "1985.06"), "1985-06"),
    ],
)
def test_a_date_is_read_with_the_precision_it_was_written_with(cell, iso):
    read = read_date(cell, latest=TODAY)
    assert (str(read.value), read.findings) == (iso, ())


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("85.6", "1985-06"),
        ("85.06.12", "1985-06-12"),
        ("90/3/7", "1990-03-07"),
        (85.6, "1985-06"),
        ("05年6月", "2005-06"),
        ("26年6月", "2026-06"),
        ("27年6月", "1927-06"),
        ("八五年六月", "1985-06"),
    ],
)
def test_a_year_of_two_digits_is_read_with_a_warning(cell, iso):
    read = read_date(cell, latest=TODAY)
    assert str(read.value) == iso
    [finding] = read.findings
    assert (finding.level, finding.code) == ("warning", "date_two_digit_year")
    assert finding.endswith(f"was read as {iso[:4]}.")


@pytest.mark.parametrize("cell", ["无", "—", "－", "/", "不详", " - "])
def test_a_word_for_nothing_is_an_empty_cell_with_a_warning(cell):
    read = read_date(cell)
    assert read.value is None
    assert [finding.code for finding in read.findings] == ["value_blank_word"]


@pytest.mark.parametrize("cell", [None, "", "  ", "　"])
def test_an_empty_cell_is_no_date_and_no_matter(cell):
    assert read_date(cell).value is None
    assert read_date(cell).findings == ()


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1985.13", "date_unreadable"),
        ("1985.00", "date_unreadable"),
        ("1985.02.30", "date_unreadable"),
        ("1985.6.31", "date_unreadable"),
        ("198513", "date_unreadable"),
        ("19851332", "date_unreadable"),
        ("0085.06", "date_unreadable"),
        ("七月", "date_unreadable"),
        ("July", "date_unreadable"),
        ("农历1985年六月", "date_unreadable"),
        ("1985年腊月初八", "date_unreadable"),
        ("1985.06-1986.07", "date_unreadable"),
        ("60", "date_unreadable"),
        (1985.13, "date_unreadable"),
        (1985.061, "date_unreadable"),
        (60.0, "date_unreadable"),
        (0.0, "date_unreadable"),
        (-5.0, "date_unreadable"),
        (2958466.0, "date_unreadable"),
        (1e300, "date_unreadable"),
        (True, "date_unreadable"),
        ("03/07/90", "date_ambiguous"),
        ("7-3-1990", "date_ambiguous"),
        ("05.6", "date_ambiguous"),
        ("850612", "date_ambiguous"),
        ("2026.11", "date_in_future"),
        ("2030", "date_in_future"),
        (Cell(None, "#N/A", "error_value"), "error_value"),
        (Cell(None, fault="formula_without_value", formula=True), "formula_without_value"),
    ],
)
def test_what_is_no_single_day_is_refused(cell, code):
    with pytest.raises(CellError) as refusal:
        read_date(cell, latest=TODAY)
    assert (refusal.value.sentence.code, refusal.value.sentence.level) == (code, "error")


@pytest.mark.parametrize("number", [1985.1, 2003.1, 85.1])
def test_a_number_whose_zero_may_be_lost_is_a_question(number):
    with pytest.raises(CellError) as question:
        read_date(number)
    assert question.value.sentence.level == "question"
    assert question.value.sentence.code == "date_ambiguous"
    assert f"January, or October ({number}0)" in str(question.value)


def test_the_sentence_quotes_the_cell_and_shows_how_to_write_it():
    with pytest.raises(CellError) as refusal:
        read_date("1985.13")
    assert str(refusal.value) == ("“1985.13” is not a date. Write it as 1985.06 or 1985.06.12.")


def test_the_day_is_not_in_the_future_while_its_month_has_begun():
    assert str(read_date("2026.10", latest=TODAY).value) == "2026-10"


@given(
    DAYS,
    st.sampled_from(
        [
            "{0:%Y}.{0:%m}.{0:%d}",
            "{0:%Y}-{0.month}-{0.day}",
            "{0:%Y}/{0:%m}/{0:%d}",
            "{0:%Y%m%d}",
            " {0:%Y}年{0.month}月{0.day}日",
        ]
    ),
)
def test_any_day_reads_back_from_each_way_of_writing(day, pattern):
    assert read_date(pattern.format(day)).value == PartialDate.of(day)


@given(st.dates(date(1927, 5, 18), date(2026, 10, 10)))
def test_any_day_reads_back_from_its_number_in_excel(day):
    assert read_date(float((day - date(1899, 12, 30)).days)).value == PartialDate.of(day)


@given(
    st.one_of(
        st.text(max_size=14),
        st.text("0123456789./-年月日一二十〇 ", max_size=14),
        st.floats(allow_nan=False, allow_infinity=False),
        st.booleans(),
        st.datetimes(),
    )
)
def test_anything_else_is_a_date_a_blank_or_a_sentence(value):
    try:
        found = read_date(value, latest=TODAY).value
    except CellError:
        return
    assert isinstance(found, PartialDate | None)


def test_number_formats_decide_what_the_number_does_not():
    def styled(book):
        sheet = book.active
        for row, (value, how) in enumerate(
            [
                (1985.1, "0.00"),
                (1985.1, "General"),
                (date(1985, 6, 1), 'yyyy"年"m"月"'),
                (date(1985, 6, 1), "yyyy-mm-dd"),
                (date(1985, 6, 1), "mmm-yy"),
            ],
            2,
        ):
            sheet.cell(row, 1, f"甲{row}")
            sheet.cell(row, 2, value).number_format = how

    [sheet] = read(workbook_of(["姓名", "出生年月"], then=styled)).sheets
    cells = [record.values[1] for record in sheet.records]
    assert [str(read_date(cell).value) for cell in (cells[0], *cells[2:])] == [
        "1985-10",
        "1985-06",
        "1985-06-01",
        "1985-06",
    ]
    with pytest.raises(CellError):
        read_date(cells[1])


def test_the_calendar_of_1904_is_honoured():
    def since_1904(book):
        book.epoch = CALENDAR_MAC_1904
        book.active["B2"] = date(1985, 6, 12)

    [sheet] = read(workbook_of(["姓名", "出生年月"], ["张三"], then=since_1904)).sheets
    assert str(read_date(sheet.records[0].values[1]).value) == "1985-06-12"


def test_errors_and_formulas_without_result_reach_the_reader():
    [sheet] = read(
        with_sheet_xml(
            HEADING_XML
            + '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2"><f>1+1</f></c></row>'
            + '<row r="3"><c r="A3" t="str"><f>1</f><v>张三</v></c><c r="B3"><v>NaN</v></c></row>'
            + '<row r="4"><c r="A4" t="b"><v>1</v></c><c r="B4"><f>2</f><v>31210</v></c></row>'
        )
    ).sheets
    assert [record.values for record in sheet.records] == [
        (Cell(None, "#N/A", "error_value"), Cell(None, "", "formula_without_value", formula=True)),
        (Cell("张三", formula=True), Cell(None, "nan", "not_a_number")),
        (True, Cell(31210.0, formula=True)),
    ]
    computed = read_date(sheet.records[2].values[1])
    assert str(computed.value) == "1985-06-12"
    assert [finding.code for finding in computed.findings] == ["formula_value"]
