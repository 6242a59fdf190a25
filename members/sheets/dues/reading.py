"""Amounts, years and months as sheets about dues write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from members.rules.dues_months import months_between, next_month, written
from members.rules.dues_readings import read_amount as amount_in
from members.rules.dues_readings import read_month as month_in
from members.rules.ledger import FIRST_MONTH
from registry.sentences import Sentence
from registry.sheets import codes
from registry.sheets.cells import (
    CellError,
    Read,
    formula_note,
    half_width,
    is_blank_word,
    quoted,
    text_of,
)
from registry.sheets.workbook import Value, plain

PAID = "paid"  # a tick where the amount should stand
_TICKS = frozenset({"√", "✓", "✔", "☑", "v", "已交", "已缴", "已缴纳", "已交纳", "是"})
_NOT_PAID = frozenset({"未交", "未缴", "欠", "欠交", "欠缴", "免", "免交", "免缴", "×", "✗", "否"})

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = re.compile(r"(20\d\d)(?=年|$)")
# 2026年3月, 3月份, 1-3月, 2026年11月-2027年1月; not the month of a day.
_SPAN = re.compile(
    r"(?:(20\d\d)[年./-])?(?<!\d)(\d{1,2})月?份?[-—–~至到](?:(20\d\d)[年./-])?(\d{1,2})月(?!\d{1,2}日)"
)
_ONE = re.compile(r"(?:(20\d\d)[年./-])?(?<!\d)(\d{1,2})月(?!\d{1,2}日)")
_PLAIN = re.compile(r"(?<!\d)(20\d\d)[-./]?(0[1-9]|1[0-2])(?![-./]?\d)")
_PARTS = (
    (re.compile(r"第?([1-4])季度"), 3),
    (re.compile(r"(上)半年"), 6),
    (re.compile(r"(下)半年"), 6),
    (re.compile(r"(全)年(?!实|应)"), 12),
)


def read_amount(value: Value) -> Read[object]:
    """Return an amount in yuan; a number that Excel has computed may miss the fen by a little."""
    text, findings = text_of(value)
    if not text or is_blank_word(text):
        return Read(None, findings)
    number = plain(value)
    if isinstance(number, float):
        text = f"{number:.6f}".rstrip("0").rstrip(".")
    try:
        return Read(amount_in(text), findings + formula_note(value))
    except ValueError as error:
        raise CellError(error.args[0]) from None


def read_paid(value: Value) -> Read[object]:
    """Return the amount in the column of a month, or ``PAID`` for a tick; 未交 is nothing."""
    text = half_width(text_of(value)[0]).strip().lower()
    if text in _TICKS:
        return Read(PAID)
    return Read(None) if text in _NOT_PAID else read_amount(value)


def read_year(value: Value) -> Read[int]:
    """Return a year with dues: 2026, 2026年, 2026年度."""
    text, findings = text_of(value)
    if not text or is_blank_word(text):
        return Read(None, findings)
    found = re.match(r"(20\d\d)(?:年度?|-01-01)?$", half_width(text))
    if not found or int(found[1]) < FIRST_MONTH.year:
        raise CellError(
            Sentence(
                "“%(text)s” is not a year with dues. Write it as 2026.",
                code=codes.NUMBER_UNREADABLE,
                text=quoted(text),
            )
        )
    return Read(int(found[1]), findings)


def read_months(value: Value) -> Read[str]:
    """Return the months of a cell as ``first/last``; where it names no year, as ``-03/-03``."""
    text, findings = text_of(value)
    if not text or is_blank_word(text):
        return Read(None, findings)
    day = plain(value)
    if isinstance(day, date):
        text = written(day)
    elif re.fullmatch(r"\d{1,2}", text):
        text = f"{text}月"
    found = months_named_in(text)
    try:
        if not found:
            month = month_in(text)
            found = f"{written(month)}/{written(month)}"
        elif found[0] != "-":
            month_in(found.split("/")[0])
    except ValueError as error:
        raise _refused(error) from None
    return Read(found, findings)


def read_month(value: Value) -> Read[str]:
    """Return the month of a cell as 2026-03; a number with a point may have lost a zero."""
    number = plain(value)
    if isinstance(number, float) and not number.is_integer():
        raise CellError(
            Sentence(
                "“%(written)s” is not a month. Write it as 2026-01.",
                code="month_unreadable",
                written=text_of(value)[0],
            )
        )
    text, findings = text_of(value)
    if isinstance(number, date):
        text = written(number)
    if not text or is_blank_word(text):
        return Read(None, findings)
    try:
        return Read(written(month_in(text)), findings)
    except ValueError as error:
        raise _refused(error) from None


def _refused(error: ValueError) -> CellError:
    """Return what the rules have against a month; they name no code for one before the scales."""
    objection = error.args[0]
    code = objection.code or "month_before_rules"
    return CellError(Sentence(objection.template, code=code, **objection.params))


def months_named_in(text: str) -> str:
    """Return the first months that a text names, as ``read_months`` does; "" for none."""
    text = _in_digits(text)
    if found := _SPAN.search(text):
        year, first, later, last = found.groups()
        return _span(year, int(first), later or year, int(last))
    if found := _PLAIN.search(text):
        return _span(found[1], int(found[2]), found[1], int(found[2]))
    for pattern, length in _PARTS:
        if found := pattern.search(text):
            first = 1 + length * (int(found[1]) - 1 if found[1].isdigit() else found[1] == "下")
            years = _YEAR.search(text)
            year = years[1] if years else None
            return _span(year, first, year, first + length - 1)
    if found := _ONE.search(text):
        return _span(found[1], int(found[2]), found[1], int(found[2]))
    return ""


def _span(year: str | None, first: int, later: str | None, last: int) -> str:
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return ""
    if year and (later or year, last) < (year, first):
        return ""
    return f"{year or ''}-{first:02}/{later or ''}-{last:02}"


def year_named_in(lines: Iterable[str]) -> int | None:
    """Return the year that the first of ``lines`` that names one does."""
    found = (_YEAR.search(_in_digits(line)) for line in lines)
    return next((int(each[1]) for each in found if each), None)


def months_of(span: str, year: int | None) -> list[date]:
    """Return the months of ``first/last``; none where they lack a year and none is given."""
    if span.startswith("-"):
        if year is None:
            return []
        span = "/".join(f"{year}{each}" for each in span.split("/"))
    first, last = (date.fromisoformat(f"{each}-01") for each in span.split("/"))
    return months_between(first, next_month(last))


def _in_digits(text: str) -> str:
    text = "".join(half_width(text).split())
    for word, number in (("十一月", "11月"), ("十二月", "12月"), ("十月", "10月")):
        text = text.replace(word, number)
    return text.replace("元月", "1月").translate(_DIGITS)
