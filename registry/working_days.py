"""Working days of the state calendar (国务院办公厅 holiday notices), make-up days included."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from chinese_calendar import holidays, workdays

_DAY = timedelta(days=1)
# Years whose holidays the library knows; the notice for a year comes in the November before it.
KNOWN_YEARS = range(min(holidays).year, max(holidays).year + 1)


def is_working_day(day: date) -> bool:
    """Return whether offices work on ``day``; in an unknown year on Monday to Friday."""
    return day in workdays or (day.weekday() < 5 and day not in holidays)


@lru_cache(maxsize=20_000)
def working_days_after(day: date, count: int) -> tuple[date, bool]:
    """Return the ``count``-th working day after ``day``, and whether that is provisional.

    ``day`` itself does not count. Provisional: a day counted over lies in a year whose holidays
    are not known, where Monday to Friday are taken for working days. Raises ValueError for a
    negative ``count``; 0 is ``day``.
    """
    if count < 0:
        raise ValueError(f"{count} working days cannot be counted. Give 0 or more.")
    provisional = False
    while count:
        day += _DAY
        provisional = provisional or day.year not in KNOWN_YEARS
        count -= is_working_day(day)
    return day, provisional


def notice_ends_on(first: date, count: int) -> tuple[date, bool]:
    """Return the last day of a notice that stands ``count`` working days, and if provisional.

    The day on which it is put up counts when it is a working day.
    """
    return working_days_after(first - _DAY, count)
