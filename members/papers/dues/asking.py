"""What papers of dues ask beside the day, and how they write amounts and months."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members.papers.party_age import Month, YearField
from members.rules.dues_months import next_month, written
from members.rules.ledger import FIRST_MONTH
from registry.calendar import first_of_month
from registry.money import ZERO
from registry.papers.catalogue import Asked, Questions
from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.writing import HTML, PDF, XLSX

FORMS = (PDF, XLSX, HTML)
TOTAL = "合计"


class DuesYearField(YearField):
    """A year with dues."""

    first_year = FIRST_MONTH.year
    default_error_messages = {
        "invalid": _("“%(value)s” is not a year from 2008 on. Write it as 2026."),
    }


class DuesYear(Questions):
    year = DuesYearField(label=_("year"))

    @classmethod
    def answers_on(cls, day: date) -> dict[str, Any]:
        return {"year": day.year}


class YearBefore(DuesYear):
    """The year that was over on the day: what is done once a year is done after it."""

    @classmethod
    def answers_on(cls, day: date) -> dict[str, Any]:
        return {"year": day.year - 1}


class DuesMonth(Month):
    year = DuesYearField(label=_("year"))

    field_order = ("year", "month")

    @classmethod
    def answers_on(cls, day: date) -> dict[str, Any]:
        return {"year": day.year, "month": day.month}


def month_of(asked: Asked) -> date:
    """Return the month that is asked for; raise ValidationError where it is none with dues, or
    still to come on the day."""
    answers = asked.answers(DuesMonth)
    month = date(answers["year"], answers["month"], 1)
    if month < FIRST_MONTH:
        text = _now("There are no dues for %(month)s; the first month is 2008-04.")
        raise ValidationError({"month": text % {"month": written(month)}})
    if month > asked.day:
        text = _now("%(month)s has not begun on %(day)s. Choose an earlier month.")
        raise ValidationError({"month": text % {"month": written(month), "day": asked.day}})
    return month


def months_of(asked: Asked) -> tuple[date, date]:
    """Return the first month of the year that is asked for, and the first after those of it that
    have begun on the day; raise ValidationError where none has."""
    year = asked.answers(DuesYear)["year"]
    first = max(date(year, 1, 1), FIRST_MONTH)
    if first > asked.day:
        text = _now("%(year)s has not begun on %(day)s. Choose an earlier year.")
        raise ValidationError({"year": text % {"year": year, "day": asked.day}})
    return first, min(date(year + 1, 1, 1), next_month(first_of_month(asked.day)))


def yuan(amount: Decimal | None) -> str:
    """Return an amount as papers write it, with two digits; nothing where there is none."""
    return "" if amount is None else f"{amount:.2f}"


def in_chinese(month: date) -> str:
    return f"{month.year}年{month.month}月"


def stretch(first: date, last: date) -> str:
    """Return some months of a year as papers write them: 2026年1月至3月."""
    if first == last:
        return in_chinese(first)
    same = first.year == last.year
    return f"{in_chinese(first)}至{f'{last.month}月' if same else in_chinese(last)}"


def summed(
    columns: tuple[PaperColumn[Any], ...], lines: list[Any], total: Any, below: str = ""
) -> PaperTable:
    """Return the lines and, below them, the line that adds them up; none where there are none."""
    rows = Section(rows_of(columns, lines))
    if not lines:
        return PaperTable(columns, (rows,))
    return PaperTable(columns, (rows, Section(rows_of(columns, [total]), total=below, sums=True)))


def sum_of(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((each for each in amounts if each is not None), ZERO)
