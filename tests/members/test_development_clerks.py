"""Who enters what: branch and committee, four eyes, files sent back."""

from __future__ import annotations

from datetime import date

import pytest

from members.models import Deadline, DevelopmentFile, DevelopmentPolicy, StepTaken
from registry.access import OPERATOR
from registry.models import Entry, acting
from tests.factories import a_branch, a_committee, a_user, a_work_committee, an_organization
from tests.members.development import (
    APPROVED_ON,
    TODAY,
    VOTES,
    a_branch_that_develops,
    a_file,
    an_approving_committee,
    go_on,
)
from tests.members.test_development_files import objections_to

pytestmark = pytest.mark.django_db


def record(file, step, on, facts, by):
    return lambda: file.record(step, on, facts, by=by, today=TODAY, reason="补录")


def test_a_branch_enters_its_own_steps_and_the_committee_the_others():
    file = a_file(until="activist")
    branch, committee = file.organization, file.organization.parent
    at_branch = a_user("branch_clerk", branch)
    at_committee = a_user("committee_clerk", committee)
    assert objections_to(record(file, "activist_filed", date(2022, 9, 10), {}, at_branch)) == [
        f"“filing of the activist” is entered by {committee}. Ask a clerk there."
    ]
    row = file.record(
        "activist_filed", date(2022, 9, 10), {}, by=at_committee, today=TODAY, reason="补录"
    )
    assert (row.organization, row.entered_by, row.entered_on) == (committee, at_committee, TODAY)
    go_on(file, "mentors", by=at_branch)


def test_an_approver_enters_what_the_committee_decides_and_nothing_of_the_branch():
    file = a_file(until="committee_talk")
    approver = a_user("approver", file.organization.parent)
    assert objections_to(
        record(file, "cultivation", date(2023, 8, 20), {"opinion": "好"}, approver)
    ) == [f"“review of the activist” is entered by {file.organization}. Ask a clerk there."]
    go_on(file, "approval", by=approver)
    assert file.standing == "probationary"


def test_the_nearest_committee_that_approves_acts_and_a_leading_group_is_passed_over():
    top = a_work_committee(approves_members=True)
    group = an_organization("leading_group", top)
    committee = an_organization("organ_committee", group)
    branch = a_branch(committee)
    file = a_file(branch, until="first_talk")
    assert (
        file.objections(
            "activist_filed", TODAY, {}, by=a_user("committee_clerk", committee), today=TODAY
        )[0]
        == f"“filing of the activist” is entered by {top}. Ask a clerk there."
    )


def test_old_papers_of_the_committee_may_be_entered_at_the_branch():
    file = a_file(until="activist")
    clerk = a_user("branch_clerk", file.organization)
    row = file.record("activist_filed", date(2022, 9, 10), {}, by=clerk, today=TODAY,
                      historical=True, reason="旧档案")  # fmt: skip
    assert row.historical
    assert row.organization == file.organization.parent
    file.withdraw(row, "the wrong day", by=clerk, on=TODAY)


def test_a_foreign_clerk_enters_nothing():
    file = a_file()
    foreign = a_user("committee_clerk", a_committee())
    assert objections_to(record(file, "first_talk", date(2022, 3, 20), {"who": "甲"}, foreign)) == [
        f"“first talk” is entered by {file.organization}. Ask a clerk there."
    ]
    assert objections_to(lambda: file.stop("withdrawn", "", TODAY, by=foreign)) == [
        f"The file of 李晓梅 belongs to {file.organization}. Ask a clerk there."
    ]
    assert not DevelopmentFile.objects.visible_to(foreign).exists()
    assert not Deadline.objects.visible_to(foreign).exists()
    assert not StepTaken.objects.visible_to(foreign).exists()


def with_four_eyes(organization, wanted: bool = True, since: date = date(2026, 1, 1)):
    policy = DevelopmentPolicy(organization=organization, valid_from=since, four_eyes=wanted)
    policy.full_clean()
    policy.save()


def decided_by(clerk, branch=None) -> DevelopmentFile:
    file = a_file(branch, until="application_form")
    go_on(file, "assembly", by=clerk)
    go_on(file, "committee_talk")
    return file


def test_one_person_may_do_both_where_the_office_says_nothing_and_the_log_marks_it():
    branch = a_branch_that_develops()
    clerk = a_user("committee_clerk", branch.parent, name="周敏")
    file = decided_by(clerk, branch)
    with acting(clerk):
        row = file.record("approval", APPROVED_ON, {"result": "agreed"}, by=clerk, today=TODAY,
                          reason="补录")  # fmt: skip
    assert row.alone
    assert ["alone", "", True] in Entry.objects.about(row)[0].changes


def test_four_eyes_of_an_office_hold_for_all_below_it():
    branch = a_branch_that_develops()
    with_four_eyes(branch.parent.parent)
    clerk = a_user("committee_clerk", branch.parent, name="周敏")
    other = a_user("committee_clerk", branch.parent, name="孙立")
    file = decided_by(clerk, branch)
    assert objections_to(record(file, "approval", APPROVED_ON, {"result": "agreed"}, clerk)) == [
        "周敏 has entered the decision of the assembly. Another person enters its approval."
    ]
    row = file.record("approval", APPROVED_ON, {"result": "agreed"}, by=other, today=TODAY,
                      reason="补录")  # fmt: skip
    assert not row.alone


def test_a_nearer_office_may_do_without_and_a_later_policy_holds_from_its_day():
    branch = a_branch_that_develops()
    with_four_eyes(branch.parent.parent)
    with_four_eyes(branch.parent, wanted=False)
    with_four_eyes(branch.parent, since=date(2027, 1, 1))
    clerk = a_user("committee_clerk", branch.parent)
    go_on(decided_by(clerk, branch), "approval", by=clerk)


def test_four_eyes_hold_for_full_membership_too():
    branch = a_branch_that_develops()
    with_four_eyes(branch.parent)
    clerk = a_user("committee_clerk", branch.parent, name="周敏")
    file = a_file(branch, until="full_application")
    file.record("full_assembly", date(2025, 6, 25), {**VOTES, "result": "on_time"}, by=clerk,
                today=TODAY, reason="补录")  # fmt: skip
    assert objections_to(
        record(file, "full_approval", date(2025, 7, 10), {"result": "agreed"}, clerk)
    ) == ["周敏 has entered the decision of the assembly. Another person enters its approval."]


def test_a_file_is_sent_back_for_a_reason_and_waits_for_the_branch_until_it_answers():
    file = a_file(until="committee_talk")
    branch, committee = file.organization, file.organization.parent
    at_branch, at_committee = a_user("branch_clerk", branch), a_user("approver", committee)

    def waits_for(user) -> bool:
        return Deadline.objects.waiting_for(user).filter(step="approval").exists()

    assert (waits_for(at_branch), waits_for(at_committee)) == (False, True)
    assert objections_to(lambda: file.send_back("approval", " ", by=at_branch, on=TODAY)) == [
        "Say what the branch has to mend.",
        "Who enters this step sends it back. Ask a clerk there.",
    ]
    assert objections_to(lambda: file.send_back("archive", "x", by=at_committee, on=TODAY)) == [
        "The file waits for no such step. Choose one that is open."
    ]
    file.send_back("approval", "The resolution is not signed.", by=at_committee, on=TODAY)
    assert (waits_for(at_branch), waits_for(at_committee)) == (True, False)
    assert Deadline.objects.sent_back().get().step == "approval"
    assert objections_to(lambda: file.send_back("approval", "x", by=at_committee, on=TODAY)) == [
        "It was sent back already. Wait for the answer of the branch."
    ]
    assert objections_to(lambda: file.answer("approval", " ", by=at_committee, on=TODAY)) == [
        "Say what has been mended.",
        "The branch answers. Ask a clerk there.",
    ]
    file.answer("approval", "Signed now.", by=at_branch, on=TODAY)
    assert (waits_for(at_branch), waits_for(at_committee)) == (False, True)
    assert objections_to(lambda: file.answer("approval", "x", by=at_branch, on=TODAY)) == [
        "Nothing was sent back here that waits for an answer."
    ]


def test_a_step_taken_after_all_answers_its_return():
    file = a_file(until="committee_talk")
    row = file.send_back("approval", "A page is missing.", by=None, on=TODAY)
    go_on(file, "approval")
    row.refresh_from_db()
    assert row.answered_on == TODAY


def test_whose_desk_a_step_is_on():
    top = a_work_committee(approves_members=True)
    committee = an_approving_committee(top)
    general = an_organization("general_branch", committee)
    branch = a_branch(general)
    direct = a_branch(top)
    a_file(branch, name="甲")
    a_file(direct, name="乙")
    Deadline.objects.all().delete()
    for file in DevelopmentFile.objects.all():
        for acts in ("branch", "general_branch", "committee"):
            Deadline.objects.create(file=file, organization=file.organization, step=acts, acts=acts)

    def desk(user) -> set[str]:
        rows = Deadline.objects.waiting_for(user)
        return {f"{each.file.name} {each.acts}" for each in rows}

    everything = {f"{name} {acts}" for name in "甲乙" for acts in ("branch", "committee")}
    everything |= {"甲 general_branch"}
    assert desk(a_user("branch_clerk", branch)) == {"甲 branch"}
    assert desk(a_user("committee_clerk", general)) == {"甲 branch", "甲 general_branch"}
    assert desk(a_user("approver", committee)) == {"甲 committee"}
    assert desk(a_user("committee_clerk", top)) == everything
    assert desk(a_user("approver", top)) == {"甲 committee", "乙 committee"}
    assert desk(a_user("reader", top)) == set()
    assert desk(OPERATOR) == everything
