"""Transfers of the membership relation: how one stands on a day, and what speaks against a step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from members.rules import transfers
from members.rules.capitals import month_in_capitals, number_in_capitals
from members.rules.transfers import Course, Destination, Leaver
from registry.calendar import PartialDate

TODAY = date(2026, 11, 20)
SENT = date(2026, 10, 1)
LETTER = Course(
    "letter",
    "out",
    begun_on=SENT,
    issued_on=date(2026, 10, 5),
    valid_through=date(2026, 11, 4),
    receipt_due_on=date(2026, 11, 5),
)
INTERNAL = Course("internal", "out", begun_on=SENT)
CAME = Course("letter", "in", begun_on=SENT, issued_on=date(2026, 9, 20))
SOMEBODY = Leaver(
    "王芳",
    on_roll=True,
    since=date(2020, 1, 1),
    kind="full",
    joined_on=PartialDate(2010, 6),
    paid_to=date(2026, 10, 1),
)
OUTSIDE = Destination("中共某市某局机关委员会")
NEXT_DOOR = Destination("第二党支部", in_register=True)


@pytest.mark.parametrize(
    ("course", "day", "state"),
    [
        pytest.param(replace(LETTER, issued_on=None), TODAY, "proposed", id="no letter yet"),
        pytest.param(LETTER, date(2026, 11, 4), "under_way", id="the last day of the letter"),
        pytest.param(LETTER, date(2026, 11, 5), "expired", id="the day after"),
        pytest.param(LETTER, TODAY, "expired", id="graver than the receipt that is overdue"),
        pytest.param(
            replace(LETTER, valid_through=date(2026, 12, 1)), TODAY, "overdue", id="no receipt"
        ),
        pytest.param(
            replace(LETTER, accepted_on=date(2026, 10, 9)),
            date(2026, 11, 5),
            "accepted",
            id="accepted, the last day of the receipt",
        ),
        pytest.param(
            replace(LETTER, accepted_on=date(2026, 10, 9)), TODAY, "overdue", id="and then overdue"
        ),
        pytest.param(replace(LETTER, goes_through=True), SENT, "passing", id="at the committee"),
        pytest.param(
            replace(LETTER, goes_through=True, passed_on=SENT), SENT, "under_way", id="passed on"
        ),
        pytest.param(INTERNAL, TODAY, "under_way", id="to be accepted by a branch"),
        pytest.param(replace(INTERNAL, kind="online"), TODAY, "under_way", id="on line"),
        pytest.param(CAME, TODAY, "to_place", id="a letter that came"),
        pytest.param(
            replace(CAME, accepted_on=SENT), TODAY, "receipt_owed", id="its receipt is to go back"
        ),
        pytest.param(replace(LETTER, ending="reissued"), TODAY, "reissued", id="closed"),
    ],
)
def test_how_a_transfer_stands_follows_from_its_days(course, day, state):
    assert transfers.state(course, day) == state
    assert state in transfers.STATES


def test_the_days_of_a_letter_are_counted_from_the_day_it_is_of():
    assert transfers.valid_through(date(2026, 11, 1), 10) == date(2026, 11, 11)
    assert transfers.receipt_due_on(date(2026, 1, 31)) == date(2026, 2, 28)
    assert transfers.handed_in_by(date(2026, 8, 31)) == date(2027, 2, 28)
    assert transfers.stub_kept_until(date(2024, 2, 29)) == date(2034, 2, 28)
    assert transfers.usual_days(TODAY, outside_city=True) == 30
    assert transfers.usual_days(TODAY, outside_city=False) == 10


def codes(objections):
    return [(each.code, each.level) for each in objections]


SENDING = [
    pytest.param("letter", {}, OUTSIDE, date(2026, 10, 31), [], id="in order"),
    pytest.param(
        "letter",
        {},
        OUTSIDE,
        date(2026, 11, 1),
        [("dues_unpaid", "warning")],
        id="dues are missing for the month of leaving",
    ),
    pytest.param(
        "letter", {"paid_to": None}, OUTSIDE, SENT, [("paid_to_unknown", "warning")], id="dues?"
    ),
    pytest.param(
        "whole", {}, OUTSIDE, SENT, [("whole_moves_elsewhere", "error")], id="a whole organisation"
    ),
    pytest.param(
        "internal", {}, OUTSIDE, SENT, [("branch_missing", "error")], id="inside to the outside"
    ),
    pytest.param(
        "letter", {}, NEXT_DOOR, SENT, [("letter_not_needed", "error")], id="a letter next door"
    ),
    pytest.param(
        "online", {}, Destination(" "), SENT, [("destination_missing", "error")], id="nowhere"
    ),
    pytest.param(
        "internal",
        {},
        Destination(
            "老支部", in_register=True, founded_on=date(2000, 1, 1), dissolved_on=date(2026, 9, 1)
        ),
        SENT,
        [("branch_dissolved", "error")],
        id="a branch that vanished",
    ),
    pytest.param(
        "letter",
        {
            "kind": "probationary",
            "joined_on": PartialDate(2025, 11, 2),
            "since": date(2025, 11, 2),
        },
        OUTSIDE,
        date(2026, 10, 2),
        [("probation_ends", "warning")],
        id="probation ends within a month",
    ),
]


@pytest.mark.parametrize(("kind", "of_leaver", "to", "on", "expected"), SENDING)
def test_what_speaks_against_going_out(kind, of_leaver, to, on, expected):
    leaver = replace(SOMEBODY, **of_leaver)
    assert codes(transfers.sending_objections(kind, leaver, to, on, TODAY)) == expected


def test_everything_that_is_wrong_with_going_out_is_said_at_once():
    leaver = replace(
        SOMEBODY, on_roll=False, under_way=True, joined_on=PartialDate(2027), paid_to=None
    )
    to = Destination(
        "机关党委", in_register=True, is_own=True, holds_members=False, founded_on=date(2030, 1, 1)
    )
    on = date(2027, 1, 1)
    leaver = replace(leaver, since=date(2027, 2, 1))
    found = transfers.sending_objections("internal", leaver, to, on, TODAY)
    assert [str(each) for each in found] == [
        "2027-01-01 is still to come. Enter it on that day.",
        "王芳 is not on the roll.",
        "Another transfer of 王芳 is under way. Withdraw it first.",
        "王芳 has been in the branch since 2027-02-01, after 2027-01-01. Choose a later day.",
        "“机关党委” is the branch that he is in. Choose another.",
        "“机关党委” holds no members. Choose a branch.",
        "“机关党委” was founded on 2030-01-01, after 2027-01-01. Choose a later day.",
        "Nobody knows to which month 王芳 has paid dues. The letter needs it.",
    ]
    before = replace(SOMEBODY, since=date(2001, 1, 1))
    [sentence] = transfers.sending_objections("letter", before, OUTSIDE, date(2009, 1, 1), TODAY)
    assert sentence == "王芳 joined on 2010-06 and cannot leave before, on 2009-01-01."


@pytest.mark.parametrize(
    ("issued_on", "days", "incoming", "expected"),
    [
        pytest.param(TODAY, 90, False, [], id="the longest"),
        pytest.param(TODAY, 91, False, [("validity_too_long", "error")], id="too long"),
        pytest.param(date(2026, 9, 30), 91, True, [("validity_too_long", "warning")], id="came so"),
        pytest.param(TODAY, 0, False, [("validity_missing", "error")], id="no day"),
        pytest.param(TODAY, None, False, [("validity_missing", "error")], id="empty"),
        pytest.param(date(2026, 9, 30), None, True, [], id="a letter that says nothing"),
        pytest.param(date(2026, 9, 30), 0, True, [("validity_missing", "error")], id="came with 0"),
        pytest.param(
            date(2026, 9, 30), 10, False, [("letter_before_proposal", "error")], id="too early"
        ),
        pytest.param(
            date(2026, 10, 2), 10, True, [("letter_after_coming", "error")], id="came before"
        ),
        pytest.param(date(2026, 9, 20), 10, True, [("letter_expired", "warning")], id="expired"),
        pytest.param(
            date(2026, 3, 31),
            10,
            True,
            [("letter_expired", "warning"), ("not_handed_in", "warning")],
            id="more than six months old",
        ),
        pytest.param(
            date(2026, 11, 21),
            0,
            False,
            [("day_to_come", "error"), ("validity_missing", "error")],
            id="all at once",
        ),
    ],
)
def test_what_speaks_against_a_letter(issued_on, days, incoming, expected):
    begun_on = date(2026, 10, 1)
    found = transfers.letter_objections(
        issued_on, days, incoming=incoming, begun_on=begun_on, today=TODAY
    )
    assert codes(found) == expected


def test_what_speaks_against_an_acceptance_and_a_receipt():
    early = date(2026, 9, 1)
    through = replace(LETTER, goes_through=True)
    assert [
        each.code for each in transfers.accepting_objections(through, "王芳", early, TODAY)
    ] == [
        "letter_not_passed_on",
        "accepted_before_leaving",
    ]
    unissued = replace(LETTER, issued_on=None)
    assert [
        each.code for each in transfers.accepting_objections(unissued, "王芳", SENT, TODAY)
    ] == ["letter_not_issued"]
    closed = replace(INTERNAL, ending="complete", accepted_on=SENT)
    assert [str(each) for each in transfers.accepting_objections(closed, "王芳", SENT, TODAY)] == [
        "This transfer is closed: complete.",
        "王芳 was accepted on 2026-10-01 already.",
    ]
    assert [
        str(each)
        for each in transfers.receipt_objections(LETTER, "王芳", early, date(2026, 10, 8), TODAY)
    ] == [
        "The letter is of 2026-10-05. Its receipt cannot have come before, on 2026-09-01.",
        "The receipt of 2026-09-01 cannot tell of 2026-10-08, which is later. Check both days.",
    ]
    assert [
        each.code for each in transfers.receipt_objections(LETTER, "王芳", TODAY, None, TODAY)
    ] == ["accepted_missing"]
    gone = replace(LETTER, accepted_on=date(2026, 10, 9))
    assert [each.code for each in transfers.closing_objections(gone, early, TODAY)] == [
        "accepted_already",
        "before_it_began",
    ]


def test_what_is_to_be_looked_after():
    assert [each.code for each in transfers.remarks(LETTER, TODAY)] == [
        "letter_expired",
        "receipt_overdue",
    ]
    assert [each.code for each in transfers.remarks(LETTER, date(2027, 4, 6))][-1] == (
        "not_handed_in"
    )
    assert transfers.remarks(INTERNAL, TODAY) == []


def test_months_and_days_are_written_in_capitals():
    assert month_in_capitals(date(2026, 11, 1)) == "贰零贰陆年壹拾壹月"
    assert month_in_capitals(date(2030, 1, 1)) == "贰零叁零年壹月"
    assert [number_in_capitals(number) for number in (1, 10, 30, 90)] == [
        "壹", "壹拾", "叁拾", "玖拾",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="-1 cannot be written in capitals"):
        number_in_capitals(-1)
