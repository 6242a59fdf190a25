"""Working days by the state calendar, with holidays and make-up days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.working_days import (
    KNOWN_YEARS,
    is_working_day,
    notice_ends_on,
    working_days_after,
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 6, 3), True),
        (date(2024, 6, 8), False),  # a Saturday
        (date(2024, 6, 10), False),  # Dragon Boat Festival, a Monday
        (date(2024, 2, 18), True),  # a Sunday made up for the Spring Festival
        (date(2024, 2, 9), True),  # New Year's Eve, which the notice only asks to grant as leave
        (date(2024, 2, 12), False),  # Spring Festival
        (date(2024, 10, 12), True),  # a Saturday made up for the National Day
        (date(2026, 10, 1), False),
    ],
)
def test_a_working_day(day, works):
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("day", "count", "after"),
    [
        pytest.param(date(2024, 6, 3), 0, date(2024, 6, 3), id="none"),
        pytest.param(date(2024, 6, 3), 4, date(2024, 6, 7), id="within a week"),
        pytest.param(date(2024, 6, 3), 5, date(2024, 6, 11), id="over a holiday Monday"),
        pytest.param(date(2024, 2, 8), 5, date(2024, 2, 21), id="Spring Festival and a Sunday"),
        pytest.param(date(2024, 2, 28), 1, date(2024, 2, 29), id="29 February"),
        pytest.param(date(2024, 9, 30), 5, date(2024, 10, 12), id="a Saturday made up"),
        pytest.param(date(2023, 12, 29), 1, date(2024, 1, 2), id="over the new year"),
    ],
)
def test_working_days_after_a_day(day, count, after):
    assert working_days_after(day, count) == (after, False)


def test_a_year_without_holiday_data_is_provisional():
    unknown = KNOWN_YEARS.stop
    assert working_days_after(date(unknown - 1, 12, 1), 5)[1] is False
    assert working_days_after(date(unknown - 1, 12, 29), 5)[1] is True
    assert working_days_after(date(unknown, 5, 1), 5)[1] is True
    assert working_days_after(date(KNOWN_YEARS.start - 1, 5, 1), 5)[1] is True


def test_a_day_count_below_nothing_is_refused():
    with pytest.raises(ValueError, match="-1 working days cannot be counted. Give 0 or more."):
        working_days_after(date(2024, 6, 3), -1)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(date(2024, 5, 13), date(2024, 5, 17), id="Monday to Friday"),
        pytest.param(date(2024, 5, 15), date(2024, 5, 21), id="over a week end"),
        pytest.param(date(2024, 5, 18), date(2024, 5, 24), id="put up on a Saturday"),
        pytest.param(date(2024, 6, 6), date(2024, 6, 13), id="over a holiday Monday"),
    ],
)
def test_a_notice_stands_five_working_days_its_first_included(first, last):
    assert notice_ends_on(first, 5) == (last, False)


@given(st.dates(date(2005, 1, 1), date(2026, 6, 30)), st.integers(0, 30))
def test_counting_is_stepping_from_one_working_day_to_the_next(day, count):
    after, provisional = working_days_after(day, count)
    between = [day + timedelta(days=n) for n in range(1, (after - day).days + 1)]
    assert sum(map(is_working_day, between)) == count
    assert not provisional
