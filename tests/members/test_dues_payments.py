"""Payments: booked once, for the right branch and months, never edited, only reversed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from members.models import Closing, DuesStanding, Payment, PaymentMonth
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_committee, a_member, an_organization
from tests.members.dues import an_assessment
from tests.members.ledger import MARCH, a_payment, a_taking, month

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch):
    member = a_member(branch)
    an_assessment(member, "10.00")
    return member


def refused(*args, **kwargs) -> list[str]:
    before = Payment.objects.count()
    with pytest.raises(ValidationError) as raised:
        Payment.take_many(*args, **kwargs)
    assert Payment.objects.count() == before
    return raised.value.messages


def test_a_payment_says_what_is_for_which_month(branch, member):
    payment = a_payment(member, month(1), month(2), amount="10.00")
    assert (payment.amount, payment.booked_month) == (Decimal("20.00"), month(3))
    shares = PaymentMonth.objects.filter(payment=payment).values_list("month", "amount")
    assert list(shares) == [(month(1), Decimal("10.00")), (month(2), Decimal("10.00"))]
    assert {(each.member, each.organization) for each in payment.months.all()} == {(member, branch)}


def test_the_log_tells_the_payment_with_its_months(branch, member):
    payment = a_payment(member, month(1), month(2), amount="10.00")
    entry = Entry.objects.about(payment).get()
    assert entry.chain == branch.log_chain
    assert ["amount", "", "20.00"] in entry.changes
    assert ["months", "", "2026-01 10.00, 2026-02 10.00"] in entry.changes


def test_sixty_payments_are_booked_with_few_questions(branch):
    members = [a_member(branch) for _ in range(60)]
    for each in members:
        an_assessment(each, "10.00")
    takings = [a_taking(each, MARCH) for each in members]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        Payment.take_many(branch, takings, TODAY, form_key="sheet")
    assert len(asked) <= 15, "\n".join(each["sql"][:150] for each in asked)
    assert DuesStanding.objects.filter(over=0).count() == 60


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"amount": Decimal("0.00"), "months": {MARCH: Decimal("0.00")}},
            "张三: 0.00 yuan is no payment. Write an amount above 0; a wrong payment is reversed.",
        ),
        (
            {"amount": Decimal("-5.00"), "months": {MARCH: Decimal("-5.00")}},
            "张三: -5.00 yuan is no payment. Write an amount above 0; a wrong payment is reversed.",
        ),
        (
            {"amount": Decimal("11.00")},
            "张三: the months add up to 10.00 yuan, the payment is 11.00. Correct one of them.",
        ),
        ({"months": {}}, "张三: dues are paid for months. Name them."),
        (
            {"months": {date(2008, 3, 1): Decimal("10.00")}},
            ("张三: there are no dues for 2008-03. They are paid for whole months since 2008-04."),
        ),
        (
            {"months": {date(2026, 3, 2): Decimal("10.00")}},
            (
                "张三: there are no dues for 2026-03-02. They are paid for whole months since "
                "2008-04."
            ),
        ),
        (
            {"paid_on": date(2026, 11, 21)},
            "张三: paid on 2026-11-21, which is still to come. Check the day.",
        ),
        (
            {"paid_on": date(2008, 3, 31)},
            "张三: paid on 2008-03-31, before the rules of April 2008. Check the day.",
        ),
        ({"kind": "gift"}, "张三: “gift” is not a kind of payment. Choose one from the list."),
        ({"method": "gold"}, "张三: “gold” is not a way of paying. Choose one from the list."),
        ({"kind": "extra"}, "张三: only dues are paid for months. Leave the months empty."),
        (
            {"kind": "special", "months": {}},
            "张三: special dues name their campaign, and nothing else does.",
        ),
        ({"campaign": "抗洪"}, "张三: special dues name their campaign, and nothing else does."),
        ({"member_id": 0}, None),
    ],
)
def test_what_cannot_be_booked_is_refused_with_a_sentence(branch, member, changes, sentence):
    taking = a_taking(member, MARCH, **changes)
    wanted = sentence or f"There is no such member in {branch}. Open the sheet anew."
    assert wanted in refused(branch, [taking], TODAY)


def test_every_objection_to_a_sheet_is_told_at_once(branch, member):
    other = a_member(branch, name="李四")
    takings = [
        a_taking(member, MARCH, amount=Decimal("11.00")),
        a_taking(other, date(2008, 1, 1)),
        a_taking(a_member(), MARCH),
    ]
    assert len(refused(branch, takings, TODAY)) == 3


def test_of_one_wrong_payment_nothing_of_the_sheet_is_booked(branch, member):
    good, wrong = a_taking(member, MARCH), a_taking(member, date(2008, 1, 1))
    refused(branch, [good, wrong], TODAY)


def test_somebody_of_another_branch_is_answered_like_nobody(branch, member):
    stranger = a_member()
    missing = a_taking(member, MARCH, member_id=10**9)
    assert refused(branch, [a_taking(stranger, MARCH)], TODAY) == refused(branch, [missing], TODAY)


def test_a_month_before_the_membership_is_refused(branch):
    member = a_member(branch, since=date(2026, 5, 20))
    member.placements.update(began="developed")
    assert refused(branch, [a_taking(member, month(4))], TODAY) == [
        (
            "张三 did not belong to the register in 2026-04 and owes nothing for it. "
            "Choose another month."
        )
    ]
    a_payment(member, month(5))


def test_who_was_entered_at_the_opening_may_pay_for_months_before_it(branch):
    a_payment(a_member(branch, since=date(2026, 5, 1)), MARCH)


def test_a_month_after_the_membership_is_refused_and_the_last_one_is_not(branch, member):
    member.suspend(date(2026, 6, 10))
    a_payment(member, month(6))
    assert (
        "did not belong to the register in 2026-07"
        in refused(branch, [a_taking(member, month(7))], TODAY)[0]
    )


def test_an_unpaid_month_goes_along_with_a_member_who_moves(branch, member):
    there = a_branch(branch.parent)
    member.move_to(there, date(2026, 4, 10))
    assert refused(branch, [a_taking(member, MARCH)], TODAY)
    assert a_payment(member, MARCH).organization == there


def test_a_temporary_branch_collects_nothing():
    temporary = an_organization("branch", a_committee(), sort="temporary", name="临时党支部")
    sentences = refused(temporary, [a_taking(a_member(), MARCH)], TODAY)
    assert "临时党支部 collects no dues. Choose a branch." in sentences


def test_an_empty_sheet_is_told_so(branch):
    assert refused(branch, [], TODAY) == ["There is nothing to book. Write what was paid."]


def test_a_form_that_is_sent_twice_is_booked_once(branch, member):
    taking = a_taking(member, MARCH)
    Payment.take_many(branch, [taking], TODAY, form_key="abc")
    assert refused(branch, [taking], TODAY, form_key="abc") == [
        "This form has been saved already. Open it anew to see what is booked."
    ]
    Payment.take_many(branch, [taking], TODAY, form_key="def")


# Closed months


def test_money_of_a_closed_month_is_booked_in_the_open_one(committee, member):
    Closing.close(committee, MARCH, TODAY, None)
    payment = a_payment(member, month(2), paid_on=date(2026, 2, 20))
    assert (payment.paid_on, payment.booked_month) == (date(2026, 2, 20), month(4))


def test_a_payment_of_a_closed_month_is_reversed_in_the_open_one(committee, member):
    payment = a_payment(member, month(2))
    Closing.close(committee, MARCH, TODAY, None)
    assert payment.reverse("typed twice", date(2026, 3, 20)).booked_month == month(4)


# Reversals


def test_a_reversal_takes_back_the_whole_payment(member):
    payment = a_payment(member, month(1), month(2))
    reversal = payment.reverse("typed twice", TODAY)
    assert reversal.amount == -payment.amount
    assert [each.amount for each in reversal.months.all()] == [Decimal("-10.00")] * 2
    assert not Payment.objects.not_reversed().exists()
    assert DuesStanding.objects.get(pk=member.pk).paid_to is None


def test_a_payment_is_reversed_once_with_a_reason_and_not_before_its_day(member):
    payment = a_payment(member, MARCH)
    with pytest.raises(ValidationError) as raised:
        payment.reverse(" ", date(2026, 3, 1))
    assert raised.value.messages == [
        "Say why the payment is reversed.",
        "The payment was made on 2026-03-15. It is reversed on that day or later.",
    ]
    reversal = payment.reverse("typed twice", TODAY)
    with pytest.raises(ValidationError, match="This payment is reversed already."):
        payment.reverse("again", TODAY)
    with pytest.raises(ValidationError, match="This is a reversal itself. Enter a new payment."):
        reversal.reverse("no", TODAY)


# Never edited, never deleted


def test_a_payment_is_never_edited_or_deleted(member):
    payment = a_payment(member, MARCH)
    payment.amount = Decimal("1.00")
    for deed in (
        payment.save,
        payment.delete,
        Payment.objects.all().delete,
        lambda: Payment.objects.update(amount=1),
        lambda: PaymentMonth.objects.update(amount=1),
        PaymentMonth.objects.first().save,
        PaymentMonth.objects.first().delete,
    ):
        with pytest.raises(TypeError, match=r"only ever added to|booked with their payment"):
            deed()


@pytest.mark.parametrize(
    "change", ["amount = 0", "amount = -1", "booked_month = '2026-03-02'", "kind = 'special'"]
)
def test_the_database_refuses_what_no_payment_can_be(member, change):
    a_payment(member, MARCH)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE members_payment SET {change}")  # noqa: S608


def test_a_large_extra_is_marked(member):
    large = a_payment(member, kind="extra", amount="1000.00")
    small = a_payment(member, kind="extra", amount="999.99")
    assert (large.large, small.large) == (True, False)
