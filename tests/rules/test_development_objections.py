"""What speaks against entering a step: all reasons at once, each an error or a warning."""

from __future__ import annotations

from datetime import date

import pytest

from members.rules import development
from members.rules.development import STEPS, File, Limit, Step
from registry.calendar import PartialDate
from registry.sentences import Sentence
from tests.rules.development_files import (
    DAYS,
    FACTS,
    TODAY,
    a_file,
    codes,
    done,
    errors,
    planned,
    said_against,
)


@pytest.mark.parametrize("step", DAYS)
def test_the_smooth_way_meets_no_objection(step):
    assert said_against(step, DAYS[step]) == []


# Nothing else is known: neither the steps before it nor what was recorded.
BARE = {"approval": ("assembly",), "full_approval": ("assembly", "full_assembly")}


@pytest.mark.parametrize("day", ["", "2023-11-20", "2022-03", "2010"])
@pytest.mark.parametrize("step", DAYS)
def test_a_step_from_old_papers_is_always_recorded_with_a_warning_and_a_reason(step, day):
    bare = File("2014", PartialDate(1990, 5, 4), tuple(map(done, BARE.get(step, ()))))
    for file in (a_file(step), bare):
        said = development.objections(
            step, file, PartialDate.of(day) if day else None, facts={}, today=TODAY,
            historical=True, reason="old papers",
        )  # fmt: skip
        assert [each for each in said if each.level == "error"] == []
        assert said[-1] == "Entered afterwards from old papers. Keep the papers with the file."
        assert development.needs_reason(said)


def test_without_a_reason_an_old_step_waits():
    said = said_against("oath", "2023-12-10", historical=True)
    assert [each.code for each in said] == ["historical", "reason_missing"]
    assert said[1].level == "error"
    assert said[1] == (
        "The step is late, early, entered afterwards or something before it is missing. "
        "Give the reason."
    )


def test_a_skipped_step_is_a_warning_with_a_reason():
    file = a_file("activist", without={"first_talk"})
    (said,) = said_against("activist", "2022-06-15", file, reason="nobody knows")
    assert said.level == "warning"
    assert said == (
        "“first talk” comes first and is not recorded. Enter it; from old papers, its day may be "
        "left unknown."
    )
    assert codes("activist", "2022-06-15", file) == ["comes_first", "reason_missing"]


@pytest.mark.parametrize(
    ("step", "without", "errs"),
    [
        ("activist", "application", True),
        ("object", "activist", True),
        ("object", "cultivation", False),
        ("branch_review", "training", False),
        ("pre_review", "branch_review", False),
        ("assembly", "sponsors", True),
        ("assembly", "political_review", True),
        ("assembly", "pre_review", True),
        ("assembly", "application_form", False),
        ("approval", "committee_talk", False),
        ("approval", "assembly", True),
        ("oath", "approval", True),
        ("full_assembly", "full_application", False),
        ("full_approval", "full_assembly", True),
    ],
)
def test_what_a_step_cannot_do_without(step, without, errs):
    file = a_file(step, without={without})
    found = errors(step, DAYS[step], file, reason="so it was")
    assert found == (["comes_first"] if errs else [])


@pytest.mark.parametrize("historical", [False, True])
@pytest.mark.parametrize(
    ("step", "assembly"), [("approval", "assembly"), ("full_approval", "full_assembly")]
)
def test_approval_without_an_assembly_is_refused_at_any_age(step, assembly, historical):
    file = a_file(step, without={assembly})
    assert errors(step, "2024-12-01", file, historical=historical, reason="x") == ["comes_first"]
    refused = a_file(step, without={assembly}, more=(done("assembly", "2023-09-25",
                                                          result="refused"),))  # fmt: skip
    if step == "approval":
        assert errors(step, "2023-11-20", refused, historical=historical, reason="x") == [
            "refused_before"
        ]


@pytest.mark.parametrize("historical", [False, True])
@pytest.mark.parametrize("step", ["approval", "full_approval"])
def test_approval_by_a_level_without_the_right_is_refused(step, historical):
    said = said_against(step, DAYS[step], entitled=False, historical=historical, reason="x")
    assert said[0] == (
        "This organisation does not approve members. Send it to a committee that is entitled to."
    )
    assert said[0].level == "error"


def test_other_steps_need_no_right_to_approve():
    assert errors("pre_review", DAYS["pre_review"], entitled=False) == []


def test_a_general_branch_deliberates_before_the_committee_approves():
    file = a_file("approval", has_general_branch=True)
    assert errors("approval", "2023-11-20", file) == ["comes_first"]
    assert planned(file, "deliberation").state == "missing"  # the committee has talked already
    file = a_file("approval", has_general_branch=True,
                  more=(done("deliberation", "2023-10-10"),))  # fmt: skip
    assert errors("approval", "2023-11-20", file) == []
    assert planned(a_file("approval"), "deliberation").state == "not_needed"


@pytest.mark.parametrize("step", ["application", "assembly", "approval"])
def test_who_is_a_member_already_is_not_developed(step):
    said = said_against(
        step, DAYS[step], a_file(step, is_member=True), historical=True, reason="old papers"
    )
    assert said[0] == (
        "The person is already a member. Enter changes on the member's page, and stop this file."
    )
    assert said[0].level == "error"


def test_who_is_on_the_roll_on_probation_may_become_a_full_member():
    step = "full_assembly"
    assert errors(step, DAYS[step], a_file(step, is_member=True)) == []
    assert errors(step, DAYS[step], a_file(step, full_member=True)) == ["already_member"]


def test_a_step_before_birth_or_still_to_come_is_refused():
    file = a_file("first_talk", born_on=PartialDate(1990, 5, 4))
    said = said_against("first_talk", "1990-05-03", file, historical=True, reason="x")
    assert said[0] == "1990-05-03 is before the day of birth, 1990-05-04. Check both dates."
    said = said_against("first_talk", "2022-03-21", file, today=date(2022, 3, 20))
    assert said == ["2022-03-21 is still to come. Enter the step on the day on which it is taken."]
    assert codes("first_talk", "2022-03", file, today=date(2022, 3, 20)) == []


def test_a_live_step_has_a_day_and_its_data():
    said = said_against("political_review", "", facts={"result": ""})
    assert said == [
        "The day is missing. Enter it; only a step from old papers may do without.",
        "“conclusion” is missing. Enter it.",
    ]
    assert errors("political_review", "2023-07-20", facts={"result": "fine"}) == ["choice_unknown"]


def test_a_step_is_entered_once():
    file = a_file("sponsors", more=(done("sponsors", "2023-07-05"),))
    assert said_against("sponsors", "2023-07-06", file) == [
        (
            "“naming of sponsors” is recorded already, on 2023-07-05. Correct that entry, "
            "or withdraw it."
        )
    ]
    reviewed = a_file("object")
    assert errors("cultivation", "2023-06-01", reviewed) == []


@pytest.mark.parametrize(
    ("step", "result", "following"),
    [
        ("political_review", "not_qualified", "branch_review"),
        ("branch_review", "refused", "pre_review"),
        ("pre_review", "refused", "application_form"),
        ("assembly", "refused", "committee_talk"),
        ("approval", "refused", "oath"),
    ],
)
def test_a_refusal_stops_the_way_until_it_is_held_again(step, result, following):
    file = a_file(step, more=(done(step, DAYS[step], result=result),))
    assert "refused_before" in codes(following, DAYS[following], file)
    assert planned(file, following).state == "blocked"
    assert errors(step, DAYS[step], file) == []
    again = a_file(step, more=(*file.done[-1:], done(step, DAYS[step])))
    assert planned(again, following).state in {"possible", "blocked"}
    assert "refused_before" not in codes(following, DAYS[following], again)


def test_what_was_refused_is_open_again_once_an_earlier_step_is_held_again():
    refused = done("approval", "2023-11-20", result="refused")
    file = a_file("approval", more=(refused,))
    assert planned(file, "approval").state == "done"
    assert planned(file, "oath").reasons == (
        "“approval by the committee” ended with a refusal. Hold it again, or stop the file.",
    )
    again = (done("assembly", "2024-01-15"), done("committee_talk", "2024-01-20"))
    file = a_file("approval", more=(refused, *again))
    assert planned(file, "approval").state == "possible"
    assert planned(file, "approval").due_by == date(2024, 4, 15)
    assert development.probation_ends_on(file) == PartialDate(2025, 1, 15)


def test_nothing_is_due_after_an_assembly_that_refused():
    file = a_file("assembly", more=(done("assembly", "2023-09-25", result="refused"),))
    assert planned(file, "approval").due_by is None
    assert codes("pre_review", "2023-12-01", file) == []


def test_an_assembly_that_did_not_carry_admits_nobody():
    votes = {"due": 12, "present": 10, "votes_for": 6}
    assert codes("assembly", "2023-09-25", facts=votes) == ["too_few_for"]
    assert codes("assembly", "2023-09-25", facts=votes | {"result": "refused"}) == []
    old = codes("assembly", "2023-09-25", facts=votes, historical=True, reason="x")
    assert old == ["too_few_for", "historical"]
    file = a_file("assembly", more=(development.Done("assembly", PartialDate(2023, 9, 25), votes),))
    assert development.probation_ends_on(file) is None


def test_a_notice_not_asked_for_is_entered_all_the_same():
    assert codes("object_notice", "2023-06-20", a_file("object")) == []


def test_a_step_out_of_order_is_named_with_both_dates():
    file = a_file("object_filed")
    (said,) = said_against("object_filed", "2023-07-02", file)
    assert said == (
        "“filing of the object” on 2023-07-02 comes before “naming as an object of development” "
        "on 2023-07-03, which it follows. Check both dates."
    )
    assert said.level == "error"
    late = a_file("object", without={"first_talk"})
    said = said_against("first_talk", "2022-07-01", late, reason="x", historical=True)
    assert said[1] == (
        "“first talk” on 2022-07-01 comes after “naming as an activist” on 2022-06-15, which "
        "follows it. Check both dates."
    )


def test_a_stopped_file_takes_no_live_step_but_old_ones():
    file = a_file("oath", stopped_on=date(2023, 12, 1))
    assert said_against("oath", "2023-12-10", file) == [
        "The file was stopped on 2023-12-01. Start it again first."
    ]
    assert errors("oath", "2023-11-30", file, historical=True, reason="x") == []
    assert {each.state for each in development.plan(file, TODAY)} == {
        "done", "blocked", "not_needed",
    }  # fmt: skip
    assert development.open_steps(development.plan(file, TODAY)) == []


def test_everything_is_said_at_once():
    file = File("2014", PartialDate(2010, 1, 1), is_member=True)
    said = development.objections(
        "approval", file, date(2009, 1, 1), facts={"result": "perhaps"}, today=date(2008, 1, 1),
        entitled=False,
    )  # fmt: skip
    assert [each.code for each in said if each.level == "error"] == [
        "already_member", "not_entitled", "comes_first", "in_future", "before_birth",
        "choice_unknown", "reason_missing",
    ]  # fmt: skip


def test_a_step_that_nobody_knows_is_refused():
    assert said_against("baptism", "2023-01-01", a_file()) == [
        "There is no step “baptism” in this file. Choose one from the list."
    ]


OWN = Step(
    "second_notice", "8-1", Sentence("second notice"), "第二次公示", "object", "branch",
    after=("object_filed",), needs=("object_filed",),
    earliest=(Limit("object_filed", 1, level="error", source="a province's own rules"),),
)  # fmt: skip


def test_a_province_adds_a_step_as_data():
    file = a_file("sponsors", local_steps=(OWN,))
    order = [each.step for each in development.plan(file, TODAY)]
    assert order[order.index("object_filed") + 1] == "second_notice"
    here = planned(file, "second_notice")
    assert (here.state, here.possible_from) == ("possible", date(2023, 8, 5))
    assert errors("second_notice", "2023-08-04", file) == ["too_early"]
    assert errors("second_notice", "2023-08-05", file) == []
    later = a_file("branch_review", local_steps=(OWN,))
    assert codes("branch_review", "2023-08-20", later) == ["comes_first", "reason_missing"]


def test_findings_tell_what_is_wrong_in_a_file_as_it_is():
    file = File(
        "2014",
        PartialDate(1990, 5, 4),
        (
            done("application", "1990-01"),
            done("activist", "2022-06-15"),
            done("object", "2023-05-01"),
            done("approval"),
            done("oath", "2030-01-01"),
        ),
    )
    found = [(step, said.code) for step, said in development.findings(file, TODAY)]
    assert [each for each in found if each[1] != "skipped"] == [
        ("application", "before_birth"),
        ("application", "too_young"),
        ("object", "too_early"),
        ("approval", "comes_first"),
        ("approval", "day_unknown"),
        ("oath", "in_future"),
    ]
    assert ("assembly", "skipped") in found
    assert development.findings(a_file("the_end"), TODAY) == []


def test_every_step_says_what_it_records():
    assert set(FACTS) <= set(STEPS)
    assert len(STEPS) == 30
    assert [each.number for each in STEPS.values() if "-" not in each.number] == [
        str(number) for number in range(1, 26)
    ]
    for step in STEPS.values():
        assert all((each.kind == "choice") == bool(each.choices) for each in step.records)
        order = list(STEPS)
        before = {*step.after, *step.needs}
        assert all(order.index(code) < order.index(step.code) for code in before)
