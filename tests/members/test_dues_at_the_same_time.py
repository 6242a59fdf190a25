"""Several clerks collect at one moment: nothing is lost, nothing is booked twice, all adds up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from branches.models import Organization
from members.models import Closing, DuesStanding, Member, Payment
from members.models.dues.checking import faults
from members.models.dues.statements import closing_of
from tests.factories import TODAY, a_branch, a_committee, a_member
from tests.members.dues import an_assessment
from tests.members.ledger import a_payment, a_taking, month
from tests.members.test_at_the_same_time import moving_to_and_fro, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_sheets_of_one_branch_are_both_booked():
    branch = a_branch()
    members = [a_member(branch) for _ in range(5)]
    for each in members:
        an_assessment(each, "10.00")

    def collect(first: int) -> None:
        for number in range(first, 13, 2):
            takings = [a_taking(each, month(number)) for each in members]
            Payment.take_many(branch, takings, TODAY)

    assert together(lambda: collect(1), lambda: collect(2)) == []
    assert list(faults()) == []
    assert closing_of(branch, month(1, 2027)) == 600
    assert set(DuesStanding.objects.values_list("paid_to", flat=True)) == {month(12)}


def test_one_form_sent_eight_times_at_once_is_booked_once():
    branch = a_branch()
    member = a_member(branch)

    def send() -> None:
        Payment.take_many(branch, [a_taking(member, month(3))], TODAY, form_key="one")

    raised = together(*[send] * 8)
    assert [type(error) for error in raised] == [ValidationError] * 7
    assert Payment.objects.count() == 1


def test_a_payment_reversed_by_two_is_reversed_once():
    payment = a_payment(a_member(), month(3))
    read = [Payment.objects.get(pk=payment.pk) for _ in range(4)]
    raised = together(*(lambda p=p: p.reverse("wrong", TODAY) for p in read))
    assert [type(error) for error in raised] == [ValidationError] * 3
    assert list(faults()) == []


def test_nothing_slips_into_a_month_while_it_is_closed():
    committee = a_committee()
    branch = a_branch(committee)
    member = a_member(branch)

    def collect() -> None:
        for number in range(1, 11):
            a_payment(member, month(number), paid_on=date(2026, 3, 3))

    def close() -> None:
        Closing.close(committee, month(3), TODAY, None)

    assert together(collect, close) == []
    last = Payment.objects.order_by("-pk").first()
    assert last.booked_month in (month(3), month(4))
    kinds = [each.booked_month for each in Payment.objects.order_by("pk")]
    assert kinds == sorted(kinds)  # once it is closed, nothing is booked in it any more


def test_people_pay_while_they_move():
    committee = a_committee()
    here, there = a_branch(committee), a_branch(committee)
    members = [a_member(here) for _ in range(2)]

    def collect() -> None:
        for number in range(1, 9):
            for each in members:
                home = Organization.objects.get(pk=Member.objects.get(pk=each.pk).organization_id)
                try:
                    Payment.take(home, a_taking(each, month(number)), TODAY)
                except ValidationError:
                    continue  # he has gone on in this moment

    moves = [moving_to_and_fro(each, there, here) for each in members]
    assert together(collect, *moves) == []
    assert list(faults()) == []
    paid = sum((each.amount for each in Payment.objects.all()), Decimal(0))
    assert closing_of(committee, month(1, 2027)) == paid
