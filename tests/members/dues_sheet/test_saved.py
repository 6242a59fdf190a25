"""The collection sheet through its address: opened, filled in, booked once."""

from __future__ import annotations

import re
from datetime import date

import pytest

from members.models import Closing, Payment
from tests.factories import TODAY, a_branch, a_member, a_user
from tests.members.dues import a_reduction, an_assessment
from tests.members.dues_sheet.sheets import (
    KEY,
    SHEET,
    booked,
    cell,
    opened,
    save,
)
from tests.members.ledger import MARCH, a_payment, month

pytestmark = pytest.mark.django_db


# Opened


def test_what_is_owed_is_grey_and_what_is_paid_leads_to_its_payments(client, sheet, member):
    a_payment(member, MARCH)
    text, _hidden = opened(client, sheet)
    assert f'name="{cell(member)}" value="" placeholder="10.00"' in text
    assert f"member={member.pk}&amp;month=2026-03" in text
    assert f'name="{cell(member, "2026-03")}"' not in text


def test_months_that_are_not_owed_take_no_money(client, sheet, branch, member):
    a_reduction(member, month(7))
    stranger = a_member(branch, name="李四")
    text, _hidden = opened(client, sheet)
    assert cell(member, "2026-06") in text
    assert cell(member, "2026-07") not in text
    assert cell(stranger) not in text


def test_a_closed_month_is_locked_and_opens_for_late_money_only(client, sheet, committee, member):
    Closing.close(committee, MARCH, TODAY, None)
    assert cell(member, "2026-03") not in opened(client, sheet)[0]
    assert cell(member, "2026-04") in opened(client, sheet)[0]
    late = opened(client, f"{sheet}&late=1")[0]
    assert cell(member, "2026-03") in late
    assert "it is counted in 2026-04" in late


def test_unpaid_months_go_along_with_whoever_moves(client, sheet, branch, member):
    a_payment(member, month(1))
    there = a_branch(branch.parent)
    member.move_to(there, date(2026, 4, 10))
    here = opened(client, sheet)[0]
    assert "↗" in here
    assert "10.00</a>" in here
    assert cell(member, "2026-02") not in here
    client.force_login(a_user("branch_clerk", there))
    text = opened(client, f"{SHEET}?organization={there.pk}&year=2026")[0]
    assert cell(member, "2026-02") in text
    assert cell(member, "2026-01") not in text
    assert "elsewhere" in text


def test_whoever_never_was_of_the_branch_is_not_in_its_sheet(client, sheet, member):
    a_member(name="外人")
    assert "外人" not in opened(client, sheet)[0]


def test_a_committee_leads_to_its_branches(client, clerk, branch, committee):
    text = client.get(f"{SHEET}?organization={committee.pk}").content.decode()
    assert f"{SHEET}?organization={branch.pk}" in text
    assert "Open the sheet of a branch below it." in text


@pytest.mark.parametrize("year", ["2007", "2028", "abc", "20 26", "9" * 30])
def test_a_year_without_a_sheet_is_told(client, sheet, member, year):
    text = client.get(f"{sheet}&year={year}").content.decode()
    assert f"There is no sheet for “{year[:20]}”. Choose a year from 2008 to 2027." in text


# Filled in and saved


def test_all_paid_without_a_script_fills_the_month_for_those_who_are_ticked(
    client, sheet, branch, member
):
    other = a_member(branch, name="李四")
    an_assessment(other, "20.00")
    answer = save(client, sheet, {"tick": [member.pk]}, fill="1", month="2026-11")
    text = answer.content.decode()
    assert f'name="{cell(member)}" value="10.00"' in text
    assert f'name="{cell(other)}" value=""' in text
    assert not booked()


def test_a_sheet_is_booked_at_once_and_the_list_for_the_bank_follows(client, sheet, branch, member):
    other = a_member(branch, name="李四")
    an_assessment(other, "20.00")
    cells = {cell(member): "￥10.00元", cell(member, "2026-10"): "4", cell(other): "20"}
    answer = save(client, sheet, cells, receipt_number="0815", method="online")
    assert answer.status_code == 302
    assert booked() == [
        (member.pk, "2026-10", "4.00"),
        (member.pk, "2026-11", "10.00"),
        (other.pk, "2026-11", "20.00"),
    ]
    first = Payment.objects.first()
    assert (first.method, first.receipt_number) == ("online", "0815")
    assert first.paid_on == TODAY
    takings = client.get(answer["Location"]).content.decode()
    assert "Booked: 2 payments, 34.00 yuan together." in takings
    assert "2026-10, 2026-11" in takings
    assert "李四" in takings


def test_a_part_leaves_the_rest_open(client, sheet, member):
    save(client, sheet, {cell(member): "4"})
    text, _hidden = opened(client, sheet)
    assert f'name="{cell(member)}" value="" placeholder="6.00"' in text


def test_a_sheet_that_is_sent_twice_is_booked_once(client, sheet, member):
    for _ in range(2):
        answer = save(client, sheet, {cell(member): "10"})
        assert answer.status_code == 302
    assert len(booked()) == 1


def test_an_old_sheet_with_other_amounts_keeps_what_was_typed(client, sheet, member):
    save(client, sheet, {cell(member): "10"})
    answer = save(client, sheet, {cell(member, "2026-10"): "10"})
    text = answer.content.decode()
    assert "This form has been saved already." in text
    assert f'name="{cell(member, "2026-10")}" value="10"' in text
    assert KEY not in text
    assert len(booked()) == 1


def test_what_another_clerk_has_booked_meanwhile_is_shown_and_not_booked_again(
    client, sheet, member
):
    _text, hidden = opened(client, sheet)
    a_payment(member, month(11))
    cells = {cell(member): "10", cell(member, "2026-10"): "10"}
    answer = save(client, sheet, cells, **hidden)
    text = answer.content.decode()
    assert (
        "张三: somebody else has booked for 2026-11 meanwhile; 10.00 yuan are paid now. Empty "
        "the cell, or leave what is paid besides."
    ) in text
    assert booked() == [(member.pk, "2026-11", "10.00")]
    assert f'name="{cell(member)}" value="10"' in text  # nothing typed is lost
    assert f"{member.pk}:2026-11:10.00" in text  # and the page knows of it now


def test_an_extra_that_another_clerk_has_booked_meanwhile_is_not_booked_again(
    client, sheet, member
):
    _text, hidden = opened(client, sheet)
    a_payment(member, kind="extra", amount="50.00")
    answer = save(client, sheet, {f"pay-{member.pk}-extra": "50"}, **hidden)
    assert "somebody else has booked for extra meanwhile" in answer.content.decode()
    assert Payment.objects.count() == 1


# Warnings


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            {"2026-04": "10"},
            (
                "张三: Paid on 2026-11-20 for 2026-04, more than 6 months back. Note why it comes "
                "late."
            ),
        ),
        (
            {"2026-12": "10"},
            (
                "张三: Paid on 2026-11-20 for 2026-12, which has not begun. Some offices forbid "
                "that."
            ),
        ),
        (
            {"2026-11": "100"},
            (
                "张三: 90.00 yuan more than is open for 2026-11. It stands as paid too much; what "
                "is given freely goes under “Extra”."
            ),
        ),
        (
            {"extra": "1000"},
            (
                "张三: 1000.00 yuan beyond what is owed, at once: it goes up whole, together with "
                "the member&#x27;s data."
            ),
        ),
    ],
)
def test_what_is_unusual_is_booked_after_a_second_look(client, sheet, member, cells, sentence):
    cells = {cell(member, key): text for key, text in cells.items()}
    text = save(client, sheet, cells).content.decode()
    assert sentence in text
    assert "Save all the same" in text
    assert not Payment.objects.exists()
    confirmed = re.search(r'name="confirmed" value="([^"]+)"', text)[1]
    other = {cell(member, "2026-01"): "10"}
    assert save(client, sheet, cells | other, confirmed=confirmed).status_code == 200
    assert save(client, sheet, cells, confirmed=confirmed).status_code == 302
    assert Payment.objects.count() == 1
