"""Rounds of confirmation: whom they ask, what is kept of a roster, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.models import Confirmation, ConfirmationRound, Member
from members.models.confirmations import changed_since
from members.models.reorganizing import move_organization
from registry.calendar import PartialDate
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user, a_work_committee

pytestmark = pytest.mark.django_db

AS_AT, LAST_DAY = date(2026, 10, 31), date(2026, 12, 10)


def a_round(organization, name="2026-2", as_at=AS_AT, last_day=LAST_DAY, by=None):
    return ConfirmationRound.open(organization, name, as_at, last_day, TODAY, by)


@pytest.fixture
def top():
    return a_work_committee(name="工委")


@pytest.fixture
def branch(top):
    return a_branch(a_committee(top, name="财政局"), name="一支部")


def objections(refused) -> list[str]:
    return refused.value.messages


def test_a_round_asks_the_branches_that_stood_then_and_stand_now(top, branch):
    dissolved = a_branch(branch.parent, name="撤销支部")
    a_branch(branch.parent, name="新支部", founded_on=date(2026, 11, 5))
    elsewhere = a_committee(a_work_committee(name="另一工委"))
    stranger = a_branch(elsewhere, name="外支部")
    moved = a_branch(branch.parent, name="转出支部")
    opened = a_round(top)
    dissolved.dissolve(on=date(2026, 11, 10))
    move_organization(moved, elsewhere, on=date(2026, 11, 10))
    move_organization(stranger, branch.parent, on=date(2026, 11, 11))
    assert [then.name for then in opened.asked()] == ["一支部", "转出支部"]
    opened.confirm(branch, TODAY)
    assert [then.name for then in opened.open_branches()] == ["转出支部"]
    theirs = a_user("branch_clerk", moved)
    assert list(ConfirmationRound.objects.asking(theirs)) == [opened]
    assert not ConfirmationRound.objects.visible_to(theirs).exists()
    for other in (stranger, dissolved):
        assert not ConfirmationRound.objects.asking(a_user("branch_clerk", other)).exists()


def test_a_confirmation_keeps_who_said_what_of_how_many(top, branch):
    a_member(branch)
    a_member(branch, full_member_on=PartialDate(2026, 11, 5), joined_on=PartialDate(2025, 11, 5))
    a_member(branch, since=date(2026, 11, 2))  # came later
    clerk = a_user("branch_clerk", branch, name="李四")
    said = a_round(top).confirm(branch, TODAY, clerk, remark="含借调一人")
    assert (said.right, said.full, said.probationary) == (True, 1, 1)
    assert (said.confirmed_by, said.confirmed_on, said.remark) == (clerk, TODAY, "含借调一人")
    assert Entry.objects.filter(chain=branch.log_chain, model="members.confirmation").count() == 1


def test_a_roster_that_changes_after_it_was_confirmed_is_known(top, branch):
    member, neighbour = a_member(branch, name="张三"), a_branch(branch.parent, name="二支部")
    a_member(neighbour)
    opened = a_round(top)
    said = [opened.confirm(each, TODAY) for each in (branch, neighbour)]
    member.job_title, member.phone = "科长", "13800138000"
    member.correct(TODAY)
    a_member(branch, since=date(2026, 11, 5))  # came after the day of the rosters
    assert changed_since(said, AS_AT) == set()
    member = Member.objects.get(pk=member.pk)
    member.joined_on = PartialDate(2005, 7, 1)
    member.correct(TODAY)
    assert changed_since(said, AS_AT) == {branch.pk}
    a_member(neighbour, since=date(2026, 9, 1))
    assert changed_since(said, AS_AT) == {branch.pk, neighbour.pk}


def test_what_is_wrong_is_reported_and_confirmed_when_it_is_mended(top, branch):
    opened = a_round(top)
    opened.report(branch, "少一人", TODAY)
    assert opened.open_branches().count() == 1
    opened.report(branch, "少两人", TODAY)
    a_member(branch)
    said = opened.confirm(branch, TODAY)
    assert (said.right, said.remark, said.full) == (True, "", 1)
    assert opened.open_branches().count() == 0
    opened.withdraw(branch)
    assert opened.open_branches().count() == 1
    opened.close(TODAY)
    assert not ConfirmationRound.objects.open().exists()
    a_round(top, name="2027-1")


def test_what_comes_too_late_or_twice_changes_nothing(top, branch):
    opened = a_round(top)
    clerk = a_user("branch_clerk", branch, name="李四")
    at_the_same_time = ConfirmationRound.objects.get(pk=opened.pk)
    opened.confirm(branch, TODAY, clerk)
    with pytest.raises(ValidationError) as twice:
        at_the_same_time.confirm(branch, TODAY)
    assert objections(twice) == [
        "李四 confirmed it on 2026-11-20 already. Withdraw that first, if it was wrong."
    ]
    opened.close(TODAY)
    for late in (
        lambda: at_the_same_time.withdraw(branch),
        lambda: at_the_same_time.report(branch, "少一人", TODAY),
        lambda: at_the_same_time.close(TODAY),
    ):
        with pytest.raises(ValidationError) as refused:
            late()
        assert "“2026-2” was closed on 2026-11-20" in objections(refused)[0]
    assert Confirmation.objects.get().right


def test_a_stranger_is_not_asked(top):
    opened = a_round(top)
    with pytest.raises(ValidationError) as refused:
        opened.confirm(a_branch(), TODAY)
    assert objections(refused) == [
        (
            "“2026-2” asks the branches that stood below 工委 on 2026-10-31 and stand today; this "
            "one is not among them."
        )
    ]
    assert not Confirmation.objects.exists()


def test_one_round_is_open_at_a_time_and_its_name_is_its_own(top):
    opened = a_round(top)
    with pytest.raises(ValidationError) as second:
        a_round(top)
    assert sorted(objections(second)) == [
        "A round is open already. Close that one first.",
        "A round of this name was opened already. Call it otherwise.",
    ]
    assert ConfirmationRound.objects.get() == opened


def test_every_objection_to_a_round_is_told_at_once(top):
    with pytest.raises(ValidationError) as refused:
        a_round(top, "", date(2027, 1, 1), date(2026, 12, 1))
    assert refused.value.message_dict == {
        "name": ["The round has no name. Call it as the office does, such as 2026-2."],
        "as_at": [
            "2027-01-01 is still to come. Choose today or an earlier day for the rosters."
        ],
        "last_day": [
            ("The last day, 2026-12-01, comes before the day of the rosters, 2027-01-01. Choose a "
            "later one.")
        ],
    }  # fmt: skip
    with pytest.raises(ValidationError) as early:
        a_round(top, as_at=date(1999, 1, 1))
    assert objections(early) == [
        "The organisation did not stand on 1999-01-01. Choose a later day for the rosters."
    ]
    assert not ConfirmationRound.objects.exists()


def test_the_database_keeps_one_answer_for_each_branch(top, branch):
    said = a_round(top).confirm(branch, TODAY)
    said.pk = None
    said._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        said.save()
