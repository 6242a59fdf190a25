"""Elections: the way of the candidates, the day of the assembly, and who is elected."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.rules import elections
from members.rules.elections import Attendance, Ballot

TODAY = date(2026, 11, 20)
DAYS = {
    "request": date(2026, 9, 1),
    "review": date(2026, 9, 10),
    "reply": date(2026, 9, 20),
    "assembly": date(2026, 10, 8),
}


def taken(*steps: str) -> dict[str, date]:
    return {step: DAYS[step] for step in steps}


@pytest.mark.parametrize(
    ("step", "on", "before", "codes"),
    [
        pytest.param("request", date(2026, 9, 1), (), [], id="the first"),
        pytest.param("review", date(2026, 9, 1), ("request",), [], id="on the same day"),
        pytest.param("report", TODAY, tuple(DAYS), [], id="the last"),
        pytest.param("reply", TODAY, ("request",), ["step_out_of_order"], id="one left out"),
        pytest.param("request", TODAY, ("request",), ["step_taken"], id="twice"),
        pytest.param(
            "assembly",
            date(2026, 8, 31),
            ("request",),
            ["step_out_of_order", "step_before_the_last"],
            id="all reasons at once",
        ),
        pytest.param(
            "review", date(2026, 11, 21), ("request",), ["step_in_the_future"], id="tomorrow"
        ),
    ],
)
def test_candidates_go_their_way_step_by_step(step, on, before, codes):
    found = elections.step_objections(step, on, taken(*before), TODAY)
    assert [each.code for each in found] == codes


def test_an_empty_list_is_not_sent_up():
    assert elections.step_objections("request", TODAY, {}, TODAY, candidates=0) == [
        "Nobody stands yet. Enter the candidates first."
    ]


def test_the_step_that_is_missing_is_named():
    assert elections.step_objections("reply", TODAY, taken("request"), TODAY) == [
        "“review of the candidates” comes before “reply of the superior”. Enter it first."
    ]


@pytest.mark.parametrize(
    ("seats", "needed"), [(1, 2), (3, 4), (5, 6), (6, 8), (7, 9), (9, 11), (10, 12), (11, 14)]
)
def test_a_fifth_more_stand_than_are_elected(seats, needed):
    assert elections.candidates_needed(seats) == needed
    assert elections.candidates_needed(seats, one_for_one=True) == seats


@pytest.mark.parametrize(
    ("due", "present"), [(1, 1), (5, 4), (9, 8), (10, 8), (11, 9), (44, 36), (45, 36), (46, 37)]
)
def test_four_fifths_of_those_due_are_present(due, present):
    assert elections.present_needed(due) == present


@pytest.mark.parametrize(("present", "votes"), [(1, 1), (2, 2), (8, 5), (9, 5), (36, 19), (37, 19)])
def test_more_than_half_of_those_present_elect(present, votes):
    assert elections.votes_needed(present) == votes


@pytest.mark.parametrize(
    ("entitled", "excused", "due", "present", "proxies", "codes"),
    [
        pytest.param(47, {"abroad": 2}, 45, 36, 0, [], id="just enough"),
        pytest.param(47, {"abroad": 2}, 45, 35, 0, ["too_few_present"], id="one too few"),
        pytest.param(47, {}, 45, 40, 0, ["due_differs"], id="two not accounted for"),
        pytest.param(10, {}, 10, 11, 0, ["more_than_due"], id="more than are due"),
        pytest.param(10, {}, 10, 9, 1, ["votes_by_proxy"], id="for somebody absent"),
        pytest.param(
            10, {"busy": 1}, 9, 7, 2, ["excuse_unknown", "too_few_present", "votes_by_proxy"],
            id="all reasons at once",
        ),
        pytest.param(0, {}, 0, 0, 0, ["nobody_due"], id="nobody"),
        pytest.param(
            5, {"abroad": -1}, 6, 6, 0, ["negative_excused"], id="below nothing"
        ),
    ],
)  # fmt: skip
def test_the_assembly_may_elect(entitled, excused, due, present, proxies, codes):
    here = Attendance(entitled, excused, due, present, proxies)
    assert [each.code for each in elections.attendance_objections(here)] == codes


def test_a_refused_assembly_says_the_numbers():
    assert elections.attendance_objections(Attendance(45, {}, 45, 35, 1)) == [
        (
            "35 of 45 due are present; an election needs four fifths, 36. "
            "Hold it on another day."
        ),
        (
            "1 votes were cast for somebody absent. Nobody votes for another; leave them out."
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ballot", "codes"),
    [
        pytest.param(Ballot(3, 40, 40, dict.fromkeys("甲乙丙丁", 30)), [], id="as it should be"),
        pytest.param(Ballot(3, 40, 40, dict.fromkeys("甲乙丙", 30)), ["too_few_candidates"],
                     id="as many as seats"),
        pytest.param(Ballot(1, 5, 5, {"甲": 5}, one_for_one=True), [], id="a secretary"),
        pytest.param(Ballot(3, 40, 41, dict.fromkeys("甲乙丙丁", 30)),
                     ["more_ballots_than_present"], id="more ballots than people"),
        pytest.param(Ballot(3, 40, 38, dict.fromkeys("甲乙丙丁", 30)),
                     ["fewer_ballots_than_present"], id="fewer ballots"),
        pytest.param(Ballot(1, 40, 38, {"甲": 39, "乙": -1}),
                     ["fewer_ballots_than_present", "more_votes_than_ballots", "negative_votes"],
                     id="wrongly counted"),
    ],
)  # fmt: skip
def test_a_ballot_is_judged(ballot, codes):
    assert [each.code for each in elections.ballot_objections(ballot)] == codes


@pytest.mark.parametrize(
    ("ballot", "elected", "tied", "empty"),
    [
        pytest.param(Ballot(3, 40, 40, {"甲": 39, "乙": 21, "丙": 30, "丁": 20}),
                     ("甲", "丙", "乙"), (), 0, id="half is not more than half"),
        pytest.param(Ballot(3, 40, 40, {"甲": 39, "乙": 36, "丙": 35, "丁": 34}),
                     ("甲", "乙", "丙"), (), 0, id="the most votes where more have a majority"),
        pytest.param(Ballot(3, 40, 40, {"甲": 39, "乙": 36, "丙": 30, "丁": 30}),
                     ("甲", "乙"), ("丙", "丁"), 1, id="equal at the last seat"),
        pytest.param(Ballot(3, 40, 40, {"甲": 39, "乙": 20, "丙": 19, "丁": 18}),
                     ("甲",), (), 2, id="seats stay empty"),
        pytest.param(Ballot(3, 41, 40, {"甲": 21, "乙": 20, "丙": 40, "丁": 40}),
                     ("丙", "丁", "甲"), (), 0, id="of those present, not of the ballots"),
    ],
)  # fmt: skip
def test_who_is_elected(ballot, elected, tied, empty):
    found = elections.result(ballot)
    assert (found.elected, found.tied, found.empty_seats) == (elected, tied, empty)


@given(
    st.integers(1, 7),
    st.integers(1, 60),
    st.lists(st.integers(0, 60), min_size=1, max_size=12),
)
def test_nobody_is_elected_without_the_majority_and_never_more_than_seats(seats, present, votes):
    ballot = Ballot(seats, present, present, {f"{n}": min(v, present) for n, v in enumerate(votes)})
    found = elections.result(ballot)
    assert len(found.elected) + found.empty_seats == seats
    assert all(2 * ballot.votes[name] > present for name in (*found.elected, *found.tied))
    assert not set(found.elected) & set(found.tied)


def test_who_cannot_stand():
    assert elections.standing_objections("王小明", probationary=False) == []
    found = elections.standing_objections(
        "王小明", probationary=True, without_rights=True, others=["王小明"]
    )
    assert found == [
        (
            "王小明 is a probationary member and can neither vote nor stand. Choose a full member."
        ),
        "王小明 cannot stand at present. Choose somebody else.",
        "王小明 stands for these seats already. Choose somebody else.",
    ]  # fmt: skip
