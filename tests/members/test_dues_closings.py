"""Closed months: for whom they hold, and how one is opened again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from members.models import AccountEntry, Closing, DuesPolicy
from members.models.dues.closings import closed_to, first_open_month
from tests.factories import TODAY, a_branch, a_user
from tests.members.ledger import MARCH, month

pytestmark = pytest.mark.django_db


def refused(deed, *args) -> list[str]:
    with pytest.raises(ValidationError) as raised:
        deed(*args)
    return raised.value.messages


def test_a_month_is_closed_with_all_before_it_for_everything_below(committee, branch):
    Closing.close(committee, MARCH, TODAY, None)
    assert closed_to(branch) == MARCH
    assert first_open_month(branch, date(2026, 1, 20)) == month(4)
    assert first_open_month(branch, date(2026, 4, 20)) == month(4)
    assert closed_to(a_branch()) is None


def test_a_branch_that_moves_comes_under_the_closings_of_its_new_superior(committee, branch):
    stranger = a_branch()
    Closing.close(committee, MARCH, TODAY, None)
    stranger.move_under(committee, on=TODAY)
    assert closed_to(stranger) == MARCH


@pytest.mark.parametrize(
    ("closing", "sentence"),
    [
        (date(2026, 12, 1), "2026-12 is still to come. Close it when it has begun."),
        (MARCH, "2026-03 is closed, and all months before it. Choose a later one."),
        (month(1), "2026-03 is closed, and all months before it. Choose a later one."),
        (date(2008, 3, 1), "There are no dues for 2008-03 to close."),
        (date(2026, 4, 2), "There are no dues for 2026-04 to close."),
    ],
)
def test_some_months_cannot_be_closed(committee, closing, sentence):
    Closing.close(committee, MARCH, TODAY, None)
    assert refused(Closing.close, committee, closing, TODAY, None) == [sentence]


def test_a_month_is_opened_again_with_a_reason(committee, branch):
    closing = Closing.close(committee, MARCH, TODAY, None)
    assert refused(closing.reopen, " ", TODAY, None) == ["Say why the month is opened again."]
    closing.reopen("forgot the bank slip", TODAY, None)
    assert closed_to(branch) is None
    assert refused(closing.reopen, "again", TODAY, None) == ["2026-03 is open already."]
    Closing.close(committee, MARCH, TODAY, None)


def test_a_month_that_a_superior_has_closed_too_is_opened_there_first(committee, branch):
    own = Closing.close(committee, MARCH, TODAY, None)
    Closing.close(committee.parent, month(4), TODAY, None)
    assert refused(own.reopen, "forgot", TODAY, None) == [
        f"{committee.parent} 2026-04 has closed 2026-03 as well. Open that one first."
    ]


def test_where_the_office_wants_two_a_second_person_opens_the_month(committee, branch):
    DuesPolicy.objects.create(
        organization=committee.parent, valid_from=month(1), reopening_needs_two=True
    )
    clerk = a_user("committee_clerk", committee)
    approver = a_user("approver", committee)
    closing = Closing.close(committee, MARCH, TODAY, clerk)
    closing.reopen("forgot the bank slip", TODAY, clerk)
    assert closed_to(branch) == MARCH
    assert refused(closing.confirm_reopening, TODAY, clerk) == [
        f"An approver of {committee} opens this month."
    ]
    stranger = a_user("approver", a_branch().parent)
    assert refused(closing.confirm_reopening, TODAY, stranger) == [
        f"An approver of {committee} opens this month."
    ]
    closing.confirm_reopening(TODAY, approver)
    assert closed_to(branch) is None
    assert (closing.asked_by, closing.reopened_by) == (clerk, approver)


def test_an_approver_opens_nothing_that_nobody_has_asked_for(committee):
    closing = Closing.close(committee, MARCH, TODAY, None)
    assert refused(closing.confirm_reopening, TODAY, a_user("approver", committee)) == [
        "Say why the month is opened again."
    ]


def test_nobody_confirms_what_he_has_asked_for_himself(committee):
    DuesPolicy.objects.create(organization=committee, valid_from=month(1), reopening_needs_two=True)
    both = a_user("committee_clerk", committee)
    both.grants.create(organization=committee, role="approver")
    closing = Closing.close(committee, MARCH, TODAY, both)
    closing.reopen("forgot", TODAY, both)
    assert refused(closing.confirm_reopening, TODAY, both) == [
        f"{both} has asked for it. A second person opens the month."
    ]


def test_nothing_is_booked_into_an_account_in_a_closed_month(committee, branch):
    Closing.close(committee, MARCH, TODAY, None)
    values = {"kind": "interest", "amount": Decimal("1.00"), "day": date(2026, 3, 31)}
    with pytest.raises(ValidationError) as raised:
        AccountEntry.book(branch, TODAY, **values)
    assert raised.value.messages == ["2026-03 is closed. Book it on a day of 2026-04 or later."]
    assert not AccountEntry.objects.exists()
