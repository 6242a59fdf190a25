"""Members who have moved with an applied roster, or whose branch it has corrected, go back."""

from __future__ import annotations

import pytest

from members.sheets.members import MemberResource
from registry.access import OPERATOR
from registry.sheets.answering import Answering
from tests.factories import TODAY, a_branch, a_committee
from tests.members.sheets_of_members import ID_1, a_row
from tests.members.staged import applied, heads, known, reasons, staged, undone

pytestmark = pytest.mark.django_db


def a_move(choice):
    """A member listed under another branch, and the clerk's answer, applied."""
    committee = a_committee()
    old, new = a_branch(committee), a_branch(committee, short_name="新支部")
    group = old.party_groups.create(name="第一党小组")
    member = known(old, party_group=group, display_order=7)
    row = a_row(身份证号码=ID_1, 所在党支部="新支部", 联系电话="13900000009")
    job = staged(row, organization=committee, extra=("所在党支部",))
    answering = Answering(MemberResource, job, OPERATOR, TODAY)
    answering.answer(job.rows.get().pk, "branch_differs", choice)
    stays = list(member.placements.values())
    applied(job)
    member.refresh_from_db()
    assert member.organization == new
    return job, member, old, new, stays


@pytest.mark.parametrize("choice", ["correct", "move:2026-11-01"])
def test_a_move_never_was_and_a_corrected_branch_is_the_former_one(choice):
    job, member, old, new, stays = a_move(choice)
    assert undone(job) == (1, 0, 0)
    member.refresh_from_db()
    assert member.organization == old
    assert (member.party_group.name, member.display_order) == ("第一党小组", 7)
    assert member.phone == ""
    assert list(member.placements.values()) == stays
    assert heads(old, new) == [1, 0]


def test_a_group_that_was_joined_with_the_row_is_left_on_the_way_back():
    committee = a_committee()
    old, _new = a_branch(committee), a_branch(committee, short_name="新支部")
    old.party_groups.create(name="第一党小组")
    member = known(old)
    row = a_row(身份证号码=ID_1, 所在党支部="新支部", 党小组="第一党小组")
    job = staged(row, organization=committee, extra=("所在党支部", "党小组"))
    answering = Answering(MemberResource, job, OPERATOR, TODAY)
    answering.answer(job.rows.get().pk, "branch_differs", "move:2026-11-01")
    applied(job)
    assert undone(job) == (1, 0, 0)
    member.refresh_from_db()
    assert (member.organization, member.party_group) == (old, None)


@pytest.mark.parametrize("choice", ["correct", "move:2026-11-01"])
def test_nobody_goes_back_to_a_branch_that_is_dissolved(choice):
    job, member, old, new, _ = a_move(choice)
    old.dissolve(on=TODAY)
    assert undone(job) == (0, 0, 1)
    [(_, code, message)] = reasons(job)
    assert code == "undo_failed"
    assert "is dissolved" in message
    member.refresh_from_db()
    assert (member.organization, member.phone) == (new, "13900000009")


def test_a_post_in_the_new_branch_is_ended_before_its_holder_goes_back():
    job, member, _, new, _ = a_move("move:2026-11-01")
    member.offices.create(organization=new, post="youth", held_from=TODAY)
    assert undone(job) == (0, 0, 1)
    assert "holds a post" in reasons(job)[0][2]
    member.offices.get().delete()
    assert undone(job) == (1, 0, 0), "what was impossible may be tried again"
    assert reasons(job) == []
