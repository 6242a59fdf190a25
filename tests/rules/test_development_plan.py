"""The plan of a file and what a desk makes of it, by a file whose steps are moved on."""

from __future__ import annotations

from datetime import date

import pytest

from members.rules import development
from members.rules.development import Done, File, Planned
from registry.calendar import PartialDate
from tests.rules.development_files import DAYS, TODAY, a_file, done, planned


def states(file):
    return {each.step: each.state for each in development.plan(file, TODAY)}


def opened(file, on=TODAY):
    """What a desk shows: step, state, from, by."""
    return [
        (
            each.step,
            development.desk_state(each, on),
            each.possible_from and str(each.possible_from),
            each.due_by and str(each.due_by),
        )
        for each in development.open_steps(development.plan(file, on))
    ]


@pytest.mark.parametrize(
    ("next_step", "shown"),
    [
        ("application", [
            ("application", "possible", "2008-05-04", None),
            ("first_talk", "blocked", None, None),
        ]),
        ("first_talk", [
            ("first_talk", "overdue", "2022-03-01", "2022-04-01"),
            ("activist", "blocked", None, None),
        ]),
        ("activist", [
            ("activist", "possible", "2022-03-20", None),
            ("activist_filed", "blocked", None, None),
        ]),
        ("activist_filed", [
            ("activist_filed", "possible", "2022-06-15", None),
            ("mentors", "possible", "2022-06-15", None),
            ("cultivation", "overdue", "2022-11-15", "2022-12-15"),
            ("object", "blocked", "2023-06-15", None),
        ]),
        ("object", [
            ("cultivation", "overdue", "2023-05-15", "2023-06-15"),
            ("object", "possible", "2023-06-15", None),
            ("object_filed", "blocked", None, None),
        ]),
        ("object_filed", [
            ("object_filed", "possible", "2023-07-03", None),
            ("sponsors", "possible", "2023-07-03", None),
            ("political_review", "possible", "2023-07-03", None),
            ("training", "possible", "2023-07-03", None),
            ("branch_review", "blocked", None, None),
        ]),
        ("assembly", [
            ("assembly", "possible", "2023-09-05", None),
            ("committee_talk", "blocked", None, None),
        ]),
        ("committee_talk", [
            ("committee_talk", "possible", "2023-09-25", None),
            ("approval", "overdue", None, "2023-12-25"),
        ]),
        ("filed_above", [
            ("filed_above", "possible", "2023-11-20", None),
            ("placed", "possible", "2023-11-20", None),
            ("oath", "possible", "2023-11-20", None),
            ("probation_review", "overdue", "2023-11-20", "2024-09-25"),
            ("full_application", "overdue", "2024-08-25", "2024-09-25"),
            ("full_assembly", "overdue", "2024-09-25", "2024-10-25"),
        ]),
        ("full_assembly", [
            ("full_assembly", "overdue", "2024-09-25", "2024-10-25"),
            ("full_approval", "blocked", None, None),
        ]),
        ("archive", [("archive", "possible", "2024-11-11", None)]),
        ("the_end", []),
    ],
)  # fmt: skip
def test_a_desk_shows_what_may_be_done_and_what_comes_next(next_step, shown):
    assert opened(a_file(next_step)) == shown


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2023-10-14", "blocked"),
        ("2023-11-24", "possible"),
        ("2023-11-25", "soon"),
        ("2023-12-24", "soon"),
        ("2023-12-25", "due"),
        ("2023-12-26", "overdue"),
    ],
)
def test_a_last_day_comes_near(on, state):
    approval = planned(a_file("approval"), "approval")
    assert development.desk_state(approval, date.fromisoformat(on), within=30) == state


@pytest.mark.parametrize(
    ("on", "state"),
    [("2023-06-14", "blocked"), ("2023-06-15", "possible"), ("2024-06-15", "possible")],
)
def test_a_step_waits_for_its_first_day(on, state):
    file = a_file("object")
    assert development.desk_state(planned(file, "object"), date.fromisoformat(on)) == state


def test_within_is_counted_in_days():
    step = Planned("approval", "possible", due_by=date(2024, 3, 31))
    assert development.desk_state(step, date(2024, 3, 1), within=30) == "soon"
    assert development.desk_state(step, date(2024, 3, 1), within=29) == "possible"
    assert development.desk_state(step, date(2024, 3, 31), within=0) == "due"


def test_overdue_begins_on_the_day_after_the_last():
    file = a_file("first_talk")
    talk = planned(file, "first_talk", date(2022, 4, 1))
    assert talk.overdue_since is None
    assert development.overdue_since(talk, date(2022, 4, 1)) is None
    assert development.overdue_since(talk, date(2022, 4, 2)) == date(2022, 4, 2)
    assert planned(file, "first_talk", date(2022, 5, 1)).overdue_since == date(2022, 4, 2)
    late = planned(a_file("activist", days={"first_talk": "2022-05-01"}), "first_talk", TODAY)
    assert development.overdue_since(late, TODAY) is None


def test_a_blocked_step_says_what_comes_first_and_from_when_it_will_be_possible():
    step = planned(a_file("object", without={"mentors"}), "object")
    assert step.state == "blocked"
    assert step.reasons == (
        (
            "“naming of mentors” comes first and is not recorded. Enter it; from old papers, its "
            "day may be left unknown."
        ),
        (
            "Possible from 2023-06-15, counted from “naming as an activist” "
            "(中国共产党发展党员工作细则 (2014), article 13)."
        ),
    )


def test_a_skipped_step_is_shown_and_holds_nobody_up():
    file = a_file("assembly", without={"mentors", "training"})
    assert states(file)["mentors"] == states(file)["training"] == "missing"
    assert states(file)["assembly"] == "possible"
    assert planned(file, "training").reasons == (
        (
            "“training of the object” is not recorded, though later steps are. Enter it from the "
            "papers, or leave the gap with a reason."
        ),
    )


def test_a_step_done_on_an_unknown_day_is_done_and_nothing_is_counted_from_it():
    file = a_file("object", without={"activist"}, more=(Done("activist"),))
    assert planned(file, "activist") == Planned("activist", "done")
    waiting = planned(file, "object")
    assert (waiting.state, waiting.possible_from) == ("possible", date(2022, 12, 15))
    assert (
        "The day of “naming as an activist” is unknown, so nothing can be counted from it."
        in waiting.reasons
    )


def test_a_step_taken_late_or_early_says_so():
    late = planned(a_file("activist", days={"first_talk": "2022-04-02"}), "first_talk")
    assert late.reasons == (
        (
            "“first talk” on 2022-04-02 came after 2022-04-01, the last day in time; counted from "
            "“application” (中国共产党发展党员工作细则 (2014), article 7). Give the reason."
        ),
    )
    early = planned(a_file("object_filed", days={"object": "2023-06-01"}), "object")
    assert early.reasons == (
        (
            "“naming as an object of development” on 2023-06-01 came before 2023-06-15; counted "
            "from “naming as an activist” (中国共产党发展党员工作细则 (2014), article 13). Compare "
            "both dates with the papers."
        ),
    )


def test_a_month_counts_from_its_first_day_and_lasts_to_its_last():
    file = a_file("first_talk", days={"application": "2022-01"})
    assert planned(file, "first_talk").due_by == date(2022, 2, 28)
    file = a_file("object", days=dict.fromkeys(("activist", "activist_filed", "mentors"),
                                               "2022-06"))  # fmt: skip
    assert planned(file, "object").possible_from == date(2023, 6, 1)


def test_since_2026_a_notice_comes_before_the_object():
    file = a_file("object", rule_set="2026-05")
    assert planned(file, "object_notice").state == "possible"
    assert planned(file, "object_notice").possible_from == date(2023, 5, 15)
    assert planned(file, "object").state == "blocked"
    posted = a_file("object", rule_set="2026-05", more=(done("object_notice", "2023-06-14"),))
    assert planned(posted, "object").possible_from == date(2023, 6, 21)
    assert states(a_file("object"))["object_notice"] == "not_needed"


@pytest.mark.parametrize(
    ("until", "standing"),
    [
        ("application", ""),
        ("first_talk", "applicant"),
        ("activist_filed", "activist"),
        ("object", "activist"),
        ("object_filed", "object"),
        ("approval", "object"),
        ("filed_above", "probationary"),
        ("full_approval", "probationary"),
        ("archive", "full"),
    ],
)
def test_what_the_person_is_follows_from_the_steps(until, standing):
    assert development.standing(a_file(until)) == standing


def test_a_gap_does_not_hide_what_the_person_is():
    assert development.standing(File("2014", done=(Done("oath"),))) == "probationary"
    refused = a_file("approval", more=(done("approval", "2023-11-20", result="refused"),))
    assert development.standing(refused) == "object"
    assert development.probation_ends_on(refused) is None


def test_who_is_a_member_already_has_no_steps_before_probation():
    file = a_file("assembly", is_member=True)
    assert planned(file, "assembly").reasons == (
        "The person is already a member. Enter changes on the member's page, and stop this file.",
    )
    assert opened(a_file("assembly", full_member=True)) == []


def test_a_rule_set_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="There is no rule set “1990”. Choose one of 2014, 2026"):
        development.plan(File("1990"), TODAY)


def test_steps_may_come_in_any_order_of_the_list():
    file = a_file("full_application")
    turned = File(file.rule_set, file.born_on, tuple(reversed(file.done)))
    assert development.plan(turned, TODAY) == development.plan(file, TODAY)
    assert PartialDate.of(DAYS["assembly"]) in {each.done_on for each in
                                                development.plan(turned, TODAY)}  # fmt: skip
