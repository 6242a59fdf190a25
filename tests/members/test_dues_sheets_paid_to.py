"""Paid-to lists: the opening of a standing, never money; what differs from payments is told."""

from __future__ import annotations

import pytest

from members.models import DuesStanding, Payment
from tests.factories import a_member
from tests.members.dues import an_assessment
from tests.members.ledger import a_payment, month
from tests.members.sheets_of_dues import (
    a_sheet,
    applied,
    codes_of,
    said_of,
    staged,
    states,
    undone,
)

pytestmark = pytest.mark.django_db

TYPO = ("姓名", "党委缴纳至年月")


@pytest.fixture
def member(branch):
    return a_member(branch, name="陶敏")


def settled(member):
    return DuesStanding.objects.filter(pk=member.pk).values_list("settled_to", "paid_to").first()


@pytest.mark.parametrize(
    "heading", ["党费交至年月", "党费缴纳至年月", "党委缴纳至年月", "历史党费缴至"]
)
@pytest.mark.parametrize("written", ["202602", 202602, "2026-02", "2026年2月", "２０２６０２"])
def test_the_month_becomes_the_opening(branch, member, heading, written):
    data = a_sheet(("身份证号", heading), (member.id_number, written))
    assert applied(staged("dues_paid_to", data, branch)).written == 1
    assert settled(member) == (month(2), month(2))
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("20263", "month_unreadable"),
        ("202613", "month_unreadable"),
        (2026.1, "month_unreadable"),
        ("二月", "month_unreadable"),
        ("200803", "month_before_rules"),
        ("202701", "paid_to_differs"),
        (None, "month_missing"),
    ],
)
def test_what_is_no_such_month_is_told_at_its_cell(branch, member, written, code):
    job = staged("dues_paid_to", a_sheet(TYPO, ("陶敏", written)), branch)
    assert said_of(job) == [("B2", code, "error")]


def test_the_same_list_again_changes_nothing(branch, member):
    data = a_sheet(TYPO, ("陶敏", "202602"))
    applied(staged("dues_paid_to", data, branch))
    assert states(staged("dues_paid_to", data, branch)) == ["unchanged"]


def test_payments_of_the_register_are_right(branch, member):
    an_assessment(member)
    a_payment(member, month(1))
    job = staged("dues_paid_to", a_sheet(TYPO, ("陶敏", "202602")), branch)
    assert (states(job), codes_of(job)) == (["unchanged"], ["paid_to_differs"])


def test_an_opening_before_the_payments_fills_the_gap(branch, member):
    an_assessment(member)
    a_payment(member, month(3))
    applied(staged("dues_paid_to", a_sheet(TYPO, ("陶敏", "202602")), branch))
    assert settled(member) == (month(2), month(3))


def test_two_months_for_one_member_are_wrong(branch, member):
    job = staged("dues_paid_to", a_sheet(TYPO, ("陶敏", "202602"), ("陶敏", "202603")), branch)
    assert states(job) == ["error", "error"]


def test_taking_back_gives_back_the_opening_before(branch, member):
    first = staged("dues_paid_to", a_sheet(TYPO, ("陶敏", "202512")), branch)
    applied(first)
    job = staged("dues_paid_to", a_sheet(TYPO, ("陶敏", "202602")), branch)
    applied(job)
    assert undone(job) == (1, 0, 0)
    assert settled(member) == (month(12, 2025), month(12, 2025))
    assert undone(first) == (1, 0, 0)
    assert settled(member) == (None, None)


def test_an_opening_that_was_set_since_stays(branch, member):
    job = staged("dues_paid_to", a_sheet(TYPO, ("陶敏", "202512")), branch)
    applied(job)
    applied(staged("dues_paid_to", a_sheet(TYPO, ("陶敏", "202602")), branch))
    assert undone(job) == (0, 1, 0)
