"""Dates as rule books count them: calendar months, and days known only to the month or year."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Self

_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_in(year: int, month: int) -> int:
    """Return how many days a month has."""
    return 29 if month == 2 and calendar.isleap(year) else _DAYS[month]


def months_after(day: date, months: int) -> date:
    """Return the same day ``months`` calendar months later, or the last day of a shorter month.

    Counted from the anchor day, so one month after 31 January is 28 or 29 February and two
    months after it is 31 March. Negative months count back.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= 28:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, days_in(year, month + 1)))


def first_of_month(day: date) -> date:
    """Return the first day of the month that ``day`` lies in."""
    return day.replace(day=1)


def years_after(day: date, years: int) -> date:
    """Return the same day ``years`` years later; 29 February falls on 28 in a common year."""
    return months_after(day, 12 * years)


def whole_months_between(start: date, end: date) -> int:
    """Return how many whole calendar months have passed; negative where ``end`` comes first."""
    if end < start:
        return -whole_months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months_after(start, months) <= end else months - 1


def age_on(born: PartialDate, day: date) -> int:
    """Return the age in whole years on ``day``, counted from the first day that ``born`` allows."""
    return whole_months_between(born.first_day, day) // 12


_ISO = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


@dataclass(frozen=True, order=True, slots=True)
class PartialDate:
    """A day, or only its month or year, as the papers give it. Sorts by its first day.

    ``month`` and ``day`` are 0 where unknown, so that 1985 < 1985-06 < 1985-06-01.
    """

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.year <= 9999 or (self.day and not self.month):
            raise ValueError(f"{self.year}-{self.month}-{self.day} is not a date.")
        date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def of(cls, value: date | PartialDate | str) -> Self:
        """Return the date in ``value``; text is ISO: 1985, 1985-06 or 1985-06-12."""
        if isinstance(value, PartialDate):
            return cls(value.year, value.month, value.day)
        if isinstance(value, date):
            return cls(value.year, value.month, value.day)
        found = _ISO.match(value)
        if not found:
            raise ValueError(f"“{value}” is not a date. Write it as 1985-06-12, 1985-06 or 1985.")
        return cls(*(int(part) for part in found.groups() if part))

    @classmethod
    @lru_cache(maxsize=40_000)  # a hundred years of days
    def from_code(cls, code: int) -> Self:
        """Return the date kept as ``code``: 19850612, 19850600 or 19850000."""
        return cls(code // 10000, code // 100 % 100, code % 100)

    @property
    def code(self) -> int:
        """The date as a number that sorts by its first day: 19850612, 19850600 or 19850000."""
        return (self.year * 100 + self.month) * 100 + self.day

    @property
    def first_day(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        if self.day:
            return date(self.year, self.month, self.day)
        month = self.month or 12
        return date(self.year, month, days_in(self.year, month))

    @property
    def printed(self) -> str:
        """The date as papers write it: 1985.06.12, 1985.06 or 1985."""
        return str(self).replace("-", ".")

    @property
    def written(self) -> str:
        """The date as letters write it: 1985年6月12日, 1985年6月 or 1985年."""
        month = f"{self.month}月" if self.month else ""
        return f"{self.year}年{month}{f'{self.day}日' if self.day else ''}"

    def could_be(self, first: date | None = None, last: date | None = None) -> bool:
        """Return whether any day of it lies between ``first`` and ``last``, both included."""
        return (first is None or self.last_day >= first) and (
            last is None or self.first_day <= last
        )

    def __str__(self) -> str:
        if self.day:
            return f"{self.year:04}-{self.month:02}-{self.day:02}"
        return f"{self.year:04}-{self.month:02}" if self.month else f"{self.year:04}"


def code_from(day: date) -> int:
    """Return the lowest code of a partial date whose first day is ``day`` or later."""
    if day.day > 1:
        return PartialDate.of(day).code
    return PartialDate(day.year, 0 if day.month == 1 else day.month).code
