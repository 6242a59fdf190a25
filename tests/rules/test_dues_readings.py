"""Amounts and months as they are typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.rules.dues_readings import read_amount, read_month
from tests.rules.refusing import refusal


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", "0.00"),
        ("75", "75.00"),
        ("75.5", "75.50"),
        ("75.50元", "75.50"),
        ("¥1,234.50", "1234.50"),
        ("￥1234", "1234.00"),
        ("１２３４．５０", "1234.50"),
        ("１，２３４元", "1234.00"),
        ("　75　", "75.00"),
        ("1 234.5", "1234.50"),
        ("007", "7.00"),
        ("12.", "12.00"),
        ("10.500", "10.50"),
        ("1,234,567.89", "1234567.89"),
        ("999999999.99", "999999999.99"),
    ],
)
def test_an_amount_is_read_as_clerks_write_it(text, amount):
    assert str(read_amount(text)) == amount


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "“” is not an amount. Write it in digits, such as 1234.50."),
        ("拾元", "“拾元” is not an amount. Write it in digits, such as 1234.50."),
        ("1e3", "“1e3” is not an amount. Write it in digits, such as 1234.50."),
        ("12,34", "“12,34” is not an amount. Write it in digits, such as 1234.50."),
        ("5²", "“5²” is not an amount. Write it in digits, such as 1234.50."),
        ("٣", "“٣” is not an amount. Write it in digits, such as 1234.50."),
        (".5", "“.5” is not an amount. Write it in digits, such as 1234.50."),
        ("1.2.3", "“1.2.3” is not an amount. Write it in digits, such as 1234.50."),
        ("-5", "“-5” is below 0. Write an amount of 0 or more."),
        ("¥-5元", "“¥-5元” is below 0. Write an amount of 0 or more."),
        ("10.005", "“10.005” has parts of a fen. Write two digits after the point."),
        ("1000000000", "“1000000000” is more than dues can be. Check the digits."),
    ],
)
def test_what_is_no_amount_is_quoted(text, sentence):
    assert refusal(read_amount, text) == sentence


@given(fen=st.integers(0, 10**11 - 1))
def test_every_amount_is_read_back_as_it_is_written(fen):
    text = f"{fen // 100:,}.{fen % 100:02}"
    assert str(read_amount(f"¥{text}元")) == text.replace(",", "")


@pytest.mark.parametrize(
    "text",
    [
        "2026-01",
        "2026-1",
        "202601",
        "2026.01",
        "2026/1",
        "2026年1月",
        "２０２６－０１",
        " 2026年01月 ",
    ],
)
def test_a_month_is_read_as_sheets_write_it(text):
    assert read_month(text) == date(2026, 1, 1)


@pytest.mark.parametrize("text", ["", "2026-13", "2026-00", "202613", "26-01", "2026", "2026-01-05",
                                  "0000-01", "一月", "2026-²"])  # fmt: skip
def test_what_is_no_month_is_quoted(text):
    assert refusal(read_month, text) == f"“{text}” is not a month. Write it as 2026-01."


def test_a_month_before_the_rules_is_none_of_dues():
    assert read_month("2008-04") == date(2008, 4, 1)
    assert refusal(read_month, "2008-03") == (
        "No dues scale is recorded for 2008-03; the first is of 2008-04."
    )


@given(text=st.text())
def test_any_text_is_read_or_quoted(text):
    for read in (read_amount, read_month):
        said = refusal(read, text)
        assert said == "" or said.endswith(".")
