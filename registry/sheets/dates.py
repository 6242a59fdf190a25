"""Every way in which offices write a date. Precision is kept: 1985.06 stays a month."""

from __future__ import annotations

import re
from datetime import date, timedelta

from registry.calendar import PartialDate
from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.cells import (
    QUESTION,
    CellError,
    Read,
    formula_note,
    half_width,
    is_blank_word,
    quoted,
    text_of,
)
from registry.sheets.workbook import Cell, Value

EARLIEST, LATEST = 1900, 2199  # years; older and later ones are slips of the pen
_TWO_DIGIT_TURN = 2049  # without a day to compare with, 49 is 2049 and 50 is 1950

# Day 1 is 1900-01-01, but Excel also counts a 29 February 1900 that never was.
_DAY_ZERO = date(1899, 12, 30)
# Fewer digits are a year or a slip: nobody of whom a sheet tells was born before 1927-05-18.
_SERIALS = range(10_000, 100_000)

_TIME = re.compile(r"(?:T|\s+)\d{1,2}[::时]\d{1,2}.*$", re.DOTALL)
_LUNAR = re.compile(r"农历|阴历|[正腊闰冬]月|初[一二三四五六七八九十]")
_NUMERALS = dict(zip("〇零○一二三四五六七八九", (0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_WORDS = "〇零○一二三四五六七八九十廿卅"
_SPELT = re.compile(rf"([{_WORDS}]{{2,4}})年(?:([{_WORDS}]+)月(?:([{_WORDS}]+)[日号]?)?)?")
_USUAL = re.compile(r"([12][0-9]{3})[./-]([01][0-9])(?:[./-]([0-3][0-9]))?")
_PARTS = re.compile(r"(\d{1,4})(?:[./\-](\d{1,2}))?(?:[./\-](\d{1,4}))?")


def read_date(value: Value, *, latest: date | None = None) -> Read[PartialDate]:
    """Return the date in a cell.

    ``latest`` is the last day that it may be, usually today; without it future dates are read.
    Raises CellError with the codes date_unreadable, date_ambiguous (a question where 1985.1 may
    have lost its zero, an error for 03/07/90) and date_in_future.
    """
    if type(value) is str and (found := _USUAL.fullmatch(value)):
        return _judged(_date(found[1], found[2], found[3] or "", value), value, latest, ())
    inner = value.value if isinstance(value, Cell) else value
    shown = value.shown if isinstance(value, Cell) and not value.fault else ""
    if isinstance(inner, date) and not shown:
        return _judged(PartialDate.of(inner), inner.isoformat(), latest, formula_note(value))
    if isinstance(inner, float) and not isinstance(inner, bool) and not shown:
        return _from_number(inner, latest, formula_note(value))
    text, findings = text_of(value)
    return _from_text(text, latest, findings + formula_note(value))


def _from_text(text: str, latest: date | None, findings: tuple[Sentence, ...]) -> Read[PartialDate]:
    if not text:
        return Read(None, findings)
    if is_blank_word(text):
        note = warning(
            "“%(text)s” is read as an empty cell.", code=codes.VALUE_BLANK_WORD, text=text
        )
        return Read(None, (*findings, note))
    if _LUNAR.search(text):
        raise CellError(
            Sentence(
                "“%(text)s” is a day of the lunar calendar. Write the day of the common calendar.",
                code=codes.DATE_UNREADABLE,
                text=quoted(text),
            )
        )
    plain = _TIME.sub("", half_width(text))
    if spelt := _SPELT.fullmatch(re.sub(r"\s", "", plain)):
        plain = _from_words(spelt)
    plain = re.sub(r"\s+(?=[./\-年月日号])|(?<=[./\-年月])\s+", "", plain.strip())
    has_year_sign = "年" in plain
    plain = re.sub(r"[年月。·、,\s]", ".", plain).rstrip("日号.")
    if re.fullmatch(r"\d{5,8}", plain):
        return _from_digits(plain, text, latest, findings)
    found = _PARTS.fullmatch(plain)
    if not found:
        raise _unreadable(text)
    return _from_parts(
        [part for part in found.groups() if part], text, latest, findings, sure=has_year_sign
    )


def _from_words(spelt: re.Match[str]) -> str:
    year = "".join(str(_NUMERALS.get(sign, "x")) for sign in spelt[1])
    rest = [str(_small_number(word)) for word in spelt.groups()[1:] if word]
    return ".".join([year + "年", *rest]).replace("年.", "年")


def _small_number(word: str) -> int:
    """Return 1 to 39 written as 一, 十二, 二十一, 廿一 or 三〇; 99 for anything else."""
    word = word.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = word.rpartition("十")
    digits = [_NUMERALS.get(sign, 99) for sign in tens + ones]
    if not ten:
        return int("".join(map(str, digits))) if len(digits) <= 2 else 99
    if len(tens) > 1 or len(ones) > 1:
        return 99
    return (_NUMERALS.get(tens, 99) if tens else 1) * 10 + (_NUMERALS.get(ones, 99) if ones else 0)


def _from_digits(
    digits: str, text: str, latest: date | None, findings: tuple[Sentence, ...]
) -> Read[PartialDate]:
    if len(digits) == 5:
        return _judged(_from_serial(int(digits), text), text, latest, findings)
    if len(digits) == 8:
        return _judged(_date(digits[:4], digits[4:6], digits[6:], text), text, latest, findings)
    if len(digits) == 6 and EARLIEST <= int(digits[:4]) <= LATEST:
        return _judged(_date(digits[:4], digits[4:], "", text), text, latest, findings)
    raise _ambiguous(text) if len(digits) == 6 else _unreadable(text)


def _from_parts(
    parts: list[str],
    text: str,
    latest: date | None,
    findings: tuple[Sentence, ...],
    *,
    sure: bool,
) -> Read[PartialDate]:
    """Read year, month and day that are parted; ``sure`` where a 年 marks the year."""
    year, *rest = parts
    if len(year) == 4:
        if any(len(part) > 2 for part in rest):
            raise _unreadable(text)
        return _judged(_date(year, *_two(rest), text), text, latest, findings)
    if len(parts) > 1 and len(parts[-1]) == 4:
        return _judged(_year_last(parts, text), text, latest, findings)
    if len(parts) == 1 or len(year) == 3 or len(parts[-1]) > 2:
        raise _unreadable(text)
    # 85.6.12 can only begin with the year; 03/07/90 and 05.6 could mean several days.
    if not sure and not (int(year) > 31 or (len(parts) == 2 and int(year) > 12)):
        raise _ambiguous(text)
    if len(year) == 1:
        raise _ambiguous(text)
    whole = str(_whole_year(int(year), latest))
    note = warning(
        "The year of “%(text)s” has two digits and was read as %(year)s.",
        code=codes.DATE_TWO_DIGIT_YEAR,
        text=quoted(text),
        year=whole,
    )
    return _judged(_date(whole, *_two(rest), text), text, latest, (*findings, note))


def _two(rest: list[str]) -> tuple[str, str]:
    return (rest[0] if rest else ""), (rest[1] if len(rest) > 1 else "")


def _year_last(parts: list[str], text: str) -> PartialDate:
    """Read 6.1985, and 25-3-1990 where only one order gives a date."""
    if len(parts) == 2:
        return _date(parts[1], parts[0], "", text)
    first, second = int(parts[0]), int(parts[1])
    if first > 12 >= second:
        return _date(parts[2], parts[1], parts[0], text)
    if second > 12 >= first:
        return _date(parts[2], parts[0], parts[1], text)
    raise _ambiguous(text)


def _whole_year(short: int, latest: date | None) -> int:
    turn = latest.year if latest else _TWO_DIGIT_TURN
    return 2000 + short if 2000 + short <= turn else 1900 + short


def _from_number(
    number: float, latest: date | None, findings: tuple[Sentence, ...]
) -> Read[PartialDate]:
    text = str(int(number)) if number.is_integer() else repr(number)
    whole, _, fraction = text.partition(".")
    if not whole.isdigit() or (fraction and not fraction.isdigit()):
        raise _unreadable(text)
    if int(whole) in _SERIALS:
        return _judged(_from_serial(int(whole), text), text, latest, findings)
    if not fraction:
        if len(whole) == 4:
            return _judged(_date(whole, "", "", text), text, latest, findings)
        if len(whole) in (6, 8):
            return _from_digits(whole, text, latest, findings)
        raise _unreadable(text)
    if fraction == "1" and (len(whole) == 4 or 31 < int(whole) < 100):
        raise CellError(
            Sentence(
                "“%(text)s” is a number: January, or October (%(text)s0) whose last zero was "
                "lost. Write it as text, such as %(whole)s.01 or %(whole)s.10.",
                level=QUESTION,
                code=codes.DATE_AMBIGUOUS,
                text=text,
                whole=whole,
            )
        )
    if len(fraction) == 4 and len(whole) == 4:
        return _judged(_date(whole, fraction[:2], fraction[2:], text), text, latest, findings)
    if len(fraction) > 2:
        raise _unreadable(text)
    return _from_parts([whole, fraction], text, latest, findings, sure=False)


def _from_serial(serial: int, text: str) -> PartialDate:
    if serial not in _SERIALS:
        raise _unreadable(text)
    return PartialDate.of(_DAY_ZERO + timedelta(days=serial))


def _date(year: str, month: str, day: str, text: str) -> PartialDate:
    """Return the date of these digits; month and day are "" where they are not written."""
    if any(part and not int(part) for part in (month, day)):
        raise _unreadable(text)
    try:
        return PartialDate(int(year), int(month or 0), int(day or 0))
    except ValueError:
        raise _unreadable(text) from None


def _judged(
    read: PartialDate, text: str, latest: date | None, findings: tuple[Sentence, ...]
) -> Read[PartialDate]:
    if not EARLIEST <= read.year <= LATEST:
        raise _unreadable(text)
    if latest and read.first_day > latest:
        raise CellError(
            Sentence(
                "“%(text)s” lies in the future. Correct the date.",
                code=codes.DATE_IN_FUTURE,
                text=quoted(text),
            )
        )
    return Read(read, findings)


def _unreadable(text: str) -> CellError:
    return CellError(
        Sentence(
            "“%(text)s” is not a date. Write it as 1985.06 or 1985.06.12.",
            code=codes.DATE_UNREADABLE,
            text=quoted(text),
        )
    )


def _ambiguous(text: str) -> CellError:
    return CellError(
        Sentence(
            "“%(text)s” could be several days. Write the year first and in full, "
            "such as 1985.06.12.",
            code=codes.DATE_AMBIGUOUS,
            text=quoted(text),
        )
    )
