"""Transfers by their verbs: sent out, issued, accepted, receipt, and everything that ends one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.models import DuesStanding, Member, Transfer, TransferPolicy
from members.models.figures.balancing import balance_of
from members.models.figures.chosen import Chosen
from members.models.transfers.sending import Going
from members.rules import transfers
from registry.access import OPERATOR
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user, a_work_committee
from tests.members.figures import lines_of
from tests.members.transfers import OUTSIDE, SENT, a_letter, a_transfer, issued

pytestmark = pytest.mark.django_db

LATER = date(2026, 11, 10)


@pytest.fixture
def top():
    return a_work_committee()


@pytest.fixture
def committee(top):
    return a_committee(top, approves_members=True)


@pytest.fixture
def branch(committee):
    return a_branch(committee)


@pytest.fixture
def member(branch):
    return a_member(branch)


def refusals(deed, *arguments, **options):
    with pytest.raises(ValidationError) as refused:
        deed(*arguments, **options)
    return refused.value.message_dict


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def stays(member):
    rows = member.placements.order_by("placed_from", "pk")
    return list(rows.values_list("organization", "placed_from", "placed_until", "began", "ended"))


# Within the register


def test_the_old_branch_answers_until_the_new_one_accepts(branch, committee, member):
    new = a_branch(committee)
    transfer = a_transfer(member, to_organization=new)
    assert transfer.state(TODAY) == transfers.UNDER_WAY
    assert fresh(member).organization == branch
    transfer.accept(LATER, TODAY)
    assert fresh(member).organization == new
    assert [stay[1:] for stay in stays(member)] == [
        (date(2000, 1, 1), LATER, "opening", "moved"),
        (LATER, None, "moved", ""),
    ]
    assert (transfer.state(TODAY), transfer.closed_on) == (transfers.COMPLETE, LATER)
    assert not Transfer.objects.open().exists()


def test_a_transfer_inside_the_chosen_is_neither_in_nor_out(top, committee, member):
    other = a_branch(a_committee(top))
    transfer = a_transfer(member, to_organization=other)
    first, last = date(2026, 1, 1), TODAY

    def lines(organization):
        return lines_of(balance_of(Chosen(organization), first, last))

    still = {"opening": 1, "closing": 1}
    assert lines(top) == lines(committee) == still, "under way"
    transfer.accept(LATER, TODAY)
    assert lines(top) == still, "accepted"
    assert lines(committee) == {"opening": 1, "transferred_out": 1, "closing": 0}
    assert lines(other) == {"opening": 0, "transferred_in": 1, "closing": 1}


def test_a_branch_that_vanished_meanwhile_takes_nobody(committee, branch, member):
    new = a_branch(committee)
    transfer = a_transfer(member, to_organization=new)
    new.dissolve(on=LATER)
    assert refusals(transfer.accept, date(2026, 10, 1), TODAY) == {
        "on": [
            "张* was sent on 2026-11-02 and cannot be accepted before, on 2026-10-01.",
        ],
        "to_organization": [
            (
                f"“{new}” was dissolved on 2026-11-10. Withdraw the transfer, or choose another "
                "branch."
            )
        ],
    }
    assert fresh(member).organization == branch
    assert fresh(transfer).state(TODAY) == transfers.UNDER_WAY
    transfer.withdraw("支部已撤销", LATER, TODAY)
    assert fresh(transfer).state(TODAY) == transfers.WITHDRAWN


def test_who_was_moved_meanwhile_is_not_moved_again(committee, member):
    transfer = a_transfer(member, to_organization=a_branch(committee))
    fresh(member).move_to(a_branch(committee), LATER)
    old = transfer.from_organization
    assert refusals(transfer.accept, LATER, TODAY) == {
        "__all__": [f"张* is no longer in {old}. Withdraw the transfer."]
    }


def test_an_acceptance_is_taken_back_as_long_as_nothing_has_followed(committee, branch, member):
    transfer = a_transfer(member, to_organization=a_branch(committee))
    before = stays(member)
    transfer.accept(LATER, TODAY)
    transfer.take_back_acceptance()
    assert (stays(member), fresh(member).organization) == (before, branch)
    assert fresh(transfer).state(TODAY) == transfers.UNDER_WAY
    transfer.accept(LATER, TODAY)
    fresh(member).move_to(a_branch(committee), TODAY)
    with pytest.raises(ValidationError, match="Something has followed"):
        transfer.take_back_acceptance()


# By letter


def test_a_letter_is_numbered_by_the_committee_that_approves(top, committee, branch):
    unentitled = a_committee(committee)
    people = [a_member(a_branch(unentitled)), a_member(branch), a_member(a_branch(top))]
    letters = [a_letter(member) for member in people]
    assert [(str(each), each.issuer) for each in letters] == [
        ("〔2026〕1号", committee),
        ("〔2026〕2号", committee),
        ("〔2026〕1号", top),
    ]
    again = a_letter(a_member(branch), date(2025, 12, 30))
    assert str(again) == "〔2025〕1号"
    assert letters[0].valid_through == date(2026, 12, 2)
    assert letters[0].receipt_due_on == date(2026, 12, 2)


def test_only_a_clerk_of_that_committee_issues_it(committee, branch, member):
    transfer = a_transfer(member)
    clerk = a_user("branch_clerk", branch)
    assert refusals(Transfer.issue_letters, [transfer], SENT, TODAY, by=clerk) == {
        "__all__": [f"Letters of {branch} are issued by {committee}. Ask a clerk there."]
    }
    [letter] = Transfer.issue_letters(
        [transfer], SENT, TODAY, by=a_user("committee_clerk", committee)
    )
    assert letter.number == 1, "a refused one takes no number"
    assert refusals(Transfer.issue_letters, [letter], SENT, TODAY, by=OPERATOR) == {
        "__all__": ["No letter of 张三 is to be issued. Look at the transfer."]
    }


def test_several_go_at_once_or_nobody(branch, committee):
    people = [a_member(branch, name=name) for name in ("甲一", "乙二", "丙三")]
    a_transfer(people[2])
    going = Going("letter", to_outside=OUTSIDE, validity_days=91)
    assert refusals(Transfer.send_out, people, going, date(2026, 11, 21), TODAY) == {
        "validity_days": ["91 days are too many: no letter holds for more than 90."],
        "on": ["2026-11-21 is still to come. Enter it on that day."],
        "__all__": ["Another transfer of 丙三 is under way. Withdraw it first."],
    }
    assert Transfer.objects.count() == 1
    going = replace(going, validity_days=90)
    sent = Transfer.send_out(people[:2], going, SENT, TODAY)
    letters = Transfer.issue_letters(sent, SENT, TODAY, by=OPERATOR)
    assert [(each.name, each.number) for each in letters] == [("甲一", 1), ("乙二", 2)]


def test_the_receipt_says_on_which_day_he_left(member):
    letter = a_letter(member)
    assert fresh(member).is_on_roll
    assert refusals(
        letter.enter_receipt, date(2026, 11, 1), TODAY, accepted_on=date(2026, 11, 5)
    ) == {
        "on": ["The letter is of 2026-11-02. Its receipt cannot have come before, on 2026-11-01."],
        "accepted_on": [
            "The receipt of 2026-11-01 cannot tell of 2026-11-05, which is later. Check both days."
        ],
    }
    letter.enter_receipt(LATER, TODAY, accepted_on=date(2026, 11, 5), note="已编入第一支部")
    gone = fresh(member)
    assert (gone.left_on, gone.leaving_reason) == (date(2026, 11, 5), "transferred_out")
    assert stays(member)[-1][2:] == (date(2026, 11, 5), "opening", "transferred_out")
    assert fresh(letter).state(TODAY) == transfers.COMPLETE


def test_accepted_first_and_the_receipt_later(member):
    letter = a_letter(member)
    letter.accept(date(2026, 11, 5), TODAY)
    assert not fresh(member).is_on_roll
    assert letter.state(TODAY) == transfers.ACCEPTED
    letter.enter_receipt(LATER, TODAY)
    assert fresh(letter).ending == transfers.COMPLETE


def test_on_line_there_is_no_letter(member):
    transfer = a_transfer(member, "online", document="33010620261100017")
    with pytest.raises(ValidationError, match="“on line in the national system” .* no such step"):
        transfer.enter_receipt(LATER, TODAY)
    transfer.accept(LATER, TODAY)
    assert fresh(transfer).ending == transfers.COMPLETE
    assert fresh(member).left_on == LATER


def test_a_lost_letter_is_issued_again_under_a_new_number(member):
    letter = a_letter(member, validity_days=10)
    new = letter.reissue("遗失", LATER, TODAY, by=OPERATOR, validity_days=20)
    old = fresh(letter)
    assert (old.ending, old.reason, old.reissued_as) == (transfers.REISSUED, "遗失", new)
    assert (new.number, new.valid_through) == (2, date(2026, 11, 30))
    assert (new.addressee, new.paid_to) == (old.addressee, old.paid_to)
    new.send_back("查无此单位", LATER, TODAY)
    assert fresh(member).is_on_roll
    assert refusals(new.withdraw, "", LATER, TODAY) == {
        "__all__": ["This transfer is closed: sent back."],
        "reason": ["Say why. The reason stands in the history."],
    }
    assert issued(a_transfer(member)).number == 3


def test_where_the_work_committee_passes_letters_on_it_comes_first(top, committee, member):
    TransferPolicy.objects.create(organization=top, valid_from=TODAY, passes_through=False)
    TransferPolicy.objects.create(organization=top, valid_from=SENT, passes_through=True)
    letter = a_letter(member)
    assert (letter.passing_through, letter.state(TODAY)) == (top, transfers.PASSING)
    assert refusals(letter.accept, LATER, TODAY) == {
        "__all__": ["The work committee has not passed on the letter of 张三 yet. Enter that."]
    }
    below = a_user("committee_clerk", committee)
    assert refusals(letter.pass_on, date(2026, 11, 4), TODAY, by=below) == {
        "__all__": [f"{top} passes this letter on. Ask a clerk there."]
    }
    letter.pass_on(date(2026, 11, 4), TODAY, by=OPERATOR)
    assert letter.state(TODAY) == transfers.UNDER_WAY
    later = issued(a_transfer(a_member(member.organization), on=TODAY), TODAY)
    assert later.passing_through is None, "the latest policy holds"


# What is asked


def test_each_state_is_found_by_a_question(top, committee, branch):
    inside = a_transfer(a_member(branch), to_organization=a_branch(committee))
    proposed = a_transfer(a_member(branch))
    late = a_letter(a_member(branch), date(2026, 9, 1))
    valid_but_late = a_letter(a_member(branch), date(2026, 9, 1), validity_days=90)
    accepted = a_letter(a_member(branch))
    accepted.accept(LATER, TODAY)
    gone = a_letter(a_member(branch), date(2026, 9, 1))
    gone.accept(date(2026, 9, 10), TODAY)
    a_letter(a_member(branch)).withdraw("不调动了", LATER, TODAY)
    asked = Transfer.objects.all()
    for day in (SENT, TODAY, date(2027, 3, 1)):
        for state in transfers.STATES:
            found = {each.pk for each in asked.in_state(state, day)}
            assert found == {each.pk for each in asked if each.state(day) == state}, (state, day)
    assert set(asked.without_receipt(TODAY)) == {late, valid_but_late, gone}
    assert set(asked.expired(TODAY)) == {late}
    assert list(asked.awaiting_acceptance()) == [inside]
    assert list(asked.to_issue()) == [proposed]
    assert asked.open().count() == 6


def test_the_giving_and_the_taking_side_see_it_and_nobody_else(top, committee, branch, member):
    new = a_branch(a_committee(top))
    transfer = a_transfer(member, to_organization=new)
    old_clerk, new_clerk = a_user("branch_clerk", branch), a_user("branch_clerk", new)
    beside = a_user("branch_clerk", a_branch(committee))
    rows = Transfer.objects
    assert rows.visible_to(old_clerk).get() == rows.visible_to(new_clerk).get() == transfer
    assert not rows.visible_to(beside).exists()
    assert rows.given_by(old_clerk).exists()
    assert not rows.given_by(new_clerk).exists()
    assert [transfer.name_for(user) for user in (old_clerk, new_clerk)] == ["张三", "张*"]
    assert not Member.objects.visible_to(new_clerk).exists()
    transfer.accept(LATER, TODAY)
    assert fresh(transfer).name_for(a_user("branch_clerk", new)) == "张三"


def test_dues_that_are_missing_are_a_warning(branch):
    member = a_member(branch)
    DuesStanding.settle(member, date(2026, 8, 1), TODAY)
    going = Going("letter", to_outside=OUTSIDE, validity_days=30)
    [sentence] = Transfer.judging([member], going, SENT, TODAY)
    assert sentence == (
        "张三 has paid dues to 2026-08 only. They are due to 2026-11, the month of leaving."
    )
    [transfer] = Transfer.send_out([member], going, SENT, TODAY)
    assert transfer.paid_to == date(2026, 8, 1)
