"""Which months are owed to which branch, and what a payment deserves to hear."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.rules import dues_months as months
from members.rules.placements import PLACEMENT_BEGINNINGS

days = st.dates(date(2008, 4, 1), date(2030, 12, 31))
END = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("placed_from", "began", "first"),
    [
        (date(2026, 1, 31), "developed", date(2026, 1, 1)),
        (date(2024, 2, 29), "developed", date(2024, 2, 1)),
        (date(2026, 12, 31), "opening", date(2026, 12, 1)),
        (date(2026, 1, 1), "transferred_in", date(2026, 1, 1)),
        (date(2026, 1, 2), "transferred_in", date(2026, 2, 1)),
        (date(2026, 1, 31), "moved", date(2026, 2, 1)),
        (date(2026, 12, 31), "moved", date(2027, 1, 1)),
        (date(2026, 12, 2), "restored", date(2027, 1, 1)),
        (date(2026, 3, 15), "whole_move_in", date(2026, 4, 1)),
    ],
)
def test_the_first_month_owed_by_a_stay(placed_from, began, first):
    assert months.first_month_owed(placed_from, began) == first


@pytest.mark.parametrize("began", PLACEMENT_BEGINNINGS)
def test_from_the_first_of_a_month_it_is_owed_however_the_stay_began(began):
    assert months.first_month_owed(date(2026, 5, 1), began) == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("placed_from", "placed_until", "began", "numbers"),
    [
        (date(2026, 9, 10), None, "developed", [9, 10, 11, 12]),
        (date(2026, 9, 10), None, "moved", [10, 11, 12]),
        (date(2026, 9, 10), date(2026, 10, 31), "developed", [9, 10]),
        (date(2026, 9, 10), date(2026, 11, 1), "developed", [9, 10]),
        (date(2026, 9, 10), date(2026, 11, 2), "developed", [9, 10, 11]),
        (date(2026, 9, 10), date(2026, 9, 20), "developed", [9]),
        (date(2026, 9, 10), date(2026, 9, 20), "moved", []),
        (date(2026, 9, 10), date(2026, 9, 10), "developed", []),
        (date(2026, 9, 1), date(2026, 9, 1), "moved", []),
        (date(2027, 1, 1), None, "moved", []),
    ],
)
def test_the_months_owed_by_a_stay(placed_from, placed_until, began, numbers):
    found = months.months_owed(placed_from, placed_until, began, END)
    assert [month.month for month in found] == numbers


@given(since=days, moved_on=days, until=days)
def test_a_month_is_owed_to_one_branch_and_to_one_only(since, moved_on, until):
    since, moved_on, until = sorted((since, moved_on, until))
    old = months.months_owed(since, moved_on, "developed", END)
    new = months.months_owed(moved_on, until, "moved", END)
    assert not set(old) & set(new)
    if since < moved_on < until:
        whole = months.months_owed(since, until, "developed", END)
        assert old + new == whole


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 5, 1), date(2026, 6, 1)),
        (date(2026, 5, 31), date(2026, 6, 1)),
        (date(2026, 12, 15), date(2027, 1, 1)),
    ],
)
def test_the_rate_of_a_new_category_begins_with_the_next_month(day, first):
    assert months.new_category_from(day) == first


@pytest.mark.parametrize(
    ("count", "level"),
    [(0, ""), (1, "remind"), (2, "remind"), (3, "talk"), (5, "talk"), (6, "flag"), (40, "flag")],
)
def test_what_a_branch_does_about_arrears(count, level):
    assert months.arrears_level(count) == level


PAID_ON = date(2026, 8, 31)


@pytest.mark.parametrize(
    ("month", "extra", "sentences"),
    [
        (date(2026, 8, 1), "0", []),
        (date(2026, 2, 1), "999.99", []),
        (
            date(2026, 1, 1),
            "0",
            ["Paid on 2026-08-31 for 2026-01, more than 6 months back. Note why it comes late."],
        ),
        (
            date(2026, 9, 1),
            "0",
            ["Paid on 2026-08-31 for 2026-09, which has not begun. Some offices forbid that."],
        ),
        (
            date(2026, 8, 1),
            "1000",
            [
                (
                    "1000 yuan beyond what is owed, at once: it goes up whole, together with the "
                    "member's data."
                )
            ],
        ),
    ],
)
def test_what_a_payment_deserves_to_hear(month, extra, sentences):
    found = months.remarks_on_payment([month], PAID_ON, Decimal(extra))
    assert found == sentences
    assert {each.level for each in found} <= {"warning"}


def test_all_remarks_come_at_once():
    covered = [date(2026, 10, 1), date(2025, 12, 1), date(2026, 1, 1)]
    found = months.remarks_on_payment(covered, PAID_ON, Decimal(5000))
    assert [each.code for each in found] == ["dues_late", "dues_in_advance", "dues_large"]
    assert "2025-12, 2026-01" in found[0]
