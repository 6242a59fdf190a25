"""When a round of confirmation may be opened, and what a branch may answer in it."""

from __future__ import annotations

from datetime import date

import pytest

from members.rules.confirmations import (
    Answer,
    NewRound,
    Running,
    answering_objections,
    closing_objections,
    opening_objections,
    withdrawing_objections,
)

TODAY = date(2026, 11, 20)
AS_AT, LAST_DAY = date(2026, 10, 31), date(2026, 12, 10)


def new(**said) -> NewRound:
    usual = {"kind": "work_committee", "name": "2026-2", "as_at": AS_AT, "last_day": LAST_DAY,
             "stood": True}  # fmt: skip
    return NewRound(**usual | said)


def running(**said) -> Running:
    usual = {"name": "2026-2", "committee": "工委", "as_at": AS_AT, "closed_on": None,
             "asked": True}  # fmt: skip
    return Running(**usual | said)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        pytest.param({}, [], id="a sound one"),
        pytest.param({"as_at": TODAY, "last_day": TODAY}, [], id="all on one day"),
        pytest.param({"kind": "branch"}, ["no_branch_below"], id="by a branch"),
        pytest.param({"name": " "}, ["name_missing"], id="without a name"),
        pytest.param({"as_at": date(2026, 11, 21)}, ["as_at_in_future"], id="rosters to come"),
        pytest.param({"stood": False}, ["as_at_before_founding"], id="before it was founded"),
        pytest.param({"last_day": date(2026, 10, 30)}, ["last_day_before_as_at"], id="ends early"),
        pytest.param({"last_day": date(2026, 11, 19)}, ["last_day_has_passed"], id="yesterday"),
        pytest.param(
            {"name": "", "as_at": date(2027, 1, 1)},
            ["name_missing", "as_at_in_future", "last_day_before_as_at"],
            id="everything at once",
        ),
    ],
)
def test_a_round_opens_with_sound_days(said, codes):
    assert [each.code for each in opening_objections(new(**said), TODAY)] == codes


CONFIRMED = Answer(right=True, on=TODAY, by="李四")
REPORTED = Answer(right=False, on=TODAY, by="李四")
CLOSED = {"closed_on": TODAY}


@pytest.mark.parametrize(
    ("said", "before", "right", "remark", "codes"),
    [
        pytest.param({}, None, True, "", [], id="it is right"),
        pytest.param({}, None, False, "少一人", [], id="it is wrong"),
        pytest.param({}, None, False, " ", ["remark_missing"], id="wrong without a word"),
        pytest.param({}, REPORTED, True, "", [], id="it was mended"),
        pytest.param({}, REPORTED, False, "还少一人", [], id="it is wrong still"),
        pytest.param({}, CONFIRMED, True, "", ["confirmed_already"], id="twice"),
        pytest.param({}, CONFIRMED, False, "少一人", ["confirmed_already"], id="after all wrong"),
        pytest.param(CLOSED, None, True, "", ["round_closed"], id="after its end"),
        pytest.param({"asked": False}, None, True, "", ["not_asked"], id="of somebody else"),
        pytest.param(
            CLOSED | {"asked": False}, CONFIRMED, False, "",
            ["round_closed", "not_asked", "remark_missing", "confirmed_already"],
            id="everything at once",
        ),
    ],
)  # fmt: skip
def test_what_a_branch_may_answer(said, before, right, remark, codes):
    found = answering_objections(running(**said), before, right=right, remark=remark)
    assert [each.code for each in found] == codes


def test_an_answer_is_withdrawn_while_the_round_is_open():
    assert withdrawing_objections(running(), CONFIRMED) == []
    assert [each.code for each in withdrawing_objections(running(**CLOSED), None)] == [
        "round_closed",
        "nothing_to_withdraw",
    ]


def test_a_round_is_closed_once():
    assert closing_objections(running()) == []
    assert closing_objections(running(**CLOSED)) == ["“2026-2” was closed on 2026-11-20 already."]
