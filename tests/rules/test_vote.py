"""Votes on admission: who has to be present, how many have to agree, and what adds up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.rules import vote


@pytest.mark.parametrize(
    ("due", "present", "written_for", "votes_for", "codes"),
    [
        pytest.param(10, 6, 0, 6, [], id="more than half came and all agree"),
        pytest.param(10, 5, 0, 5, ["too_few_present", "too_few_for"], id="half is not more"),
        pytest.param(10, 5, 5, 5, ["too_few_present"], id="who has written is not present"),
        pytest.param(10, 6, 0, 5, ["too_few_for"], id="half of those due agree"),
        pytest.param(10, 6, 1, 5, [], id="a written opinion on top makes it more than half"),
        pytest.param(10, 9, 0, 5, ["too_few_for"], id="more than half of the present is too few"),
        pytest.param(11, 6, 0, 6, [], id="more than half of an odd number"),
        pytest.param(11, 5, 0, 5, ["too_few_present", "too_few_for"], id="less than half"),
        pytest.param(3, 2, 0, 2, [], id="the smallest branch"),
        pytest.param(1, 1, 0, 1, [], id="one alone"),
        pytest.param(0, 0, 0, 0, ["too_few_present", "too_few_for"], id="nobody is due"),
        pytest.param(10, 6, 0, 7, ["more_votes_than_present"], id="more votes than present"),
        pytest.param(10, 8, 3, 8, ["more_than_due"], id="more than are due"),
        pytest.param(10, 8, 2, 8, [], id="everybody has spoken"),
        pytest.param(10, 11, 0, 8, ["more_than_due"], id="more present than due"),
        pytest.param(10, -1, 0, 0, ["negative", "more_votes_than_present", "too_few_present",
                                    "too_few_for"], id="below nothing"),
        pytest.param(10, 8, -1, 8, ["negative"], id="fewer than no written opinions"),
    ],
)  # fmt: skip
def test_the_assembly_admits(due, present, written_for, votes_for, codes):
    said = vote.admission(due, present, written_for, votes_for)
    assert [sentence.code for sentence in said] == codes


def test_a_refusal_says_the_numbers_and_what_to_do():
    assert vote.admission(10, 5, 0, 5) == [
        (
            "5 of 10 are present; an assembly decides only with more than half of those due. "
            "Hold it again."
        ),
        (
            "5 of 10 due are for it, written opinions included; more than half are needed. "
            "Record that the assembly did not agree."
        ),
    ]
    assert vote.admission(10, 8, 3, 9) == [
        (
            "9 votes for it, but only 8 present. Written opinions stand in their own field; "
            "count again."
        ),
        (
            "8 present and 3 written opinions are more than the 10 due. Who has written does not "
            "count as present; count again."
        ),
    ]
    assert vote.admission(10, 8, -2, 8) == ["-2 is below 0. Enter 0 or more."]


NUMBERS = st.integers(-2, 40)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_nobody_is_admitted_against_the_rule(due, present, written_for, votes_for):
    admitted = not vote.admission(due, present, written_for, votes_for)
    assert admitted == (
        min(due, present, written_for, votes_for) >= 0
        and votes_for <= present
        and present + written_for <= due
        and present > due / 2
        and votes_for + written_for > due / 2
    )


def test_five_reasons_excuse_and_the_excused_are_not_due():
    assert [entry.chinese for entry in vote.EXCUSES.values()] == [
        "不能表达本人意志",
        "自费出国半年以上",
        "被判刑正在服刑",
        "长期卧床、生活不能自理",
        "应转未转组织关系",
    ]
    assert vote.due_of(entitled=12, excused=2) == 10


FULL = {
    "entitled": 12, "due": 10, "present": 8, "written_for": 1, "written_against": 1,
    "votes_for": 6, "votes_against": 1, "abstained": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"due": 11}, "due_differs"),
        ({"entitled": 10}, "due_differs"),
        ({"written_against": 2}, "more_than_due"),
        ({"votes_against": 2}, "more_votes_than_present"),
        ({"abstained": 0}, "fewer_votes_than_present"),
        ({"abstained": -1}, "negative"),
    ],
)
def test_the_numbers_of_a_vote_add_up(changed, code):
    said = vote.adding_up(FULL | changed, excused=2)
    assert (said[0].code if said else None) == code


def test_a_spoiled_ballot_is_only_a_warning():
    (said,) = vote.adding_up(FULL | {"abstained": 0}, excused=2)
    assert said == "7 votes of 8 present. If no ballot was spoiled, count again."
    assert said.level == "warning"


def test_what_the_paper_does_not_tell_is_not_judged():
    assert vote.adding_up({}) == []
    assert vote.adding_up({"present": 5, "votes_for": 5}) == []
    assert vote.adding_up({"due": 5}) == []


def test_twelve_less_two_are_not_eleven():
    assert vote.adding_up({"entitled": 12, "due": 11}, excused=2) == [
        "12 entitled less 2 excused are 10, not 11 due. Count again."
    ]
