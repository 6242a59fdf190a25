"""A file of development by its verbs: opened, corrected, stopped, taken up again, marked wrong."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.models import Deadline, DevelopmentFile, Member
from registry.calendar import PartialDate
from registry.models import Entry, StaleRecord
from tests.factories import a_branch, a_member, a_user, an_id_number
from tests.members.development import (
    APPLIED_ON,
    TODAY,
    a_branch_that_develops,
    a_file,
    go_on,
    the_way,
)

pytestmark = pytest.mark.django_db


def objections_to(deed) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        deed()
    return sorted(refusal.value.messages)


def test_an_application_opens_a_file():
    file = a_file()
    assert (file.standing, file.stage) == ("applicant", "application")
    assert file.began_on == file.standing_since == PartialDate.of(APPLIED_ON)
    assert file.rule_set == "2014"
    assert [str(row) for row in file.steps.all()] == ["李晓梅 application 2022-03-01"]
    assert [(each.step, each.due_by) for each in file.deadlines.all()][:1] == [
        ("first_talk", date(2022, 4, 1))
    ]
    assert DevelopmentFile.objects.found_by("lixiaomei").get() == file
    assert not {"kind", "joined_on"} & set(file.missing())


def test_a_file_of_today_begins_under_the_rules_of_today():
    branch = a_branch_that_develops()
    file = DevelopmentFile(name="周明", organization=branch, born_on=PartialDate(2000, 1, 1))
    file.begin(TODAY, {}, by=None, today=TODAY)
    assert file.rule_set == "2026-05"


def test_all_that_speaks_against_a_file_is_said_at_once():
    branch = a_branch_that_develops()
    clerk = a_user("branch_clerk", a_branch())
    branch.dissolved_on = date(2020, 1, 1)
    branch.save()
    file = DevelopmentFile(
        name="李晓梅", id_number="11010120080101001X", organization=branch,
        born_on=PartialDate(2009, 1, 1),
    )  # fmt: skip
    assert objections_to(lambda: file.begin(TODAY, {}, by=clerk, today=TODAY)) == [
        (
            "2026-11-20 is before the day of turning 18, 2027-01-01. An applicant is at least 18 "
            "years old; check both dates."
        ),
        f"Files of {branch} are opened by its clerks. Choose your own branch.",
        f"{branch} is dissolved. Choose another branch.",
        (
            "“***************01X” does not end in the sign that the others demand, so one of them "
            "is mistyped. Compare it with the ID card."
        ),
    ]
    assert not DevelopmentFile.objects.exists()


def test_a_member_needs_no_file():
    branch = a_branch_that_develops()
    number = an_id_number()
    a_member(a_branch(), id_number=number)
    file = DevelopmentFile(
        name="张三", organization=branch, id_number=number, born_on=PartialDate(1980, 5, 17)
    )
    assert objections_to(lambda: file.begin(TODAY, {}, by=None, today=TODAY)) == [
        "The person is already a member. Enter changes on the member's page, and stop this file."
    ]


def test_one_person_has_one_open_file():
    first = a_file(name="郑伟")
    second = DevelopmentFile(
        name="郑伟", organization=a_branch(), id_number=first.id_number,
        born_on=PartialDate(1996, 8, 9),
    )  # fmt: skip
    assert objections_to(lambda: second.begin(TODAY, {}, by=None, today=TODAY)) == [
        "There is an open file with this ID number already. Look for the person."
    ]
    first.stop("withdrawn", "", TODAY, by=None)
    second.begin(TODAY, {}, by=None, today=TODAY)
    assert objections_to(lambda: first.resume(TODAY, "back", by=None)) == [
        "There is an open file with this ID number already. Look for the person."
    ]


def test_the_second_clerk_works_on_a_file_that_has_changed():
    file = a_file()
    other = DevelopmentFile.objects.get(pk=file.pk)
    go_on(file, "first_talk")
    with pytest.raises(StaleRecord):
        go_on(other, "first_talk")


def test_a_correction_is_logged_and_what_follows_from_it_follows():
    file = a_file()
    file.born_on = PartialDate(1997, 8, 9)
    file.correct(TODAY)
    last = Entry.objects.about(file)[0]
    assert last.changes == [["born_on", "1996-08-09", "1997-08-09"]]
    file.organization = a_branch()
    with pytest.raises(ValueError, match="move_to"):
        file.correct(TODAY)


def test_a_stopped_file_waits_for_nothing_and_goes_on_with_all_its_time():
    file = a_file(until="cultivation")
    file.stop("left_unit", "seconded", date(2023, 5, 1), by=None)
    assert (file.is_open, file.deadlines.count()) == (False, 0)
    assert list(DevelopmentFile.objects.stopped()) == [file]
    assert "was stopped on 2023-05-01" in " ".join(objections_to(lambda: go_on(file, "object")))
    assert objections_to(lambda: file.resume(date(2023, 4, 1), " ", by=None)) == [
        "It was stopped on 2023-05-01. Choose that day or a later one.",
        "Say why the file goes on.",
    ]
    file.resume(date(2023, 9, 1), "came back", by=None)
    assert Entry.objects.about(file)[0].reason == "came back"
    go_on(file, "object")  # a year after the naming as an activist, the stop not taken off
    assert file.standing == "object"


def test_a_file_is_stopped_for_a_reason_and_once():
    file = a_file()
    assert objections_to(lambda: file.stop("tired", "", date(2022, 1, 1), by=None)) == [
        "The file began on 2022-03-01 and cannot be stopped before, on 2022-01-01.",
        "“tired” is not a reason for stopping. Choose one from the list.",
    ]
    assert objections_to(lambda: file.stop("other", " ", TODAY, by=None)) == [
        "Say which other reason it is."
    ]
    file.stop("other", "emigrated", TODAY, by=None)
    assert objections_to(lambda: file.stop("withdrawn", "", TODAY, by=None)) == [
        "The file of 李晓梅 is closed. Start it again first."
    ]


def test_a_wrong_entry_counts_nowhere_and_frees_its_number():
    file = a_file(until="activist")
    assert objections_to(lambda: file.mark_wrong(" ")) == ["Say why the entry was wrong."]
    file.mark_wrong("entered twice")
    assert not DevelopmentFile.objects.open().exists()
    assert not Deadline.objects.exists()
    a_file(file.organization, id_number=file.id_number)
    assert objections_to(lambda: file.mark_wrong("again")) == ["李晓梅 is marked so already."]


def test_a_file_by_which_somebody_was_admitted_is_no_wrong_entry():
    file = a_file(until="approval")
    assert objections_to(lambda: file.mark_wrong("entered twice")) == [
        "The committee has approved by this file. Withdraw its approvals first."
    ]


def test_old_papers_with_gaps_are_taken_in():
    branch = a_branch_that_develops()
    member = a_member(branch, name="冯丽", kind="probationary", full_member_on=None,
                      joined_on=PartialDate(2026, 3, 2))  # fmt: skip
    file = DevelopmentFile.for_member(member)
    way = the_way(branch)
    say = {"by": None, "today": TODAY, "historical": True, "reason": "旧档案"}
    file.begin(PartialDate(2023), {}, **say)
    assert file.member == member
    file.record("activist", None, way["activist"][1], **say)
    file.record("object", PartialDate(2025, 1), way["object"][1], **say)
    row = file.record("assembly", date(2026, 3, 2), way["assembly"][1], **say)
    assert {"historical", "comes_first"} <= {each.code for each in row.warnings}
    file.record("approval", date(2026, 4, 1), way["approval"][1], **say)
    assert file.standing == "probationary"
    assert Member.objects.filter(name="冯丽").count() == 1
    go_on_with = file.deadlines.values_list("step", flat=True)
    assert "full_application" in set(go_on_with)


def test_an_old_approval_makes_nobody_a_member():
    file = a_file(until="committee_talk")
    clerk = a_user("branch_clerk", file.organization)
    facts = the_way(file.organization)["approval"][1]
    assert objections_to(
        lambda: file.record(
            "approval", date(2024, 7, 15), facts, by=clerk, today=TODAY, historical=True,
            reason="旧档案",
        )
    ) == [
        ("李晓梅 is not on the roll. An approval entered afterwards makes nobody a member: enter "
        "the member first, with the same ID number.")
    ]  # fmt: skip
