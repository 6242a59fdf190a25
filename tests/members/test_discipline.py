"""Discipline and measures: what follows from one, and who hears of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.models import Discipline, Member, Office
from members.models.standing.discipline import keeping_from_posts, without_rights
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user
from tests.members.development import a_branch_that_develops, a_file, go_on
from tests.members.terms import an_election, stand

pytestmark = pytest.mark.django_db
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
NOTE = "收受礼金"


def imposed(member, kind="probation_in_party", decided_on=MAY, **fields):
    months = fields.pop("months", 12 if kind == "probation_in_party" else 0)
    row = Discipline(
        member=member,
        kind=kind,
        decided_on=decided_on,
        months=months,
        document="纪发〔2026〕3号",
        decided_by="机关纪委",
        note=NOTE,
        **fields,
    )
    row.impose(TODAY)
    return row


def a_secretary(branch=None):
    member = a_member(branch)
    Office.objects.create(
        organization=member.organization, member=member, post="secretary",
        held_from=date(2024, 1, 1),
    )  # fmt: skip
    return member


def test_probation_ends_posts_and_suspends_rights_for_its_length():
    member = a_secretary()
    row = imposed(member)
    assert member.offices.get().held_until == MAY
    assert (row.period_until, row.until) == (date(2027, 5, 1), date(2029, 5, 1))
    assert without_rights(member.pk, MAY)
    assert not without_rights(member.pk, date(2027, 5, 1))
    assert keeping_from_posts(member.pk, date(2029, 4, 30)) == row
    assert keeping_from_posts(member.pk, date(2029, 5, 1)) is None
    row.extend(12, JUNE, "纪发〔2027〕1号")
    assert row.period_until == date(2028, 5, 1)
    with pytest.raises(ValidationError, match="It was extended once already"):
        row.extend(12, JUNE, "纪发〔2027〕1号")


def test_a_warning_leaves_posts_and_rights():
    member = a_secretary()
    row = imposed(member, "warning")
    assert member.offices.get().held_until is None
    assert not without_rights(member.pk, JUNE)
    assert list(Discipline.objects.holding(date(2027, 4, 30))) == [row]
    assert list(Discipline.objects.ending_within(date(2027, 4, 1), 30)) == [row]
    assert not Discipline.objects.ending_within(date(2027, 4, 1), 29).exists()


def test_expulsion_is_a_leaving_in_the_same_act():
    member = a_secretary()
    imposed(member, "expelled", JUNE)
    member.refresh_from_db()
    assert (member.left_on, member.leaving_reason) == (JUNE, "expelled")
    assert [each.document for each in member.decisions.all()] == ["纪发〔2026〕3号"]
    with pytest.raises(ValidationError, match="is not on the roll"):
        imposed(member, "struck_off", JUNE)
    assert Discipline.objects.count() == 1


def test_nothing_is_kept_of_a_decision_that_is_refused():
    member = a_secretary()
    with pytest.raises(ValidationError, match="Probation within the Party lasts 12 or 24 months"):
        imposed(member, months=18)
    assert member.offices.get().held_until is None
    assert not Discipline.objects.exists()


def test_what_is_lifted_has_no_more_effect_and_what_is_overturned_never_had_any():
    member, other = a_member(), a_member()
    lifted, overturned = imposed(member), imposed(other)
    lifted.lift(JUNE, "纪发〔2026〕7号")
    overturned.lift(JUNE, "纪发〔2026〕8号", overturned=True)
    assert without_rights(member.pk, date(2026, 5, 31))
    assert not without_rights(member.pk, JUNE)
    assert not without_rights(other.pk, MAY)
    with pytest.raises(ValidationError, match="It was lifted already, on 2026-06-01."):
        lifted.lift(JUNE, "")


def test_a_correction_brings_its_end_along():
    row = imposed(a_member(), "warning")
    row.kind, row.decided_on = "serious_warning", JUNE
    row.correct(TODAY)
    assert row.until == date(2027, 12, 1)
    ended = imposed(a_member(), "expelled")
    ended.decided_on = JUNE
    with pytest.raises(ValidationError, match="This decision ended the membership."):
        ended.correct(TODAY)


# Who neither votes nor stands nor sponsors


def test_whose_rights_are_suspended_does_not_stand_and_is_counted_out_without_a_name():
    branch = a_branch()
    punished = a_member(branch, name="王过")
    election = an_election(branch)
    ballot = election.ballots.get()
    stand(ballot, branch, "甲一", "乙二")
    assert ballot.may_vote(TODAY) == 3
    imposed(punished)
    assert ballot.may_vote(TODAY) == 2
    with pytest.raises(ValidationError) as error:
        ballot.name(punished, on=TODAY)
    assert error.value.messages == ["王过 cannot stand at present. Choose somebody else."]
    assert an_election(branch.parent).ballots.get().may_vote(TODAY) is None


def test_whose_rights_are_suspended_is_no_sponsor_and_nobody_is_told_why():
    branch = a_branch_that_develops()
    punished = Member.objects.get(organization=branch, name="赵建国")
    imposed(punished, decided_on=date(2023, 6, 1))
    file = a_file(branch, until="object_filed")
    with pytest.raises(ValidationError) as error:
        go_on(file, "sponsors")
    said = "".join(error.value.messages)
    assert "“赵建国” cannot be a sponsor at present. Name somebody else." in said
    assert "留党察看" not in said
    assert "probation" not in said


# Who hears of it


@pytest.mark.parametrize(
    ("role", "sees", "changes"),
    [
        ("branch_clerk", False, False),
        ("reader", False, False),
        ("approver", True, False),
        ("committee_clerk", True, True),
    ],
)
def test_the_verb_decides_who_sees_it(role, sees, changes):
    branch = a_branch(a_committee())
    imposed(a_member(branch), "warning")
    user = a_user(role, branch)
    rows = Discipline.objects
    assert rows.visible_to(user).exists() is sees
    assert rows.visible_to(user, "view").exists() is sees
    assert rows.visible_to(user, "change_discipline").exists() is changes
    stranger = a_user("committee_clerk", a_committee())
    assert not rows.visible_to(stranger).exists()


def test_the_log_keeps_it_in_a_chain_of_its_own_without_the_note():
    member = a_member()
    row = imposed(member, "warning")
    [entry] = Entry.objects.about(row)
    assert entry.chain == f"discipline:{member.organization_id}"
    assert NOTE not in str(entry.changes)
    about = Entry.objects.filter(chain=f"organization:{member.organization_id}")
    assert not about.filter(model="members.discipline").exists()
