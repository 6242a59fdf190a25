"""Transfers in by their verbs: the letter registered, the person placed, the receipt returned."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.models import DuesStanding, Member, Newcomer, Transfer
from members.models.figures.balancing import balance_of
from members.models.figures.chosen import Chosen
from members.rules import transfers
from registry.calendar import PartialDate
from tests.factories import TODAY, a_branch, a_committee, a_member
from tests.members.figures import lines_of
from tests.members.transfers import SENT, a_letter, a_newcomer, an_arrival, somebody_came

pytestmark = pytest.mark.django_db

LATER = date(2026, 11, 10)


@pytest.fixture
def committee():
    return a_committee(approves_members=True)


@pytest.fixture
def branch(committee):
    return a_branch(committee)


def refusals(deed, *arguments, **options):
    with pytest.raises(ValidationError) as refused:
        deed(*arguments, **options)
    return refused.value.message_dict


def test_who_comes_is_registered_then_placed_then_the_receipt_goes_back(committee, branch):
    came = somebody_came(committee)
    assert (came.name, came.state(TODAY)) == ("田野", transfers.TO_PLACE)
    assert list(Transfer.objects.incoming_to_place()) == [came]
    assert not Member.objects.exists(), "registered is not yet a member"
    member = came.place(branch, LATER, TODAY)
    assert (member.name, member.phone, member.organization) == ("田野", "13900001234", branch)
    assert member.placements.get().began == "transferred_in"
    assert DuesStanding.objects.get(pk=member.pk).settled_to == date(2026, 10, 1)
    assert not Newcomer.objects.exists(), "no second copy is kept"
    assert lines_of(balance_of(Chosen(committee), date(2026, 1, 1), TODAY)) == {
        "opening": 0, "transferred_in": 1, "closing": 1,
    }  # fmt: skip
    assert came.state(TODAY) == transfers.RECEIPT_OWED
    assert list(Transfer.objects.receipts_to_return()) == [came]
    came.return_receipt(date(2026, 11, 12), TODAY, "挂号寄回")
    assert (came.ending, came.name) == (transfers.COMPLETE, "田野")


def test_on_line_it_is_done_when_he_is_placed(committee, branch):
    came = somebody_came(committee, kind="online", issued_on=None, validity_days=None)
    came.place(branch, LATER, TODAY)
    assert came.ending == transfers.COMPLETE


def test_who_had_left_by_a_transfer_comes_back_under_his_old_number(committee, branch):
    elsewhere = a_branch(a_committee())
    member = a_member(elsewhere, name="田野")
    a_letter(member, date(2026, 3, 2)).enter_receipt(
        date(2026, 3, 20), TODAY, accepted_on=date(2026, 3, 10)
    )
    came = somebody_came(committee, a_newcomer(id_number=member.id_number))
    assert came.place(branch, LATER, TODAY).number == member.number
    back = Member.objects.get()
    assert (back.organization, back.is_on_roll) == (branch, True)
    assert back.placements.last().began == "transferred_in"


def test_a_known_number_is_refused_where_its_holder_cannot_come(committee, branch):
    known = {
        "id_number": [
            "This ID number is registered already. Look for the person before you add one."
        ]
    }
    on_roll, expelled = a_member(), a_member()
    expelled.leave("expelled", date(2026, 2, 1))
    for holder in (on_roll, expelled):
        newcomer = a_newcomer(id_number=holder.id_number)
        assert refusals(somebody_came, committee, newcomer) == known
    somebody_came(committee, newcomer := a_newcomer())
    assert refusals(somebody_came, committee, a_newcomer(id_number=newcomer.id_number)) == {
        "id_number": ["A letter of this person is registered already. Place him first."]
    }
    gone = a_member(name="李四")
    gone.leave("transferred_out", date(2026, 2, 1))
    came = somebody_came(committee, a_newcomer(id_number=gone.id_number))
    assert refusals(came.place, branch, LATER, TODAY) == {
        "id_number": ["This ID number is known under another name. Compare it with the letter."]
    }


def test_everything_that_is_wrong_with_a_letter_is_said_at_once(committee):
    newcomer = a_newcomer(id_number="11010119900304001X", joined_on=PartialDate(1985))
    arrival = {
        "kind": "internal", "document": "", "from_outside": " ", "issued_on": date(2026, 11, 5),
        "validity_days": 0,
    }  # fmt: skip
    found = refusals(somebody_came, committee, newcomer, **arrival)
    assert sorted(found) == [
        "document", "from_outside", "id_number", "issued_on", "joined_on", "kind", "validity_days",
    ]  # fmt: skip
    assert found["issued_on"] == [
        "The letter is of 2026-11-05, after it came on 2026-11-02. Check both days."
    ]
    assert not Transfer.objects.exists()


def test_a_letter_of_more_than_ninety_days_is_only_warned_about(committee):
    arrival = an_arrival(validity_days=180)
    assert [str(each) for each in Transfer.judging_arrival(arrival, SENT, TODAY)] == [
        "The letter says 180 days; no letter holds for more than 90."
    ]
    assert somebody_came(committee, validity_days=180).validity_days == 180


def test_nobody_is_placed_where_nobody_can_be_nor_before_the_letter(committee, branch):
    came = somebody_came(committee)
    gone = a_branch(committee)
    gone.dissolve(on=date(2026, 11, 5))
    assert sorted(refusals(came.place, gone, date(2026, 10, 1), TODAY)) == [
        "on", "to_organization",
    ]  # fmt: skip
    assert refusals(came.place, committee, LATER, TODAY) == {
        "to_organization": [f"“{committee}” holds no members. Choose a branch."]
    }
    with pytest.raises(ValidationError, match="Place 田野 in a branch first"):
        came.return_receipt(LATER, TODAY)
    came.send_back("档案不齐", LATER, TODAY)
    assert came.state(TODAY) == transfers.SENT_BACK
    assert Newcomer.objects.count() == 1
