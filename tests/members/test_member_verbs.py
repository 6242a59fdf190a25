"""Members come, move and go by verbs; what was so on a past day stays true."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.models import Headcount, Member, Placement
from registry.calendar import PartialDate
from registry.models import Entry, StaleRecord
from tests.factories import TODAY, a_branch, a_committee, a_member, an_id_number

pytestmark = pytest.mark.django_db
MAY = date(2024, 5, 1)
JUNE = date(2024, 6, 1)


def heads(organization):
    count = Headcount.objects.get(pk=organization.pk)
    return count.full, count.probationary


def test_admitting_gives_a_number_a_stay_and_a_place_in_every_headcount_above():
    committee = a_committee()
    member = a_member(a_branch(committee), kind="probationary", full_member_on=None, since=MAY)
    assert member.number.startswith("D")
    assert member.placements.get().placed_from == MAY
    assert heads(committee) == heads(committee.parent) == (0, 1)


def test_moving_ends_one_stay_and_begins_the_next_on_the_same_day():
    member = a_member(since=MAY)
    old, new = member.organization, a_branch()
    member.move_to(new, JUNE)
    assert list(member.placements.values_list("organization", "placed_from", "placed_until")) == [
        (old.pk, MAY, JUNE),
        (new.pk, JUNE, None),
    ]
    assert heads(old) == (0, 0)
    assert heads(new) == (1, 0)


def test_a_roster_of_a_past_day_knows_who_belonged_then():
    committee = a_committee()
    branch, other = a_branch(committee), a_branch()
    member = a_member(branch, since=MAY)
    member.move_to(other, JUNE)
    then = Placement.objects.on(date(2024, 5, 31)).under(committee, date(2024, 5, 31))
    assert [stay.member for stay in then] == [member]
    assert not Placement.objects.on(JUNE).under(committee, JUNE).exists()


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (
            date(2024, 4, 30),
            "张三 has been in {old} since 2024-05-01, after 2024-04-30. Choose a later day.",
        ),
        (
            date(1999, 12, 31),
            "{new} was founded on 2000-01-01, after 1999-12-31. Choose a later day.",
        ),
    ],
    ids=["before the stay began", "before the branch was founded"],
)
def test_nobody_moves_on_a_day_that_cannot_be(on, sentence):
    member = a_member(since=MAY)
    old, new = member.organization, a_branch()
    with pytest.raises(ValidationError) as error:
        member.move_to(new, on)
    assert error.value.messages == [sentence.format(old=old, new=new)]
    member.refresh_from_db()
    assert member.organization == old


def test_a_committee_holds_no_members():
    committee = a_committee()
    with pytest.raises(ValidationError, match="holds no members. Choose a branch."):
        a_member().move_to(committee, TODAY)


def test_leaving_keeps_the_record_and_counts_nowhere():
    member = a_member()
    member.leave("died", TODAY)
    assert not Member.objects.on_roll().filter(pk=member.pk).exists()
    assert heads(member.organization) == (0, 0)
    assert member.placements.get().ended == "died"


def test_a_suspended_member_can_be_restored():
    member = a_member(since=MAY)
    member.suspend(JUNE)
    assert heads(member.organization) == (0, 0)
    member.restore(TODAY)
    assert heads(member.organization) == (1, 0)
    assert [stay.began for stay in member.placements.all()] == ["opening", "restored"]


def test_a_wrong_entry_frees_its_id_number_and_holds_on_no_day():
    number = an_id_number()
    member = a_member(id_number=number)
    member.mark_wrong("entered twice")
    assert not Placement.objects.on(TODAY).filter(member=member).exists()
    a_member(id_number=number)


def test_an_id_number_is_registered_once():
    number = an_id_number()
    a_member(id_number=number)
    with pytest.raises(ValidationError, match="This ID number is registered already."):
        a_member(id_number=number)


def test_an_odd_record_opens_a_finding_and_mending_closes_it():
    member = a_member(full_member_on=PartialDate(2005, 7))
    assert [finding.code for finding in member.findings.standing_open()] == ["full_too_soon"]
    member.full_member_on = PartialDate(2006, 6, 1)
    member.correct(TODAY)
    assert not member.findings.standing_open().exists()
    assert member.findings.get().mended_on == TODAY


def test_a_correction_that_cannot_be_is_refused_with_its_field():
    member = a_member()
    member.joined_on = PartialDate(2027, 1)
    with pytest.raises(ValidationError) as error:
        member.correct(TODAY)
    assert set(error.value.error_dict) == {"joined_on", "full_member_on"}


def test_the_second_save_of_one_record_is_refused():
    member = a_member()
    first, second = Member.objects.get(pk=member.pk), Member.objects.get(pk=member.pk)
    first.job_title = "科员"
    first.correct(TODAY)
    second.job_title = "主任"
    with pytest.raises(StaleRecord):
        second.correct(TODAY)


def test_every_change_is_logged_with_secrets_masked():
    member = a_member(phone="13900000001")
    member.phone = "13900000002"
    member.correct(TODAY)
    entry = Entry.objects.about(member).first()
    assert entry.action == "change"
    assert entry.changes == [["phone", "139****0001", "139****0002"]]


def test_the_headcount_kept_by_verbs_is_the_headcount_counted():
    committee = a_committee()
    one, two = a_branch(committee), a_branch(committee)
    people = [a_member(one, since=MAY) for _ in range(4)]
    people[0].move_to(two, JUNE)
    people[1].leave("died", JUNE)
    people[2].mark_wrong("entered twice")
    kept = {row.pk: (row.full, row.probationary) for row in Headcount.objects.all()}
    Headcount.recount(Member)
    counted = {row.pk: (row.full, row.probationary) for row in Headcount.objects.all()}
    assert {pk: count for pk, count in counted.items() if any(count)} == {
        pk: count for pk, count in kept.items() if any(count)
    }


def test_who_comes_where_no_order_is_kept_has_no_place_in_it():
    branch = a_branch()
    a_member(branch)
    assert a_member(branch).display_order == 0, "the roster goes by posts there"


def test_who_moves_stands_behind_those_of_the_new_branch():
    first = a_member(display_order=3)
    mover = a_member(since=MAY)
    mover.move_to(first.organization, date(2024, 6, 1))
    assert mover.display_order == 4
