"""Floating members, people from elsewhere, and second memberships in temporary branches."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from branches.rules import hierarchy
from members.models import FloatingIn, FloatingOut, Member, SecondMembership
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user
from tests.members.development import a_file
from tests.members.papers import made, rows

pytestmark = pytest.mark.django_db
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def away(member, begins_on=MAY, **fields):
    row = FloatingOut(member=member, begins_on=begins_on, place="深圳", **fields)
    row.keep(TODAY)
    return row


def test_who_goes_away_floats_until_he_is_back():
    member = a_member()
    row = away(member, province="44", permit_number="流动17")
    member.refresh_from_db()
    assert (member.floating, member.floating_to) == (True, "深圳")
    assert list(FloatingOut.objects.on(MAY)) == [row]
    with pytest.raises(ValidationError, match="This member is away already."):
        away(Member.objects.get(pk=member.pk))
    row.member.refresh_from_db()
    row.end(JUNE)
    member.refresh_from_db()
    assert (member.floating, member.floating_to) == (False, "")
    assert not FloatingOut.objects.on(JUNE).exists()


def test_every_reason_against_a_time_away_is_said():
    member = a_member()
    member.leave("died", JUNE)
    with pytest.raises(ValidationError) as error:
        away(member, date(2027, 1, 1), ends_on=MAY, contacted_on=date(2027, 2, 1))
    assert error.value.messages == [
        "2027-01-01 is still to come. Enter it on that day.",
        "2027-02-01 is still to come. Enter it on that day.",
        "张三 is not on the roll.",
        "It ends after it begins. Check both days.",
    ]
    assert not FloatingOut.objects.exists()


def test_six_months_without_a_word_are_asked_for():
    silent, heard, lately = a_member(), a_member(), a_member()
    away(silent, date(2026, 1, 1))
    away(heard, date(2026, 1, 1), contacted_on=date(2026, 10, 1))
    away(lately, date(2026, 6, 1))
    rows = Member.objects.all()
    assert list(rows.floating_without_contact_for_six_months(TODAY)) == [silent]


def test_people_from_elsewhere_are_in_a_branch_and_count_nowhere():
    committee = a_committee()
    branch = a_branch(committee)
    guest = FloatingIn(organization=branch, name="周游", home="外省某支部", begins_on=MAY)
    guest.keep(TODAY)
    assert list(FloatingIn.objects.under(committee).on(TODAY)) == [guest]
    assert not Member.objects.exists()
    with pytest.raises(ValidationError, match="is no branch."):
        FloatingIn(organization=committee, name="周游", home="外省", begins_on=MAY).keep(TODAY)


def test_a_second_membership_holds_while_the_temporary_branch_does():
    committee = a_committee()
    member, branch = a_member(a_branch(committee)), a_branch(committee, sort="temporary")
    second = SecondMembership(member=member, organization=branch, begins_on=MAY)
    second.begin()
    assert list(SecondMembership.objects.on(TODAY)) == [second]
    with pytest.raises(ValidationError, match="This member belongs to that branch already."):
        SecondMembership(member=member, organization=branch, begins_on=MAY).begin()
    branch.dissolve(on=JUNE)
    assert list(SecondMembership.objects.on(date(2026, 5, 31))) == [second]
    assert not SecondMembership.objects.on(JUNE).exists()


def test_the_list_of_a_temporary_branch_names_home_only_to_whoever_sees_it():
    committee = a_committee()
    home, host = a_branch(committee, name="第一支部"), a_branch(committee, sort="temporary")
    member = a_member(home, name="李伟")
    SecondMembership(member=member, organization=host, begins_on=MAY, note="抗洪").begin()
    for reader, seen in ((a_user("reader", committee), ("第一支部", "抗洪")),
                         (a_user("reader", host), ("", ""))):  # fmt: skip
        [row] = rows(made("second_members", host, reader=reader))
        assert (row["name"], row["home"], row["note"]) == ("李伟", *seen)


def test_only_a_temporary_branch_takes_a_second_membership():
    with pytest.raises(ValidationError, match="is no temporary branch."):
        SecondMembership(member=a_member(), organization=a_branch(), begins_on=MAY).begin()


def test_both_branches_see_a_second_membership():
    home, host = a_branch(), a_branch(sort="temporary")
    SecondMembership(member=a_member(home), organization=host, begins_on=MAY).begin()
    for branch in (home, host):
        assert SecondMembership.objects.visible_to(a_user("reader", branch)).count() == 1
    assert not SecondMembership.objects.visible_to(a_user("reader", a_branch())).exists()


def test_a_temporary_branch_holds_collects_elects_and_develops_nothing():
    branch = a_branch(sort="temporary")
    assert not hierarchy.collects(branch.kind, branch.sort)
    assert not hierarchy.SORTS[branch.sort].elects
    with pytest.raises(ValidationError, match="holds no members."):
        a_member(branch)
    with pytest.raises(ValidationError, match="holds no members."):
        a_file(branch)
