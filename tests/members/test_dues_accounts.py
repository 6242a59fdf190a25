"""Accounts: what comes, what goes, what is under way, and what a statement says of it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from members.models import AccountEntry, BankBalance, Remittance, ReturnRun
from members.models.dues.checking import faults
from members.models.dues.statements import balance_of, closing_of, statement_of, summary_of
from registry.models import Action, Entry
from tests.factories import TODAY, a_branch, a_member, a_user, an_organization
from tests.members.dues import an_assessment
from tests.members.ledger import MARCH, a_payment, a_policy, an_entry, month

pytestmark = pytest.mark.django_db
BEFORE, AFTER = month(1), month(1, 2027)


@pytest.fixture
def member(branch):
    member = a_member(branch)
    an_assessment(member, "10.00")
    return member


def refused(deed, *args, **kwargs) -> list[str]:
    before = AccountEntry.objects.count()
    with pytest.raises(ValidationError) as raised:
        deed(*args, **kwargs)
    assert AccountEntry.objects.count() == before
    return raised.value.messages


def statement(organization, first=BEFORE, until=AFTER):
    return statement_of(organization, first, until)


# Entries


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        (
            "interest",
            {"amount": Decimal("0.00")},
            "0.00 yuan cannot be booked. Write an amount above 0; a wrong entry is reversed.",
        ),
        ("interest", {"day": date(2026, 11, 21)}, "2026-11-21 is still to come. Check the day."),
        ("spent", {"purpose": ""}, "Money is spent for a purpose. Choose one."),
        ("interest", {"purpose": "training"}, "Money is spent for a purpose. Choose one."),
        ("interest", {"fund": "campaign"}, "The account of a campaign names it."),
        ("gift", {}, "Value 'gift' is not a valid choice."),
    ],
)
def test_an_entry_that_cannot_be_is_refused(branch, kind, fields, sentence):
    amount = str(fields.pop("amount", "5.00"))
    assert sentence in refused(an_entry, branch, kind, amount, **fields)


def test_there_is_one_opening_balance_of_an_account(branch):
    first = an_entry(branch, "opening", "100.00")
    assert refused(an_entry, branch, "opening", "1.00") == [
        f"{branch} has an opening balance. Reverse it first."
    ]
    an_entry(branch, "opening", "1.00", fund="budget")
    first.reverse("counted wrong", TODAY, TODAY)
    an_entry(branch, "opening", "90.00")
    assert balance_of(branch, AFTER) == 90


def test_an_entry_is_reversed_once(branch):
    entry = an_entry(branch, "interest", "1.00")
    reversal = entry.reverse("typed twice", TODAY, TODAY)
    assert reversal.amount == -1
    assert refused(entry.reverse, "again", TODAY, TODAY) == ["This entry is reversed already."]
    assert refused(reversal.reverse, "no", TODAY, TODAY) == [
        "This is a reversal itself. Enter a new entry."
    ]
    assert refused(an_entry(branch, "interest", "1.00").reverse, " ", month(1), TODAY) == [
        "Say why the entry is reversed.",
        "The entry is of 2026-03-20. It is reversed on that day or later.",
    ]


def test_budget_and_dues_never_mix(branch, member):
    a_payment(member, MARCH)
    an_entry(branch, "opening", "500.00", fund="budget")
    an_entry(branch, "spent", "30.00", fund="budget")
    assert (balance_of(branch, AFTER), balance_of(branch, AFTER, "budget")) == (10, 470)
    assert statement(branch).closing == 10


def test_special_dues_are_an_account_of_their_own(branch, member):
    a_payment(member, kind="special", amount="200.00", campaign="抗洪")
    assert statement(branch).paid == 0
    assert balance_of(branch, AFTER) == 0


# Transfers


def test_a_transfer_goes_along_the_line_of_superiors(committee, branch):
    elsewhere = a_branch()
    assert refused(an_entry, branch, "remitted", "1.00", counterpart=elsewhere) == [
        f"{elsewhere} does not stand above {branch}. Choose a superior."
    ]
    assert refused(an_entry, committee, "returned", "1.00", counterpart=elsewhere) == [
        f"{elsewhere} does not stand below {committee}. Choose another organisation."
    ]
    assert refused(an_entry, committee, "received", "1.00", counterpart=branch) == [
        "“remitted from below” is booked by the organisation that sends it, or has no other end."
    ]


def test_what_arrives_may_differ_and_what_is_under_way_belongs_to_both(committee, branch, member):
    a_policy(committee)
    a_payment(member, MARCH)
    remittance = Remittance.compute(branch, month(1), month(4))
    assert (remittance.paid, remittance.due, remittance.superior) == (10, 5, committee)
    remittance.send(date(2026, 4, 2), Decimal("5.00"), TODAY, voucher_number="7")
    assert (remittance.arrival, remittance.difference) == (None, None)
    assert balance_of(branch, AFTER) == 5
    assert closing_of(committee, AFTER) == 10  # five of them under way
    remittance.confirm(date(2026, 4, 6), Decimal("4.50"), TODAY)
    assert remittance.difference == Decimal("-0.50")
    assert balance_of(committee, AFTER) == Decimal("4.50")
    assert closing_of(committee, AFTER) == 10


def test_a_transfer_is_sent_once_and_confirmed_once(committee, branch, member):
    a_policy(committee)
    a_payment(member, MARCH)
    remittance = Remittance.compute(branch, month(1), month(4))
    with pytest.raises(ValidationError, match="Nothing was sent that could have arrived here."):
        remittance.confirm(TODAY, Decimal("5.00"), TODAY)
    remittance.send(date(2026, 4, 2), Decimal("5.00"), TODAY)
    assert refused(remittance.send, TODAY, Decimal("5.00"), TODAY) == [
        "This was sent already. Reverse its entry first."
    ]
    assert refused(remittance.confirm, date(2026, 4, 1), Decimal("5.00"), TODAY) == [
        "It was sent on 2026-04-02 and cannot arrive before. Check the day."
    ]
    remittance.confirm(TODAY, Decimal("5.00"), TODAY)
    assert refused(remittance.confirm, TODAY, Decimal("5.00"), TODAY) == [
        "This transfer is confirmed already."
    ]
    assert refused(remittance.entry.reverse, "wrong", TODAY, TODAY) == [
        f"{committee} has confirmed this transfer. Its entry is reversed first."
    ]
    remittance.arrival.reverse("wrong account", TODAY, TODAY)
    remittance.entry.reverse("wrong account", TODAY, TODAY)
    assert refused(remittance.confirm, TODAY, Decimal("5.00"), TODAY) == [
        "This transfer has been taken back."
    ]


def test_large_extras_go_up_whole_and_others_by_their_share(committee, branch, member):
    a_policy(committee)
    a_payment(member, MARCH)
    a_payment(member, kind="extra", amount="1000.00")
    a_payment(member, kind="extra", amount="90.00")
    a_payment(member, kind="special", amount="7.00", campaign="抗洪")
    remittance = Remittance.compute(branch, month(1), month(4))
    assert (remittance.paid, remittance.whole, remittance.due) == (100, 1000, 1050)


def test_a_month_is_remitted_once_and_by_a_share_that_somebody_has_set(committee, branch):
    assert refused(Remittance.compute, branch, month(1), month(4)) == [
        f"No office has said what share {branch} remits. Set it first."
    ]
    a_policy(committee)
    first = Remittance.compute(branch, month(1), month(4))
    assert refused(Remittance.compute, branch, month(3), month(6)) == [
        f"{first} has some of these months."
    ]


def test_a_leading_group_is_skipped_on_the_way_up(committee):
    top = committee.parent
    group = an_organization("leading_group", top)
    committee.move_under(group, on=TODAY)
    a_policy(top)
    assert Remittance.compute(committee, month(1), month(4)).superior == top


def test_branches_of_the_retired_get_a_share_back(committee, branch, member):
    a_policy(committee)
    retired = a_branch(committee, sort="retired")
    a_payment(a_member(retired), month(5, 2025), amount="33.33", paid_on=date(2025, 5, 3))
    a_payment(member, month(5), paid_on=date(2025, 5, 3))
    run = ReturnRun.propose(committee, 2025, TODAY)
    [line] = run.lines.all()
    assert (line.branch, line.paid, line.due) == (retired, Decimal("33.33"), Decimal("3.33"))
    line.pay_out(TODAY, TODAY)
    line.confirm(TODAY, Decimal("3.33"), TODAY)
    assert balance_of(retired, AFTER) == Decimal("36.66")
    assert statement(retired).received == Decimal("3.33")
    assert statement(committee).returned == 0  # within the same account
    assert refused(ReturnRun.propose, committee, 2025, TODAY) == [
        "The dues of this year have been returned already."
    ]
    assert refused(ReturnRun.propose, committee, 2026, TODAY) == ["2026 is not over yet."]
    assert refused(ReturnRun.propose, committee, 2024, TODAY) == [
        f"No branch of retired members below {committee} has paid in 2024."
    ]


# Withdrawn


def test_a_remittance_is_withdrawn_and_computed_anew(committee, branch, member):
    a_policy(committee)
    first = Remittance.compute(branch, month(1), month(4))
    a_payment(member, MARCH)
    other = Remittance.objects.get()
    first.withdraw()
    again = Remittance.compute(branch, month(1), month(4))
    assert again.due == 5
    assert refused(other.withdraw) == ["Somebody else has withdrawn it already."]
    assert refused(other.send, TODAY, Decimal("5.00"), TODAY) == [
        "This was withdrawn meanwhile. Nothing was sent."
    ]
    kept = Entry.objects.filter(model="members.remittance", action=Action.DELETE)
    assert [entry.label for entry in kept] == [f"{branch} 2026-01–2026-03"]
    assert Remittance.objects.get() == again


def test_what_was_sent_is_withdrawn_only_after_its_entry_is_reversed(committee, branch, member):
    a_policy(committee)
    a_payment(member, MARCH)
    remittance = Remittance.compute(branch, month(1), month(4))
    remittance.send(date(2026, 4, 2), Decimal("5.00"), TODAY)
    assert refused(Remittance.objects.get().withdraw) == [
        "5.00 yuan were sent on 2026-04-02. Reverse that entry first."
    ]
    remittance.entry.reverse("wrong months", TODAY, TODAY)
    remittance.withdraw()
    assert not Remittance.objects.exists()
    assert AccountEntry.objects.count() == 2
    assert not list(faults())


def test_a_return_is_withdrawn_with_its_lines_unless_something_was_paid_out(committee):
    a_policy(committee)
    here, there = a_branch(committee, sort="retired"), a_branch(committee, sort="retired")
    for each in (here, there):
        a_payment(a_member(each), month(5, 2025), amount="30.00", paid_on=date(2025, 5, 3))
    run = ReturnRun.propose(committee, 2025, TODAY)
    for line in run.lines.all():
        line.pay_out(date(2026, 4, 2), TODAY)
    assert refused(run.withdraw) == [
        f"3.00 yuan were sent to {each} on 2026-04-02. Reverse that entry first."
        for each in (here, there)
    ]
    for entry in AccountEntry.objects.all():
        entry.reverse("wrong share", TODAY, TODAY)
    old = ReturnRun.objects.get()
    run.withdraw()
    assert not ReturnRun.objects.exists()
    assert Entry.objects.filter(model="members.returnline", action=Action.DELETE).count() == 2
    assert ReturnRun.propose(committee, 2025, TODAY).lines.count() == 2
    assert refused(old.withdraw) == ["Somebody else has withdrawn it already."]
    assert not list(faults())


# Statements


def test_a_statement_adds_up(committee, branch, member):
    an_entry(branch, "opening", "100.00", day=date(2026, 1, 1))
    a_payment(member, month(1), month(2), MARCH, month(4), amount="10.00")
    a_payment(member, kind="extra", amount="8.00")
    an_entry(branch, "interest", "0.30")
    an_entry(branch, "spent", "20.00")
    an_entry(branch, "remitted", "9.00", counterpart=committee)
    found = statement(branch, MARCH, month(4))
    assert found.as_yuan() == {
        "owed": "10.00",
        "paid": "48.00",
        "late": "20.00",
        "advance": "10.00",
        "extra": "8.00",
        "arrears": "0.00",
        "opening": "100.00",
        "received": "0.00",
        "interest": "0.30",
        "remitted": "9.00",
        "returned": "0.00",
        "spent": "20.00",
        "closing": "119.30",
    }
    assert statement(committee, MARCH, month(4)).remitted == 0
    assert statement(branch, month(4), AFTER).opening == found.closing


def test_a_reversal_counts_in_its_own_month(branch, member):
    payment = a_payment(member, MARCH)
    payment.reverse("typed twice", date(2026, 5, 6))
    assert statement(branch, MARCH, month(4)).paid == 10
    assert statement(branch, month(5), month(6)).paid == -10
    assert statement(branch).paid == 0


def test_a_monthly_summary_has_a_line_for_each_branch(committee, branch, member):
    other = a_member(a_branch(committee))
    an_assessment(other, "12.00")
    a_payment(member, month(1), month(2), MARCH)
    a_payment(other, month(1), amount="12.00", method="online")
    found = summary_of(committee, MARCH)
    here, there = found[branch.pk], found[other.organization_id]
    assert (here.members, here.owed, here.on_time, here.late) == (1, 10, 10, 20)
    assert (here.cash, here.online, here.in_arrears, here.arrears) == (30, 0, 0, 0)
    assert (there.members, there.owed, there.on_time, there.late) == (1, 12, 0, 12)
    assert (there.cash, there.online, there.in_arrears, there.arrears) == (0, 12, 1, 24)


def test_the_bank_has_its_own_word(branch, member):
    a_payment(member, MARCH)
    said = BankBalance(organization=branch, day=TODAY, balance=Decimal("9.00"))
    said.save()
    assert said.difference == -1


# The command


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("dues_statement", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_statement_as_json(branch, member):
    a_payment(member, MARCH)
    told = json.loads(
        printed("--organization", branch.code, "--from", "2026-03", "--to", "2026-03", "--json")
    )
    assert told == statement(branch, MARCH, month(4)).as_yuan()
    assert (told["paid"], told["arrears"], told["closing"]) == ("10.00", "20.00", "10.00")


def test_a_reader_sees_sums_and_a_stranger_sees_nothing(committee, branch):
    months = ("--from", "2026-03", "--to", "2026-03")
    reader, stranger = a_user("reader", committee), a_user("reader", a_branch().parent)
    assert "closing" in printed("--organization", branch.code, *months, "--as", reader.username)
    sentences = []
    for code, username in ((branch.code, stranger.username), ("999999999", reader.username)):
        with pytest.raises(CommandError) as raised:
            printed("--organization", code, *months, "--as", username)
        assert raised.value.returncode == 2
        sentences.append(str(raised.value).replace(code, "CODE"))
    assert len(set(sentences)) == 1


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-13", "2026-12", "“2026-13” is not a month. Write it as 2026-01."),
        ("2026-03", "2026-02", "2026-02 comes before 2026-03. Exchange --from and --to."),
    ],
)
def test_months_that_cannot_be_end_the_command_with_2(branch, first, last, sentence):
    with pytest.raises(CommandError) as raised:
        printed("--organization", branch.code, "--from", first, "--to", last)
    assert (str(raised.value), raised.value.returncode) == (sentence, 2)
