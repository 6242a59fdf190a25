"""The balance of members: who came, who went, and what a move inside is."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.models import Organization
from members.models import Member
from members.models.figures.balancing import balance_of
from members.models.figures.chosen import Chosen
from members.models.reorganizing import dissolve_organization, move_organization
from tests.factories import a_branch, a_committee, a_member, a_work_committee
from tests.members.figures import NEW_YEAR, YEAR_END, people_behind, the_balance

pytestmark = pytest.mark.django_db

MAY = date(2025, 5, 12)


@pytest.fixture
def work_committee():
    return a_work_committee()


@pytest.fixture
def committee(work_committee):
    return a_committee(work_committee)


@pytest.fixture
def branch(committee):
    return a_branch(committee)


@pytest.mark.parametrize(
    ("began", "line"),
    [
        ("developed", "developed"),
        ("transferred_in", "transferred_in"),
        ("whole_move_in", "whole_in"),
        ("restored", "restored"),
        pytest.param("opening", "difference", id="set up in the middle of a year"),
    ],
)
def test_who_comes_is_counted_as_his_stay_began(branch, began, line):
    member = a_member(branch)
    member.placements.update(placed_from=MAY, began=began)
    assert the_balance(branch) == {"opening": 0, line: 1, "closing": 1}
    assert people_behind(branch, line) == [(member.pk, MAY, 1)]


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("transferred_out", "transferred_out"),
        ("whole_move_out", "whole_out"),
        ("died", "died"),
        ("expelled", "left"),
        ("struck_off_absent", "left"),
        ("persuaded_to_quit", "left"),
        ("suspended", "suspended"),
        ("suspended_abroad", "suspended"),
    ],
)
def test_who_goes_is_counted_by_his_reason(branch, reason, line):
    member = a_member(branch)
    member.leave(reason, MAY)
    assert the_balance(branch) == {"opening": 1, line: 1, "closing": 0}
    assert people_behind(branch, line) == [(member.pk, MAY, -1)]


def test_a_cancelled_probation_has_a_line_of_its_own(branch):
    a_member(branch, kind="probationary", full_member_on=None).leave("candidacy_cancelled", MAY)
    assert the_balance(branch) == {"opening": 1, "probation_cancelled": 1, "closing": 0}


def test_a_move_inside_is_neither_in_nor_out(committee, branch):
    other = a_branch(committee)
    a_member(branch).move_to(other, MAY)
    assert the_balance(committee) == {"opening": 1, "closing": 1}
    assert the_balance(branch) == {"opening": 1, "transferred_out": 1, "closing": 0}
    assert the_balance(other) == {"opening": 0, "transferred_in": 1, "closing": 1}


def test_a_move_between_two_committees_is_one_for_each_of_them(work_committee, branch):
    there = a_branch(a_committee(work_committee))
    a_member(branch).move_to(there, MAY)
    assert the_balance(branch.parent)["transferred_out"] == 1
    assert the_balance(there.parent)["transferred_in"] == 1
    assert the_balance(work_committee) == {"opening": 1, "closing": 1}


def test_who_comes_and_goes_in_one_year_is_counted_twice(branch):
    member = a_member(branch)
    member.suspend(date(2025, 3, 1))
    member.restore(date(2025, 9, 1))
    assert the_balance(branch) == {"opening": 1, "suspended": 1, "restored": 1, "closing": 1}


def test_leaving_and_coming_back_on_one_day_is_both(branch):
    member = a_member(branch)
    member.leave("expelled", MAY)
    member.restore(MAY)
    assert the_balance(branch) == {"opening": 1, "left": 1, "restored": 1, "closing": 1}


@pytest.mark.parametrize(
    ("on", "line"),
    [
        pytest.param(date(2025, 1, 1), True, id="the first day is inside"),
        pytest.param(date(2025, 12, 31), True, id="so is the last"),
        pytest.param(date(2026, 1, 1), False, id="the day after belongs to the next year"),
    ],
)
def test_the_year_holds_its_first_and_its_last_day(branch, on, line):
    a_member(branch).leave("died", on)
    expected = {"opening": 1, "died": 1, "closing": 0} if line else {"opening": 1, "closing": 1}
    assert the_balance(branch) == expected


def test_a_committee_that_moves_takes_its_people_along(work_committee, committee, branch):
    there = a_committee(work_committee)
    mover = a_branch(committee)
    a_member(branch)
    people = [a_member(mover), a_member(mover)]
    move_organization(mover, there, MAY)
    assert the_balance(committee) == {"opening": 3, "whole_out": 2, "closing": 1}
    assert the_balance(there) == {"opening": 0, "whole_in": 2, "closing": 2}
    assert the_balance(mover) == {"opening": 2, "closing": 2}
    assert the_balance(work_committee) == {"opening": 3, "closing": 3}
    assert people_behind(there, "whole_in") == [(each.pk, MAY, 1) for each in people]
    # The year before is what it was.
    assert the_balance(committee, date(2024, 1, 1), date(2024, 12, 31)) == {
        "opening": 3,
        "closing": 3,
    }


def test_who_came_before_the_committee_moved_came_to_the_old_place(committee, branch):
    there = a_committee(a_work_committee())
    mover = a_branch(committee)
    a_member(mover).move_to(branch, date(2025, 2, 1))
    a_member(branch).move_to(mover, date(2025, 3, 1))
    a_member(mover, since=date(2025, 4, 1))
    move_organization(mover, there, MAY)
    assert the_balance(there) == {"opening": 0, "whole_in": 2, "closing": 2}
    assert the_balance(committee)["whole_out"] == 2


def test_who_stays_behind_when_his_branch_moves_has_not_moved_out(committee, branch):
    mover = a_branch(committee)
    a_member(mover).move_to(branch, MAY)
    move_organization(mover, a_committee(a_work_committee()), MAY)
    assert the_balance(committee) == {"opening": 1, "closing": 1}


def test_people_of_a_dissolved_branch_stay_inside(committee, branch):
    old = a_branch(committee)
    a_member(old).move_to(branch, MAY)
    dissolve_organization(old, date(2025, 6, 1))
    assert the_balance(committee) == {"opening": 1, "closing": 1}


def test_a_wrong_entry_counts_in_no_year(branch):
    a_member(branch, since=MAY).mark_wrong("录入错误")
    assert the_balance(branch) == {"opening": 0, "closing": 0}


def test_an_ending_that_nobody_gave_a_reason_for_is_a_difference(branch):
    member = a_member(branch)
    member.placements.update(placed_until=MAY, ended="")
    assert the_balance(branch) == {"opening": 1, "closing": 0, "difference": -1}
    assert people_behind(branch, "difference") == [(member.pk, MAY, -1)]


STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),  # who
        st.sampled_from(["move", "leave", "suspend", "restore", "organization"]),
        st.integers(0, 3),  # where
        st.integers(0, 40),  # days later
    ),
    max_size=14,
)


FIRSTS = (NEW_YEAR, date(2025, 2, 15))
LASTS = (date(2025, 3, 1), date(2025, 6, 30), YEAR_END, date(2026, 8, 15))


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_every_balance_holds_on_every_day(steps):
    work = a_work_committee()
    committees = [a_committee(work), a_committee(work)]
    branches = [a_branch(committees[place % 2]) for place in range(4)]
    people = [a_member(branches[place], since=NEW_YEAR) for place in range(4)]
    day = date(2025, 2, 1)
    for who, what, where, later in steps:
        day += timedelta(days=later)
        if what == "organization":
            branches[where].refresh_from_db()
            other = next(each for each in committees if each.pk != branches[where].parent_id)
            move_organization(branches[where], other, day)
        else:
            happen(Member.objects.get(pk=people[who].pk), what, branches[where], day)
    for place, first, last in product((work, *committees, *branches), FIRSTS, LASTS):
        balance = balance_of(Chosen(place), first, last)
        told = sum(each.sign for each in balance.behind("difference"))
        assert balance.numbers["difference"] == told
        if place == work:  # the four were entered on the first day of the year
            assert told == (4 if first == NEW_YEAR else 0)


def happen(member: Member, what: str, branch: Organization, day: date) -> None:
    """Let it happen to a member, where it can."""
    if what == "restore" and not member.is_on_roll:
        member.restore(day, branch)
    elif what == "move" and member.is_on_roll and member.organization_id != branch.pk:
        member.move_to(branch, day)
    elif what in ("leave", "suspend") and member.is_on_roll:
        member.leave("suspended" if what == "suspend" else "transferred_out", day)
