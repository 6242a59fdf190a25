"""From which month to which month dues are owed, to whom, and what a payment deserves to hear.

Sources: 中组发〔2008〕3号 for the beginning, for 6 months back and for large amounts;
中国共产党章程 (2022), article 9, for 6 months in a row. A month is its first day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from members.rules.codes import Entry, choices_of, table_of
from registry.calendar import first_of_month, months_after
from registry.sentences import Sentence, warning

MONTHS_BACK = 6  # who pays for an earlier month than that pays late
LARGE_EXTRA = Decimal(1000)  # yuan beyond what is owed, at once: 大额党费

# Stays whose first month is owed here although they begin within it: the month of the assembly
# that accepted, and that in which the register was set up, where the member was all along. Whoever
# comes from elsewhere has paid the month of his coming there.
OWES_FROM_ITS_MONTH = frozenset({"developed", "opening"})


def written(month: date) -> str:
    """Return a month as sheets and sentences write it: 2026-03."""
    return f"{month:%Y-%m}"


@cache  # asked for every month of everybody
def next_month(month: date) -> date:
    return months_after(first_of_month(month), 1)


def months_between(first: date, until: date) -> list[date]:
    """Return the months from ``first`` on, before ``until``; none where that is not later."""
    found = []
    month = first_of_month(first)
    while month < until:
        found.append(month)
        month = next_month(month)
    return found


def first_month_owed(placed_from: date, began: str) -> date:
    """Return the first month that a stay owes to its branch.

    The month is owed to the branch of its first day; a stay that begins later in the month owes
    from the next one, unless the membership itself begins with it.
    """
    if placed_from.day == 1 or began in OWES_FROM_ITS_MONTH:
        return first_of_month(placed_from)
    return next_month(placed_from)


def months_owed(
    placed_from: date, placed_until: date | None, began: str, until: date
) -> list[date]:
    """Return the months before ``until`` that a stay owes to its branch.

    ``placed_until`` is the first day after the stay: the month of leaving is owed to this branch,
    the next one to the branch that follows. A stay of no days, which never was, owes nothing.
    """
    if placed_until is not None and placed_until <= placed_from:
        return []
    return months_between(first_month_owed(placed_from, began), min(placed_until or until, until))


def new_category_from(day: date) -> date:
    """Return the first month at the rate of a category, such as retired, that began on ``day``."""
    return next_month(day)


@dataclass(frozen=True)
class ArrearsLevel(Entry):
    """What a branch does about months in a row that are not paid."""

    from_months: int = 0


ARREARS_LEVELS = {
    level.code: level
    for level in (
        ArrearsLevel("remind", Sentence("remind"), "提醒", from_months=1),
        ArrearsLevel("talk", Sentence("talk"), "批评教育", from_months=3),
        # Six months without good reason count as having left (自行脱党), but that is for the
        # committee to find after criticism and a deadline; no membership ends by itself.
        ArrearsLevel("flag", Sentence("for the committee"), "报党委研究", from_months=6),
    )
}


# How often an organisation remits a share of what was paid to its superior.
REMITTANCE_PERIODS = table_of(
    Entry("quarter", Sentence("quarter"), "季度"),
    Entry("half_year", Sentence("half-year"), "半年"),
    Entry("year", Sentence("year"), "年度"),
)
_MONTHS_OF = {"quarter": 3, "half_year": 6, "year": 12}


def period_choices() -> list[tuple[str, str]]:
    return choices_of(REMITTANCE_PERIODS)


def period_around(month: date, every: str) -> tuple[date, date]:
    """Return the first month of the quarter, half-year or year in which ``month`` lies, and the
    first month after it."""
    length = _MONTHS_OF[every]
    first = date(month.year, (month.month - 1) // length * length + 1, 1)
    return first, months_after(first, length)


def arrears_level(months_in_a_row: int) -> str:
    """Return the code of what is to be done about so many unpaid months in a row; "" for none."""
    reached = [
        level.code for level in ARREARS_LEVELS.values() if months_in_a_row >= level.from_months
    ]
    return reached[-1] if reached else ""


def is_late(month: date, paid_on: date) -> bool:
    """Return whether ``month`` lies more than six months before that of ``paid_on``."""
    return first_of_month(month) < months_after(first_of_month(paid_on), -MONTHS_BACK)


def is_in_advance(month: date, paid_on: date) -> bool:
    """Return whether ``month`` has not begun on ``paid_on``."""
    return first_of_month(month) > paid_on


def remarks_on_payment(
    months: Iterable[date], paid_on: date, extra: Decimal = Decimal(0)
) -> list[Sentence]:
    """Return the warnings about a payment of ``paid_on`` for ``months``, ``extra`` beyond them.

    A clerk may leave them standing: the payment is booked all the same.
    """
    covered = sorted(months)
    late = [month for month in covered if is_late(month, paid_on)]
    early = [month for month in covered if is_in_advance(month, paid_on)]
    found = []
    if late:
        found.append(
            warning(
                "Paid on %(day)s for %(months)s, more than %(count)s months back. "
                "Note why it comes late.",
                field="months",
                code="dues_late",
                day=paid_on,
                months=_said(late),
                count=MONTHS_BACK,
            )
        )
    if early:
        found.append(
            warning(
                "Paid on %(day)s for %(months)s, which has not begun. Some offices forbid that.",
                field="months",
                code="dues_in_advance",
                day=paid_on,
                months=_said(early),
            )
        )
    if extra >= LARGE_EXTRA:
        found.append(
            warning(
                "%(extra)s yuan beyond what is owed, at once: it goes up whole, together with the "
                "member's data.",
                field="amount",
                code="dues_large",
                extra=extra,
            )
        )
    return found


def _said(months: list[date]) -> str:
    return ", ".join(map(written, months))
