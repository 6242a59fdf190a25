"""One meeting for many people: entered once, all or nothing, and not twice."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.models import Member, Occasion, StepTaken
from registry.models import Entry
from tests.factories import a_branch, a_user
from tests.members.development import (
    APPROVED_ON,
    ASSEMBLY_ON,
    TODAY,
    VOTES,
    a_branch_that_develops,
    a_file,
    go_on,
)

pytestmark = pytest.mark.django_db

NAMES = ("甲一", "乙二", "丙三", "丁四", "戊五", "己六", "庚七", "辛八")
IN_THE_ROOM = {
    "place": "三楼会议室", "chair": "赵建国", "recorder": "钱学礼",
    "entitled": 13, "excused": [{"reason": "bedridden"}], "due": 12, "present": 11,
}  # fmt: skip
A_VOTE = {"written_for": 0, "written_against": 0, "votes_for": 10, "votes_against": 1,
          "abstained": 0, "result": "agreed"}  # fmt: skip


def files_before_the_assembly(how_many: int = 2, branch=None):
    branch = branch or a_branch_that_develops()
    return branch, [a_file(branch, name=name, until="application_form") for name in
                    NAMES[:how_many]]  # fmt: skip


def hold(branch, people, *, by=None, on=ASSEMBLY_ON, facts=IN_THE_ROOM, step="assembly"):
    return Occasion.hold(step, branch, on, facts, people, by=by, today=TODAY)


def refusal_of(deed) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refusal:
        deed()
    return refusal.value.message_dict


def test_an_assembly_is_entered_once_with_a_vote_for_each():
    branch, files = files_before_the_assembly()
    clerk = a_user("branch_clerk", branch)
    second = {**A_VOTE, "votes_for": 9, "abstained": 1}
    occasion = hold(branch, [(files[0], A_VOTE, ""), (files[1], second, "")], by=clerk)
    assert (occasion.organization, occasion.held_on) == (branch, ASSEMBLY_ON)
    assert occasion.facts["chair"] == "赵建国"
    rows = occasion.steps.order_by("file")
    assert [row.facts["votes_for"] for row in rows] == [10, 9]
    assert {row.facts["due"] for row in rows} == {12}
    assert {row.entered_by for row in rows} == {clerk}
    assert Entry.objects.about(occasion).exists()
    files[0].refresh_from_db()
    assert files[0].deadlines.filter(step="committee_talk").exists()


def test_what_is_wrong_with_anybody_is_said_of_everybody_and_nothing_is_done():
    branch, files = files_before_the_assembly(3)
    people = [
        (files[0], A_VOTE, ""),
        (files[1], {**A_VOTE, "votes_for": 12}, ""),
        (files[2], {**A_VOTE, "votes_for": 5, "votes_against": 6}, ""),
    ]
    assert refusal_of(lambda: hold(branch, people)) == {
        f"file_{files[1].pk}": [
            (
                "乙二: 13 votes, but only 11 present. Written opinions stand in their own field; "
                "count again."
            ),
        ],
        f"file_{files[2].pk}": [
            (
                "丙三: 5 of 12 due are for it, written opinions included; more than half are "
                "needed. Record that the assembly did not agree."
            )
        ],
    }
    assert not Occasion.objects.exists()
    assert not StepTaken.objects.filter(step="assembly").exists()


def test_what_is_wrong_with_the_meeting_is_said_once():
    branch, files = files_before_the_assembly(3)
    people = [(file, {**A_VOTE, "votes_for": 3, "votes_against": 2}, "") for file in files]
    said = refusal_of(lambda: hold(branch, people, facts={**IN_THE_ROOM, "due": 10, "present": 5}))
    assert said["due"] == ["13 entitled less 1 excused are 12, not 10 due. Count again."]
    assert said["present"] == [
        (
            "5 of 10 are present; an assembly decides only with more than half of those due. "
            "Hold it again."
        )
    ]
    assert not any(field.startswith("file_") for field in said)


def test_an_assembly_entered_twice_is_refused_by_name():
    branch, files = files_before_the_assembly()
    people = [(file, A_VOTE, "") for file in files]
    hold(branch, people)
    said = refusal_of(lambda: hold(branch, people))
    assert said["__all__"] == [
        (
            "“assembly on admission” is recorded already, on 2024-06-20. Correct that entry, or "
            "withdraw it."
        )
    ]
    third = a_file(branch, name="丙三", until="application_form")
    said = refusal_of(lambda: hold(branch, [*people[:1], (third, A_VOTE, "")]))
    assert said == {
        f"file_{files[0].pk}": [
            (
                "甲一: “assembly on admission” is recorded already, on 2024-06-20. Correct that "
                "entry, or withdraw it."
            )
        ]
    }
    assert Occasion.objects.count() == 1


def test_an_occasion_is_about_somebody_and_about_everybody_once():
    branch, files = files_before_the_assembly(1)
    assert refusal_of(lambda: hold(branch, [])) == {
        "people": ["Nobody is named. Choose at least one person."]
    }
    assert refusal_of(lambda: hold(branch, [(files[0], A_VOTE, "")] * 2)) == {
        "people": ["Somebody is named twice. Name everybody once."]
    }


def test_a_branch_holds_no_assembly_for_another():
    branch, files = files_before_the_assembly(1)
    other = a_branch(branch.parent)
    assert refusal_of(lambda: hold(other, [(files[0], A_VOTE, "")])) == {
        f"file_{files[0].pk}": [
            (
                f"甲一: 甲一 belongs to {branch}, which does not stand under {other}. Choose "
                "people from below it."
            )
        ]
    }


def test_a_committee_approves_people_of_several_branches_at_once():
    branch, files = files_before_the_assembly(2)
    other = a_branch(branch.parent)
    files.append(a_file(branch, name="丙三", until="application_form"))
    files[2].move_to(other, date(2024, 6, 1), by=None)
    for file in files:
        for step, on, facts in (
            ("assembly", ASSEMBLY_ON, {**VOTES, "result": "agreed"}),
            ("committee_talk", date(2024, 7, 1), {"who": "孙立", "opinion": "同意"}),
        ):
            file.record(step, on, facts, by=None, today=TODAY, reason="补录")
    decision = {"document": "机委〔2024〕8号", "result": "agreed"}
    people = [(file, {}, "") for file in files]
    occasion = hold(branch.parent, people, on=APPROVED_ON, facts=decision, step="approval")
    assert Member.objects.filter(kind="probationary").count() == 3
    assert set(Member.objects.filter(name="丙三").values_list("organization", flat=True)) == {
        other.pk
    }
    assert {row.facts["document"] for row in occasion.steps.all()} == {"机委〔2024〕8号"}


def test_a_general_branch_does_not_approve():
    branch, files = files_before_the_assembly(1)
    files[0].record("assembly", ASSEMBLY_ON, {**VOTES, "result": "agreed"}, by=None, today=TODAY)
    people = [(files[0], {"result": "agreed"}, "talk left out")]
    said = refusal_of(lambda: hold(branch, people, on=APPROVED_ON, facts={}, step="approval"))
    assert said == {
        f"file_{files[0].pk}": [
            (
                "甲一: This organisation does not approve members. Send it to a committee that is "
                "entitled to."
            )
        ]
    }


def test_an_assembly_is_withdrawn_for_all_or_for_nobody():
    branch, files = files_before_the_assembly()
    occasion = hold(branch, [(file, A_VOTE, "") for file in files])
    files[0].refresh_from_db()
    go_on(files[0], "committee_talk", "approval")
    assert refusal_of(lambda: occasion.withdraw("the wrong day", by=None, on=TODAY)) == {
        f"file_{files[0].pk}": ["甲一: Withdraw what rests on it first: approval by the committee."]
    }
    assert not StepTaken.objects.filter(withdrawn_on__isnull=False).exists()
    files[0].withdraw(files[0].steps.get(step="approval"), "wrong", by=None, on=TODAY)
    occasion.withdraw("the wrong day", by=None, on=TODAY)
    assert occasion.steps.filter(withdrawn_on=TODAY).count() == 2
    assert refusal_of(lambda: occasion.withdraw("again", by=None, on=TODAY)) == {
        "step": ["It has been withdrawn for everybody already."]
    }
    hold(branch, [(file, A_VOTE, "") for file in files])


def test_a_training_class_and_a_notice_are_occasions_too():
    branch = a_branch_that_develops()
    files = [a_file(branch, name=name, until="activist") for name in NAMES[:2]]
    rows = [(file, {}, "历史原因") for file in files]
    notice = hold(branch, rows, on=date(2023, 9, 25), facts={"until": "2023-10-07"},
                  step="object_notice")  # fmt: skip
    assert notice.steps.count() == 2
    for file in files:
        file.refresh_from_db()
        file.record("object", date(2023, 10, 8), {"opinions": "同意"}, by=None, today=TODAY,
                    reason="补录")  # fmt: skip
    a_class = hold(branch.parent, [(file, {"result": "合格"}, "") for file in files],
                   on=date(2024, 3, 5), facts={"days": 3, "place": "党校"},
                   step="training")  # fmt: skip
    assert [row.facts["days"] for row in a_class.steps.all()] == [3, 3]
