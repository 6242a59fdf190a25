"""The pages of months, accounts, remittances and returns: the verbs of the ledger by real URLs."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from members.models import AccountEntry, BankBalance, Closing, Remittance, ReturnRun
from members.models.dues.statements import balance_of
from tests.factories import LONG_AGO, a_branch, a_member, a_user
from tests.members.dues import an_assessment
from tests.members.ledger import MARCH, a_payment, a_policy, an_entry, month

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch):
    member = a_member(branch)
    an_assessment(member, "10.00")
    return member


@pytest.fixture
def retired(committee):
    """A member of a branch of the retired, who has paid 100 yuan in March 2025."""
    branch = a_branch(committee, sort="retired")
    member = a_member(branch, since=LONG_AGO)
    an_assessment(member, "10.00", year=2025)
    a_payment(member, month(1, 2025), amount="100.00", paid_on=date(2025, 3, 10))
    return member


def errors(answer) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return {name: [*found] for name, found in answer.context["form"].errors.items()}


def sent_twice(client, url, **data):
    """Open the page, send its form twice, and return the second answer."""
    data["once"] = client.get(url).context["once"]
    client.post(url, data)
    return client.post(url, data)


# Months


def test_a_month_is_closed_and_opened_again_with_a_reason(client, clerk, committee):
    last_month = timezone.localdate().replace(day=1) - date.resolution
    page = client.get("/dues/months/")
    assert page.context["form"]["month"].value() == f"{last_month:%Y-%m}"
    answer = client.post("/dues/months/", {"month": "2026-03"})
    assert answer.status_code == 302
    closing = Closing.objects.get()
    assert (closing.organization, closing.month, closing.closed_by) == (committee, MARCH, clerk)
    assert errors(client.post("/dues/months/", {"month": "2026-02"})) == {
        "month": ["2026-03 is closed, and all months before it. Choose a later one."]
    }
    reopening = f"/dues/closings/{closing.pk}/reopen/"
    assert errors(client.post(reopening, {"reason": " "})) == {
        "reason": ["Say why the month is opened again."]
    }
    assert client.post(reopening, {"reason": "漏记银行回单"}).status_code == 302
    closing.refresh_from_db()
    assert (closing.reason, closing.reopened_by) == ("漏记银行回单", clerk)


def test_where_the_office_wants_two_an_approver_confirms(client, clerk, committee):
    a_policy(committee, reopening_needs_two=True)
    closing = Closing.close(committee, MARCH, date(2026, 4, 2), clerk)
    client.post(f"/dues/closings/{closing.pk}/reopen/", {"reason": "漏记"})
    closing.refresh_from_db()
    assert (closing.asked_by, closing.reopened_on) == (clerk, None)
    confirming = f"/dues/closings/{closing.pk}/confirm/"
    assert client.get(confirming).status_code == 403
    approver = a_user("approver", committee)
    client.force_login(approver)
    assert confirming in client.get("/dues/months/").content.decode()
    assert client.get(confirming).status_code == 200
    closing.refresh_from_db()
    assert closing.reopened_on is None
    assert client.post(confirming).status_code == 302
    closing.refresh_from_db()
    assert closing.reopened_by == approver


def test_who_only_reads_closes_nothing(client, committee):
    closing = Closing.close(committee, MARCH, date(2026, 4, 2), None)
    client.force_login(a_user("reader", committee))
    assert client.get("/dues/months/").context["form"] is None
    assert client.post("/dues/months/", {"month": "2026-04"}).status_code == 403
    assert client.post(f"/dues/closings/{closing.pk}/reopen/").status_code == 403


def test_the_clerk_of_a_branch_sees_what_binds_it_and_opens_nothing(client, uploader, committee):
    closing = Closing.close(committee, MARCH, date(2026, 4, 2), a_user(name="上级管理员"))
    text = client.get("/dues/months/").content.decode()
    assert "closed to 2026-03" in text
    assert "上级管理员" not in text
    assert client.post(f"/dues/closings/{closing.pk}/reopen/").status_code == 403


# Accounts

SPENT = {
    "kind": "spent", "day": "2026-03-20", "amount": "¥1,200元", "fund": "dues",
    "purpose": "training", "voucher_number": "记-12", "note": "培训费",
}  # fmt: skip


def test_an_entry_is_booked_once_however_often_its_form_is_sent(client, clerk, committee):
    answer = sent_twice(client, "/dues/accounts/book/", **SPENT)
    assert answer.status_code == 302
    entry = AccountEntry.objects.get()
    assert (entry.organization, str(entry.amount), entry.purpose) == (
        committee, "1200.00", "training",
    )  # fmt: skip
    page = client.get("/dues/accounts/", {"month_from": "2026-03", "month_to": "2026-03"})
    assert str(page.context["statement"].spent) == "1200.00"
    assert [str(signed) for _entry, signed in page.context["entries"]] == ["-1200.00"]


def test_a_form_that_was_refused_may_be_sent_again(client, clerk):
    once = client.get("/dues/accounts/book/").context["once"]
    wrong = client.post("/dues/accounts/book/", SPENT | {"purpose": "", "once": once})
    assert wrong.context["once"] == once
    client.post("/dues/accounts/book/", SPENT | {"once": once})
    assert AccountEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"amount": "10.005"}, "amount", ("“10.005” has parts of a fen. Write two digits after the "
         "point.")),
        ({"amount": "1e3"}, "amount", ("“1e3” is not an amount. Write it in digits, such as "
         "1234.50.")),
        ({"amount": "拾元"}, "amount", ("“拾元” is not an amount. Write it in digits, such as "
         "1234.50.")),
        ({"amount": "-5"}, "amount", "“-5” is below 0. Write an amount of 0 or more."),
        ({"amount": "0"}, "amount", ("0.00 yuan cannot be booked. Write an amount above 0; a wrong "
         "entry is reversed.")),
        ({"day": "2027-05-01"}, "day", "2027-05-01 is still to come. Check the day."),
        ({"day": "2026-02-30"}, "day", "“2026-02-30” is not a day. Write it as 2026-11-20."),
        ({"day": "2026-01-20"}, "day", "2026-01 is closed. Book it on a day of 2026-02 or later."),
        ({"purpose": ""}, "__all__", "Money is spent for a purpose. Choose one."),
        ({"fund": "campaign"}, "__all__", "The account of a campaign names it."),
    ],
)  # fmt: skip
def test_what_the_ledger_objects_to_stands_at_its_field(
    client, clerk, committee, changed, field, sentence
):
    Closing.close(committee, month(1), date(2026, 2, 1), None)
    assert errors(client.post("/dues/accounts/book/", SPENT | changed)) == {field: [sentence]}
    assert not AccountEntry.objects.exists()


def test_money_is_passed_down_and_confirmed_by_its_receiver(client, clerk, committee, branch):
    stranger = a_branch()
    passed = {"kind": "passed_down", "day": "2026-03-20", "amount": "500", "fund": "dues"}
    wrong = client.post("/dues/accounts/book/", passed | {"counterpart": stranger.pk})
    assert "counterpart" in errors(wrong)
    client.post("/dues/accounts/book/", passed | {"counterpart": branch.pk})
    sent = AccountEntry.objects.get()
    client.force_login(a_user("branch_clerk", branch))
    confirming = f"/dues/entries/{sent.pk}/confirm/"
    assert confirming in client.get("/dues/accounts/").content.decode()
    answer = client.post(
        confirming, {"day": "2026-03-22", "amount": "480", "note": "手续费"}, follow=True
    )
    assert "it differs by -20.00 yuan from what was sent." in answer.content.decode()
    assert str(balance_of(branch, month(4))) == "480.00"
    assert errors(client.post(confirming, {"day": "2026-03-22", "amount": "20"})) == {
        "__all__": ["This transfer is confirmed already."]
    }


def test_an_entry_is_reversed_with_a_reason(client, clerk, committee):
    entry = an_entry(committee, "interest", "12.00")
    reversing = f"/dues/entries/{entry.pk}/reverse/"
    assert errors(client.post(reversing, {"day": "2026-03-21"})) == {
        "reason": ["Say why the entry is reversed."]
    }
    client.post(reversing, {"day": "2026-03-21", "reason": "重复登记"})
    assert str(balance_of(committee, month(4))) == "0.00"
    text = client.get("/dues/accounts/", {"month_from": "2026-01"}).content.decode()
    assert "重复登记" in text
    assert reversing not in text


def test_entries_of_others_are_as_good_as_none(client, clerk):
    stranger = a_branch()
    entry = an_entry(stranger, "interest", "12.00")
    closing = Closing.close(stranger, MARCH, date(2026, 4, 2), None)
    for url in (
        f"/dues/entries/{entry.pk}/reverse/", f"/dues/entries/{entry.pk}/confirm/",
        f"/dues/closings/{closing.pk}/reopen/", "/dues/entries/987654321/reverse/",
    ):  # fmt: skip
        assert client.get(url).status_code == 404, url
        assert client.post(url, {"day": "2026-03-21", "reason": "x"}).status_code == 404, url


def test_a_reader_sees_the_sums_of_an_account_and_not_its_entries(client, committee):
    an_entry(committee, "spent", "300.00", note="慰问王小明")
    client.force_login(a_user("reader", committee))
    page = client.get("/dues/accounts/", {"month_from": "2026-03"})
    assert str(page.context["statement"].spent) == "300.00"
    assert "慰问王小明" not in page.content.decode()
    assert client.get("/dues/accounts/book/").status_code == 403


def test_the_bank_is_compared_with_the_register(client, clerk, committee):
    an_entry(committee, "interest", "12.00")
    said = {"day": "2026-03-31", "balance": "10.00", "fund": "dues", "note": ""}
    assert sent_twice(client, "/dues/accounts/bank/", **said).status_code == 302
    [balance] = client.get("/dues/accounts/").context["balances"]
    assert (str(balance.booked), str(balance.difference)) == ("12.00", "-2.00")
    later = said | {"day": "2030-01-01"}
    assert errors(client.post("/dues/accounts/bank/", later)) == {
        "day": ["2030-01-01 is still to come. Check the day."]
    }
    assert BankBalance.objects.count() == 1


def test_within_a_month_the_bank_is_compared_with_what_was_paid_by_then(branch, member):
    a_payment(member, MARCH)  # on the 15th
    balances = [balance_of(branch, day) for day in (date(2026, 3, 15), date(2026, 3, 16), month(4))]
    assert [str(balance) for balance in balances] == ["0.00", "10.00", "10.00"]


def test_months_of_an_account_come_in_order(client, clerk):
    page = client.get("/dues/accounts/", {"month_from": "2026-03", "month_to": "2026-01"})
    assert page.context["asking"].errors["month_to"] == [
        "2026-01 comes before 2026-03. Exchange the months."
    ]
    assert "statement" not in page.context


# Remittances

QUARTER = {"month_from": "2026-01", "month_to": "2026-03"}


def test_a_remittance_is_computed_sent_and_confirmed(client, clerk, committee, member):
    a_policy(committee, remitted_every="quarter")
    a_payment(member, month(1), month(2), MARCH)
    assert sent_twice(client, "/dues/remittances/", **QUARTER).status_code == 302
    remittance = Remittance.objects.get()
    assert (str(remittance.paid), str(remittance.due)) == ("30.00", "15.00")
    sending = f"/dues/remittances/{remittance.pk}/send/"
    assert str(client.get(sending).context["form"]["amount"].value()) == "15.00"
    data = {"day": "2026-04-08", "amount": "15.00", "voucher_number": "汇-1"}
    assert sent_twice(client, sending, **data).status_code == 302
    remittance.refresh_from_db()
    assert errors(client.post(sending, data)) == {
        "__all__": ["This was sent already. Reverse its entry first."]
    }
    client.force_login(a_user("committee_clerk", committee.parent))
    confirming = f"/dues/entries/{remittance.entry.pk}/confirm/"
    assert confirming in client.get("/dues/remittances/").content.decode()
    client.post(confirming, {"day": "2026-04-10", "amount": "14.00"})
    [line] = client.get("/dues/remittances/").context["lines"]
    assert (str(line.arrival.amount), str(line.difference)) == ("14.00", "-1.00")


def test_what_was_sent_by_mistake_is_reversed_and_sent_again(client, clerk, committee, member):
    a_policy(committee)
    a_payment(member, MARCH)
    remittance = Remittance.compute(committee, month(1), month(4))
    sending = f"/dues/remittances/{remittance.pk}/send/"
    client.post(sending, {"day": "2026-04-08", "amount": "50.00"})
    entry = AccountEntry.objects.get()
    client.post(f"/dues/entries/{entry.pk}/reverse/", {"day": "2026-04-08", "reason": "金额错"})
    [line] = client.get("/dues/remittances/").context["lines"]
    assert (line.sent, line.may_send) == (None, True)
    client.post(sending, {"day": "2026-04-08", "amount": "5.00"})
    [line] = client.get("/dues/remittances/").context["lines"]
    assert str(line.sent.amount) == "5.00"


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        ({"month_from": "2026-03", "month_to": "2026-01"}, "month_to",
         "2026-01 comes before 2026-03. Exchange the months."),
        ({"month_from": "2026-01", "month_to": "2029-12"}, "month_to",
         "2029-12 is not over yet. Choose an earlier month."),
        ({"month_from": "2026-13", "month_to": "2026-03"}, "month_from",
         "“2026-13” is not a month. Write it as 2026-01."),
    ],
)  # fmt: skip
def test_some_months_are_not_remitted(client, clerk, committee, asked, field, sentence):
    a_policy(committee)
    assert errors(client.post("/dues/remittances/", asked)) == {field: [sentence]}
    assert not Remittance.objects.exists()


def test_without_a_share_nothing_is_remitted(client, clerk, committee):
    assert errors(client.post("/dues/remittances/", QUARTER)) == {
        "__all__": [f"No office has said what share {committee} remits. Set it first."]
    }


def test_the_next_remittance_follows_the_last(client, clerk, committee):
    a_policy(committee, remitted_every="half_year")
    Remittance.compute(committee, month(1, 2025), month(7, 2025))
    form = client.get("/dues/remittances/").context["form"]
    assert (form.initial["month_from"], form.initial["month_to"]) == (
        month(7, 2025), month(12, 2025),
    )  # fmt: skip


# Returns


def test_dues_of_the_retired_are_listed_paid_out_and_confirmed(client, clerk, committee, retired):
    a_policy(committee)
    assert sent_twice(client, "/dues/returns/", year="2025").status_code == 302
    run = ReturnRun.objects.get()
    page = f"/dues/returns/{run.pk}/"
    [(line, ticked)] = client.get(page).context["lines"]
    assert (str(line.transfer.due), ticked) == ("10.00", True)
    assert "lines" in errors(client.post(page, {"day": "2026-03-20"}))
    sent_twice(client, page, day="2026-03-20", voucher_number="返-1", lines=[line.transfer.pk])
    sent = AccountEntry.objects.get()
    assert (sent.kind, str(sent.amount), sent.counterpart) == (
        "returned", "10.00", retired.organization,
    )  # fmt: skip
    assert client.get(page).context["form"] is None
    client.force_login(a_user("branch_clerk", retired.organization))
    confirming = f"/dues/entries/{sent.pk}/confirm/"
    assert confirming in client.get("/dues/returns/").content.decode()
    client.post(confirming, {"day": "2026-03-22", "amount": "10"})
    [line] = client.get("/dues/returns/").context["coming"]
    assert str(line.difference) == "0.00"
    assert client.get(page).status_code == 404


@pytest.mark.parametrize(
    ("year", "field", "sentence"),
    [
        ("2026", "year", "2026 is not over yet."),
        ("2020", "__all__", "No branch of retired members below %s has paid in 2020."),
        ("1999", "year", "1999 is before the rules of April 2008. Choose a later year."),
        ("99999", "year", "99999 is not over yet."),
    ],
)
def test_some_years_are_not_returned(client, clerk, committee, year, field, sentence):
    a_policy(committee)
    text = sentence.replace("%s", str(committee))
    assert errors(client.post("/dues/returns/", {"year": year})) == {field: [text]}


def test_looking_at_the_pages_writes_nothing(client, clerk, committee, member, retired):
    a_policy(committee)
    remittance = Remittance.compute(committee, month(1), month(4))
    run = ReturnRun.propose(committee, 2025, date(2026, 1, 5))
    before = AccountEntry.objects.count(), Closing.objects.count(), Remittance.objects.count()
    for url in (
        "/dues/", "/dues/arrears/", "/dues/months/", "/dues/accounts/", "/dues/accounts/book/",
        "/dues/accounts/bank/", "/dues/remittances/", "/dues/returns/",
        f"/dues/remittances/{remittance.pk}/send/", f"/dues/returns/{run.pk}/",
        f"/dues/remittances/{remittance.pk}/withdraw/", f"/dues/returns/{run.pk}/withdraw/",
    ):  # fmt: skip
        assert client.get(url, {"month": "2026-03", "amount": "5"}).status_code == 200, url
    assert before == (
        AccountEntry.objects.count(), Closing.objects.count(), Remittance.objects.count(),
    )  # fmt: skip
