"""How far somebody has paid, who is behind, and what the branch does about it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from members.models import DuesStanding
from members.models.dues.arrears import arrears_of
from members.models.dues.assessing import correct
from members.models.dues.standings import Reckoning
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_member
from tests.members.dues import a_reduction, an_assessment
from tests.members.ledger import MARCH, a_payment, month

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch):
    member = a_member(branch)
    an_assessment(member, "10.00")
    return member


def paid_to(member):
    kept = DuesStanding.objects.get(pk=member.pk)
    [computed] = Reckoning([member.pk]).standings()
    assert (kept.paid_to, kept.over) == (computed.paid_to, computed.over)
    return kept.paid_to


def over(member):
    assert paid_to(member)
    return DuesStanding.objects.get(pk=member.pk).over


@pytest.mark.parametrize(
    ("months", "to"),
    [([1, 2, 3], 3), ([1, 3], 1), ([2, 3], None), ([1, 2, 3, 5, 6], 3), (range(1, 13), 12)],
)
def test_a_gap_stops_the_month_that_is_paid_to(member, months, to):
    a_payment(member, *map(month, months))
    assert paid_to(member) == (month(to) if to else None)


def test_a_month_paid_in_part_is_open_until_the_rest_comes(member):
    a_payment(member, month(1), amount="6.00")
    assert paid_to(member) is None
    a_payment(member, month(1), amount="4.00")
    assert paid_to(member) == month(1)


def test_what_is_paid_beyond_stands_beside_it(member):
    a_payment(member, month(1), amount="12.50")
    assert over(member) == Decimal("2.50")


def test_a_month_paid_in_advance_of_the_assessment_is_not_too_much(member):
    a_payment(member, *[month(each) for each in range(1, 13)], month(1, 2027))
    assert (paid_to(member), over(member)) == (month(1, 2027), 0)
    an_assessment(member, "8.00", 2027)
    assert over(member) == 2


def test_a_higher_assessment_opens_a_paid_month_again(member):
    a_payment(member, *map(month, range(1, 4)))
    correct(member.assessments.get(), Decimal(2400), "wrong base")
    assert paid_to(member) is None


def test_a_reduction_makes_what_was_paid_too_much(member):
    a_payment(member, *map(month, range(1, 4)))
    a_reduction(member, MARCH)
    assert over(member) == 10


def test_who_leaves_after_paying_in_advance_has_paid_too_much(member):
    a_payment(member, *map(month, range(1, 7)))
    member.leave("died", date(2026, 4, 10))
    assert over(member) == 20
    assert paid_to(member) == month(6)


def test_who_comes_back_owes_again(member):
    a_payment(member, *map(month, range(1, 7)))
    member.suspend(date(2026, 4, 10))
    member.restore(date(2026, 6, 1))
    assert over(member) == 10


def test_months_before_the_register_are_settled_by_a_word(member):
    DuesStanding.settle(member, month(4), TODAY)
    assert paid_to(member) == month(4)
    assert Entry.objects.about(member).first().changes == [["dues settled to", "", "2026-04"]]
    a_payment(member, month(5))
    assert paid_to(member) == month(5)


@pytest.mark.parametrize("wrong", [date(2026, 12, 1), date(2008, 3, 1), date(2026, 3, 2)])
def test_nobody_is_settled_to_a_month_that_cannot_be(member, wrong):
    with pytest.raises(ValidationError, match="Write a month between 2008-04 and this one"):
        DuesStanding.settle(member, wrong, TODAY)


# Arrears


@pytest.mark.parametrize(
    ("paid", "open_months", "in_a_row", "level"),
    [
        (range(1, 7), 0, 0, ""),
        (range(1, 6), 1, 1, "remind"),
        (range(1, 5), 2, 2, "remind"),
        (range(1, 4), 3, 3, "talk"),
        ([3], 5, 3, "talk"),
        ([], 6, 6, "flag"),
    ],
)
def test_arrears_at_the_end_of_june(branch, member, paid, open_months, in_a_row, level):
    if paid:
        a_payment(member, *map(month, paid))
    lines = arrears_of(branch.parent, month(6))
    if not level:
        assert lines == []
        return
    [line] = lines
    assert (line.member_id, line.organization_id) == (member.pk, branch.pk)
    assert (line.open.months, line.open.in_a_row, line.level) == (open_months, in_a_row, level)
    assert line.open.amount == 10 * open_months


def test_money_booked_later_does_not_mend_the_past(branch, member):
    a_payment(member, month(1), month(2), MARCH, paid_on=date(2026, 5, 4))
    assert [line.open.months for line in arrears_of(branch, MARCH)] == [3]
    assert [line.open.months for line in arrears_of(branch, month(5))] == [2]


def test_unpaid_months_go_along_with_a_member_who_moves(committee, branch, member):
    there = a_branch(committee)
    a_payment(member, month(1))
    member.move_to(there, date(2026, 3, 10))
    [line] = arrears_of(committee, month(4))
    assert (line.organization_id, line.open.amount) == (there.pk, 30)
    assert arrears_of(branch, month(4)) == []
    assert [line.organization_id for line in arrears_of(branch, month(2))] == [branch.pk]


def test_who_has_left_is_in_no_list(branch, member):
    member.leave("died", date(2026, 3, 10))
    assert arrears_of(branch, month(4)) == []


def test_settled_and_exempt_months_are_no_arrears(branch, member):
    DuesStanding.settle(member, MARCH, TODAY)
    a_reduction(member, month(5))
    [line] = arrears_of(branch, month(6))
    assert (line.open.months, line.paid_to) == (1, MARCH)


def test_who_is_not_assessed_owes_nothing_that_is_known(branch):
    a_member(branch)
    assert arrears_of(branch, month(6)) == []
