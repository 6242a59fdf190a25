"""Leaving, coming back, joining anew, lost contact, second membership: the rules as tables."""

from __future__ import annotations

from datetime import date

import pytest

from members.rules import standing
from registry.calendar import PartialDate

TODAY = date(2026, 11, 20)
STAY = standing.Stay("张三", "full", PartialDate(2010, 6, 1), "第一支部", date(2020, 1, 1))


@pytest.mark.parametrize(
    ("reason", "on", "codes"),
    [
        ("died", date(2026, 5, 1), []),
        ("died", date(2020, 1, 1), []),
        ("died", date(2019, 12, 31), ["left_before_the_stay"]),
        ("died", date(2010, 5, 31), ["left_before_joining", "left_before_the_stay"]),
        (
            "candidacy_cancelled",
            date(2010, 5, 31),
            ["leaving_reason_not_for_kind", "left_before_joining", "left_before_the_stay"],
        ),
        ("bored", date(2026, 11, 21), ["leaving_reason_unknown", "day_to_come"]),
    ],
)
def test_all_that_speaks_against_a_leaving_is_said_at_once(reason, on, codes):
    found = standing.leaving_objections(STAY, reason, on, TODAY)
    assert [said.code for said in found] == codes


@pytest.mark.parametrize(
    ("reason", "kind", "months"),
    [
        ("suspended", "full", 13),
        ("suspended_abroad", "full", 13),
        ("suspended", "probationary", 0),
        ("expelled", "full", 0),
        ("transferred_out", "full", 0),
    ],
)
def test_only_a_suspension_is_taken_off_the_party_age(reason, kind, months):
    gone, back = date(2025, 1, 15), date(2026, 3, 14)
    assert standing.gap_in_months(reason, kind, gone, back) == months


@pytest.mark.parametrize(
    ("reason", "gone", "on", "levels"),
    [
        ("expelled", date(2015, 5, 1), date(2020, 5, 1), []),
        ("expelled", date(2015, 5, 1), date(2020, 4, 30), ["error"]),
        ("struck_off", date(2024, 7, 1), date(2026, 7, 1), ["error"]),
        pytest.param(
            "struck_off", date(2023, 7, 1), date(2026, 7, 1), ["warning"], id="under older rules"
        ),
        ("candidacy_cancelled", date(2024, 7, 1), date(2025, 7, 1), []),
        ("died", date(2015, 5, 1), date(2026, 5, 1), ["error"]),
        ("suspended", date(2015, 5, 1), date(2026, 5, 1), ["error"]),
        ("expelled", date(2015, 5, 1), date(2015, 4, 1), ["error"]),
        ("expelled", date(2024, 5, 1), date(2027, 4, 1), ["error", "error"]),
    ],
)
def test_who_was_expelled_joins_anew_after_five_years(reason, gone, on, levels):
    found = standing.readmission_objections("张三", reason, gone, on, TODAY)
    assert [said.level for said in found] == levels


def test_joining_too_soon_says_from_when_on():
    [said] = standing.readmission_objections(
        "张三", "expelled", date(2024, 2, 29), date(2026, 5, 1), TODAY
    )
    assert said == "After “expelled” on 2024-02-29 张三 may join again only from 2029-02-28 on."


def test_contact_lost_for_six_months_may_stop_the_membership_and_two_years_end_it():
    assert standing.may_be_suspended_from(PartialDate(2025, 8, 31)) == date(2026, 2, 28)
    assert standing.may_be_suspended_from(PartialDate(2025, 8)) == date(2026, 2, 1)
    assert standing.to_be_struck_off_from(date(2024, 2, 29)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("lost", "codes"),
    [
        (None, ["suspended_in_touch"]),
        (PartialDate(2026, 5, 21), ["suspended_too_soon"]),
        (PartialDate(2026, 5, 20), []),
    ],
)
def test_a_membership_is_stopped_after_six_months_without_contact(lost, codes):
    found = standing.suspension_warnings("张三", lost, TODAY)
    assert [said.code for said in found] == codes
    assert all(said.level == "warning" for said in found)


def test_contact_is_lost_for_a_reason_after_joining_and_not_in_the_future():
    found = standing.losing_objections(
        "张三", "hiding", PartialDate(2027), PartialDate(2028), TODAY
    )
    assert [said.code for said in found] == [
        "day_to_come", "lost_reason_unknown", "lost_before_joining",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sort", "begins", "ends", "dissolved", "codes"),
    [
        ("temporary", date(2026, 2, 1), None, None, []),
        ("ordinary", date(2026, 2, 1), None, None, ["no_temporary_branch"]),
        (
            "joint",
            date(2019, 2, 1),
            date(2019, 1, 1),
            date(2019, 1, 1),
            [
                "no_temporary_branch",
                "second_before_founding",
                "second_in_dissolved",
                "ends_before_it_begins",
            ],
        ),
    ],
)
def test_a_second_membership_is_in_a_temporary_branch(sort, begins, ends, dissolved, codes):
    found = standing.second_membership_objections(
        "第二支部", "branch", sort, begins, ends, date(2020, 1, 1), dissolved
    )
    assert [said.code for said in found] == codes
