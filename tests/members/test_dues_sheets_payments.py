"""Payments from sheets: booked once, for the months that it says, reversed by undoing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from members.models import Closing, Payment, PaymentMonth
from registry.access import OPERATOR
from tests.factories import TODAY, a_branch, a_member, a_user
from tests.members.dues import an_assessment
from tests.members.ledger import MARCH, a_payment, month
from tests.members.sheets_of_dues import (
    a_sheet,
    answered,
    applied,
    codes_of,
    said_of,
    staged,
    states,
    undone,
)

pytestmark = pytest.mark.django_db

MONTHLY = ("序号", "姓名", "核算基数", "应交金额", "实交金额", "备注")
TITLE = "机关第一党支部2026年3月党费收缴表"
TRANSFERS = ("交易时间", "交易对方", "金额(元)", "备注")


@pytest.fixture
def member(branch):
    member = a_member(branch, name="陶敏")
    an_assessment(member, "10.00")
    return member


def paid():
    """What was paid for which month, reversals included."""
    rows = PaymentMonth.objects.order_by("payment", "month")
    return [(each.month, each.amount) for each in rows]


def test_a_monthly_sheet_books_what_was_paid(branch, member):
    other = a_member(branch, name="魏然")
    an_assessment(other)
    rows = [(1, "陶敏", "2,000.00", "10", "¥10.00元", None), (2, "魏 然", 2000, 10, None, None)]
    job = staged("dues_payments", a_sheet(MONTHLY, *rows, title=TITLE), branch)
    assert (states(job), codes_of(job)) == (["new", "unchanged"], [])
    assert applied(job).written == 1
    payment = Payment.objects.get()
    assert (payment.member, payment.organization) == (member, branch)
    assert (payment.amount, payment.paid_on) == (Decimal("10.00"), date(2026, 3, 15))
    assert paid() == [(MARCH, Decimal("10.00"))]


def test_the_month_may_stand_in_a_column(branch, member):
    headings = ("姓名", "月份", "实缴")
    rows = [("陶敏", "2026-01", 10), ("陶敏", "202602", "１０"), ("陶敏", "2026年3月", "10元")]
    job = staged("dues_payments", a_sheet(headings, *rows), branch)
    assert applied(job).written == 3
    assert [each for each, _amount in paid()] == [month(1), month(2), month(3)]


def test_a_sheet_without_a_month_is_asked_for_it(branch, member):
    job = staged("dues_payments", a_sheet(("姓名", "实交金额"), ("陶敏", 10)), branch)
    assert codes_of(job) == ["month_missing"]


def test_a_sign_off_list_has_a_column_for_each_month(branch, member):
    headings = ("序号", "姓名", "月交党费", *(f"{each}月" for each in range(1, 13)), "合计", "签名")
    row = (1, "陶敏", 10, 10, "√", "10.00", *[None] * 9, 30, None)
    job = staged("dues_payments", a_sheet(headings, row, title="2026年党费收缴登记表"), branch)
    assert (states(job), codes_of(job)) == (["new"], [])
    applied(job)
    assert paid() == [(month(each), Decimal("10.00")) for each in (1, 2, 3)]
    assert Payment.objects.get().amount == Decimal("30.00")


def test_a_sign_off_list_without_a_year_is_asked_for_it(branch, member):
    job = staged("dues_payments", a_sheet(("姓名", "1月", "2月"), ("陶敏", 10, 10)), branch)
    assert said_of(job) == [("B2", "year_missing", "error")]


def test_a_quarter_is_shared_among_its_months(branch, member):
    data = a_sheet(("姓名", "实交"), ("陶敏", 30), title="2026年第一季度党费")
    applied(staged("dues_payments", data, branch))
    assert paid() == [(month(each), Decimal("10.00")) for each in (1, 2, 3)]


def test_a_transfer_goes_to_the_month_in_its_remark(branch, member):
    rows = [("2026-03-05 14:30:12", "陶敏", "¥10.00", "2月党费")]
    job = staged("dues_payments", a_sheet(TRANSFERS, *rows, title="微信收款明细"), branch)
    assert codes_of(job) == []
    applied(job)
    payment = Payment.objects.get()
    assert (payment.paid_on, payment.method) == (date(2026, 3, 5), "online")
    assert paid() == [(month(2), Decimal("10.00"))]


@pytest.mark.parametrize(("amount", "months"), [(10, [3]), (20, [1, 2]), (30, [1, 2, 3])])
def test_a_transfer_without_a_month_is_matched_by_its_amount(branch, member, amount, months):
    rows = [("2026-03-05", "陶敏", amount, None)]
    applied(staged("dues_payments", a_sheet(TRANSFERS, *rows), branch))
    assert paid() == [(month(each), Decimal("10.00")) for each in months]


@pytest.mark.parametrize(("answer", "months"), [("2026-03", [MARCH]), ("extra", [])])
def test_a_transfer_that_fits_no_months_asks(branch, member, answer, months):
    job = staged("dues_payments", a_sheet(TRANSFERS, ("2026-03-05", "陶敏", 17, None)), branch)
    assert said_of(job) == [("C2", "months_unsure", "question")]
    answered(job, "months_unsure", answer)
    applied(job)
    assert [each for each, _amount in paid()] == months
    assert Payment.objects.get().amount == Decimal("17.00")


def test_a_transfer_of_two_namesakes_asks(branch, member):
    other = a_member(branch, name="陶敏")
    an_assessment(other)
    job = staged("dues_payments", a_sheet(TRANSFERS, ("2026-03-05", "陶敏", 10, None)), branch)
    assert codes_of(job) == ["match_unsure"]
    answered(job, "match_unsure", str(other.pk))
    applied(job)
    assert Payment.objects.get().member == other


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ((1, "陶敏", 2000, 10, "拾元", None), ("E4", "amount_unreadable", "error")),
        ((1, "陶敏", 2000, 10, "-10", None), ("E4", "amount_negative", "error")),
        ((1, "陶敏", 2000, 10, "10.005", None), ("E4", "amount_below_fen", "error")),
        ((1, "陶敏", 4000, 10, 10, None), ("C4", "amount_not_by_rate", "warning")),
        ((1, "陶敏", None, 20, 10, None), ("D4", "dues_differ", "warning")),
        ((1, "陶敏", None, 10, 8, None), ("E4", "dues_differ", "warning")),
        ((1, "陶敏明", None, 10, 10, None), ("B4", "member_unknown", "error")),
    ],
)
def test_file_and_register_disagree(branch, member, row, told):
    job = staged("dues_payments", a_sheet(MONTHLY, row, title=TITLE), branch)
    assert said_of(job) == [told]


def test_a_month_that_is_not_owed_is_booked_with_a_word(branch):
    a_member(branch, name="魏然")
    job = staged("dues_payments", a_sheet(("姓名", "实交"), ("魏然", 10), title=TITLE), branch)
    assert said_of(job) == [("A4", "month_not_owed", "warning")]
    assert applied(job).written == 1


def test_a_month_before_the_membership_is_refused(branch):
    a_member(branch, name="魏然", joined_on=None, since=date(2026, 6, 1))
    headings = ("姓名", "月份", "实交")
    job = staged("dues_payments", a_sheet(headings, ("魏然", "2008-03", 10)), branch)
    assert "month_before_rules" in codes_of(job)
    assert applied(job).stopped


def test_money_for_a_closed_month_is_booked_in_the_open_one(branch, committee, member):
    Closing.close(committee, MARCH, TODAY, OPERATOR)
    job = staged("dues_payments", a_sheet(("姓名", "实交"), ("陶敏", 10), title=TITLE), branch)
    assert said_of(job) == [("A4", "month_closed", "warning")]
    applied(job)
    assert Payment.objects.get().booked_month == month(4)


def test_the_same_sheet_again_books_nothing(branch, member):
    data = a_sheet(("姓名", "实交"), ("陶敏", 10), title=TITLE)
    applied(staged("dues_payments", data, branch))
    again = staged("dues_payments", data, branch)
    assert (states(again), codes_of(again)) == (["unchanged"], ["already_paid"])


def test_the_same_transfers_again_book_nothing(branch, member):
    data = a_sheet(TRANSFERS, ("2026-03-05", "陶敏", 10, None))
    applied(staged("dues_payments", data, branch))
    again = staged("dues_payments", data, branch)
    assert (states(again), codes_of(again)) == (["unchanged"], ["already_paid"])


def test_a_transfer_for_a_month_that_is_paid_asks(branch, member):
    a_payment(member, MARCH)
    row = ("2026-03-05", "陶敏", 10, "3月党费")
    job = staged("dues_payments", a_sheet(TRANSFERS, row), branch)
    assert codes_of(job)[0] == "already_paid"
    answered(job, "already_paid", "leave")
    assert (states(job), Payment.objects.count()) == (["unchanged"], 1)


def test_of_what_was_paid_in_part_the_rest_is_booked_when_the_clerk_says_so(branch, member):
    a_payment(member, MARCH, amount="4.00")
    job = staged("dues_payments", a_sheet(("姓名", "实交"), ("陶敏", 10), title=TITLE), branch)
    assert codes_of(job) == ["already_paid"]
    answered(job, "already_paid", "book")
    applied(job)
    assert paid() == [(MARCH, Decimal("4.00")), (MARCH, Decimal("6.00"))]


def test_a_job_books_once_however_often_it_is_applied(branch, member):
    job = staged("dues_payments", a_sheet(("姓名", "实交"), ("陶敏", 10), title=TITLE), branch)
    assert applied(job).written == 1
    assert applied(job).already
    assert Payment.objects.count() == 1


def test_one_month_twice_with_two_sums_is_wrong(branch, member):
    rows = [("陶敏", 10), ("陶敏", 12)]
    job = staged("dues_payments", a_sheet(("姓名", "实交"), *rows, title=TITLE), branch)
    assert states(job) == ["error", "error"]


def test_what_was_booked_meanwhile_is_seen(branch, member):
    job = staged("dues_payments", a_sheet(("姓名", "实交"), ("陶敏", 10), title=TITLE), branch)
    a_payment(member, MARCH)
    assert applied(job).overtaken
    assert (states(job), Payment.objects.count()) == (["unchanged"], 1)


def test_branches_of_a_committee_get_their_own(committee, branch, member):
    second = a_branch(committee, name="第二党支部")
    other = a_member(second, name="魏然")
    an_assessment(other)
    headings = ("姓名", "身份证号", "实交金额")
    rows = [("陶敏", member.id_number, 10), ("魏然", other.id_number, 10)]
    data = a_sheet(headings, *rows, title="2026年3月党费")
    assert applied(staged("dues_payments", data, committee)).written == 2
    assert {each.organization for each in Payment.objects.all()} == {branch, second}


def test_a_clerk_books_for_nobody_elses_members(branch, member):
    foreign = a_member(a_branch(), name="魏然")
    clerk = a_user("branch_clerk", branch)
    headings = ("姓名", "身份证号", "实交金额")
    data = a_sheet(headings, ("魏然", foreign.id_number, 10), title="2026年3月党费")
    job = staged("dues_payments", data, branch, user=clerk)
    assert codes_of(job) == ["member_unknown"]


def test_taking_back_reverses_with_the_upload_as_reason(branch, member):
    job = staged("dues_payments", a_sheet(("姓名", "实交"), ("陶敏", 10), title=TITLE), branch)
    applied(job)
    assert undone(job) == (1, 0, 0)
    reversal = Payment.objects.get(reverses__isnull=False)
    assert (reversal.amount, reversal.reason) == (
        Decimal("-10.00"),
        f"Upload {job} taken back",
    )
    assert undone(job) == (0, 0, 0)
    assert Payment.objects.count() == 2


def test_what_somebody_has_reversed_already_stays_so(branch, member):
    job = staged("dues_payments", a_sheet(("姓名", "实交"), ("陶敏", 10), title=TITLE), branch)
    applied(job)
    Payment.objects.get().reverse("写错了", TODAY)
    assert undone(job) == (0, 1, 0)
    assert Payment.objects.count() == 2


# A name in the remark


BILL = ("交易时间", "金额(元)", "备注")


@pytest.mark.parametrize(
    "remark",
    ["陶敏 3月党费", "陶敏3月党费", "3月份党费-陶敏", "交党费（陶敏）", "党员陶敏交2026年3月党费"],
)
def test_a_name_in_the_remark_is_found_where_there_is_no_column_of_names(branch, member, remark):
    row = ("2026-03-05 14:30:12", "¥10.00", remark)
    job = staged("dues_payments", a_sheet(BILL, row, title="微信收款明细"), branch)
    assert (states(job), codes_of(job)) == (["new"], [])
    assert applied(job).written == 1
    assert (Payment.objects.get().member, paid()) == (member, [(MARCH, Decimal("10.00"))])


@pytest.mark.parametrize("heading", ["附言", "商品"])
def test_it_is_found_where_the_name_is_empty(branch, member, heading):
    headings = ("交易时间", "交易对方", "金额(元)", heading)
    row = ("2026-03-05", None, 10, "陶敏3月党费")
    job = staged("dues_payments", a_sheet(headings, row), branch)
    assert applied(job).written == 1


def test_two_namesakes_and_two_names_in_a_remark_ask(branch, member):
    namesake = a_member(branch, name="陶敏")
    other = a_member(branch, name="魏然")
    rows = [("2026-03-05", 10, "陶敏3月党费"), ("2026-03-06", 10, "魏然代陶敏交3月党费")]
    for each in (namesake, other):
        an_assessment(each)
    job = staged("dues_payments", a_sheet(BILL, *rows), branch)
    assert codes_of(job) == ["match_unsure", "match_unsure"]
    answered(job, "match_unsure", str(namesake.pk), place=0)
    answered(job, "match_unsure", str(other.pk), place=1)
    applied(job)
    assert [each.member for each in Payment.objects.order_by("paid_on")] == [namesake, other]


def test_a_longer_name_is_not_taken_for_a_shorter_one(branch, member):
    longer = a_member(branch, name="陶敏君")
    an_assessment(longer)
    applied(staged("dues_payments", a_sheet(BILL, ("2026-03-05", 10, "陶敏君3月")), branch))
    assert Payment.objects.get().member == longer


def test_a_remark_that_names_nobody_of_the_branch_asks_for_the_name(branch, member):
    a_member(name="魏然")
    rows = [("2026-03-05", 10, "3月党费"), ("2026-03-05", 10, "魏然3月党费")]
    job = staged("dues_payments", a_sheet(BILL, *rows), branch)
    assert codes_of(job) == ["name_missing", "name_missing"]
