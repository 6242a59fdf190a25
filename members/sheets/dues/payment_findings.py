"""What is said of a row of a sheet of payments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from members.rules.dues_months import written
from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.cells import QUESTION

BOOK = "book"  # the answer that the payment is one more
LEAVE = "leave"  # the answer that the register is right
CHOICES = ((BOOK, ""), (LEAVE, ""))


def no_year() -> Sentence:
    return Sentence(
        "The columns of months say no year. Write the year above the headings, such as 2026年.",
        code=codes.YEAR_MISSING,
    )


def no_amount() -> Sentence:
    return Sentence(
        "The sheet does not say what was paid. Add a column 实交金额.", code=codes.VALUE_MISSING
    )


def no_month() -> Sentence:
    return Sentence(
        "The row says no month. Add a column 月份, or write the month above the headings, such as "
        "2026年3月.",
        code=codes.MONTH_MISSING,
    )


def tick_without_amount(month: date) -> Sentence:
    return Sentence(
        "%(month)s is ticked, but neither the sheet nor the register says how much is due. Write "
        "the amount.",
        code=codes.VALUE_MISSING,
        month=written(month),
    )


def not_to_be_split(amount: Decimal, months: Iterable[date]) -> Sentence:
    return Sentence(
        "%(amount)s yuan cannot be split over %(months)s. Write a row for each month.",
        code=codes.MONTHS_UNSURE,
        amount=amount,
        months=_listed(months),
    )


def fits_no_months(amount: Decimal, missing: Decimal) -> Sentence:
    return Sentence(
        "%(amount)s yuan fit no open months; %(missing)s yuan are missing in all. Say what they "
        "are for.",
        level=QUESTION,
        code=codes.MONTHS_UNSURE,
        amount=amount,
        missing=missing,
    )


def booked_already(amount: Decimal, day: date) -> Sentence:
    return warning(
        "%(amount)s yuan of %(day)s are booked already. Nothing was added.",
        code=codes.ALREADY_PAID,
        amount=amount,
        day=day,
    )


def paid_already(known: Mapping[date, Decimal], said: Mapping[date, Decimal]) -> Sentence:
    return warning(
        "The register has %(known)s yuan paid for %(months)s already, the sheet says %(said)s. "
        "Nothing was added.",
        code=codes.ALREADY_PAID,
        known=sum(known.values()),
        months=_listed(known),
        said=sum(said.values()),
    )


def paid_in_part(known: Mapping[date, Decimal], said: Mapping[date, Decimal]) -> Sentence:
    return Sentence(
        "The register has %(known)s yuan paid for %(months)s already, the sheet says %(said)s. "
        "Say whether it was paid beside that.",
        level=QUESTION,
        code=codes.ALREADY_PAID,
        known=sum(known.values()),
        months=_listed(known),
        said=sum(said.values()),
    )


def not_owed(name: str, months: Iterable[date]) -> Sentence:
    return warning(
        "%(name)s owes nothing for %(months)s as the register knows. It is booked all the same; "
        "correct the month, or assess the dues.",
        code=codes.MONTH_NOT_OWED,
        name=name,
        months=_listed(months),
    )


def due_differs(due: Decimal, owed: Mapping[date, Decimal]) -> Sentence:
    return warning(
        "The sheet says %(due)s yuan are due, the register %(owed)s for %(months)s.",
        code=codes.DUES_DIFFER,
        due=due,
        owed=sum(owed.values()),
        months=_listed(owed),
    )


def paid_differs(
    months: Iterable[date], paid: Mapping[date, Decimal], owed: Mapping[date, Decimal]
) -> Sentence:
    months = list(months)
    return warning(
        "%(paid)s yuan are paid for %(months)s, owed are %(owed)s.",
        code=codes.DUES_DIFFER,
        paid=sum(paid[month] for month in months),
        months=_listed(months),
        owed=sum(owed[month] for month in months),
    )


def not_by_rate(base: Decimal, due: Decimal, expected: Decimal) -> Sentence:
    return warning(
        "Of a base of %(base)s yuan %(expected)s are due by the rates, the sheet says %(due)s.",
        code=codes.AMOUNT_NOT_BY_RATE,
        base=base,
        expected=expected,
        due=due,
    )


def closed(last: date, booked: date) -> Sentence:
    return warning(
        "%(last)s and all before it are closed. The payment is booked in %(booked)s.",
        code=codes.MONTH_CLOSED,
        last=written(last),
        booked=written(booked),
    )


def _listed(months: Iterable[date]) -> str:
    return ", ".join(written(month) for month in sorted(months))
