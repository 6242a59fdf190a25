"""What a file changes in the register of members, and how that is given back."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.models import Headcount, Member, StepTaken
from members.models.headcounts import heads_of
from registry.calendar import PartialDate
from registry.models import Entry
from tests.factories import a_committee
from tests.members.development import (
    APPROVED_ON,
    ASSEMBLY_ON,
    PROBATION_ENDS_ON,
    TODAY,
    VOTES,
    a_branch_that_develops,
    a_file,
    go_on,
    the_way,
)
from tests.members.test_development_files import objections_to

pytestmark = pytest.mark.django_db


def heads(file) -> tuple[int, int]:
    file.organization.refresh_from_db()
    return heads_of(type(file.organization).objects.get(pk=file.organization_id))


def withdraw(file, step: str, reason: str = "the wrong person") -> None:
    row = file.steps.filter(step=step, withdrawn_on__isnull=True).last()
    file.withdraw(row, reason, by=None, on=TODAY)


def test_approval_makes_a_probationary_member_from_the_day_of_the_assembly():
    file = a_file(until="approval", job_title="科员", staff_number="A17")
    member = Member.objects.get(name="李晓梅")
    assert file.member == member
    assert (member.kind, member.joined_on) == ("probationary", PartialDate.of(ASSEMBLY_ON))
    assert (member.organization, member.sponsors) == (file.organization, "赵建国、钱学礼")
    assert (member.job_title, member.staff_number) == ("科员", "A17")
    assert member.id_number == file.id_number
    stay = member.placements.get()
    assert (stay.placed_from, stay.began) == (ASSEMBLY_ON, "developed")
    assert heads(file) == (2, 1)
    assert file.standing == "probationary"
    assert file.probation_ends_on == PartialDate.of(PROBATION_ENDS_ON)


def test_a_refusal_makes_nobody_a_member():
    file = a_file(until="approval", changed={"approval": {"result": "refused"}})
    assert (file.member, file.standing) == (None, "object")
    assert not Member.objects.filter(name="李晓梅").exists()


def test_a_withdrawn_approval_takes_the_member_back():
    file = a_file(until="approval")
    withdraw(file, "approval")
    member = Member.objects.get(name="李晓梅")
    assert (member.wrong_entry, member.wrong_entry_reason) == (True, "the wrong person")
    assert (file.member, file.standing) == (None, "object")
    assert heads(file) == (2, 0)
    go_on(file, "approval")
    assert Member.objects.filter(name="李晓梅", wrong_entry=False).count() == 1
    assert heads(file) == (2, 1)


def test_a_step_is_withdrawn_with_a_reason_and_after_what_rests_on_it():
    file = a_file(until="oath")
    row = file.steps.get(step="approval")
    assert objections_to(lambda: file.withdraw(row, " ", by=None, on=TODAY)) == [
        "Say why the step is withdrawn.",
        (
            "Withdraw what rests on it first: filing with the level above, placing in branch and "
            "Party group, oath."
        ),
    ]
    assembly = file.steps.get(step="assembly")
    assert objections_to(lambda: file.withdraw(assembly, "wrong", by=None, on=TODAY)) == [
        "Withdraw what rests on it first: approval by the committee."
    ]
    withdraw(file, "oath")
    oath = file.steps.get(step="oath")
    assert objections_to(lambda: file.withdraw(oath, "wrong", by=None, on=TODAY)) == [
        "This step was withdrawn on 2026-11-20."
    ]
    begun = file.steps.get(step="application")
    assert objections_to(lambda: file.withdraw(begun, "wrong", by=None, on=TODAY)) == [
        "A file begins with its application. Mark the file as a wrong entry."
    ]


def test_a_withdrawal_is_logged():
    file = a_file(until="activist")
    withdraw(file, "activist", "another person was meant")
    row = file.steps.get(step="activist")
    changes = {field: new for field, _old, new in Entry.objects.about(row)[0].changes}
    assert changes["withdrawn_on"] == "2026-11-20"
    assert changes["withdrawal_reason"] == "another person was meant"
    assert file.standing == "applicant"


def test_full_membership_begins_on_the_day_probation_ends():
    file = a_file(until="full_approval")
    member = Member.objects.get(name="李晓梅")
    assert (member.kind, member.full_member_on) == ("full", PartialDate.of(PROBATION_ENDS_ON))
    assert heads(file) == (3, 0)
    assert file.standing == "full"
    assert file.steps.get(step="full_approval").decision == "on_time"
    withdraw(file, "full_approval")
    member.refresh_from_db()
    assert (member.kind, member.full_member_on) == ("probationary", None)
    assert heads(file) == (2, 1)
    assert file.standing == "probationary"


def extended(months: int = 6):
    changed = {"full_assembly": {"result": "extended", "extended_months": months}}
    return a_file(until="full_approval", changed=changed)


def test_an_extension_moves_the_day_and_its_withdrawal_moves_it_back():
    file = extended()
    member = Member.objects.get(name="李晓梅")
    assert (member.kind, member.probation_extended_by) == ("probationary", 6)
    assert member.extended
    assert member.facts().extended
    assert file.probation_ends_on == PartialDate(2025, 12, 20)
    assert file.steps.get(step="full_approval").decision == "extended"
    withdraw(file, "full_approval")
    member.refresh_from_db()
    assert member.probation_extended_by == 0
    assert file.probation_ends_on == PartialDate.of(PROBATION_ENDS_ON)


def test_after_an_extension_the_last_steps_are_taken_once_more():
    file = extended()
    say = {"by": None, "today": TODAY, "reason": "延长后"}
    file.record("full_application", date(2025, 12, 15), {}, **say)
    file.record("full_assembly", date(2025, 12, 22), {**VOTES, "result": "on_time"}, **say)
    file.record("full_approval", date(2026, 1, 10), {"result": "agreed"}, **say)
    member = Member.objects.get(name="李晓梅")
    assert (member.kind, member.full_member_on) == ("full", PartialDate(2025, 12, 20))
    taken = file.steps.filter(step="full_approval").order_by("turn")
    assert list(taken.values_list("turn", "decision")) == [(1, "extended"), (2, "on_time")]
    assert objections_to(lambda: file.withdraw(taken[0], "wrong", by=None, on=TODAY)) == [
        (
            "Withdraw what rests on it first: application for full membership, assembly on full "
            "membership, approval of full membership."
        )
    ]


def test_a_cancelled_membership_ends_and_its_withdrawal_restores_it():
    changed = {"full_assembly": {"result": "cancelled"}}
    file = a_file(until="full_approval", changed=changed)
    member = Member.objects.get(name="李晓梅")
    assert member.leaving_reason == "candidacy_cancelled"
    assert member.left_on == date(2025, 7, 10)
    assert (file.standing, file.stop_reason) == ("cancelled", "cancelled")
    assert heads(file) == (2, 0)
    assert objections_to(lambda: file.resume(TODAY, "back", by=None)) == [
        "The membership was cancelled. Withdraw that decision, or open a new file."
    ]
    withdraw(file, "full_approval", "the committee has changed its decision")
    member.refresh_from_db()
    assert (member.is_on_roll, file.is_open) == (True, True)
    assert heads(file) == (2, 1)


def test_whoever_leaves_on_probation_leaves_his_file_stopped():
    file = a_file(until="approval")
    file.member.leave("transferred_out", date(2025, 1, 8))
    file.refresh_from_db()
    assert (file.stopped_on, file.stop_reason) == (date(2025, 1, 8), "left_unit")
    assert (file.stop_note, file.deadlines.count()) == ("transferred out", 0)


def test_an_archived_file_is_closed_and_opens_again_by_withdrawal():
    file = a_file(until="archive")
    assert (file.archived_on, file.is_open) == (date(2025, 7, 20), False)
    withdraw(file, "archive")
    assert file.is_open


def test_an_approval_without_the_right_or_the_assembly_is_refused_whatever_its_age():
    branch = a_branch_that_develops()
    committee = branch.parent
    committee.approves_members = False
    committee.save()
    file = a_file(branch, until="application_form")
    for historical in (False, True):
        said = objections_to(
            lambda old=historical: file.record(
                "approval", APPROVED_ON, {"result": "agreed"}, by=None, today=TODAY,
                historical=old, reason="补录",
            )
        )  # fmt: skip
        assert (
            "This organisation does not approve members. Send it to a committee that is entitled "
            "to." in said
        )
        assert any(each.startswith("“assembly on admission” comes first") for each in said)
    assert not StepTaken.objects.filter(step="approval").exists()


def test_a_member_cannot_be_admitted_into_a_branch_that_was_not_there():
    committee = a_committee(approves_members=True)
    branch = a_branch_that_develops()
    file = a_file(branch, until="committee_talk")
    branch.founded_on = date(2024, 7, 1)
    branch.save()
    facts = the_way(branch)["approval"][1]
    assert objections_to(
        lambda: file.record("approval", APPROVED_ON, facts, by=None, today=TODAY, reason="补录")
    ) == [f"{branch} was founded on 2024-07-01, after 2024-06-20. Choose a later day."]
    assert Headcount.objects.filter(organization=committee, full__gt=0).count() == 0


def test_all_or_nothing():
    file = a_file(until="committee_talk")
    before = (Member.objects.count(), StepTaken.objects.count(), Entry.objects.count())
    with pytest.raises(ValidationError):
        file.record("approval", date(2099, 1, 1), {}, by=None, today=TODAY)
    assert (Member.objects.count(), StepTaken.objects.count(), Entry.objects.count()) == before
