"""What the collection sheet refuses, corrects, and to whom it opens."""

from __future__ import annotations

import re
import time
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import Closing, Payment
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user, an_organization
from tests.members.dues import a_reduction, an_assessment
from tests.members.dues_sheet.sheets import (
    PAYMENTS,
    SHEET,
    TAKINGS,
    booked,
    cell,
    opened,
    save,
    typed,
)
from tests.members.ledger import MARCH, a_payment, month

pytestmark = pytest.mark.django_db


# Refused


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("2026-11", "-5", "“-5” is below 0. Write an amount of 0 or more."),
        ("2026-11", "0", "张三: 0.00 yuan is no payment. Write an amount above 0; a wrong"),
        ("2026-11", "10.005", "“10.005” has parts of a fen. Write two digits after the point."),
        ("2026-11", "1e3", "“1e3” is not an amount. Write it in digits, such as 1234.50."),
        ("2026-11", "拾元", "“拾元” is not an amount. Write it in digits, such as 1234.50."),
        ("2026-13", "10", "“2026-13” is not a month. Write it as 2026-01."),
        ("2008-03", "10", "No dues scale is recorded for 2008-03; the first is of 2008-04."),
        ("extra", "0", "张三: 0.00 yuan is no payment."),
    ],
)
def test_what_cannot_be_booked_is_told_and_kept(client, sheet, member, key, text, sentence):
    cells = {cell(member, key): text, cell(member, "2026-10"): "10"}
    answer = save(client, sheet, cells).content.decode()
    assert sentence in answer
    assert "Nothing is booked." in answer
    assert f'name="{cell(member, "2026-10")}" value="10"' in answer
    if key in {"2026-11", "extra"}:
        assert f'name="{cell(member, key)}" value="{text}"' in answer
        assert f'href="#{cell(member, key)}"' in answer
    assert not Payment.objects.exists()


def test_every_objection_is_told_at_once_at_its_cell(client, sheet, branch, member):
    other = a_member(branch, name="李四")
    an_assessment(other, "20.00")
    cells = {cell(member): "1e3", cell(member, "2026-10"): "0", cell(other): "-1"}
    text = save(client, sheet, cells).content.decode()
    for name in cells:
        assert f'href="#{name}"' in text
    assert len(re.findall('aria-invalid="true"', text)) == 3


def test_a_member_of_another_branch_is_answered_like_nobody(client, sheet, branch, member):
    stranger = a_member(name="外人")
    answers = []
    for pk in (stranger.pk, 10**9):
        text = save(client, sheet, {f"pay-{pk}-2026-11": "10"}).content.decode()
        assert f"There is no such member in {branch}. Open the sheet anew." in text
        answers.append(re.search(r'id="error-summary".*?</div>', text, re.DOTALL)[0])
    assert answers[0] == answers[1]
    assert not Payment.objects.exists()


def test_a_month_that_was_closed_meanwhile_is_refused(client, sheet, committee, member):
    Closing.close(committee, month(10), TODAY, None)
    cells = {cell(member, "2026-10"): "10"}
    text = save(client, sheet, cells).content.decode()
    assert "2026-10 is closed. Empty the cell; money for it is typed under “Late money”" in text
    assert not booked()
    assert save(client, f"{sheet}&late=1", cells).status_code == 302
    assert f"{Payment.objects.get().booked_month:%Y-%m}" == "2026-11"


def test_a_month_of_non_membership_is_refused(client, sheet, branch):
    member = a_member(branch, since=date(2026, 5, 20))
    member.placements.update(began="developed")
    an_assessment(member, "10.00")
    text = save(client, sheet, {cell(member, "2026-04"): "10"}).content.decode()
    assert "张三 owes nothing for 2026-04, or is not assessed for it yet." in text
    assert not booked()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"paid_on": "31.2."}, "“31.2.” is not a day. Write it as 2026-11-20."),
        ({"paid_on": ""}, "Write the day of payment."),
        ({"paid_on": "2026-11-21"}, "张三: paid on 2026-11-21, which is still to come."),
        ({"method": "gold"}, "“gold” is not a way of paying. Choose one from the list."),
    ],
)
def test_a_wrong_day_or_method_keeps_what_was_typed(client, sheet, member, fields, sentence):
    text = save(client, sheet, {cell(member): "10"}, **fields).content.decode()
    assert sentence in text
    assert f'name="{cell(member)}" value="10"' in text
    assert not booked()


def test_an_empty_sheet_is_told_so(client, sheet, member):
    text = save(client, sheet, {}).content.decode()
    assert "There is nothing to book. Write what was paid." in text


def test_what_was_typed_survives_an_ended_session(client, sheet, uploader, member):
    _text, hidden = opened(client, sheet)
    request = typed(**hidden) | {cell(member): "7.5", "tick": [member.pk]}
    session = client.session
    session["active"] = int(time.time()) - 900  # a quarter of an hour without work
    session.save()
    assert client.post(sheet, request)["Location"].startswith("/login/")
    client.force_login(uploader)
    text = client.get(sheet).content.decode()
    assert f'name="{cell(member)}" value="7.5"' in text
    assert not booked()


# Corrected


def test_a_payment_is_reversed_with_a_reason(client, sheet, branch, member):
    payment = a_payment(member, month(1), month(2))
    address = f"{PAYMENTS}?organization={branch.pk}&member={member.pk}&month=2026-01"
    assert "2026-01, 2026-02" in client.get(address).content.decode()
    refused = client.post(address, {"payment": payment.pk, "reason": " "}).content.decode()
    assert "Say why the payment is reversed." in refused
    assert client.post(address, {"payment": payment.pk, "reason": "typed twice"}).status_code == 302
    text = client.get(address).content.decode()
    assert "-20.00" in text
    assert "typed twice" in text
    again = client.post(address, {"payment": payment.pk, "reason": "again"}).content.decode()
    assert "This payment is reversed already." in again
    assert cell(member, "2026-01") in opened(client, sheet)[0]


# Who may


def test_somebody_elses_branch_is_answered_like_none(client, sheet):
    foreign = a_branch()
    payment = a_payment(a_member(foreign, name="外人"), MARCH)
    for page in (SHEET, TAKINGS):
        one = client.get(page, {"organization": foreign.pk})
        two = client.get(page, {"organization": 10**9})
        assert (one.status_code, one.content) == (404, two.content)
    asked = client.get(PAYMENTS, {"member": payment.member_id})
    never = client.get(PAYMENTS, {"member": 10**9})
    assert (asked.status_code, asked.content) == (404, never.content)
    assert client.post(f"{SHEET}?organization={foreign.pk}", typed()).status_code == 404
    answer = client.post(f"{PAYMENTS}?member={payment.member_id}", {"payment": payment.pk})
    assert answer.status_code == 404


def test_a_foreign_payment_is_not_reversed_from_ones_own_member(client, sheet, member):
    foreign = a_payment(a_member(name="外人"), MARCH)
    address = f"{PAYMENTS}?member={member.pk}&month=2026-03"
    answer = client.post(address, {"payment": foreign.pk, "reason": "测试"})
    assert answer.status_code == 404
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("role", ["reader", "approver"])
def test_who_sees_totals_only_opens_no_sheet(branch, role):
    client = Client()
    client.force_login(a_user(role, branch))
    for page in (SHEET, PAYMENTS, TAKINGS):
        assert client.get(page, {"organization": branch.pk}).status_code == 403


def test_a_temporary_branch_has_no_sheet(client, clerk, committee):
    temporary = an_organization("branch", committee, sort="temporary", name="临时党支部")
    text = client.get(f"{SHEET}?organization={temporary.pk}").content.decode()
    assert "collects no dues, and no branch below it does. Choose a branch." in text


def test_the_takings_of_a_committee_are_those_of_its_branches(client, clerk, committee, member):
    a_payment(member, MARCH, paid_on=date(2026, 3, 15))
    other = a_member(a_branch(committee), name="李四")
    a_payment(other, MARCH, paid_on=date(2026, 3, 15), method="online")
    a_payment(a_member(a_branch(a_committee()), name="外人"), MARCH)
    text = client.get(f"{TAKINGS}?organization={committee.pk}&day=2026-03-15").content.decode()
    assert "李四" in text
    assert "外人" not in text
    assert "20.00" in text
    assert "“x” is not a day" in client.get(f"{TAKINGS}?day=x").content.decode()


# Figures


def test_sixty_payments_take_few_questions(client, sheet, branch):
    members = [a_member(branch) for _ in range(60)]
    for each in members:
        an_assessment(each, "10.00")
    a_reduction(members[0], month(1), month_until=month(3))
    with CaptureQueriesContext(connection) as opening:
        client.get(sheet)
    with CaptureQueriesContext(connection) as asked:
        answer = save(client, sheet, {cell(each): "10.00" for each in members})
    assert answer.status_code == 302
    assert Payment.objects.count() == 60
    assert sum(Payment.objects.values_list("amount", flat=True)) == Decimal("600.00")
    told = "\n".join(each["sql"][:150] for each in asked)
    assert len(asked) <= 15, told  # session, account and its grants among them
    assert len(opening) <= 20
