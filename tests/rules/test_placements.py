"""The ways in and out, and what may be restored."""

from __future__ import annotations

import pytest

from members.rules import placements

STRUCK_OFF = {
    "expelled",
    "struck_off_absent",
    "struck_off_resigned",
    "struck_off_refused",
    "struck_off",
    "persuaded_to_quit",
}


@pytest.mark.parametrize("reason", placements.LEAVING_REASONS.values(), ids=lambda r: r.code)
def test_five_years_pass_before_somebody_struck_off_applies_anew(reason):
    assert reason.no_rejoining_for_years == (5 if reason.code in STRUCK_OFF else 0)


@pytest.mark.parametrize("reason", placements.LEAVING_REASONS.values(), ids=lambda r: r.code)
def test_every_way_out_has_its_line_in_the_yearly_balance(reason):
    assert reason.counts_as in {
        "transferred_out",
        "whole_move_out",
        "died",
        "expelled",
        "probation_cancelled",
        "suspended",
    }


def test_whoever_is_suspended_or_moves_away_stays_a_member():
    staying = {code for code, r in placements.LEAVING_REASONS.items() if not r.ends_membership}
    assert staying == {"transferred_out", "whole_move_out", *placements.SUSPENSIONS}


@pytest.mark.parametrize(
    ("reason", "levels"),
    [
        ("suspended", []),
        ("suspended_abroad", []),
        ("transferred_out", []),
        ("whole_move_out", []),
        ("expelled", ["warning"]),
        ("struck_off_absent", ["warning"]),
        ("persuaded_to_quit", ["warning"]),
        ("candidacy_cancelled", ["warning"]),
        ("died", ["error"]),
    ],
)
def test_restoring_depends_on_how_somebody_left(reason, levels):
    assert [said.level for said in placements.restoring_objections(reason)] == levels


def test_restoring_after_expulsion_asks_for_the_paper():
    assert placements.restoring_objections("expelled") == [
        (
            "After “expelled” membership is restored only if the decision was overturned. Have the "
            "paper at hand; otherwise the person applies anew."
        )
    ]


def test_only_a_probationary_membership_is_cancelled():
    assert placements.leaving_objections("candidacy_cancelled", "probationary") == []
    assert placements.leaving_objections("candidacy_cancelled", "full") == [
        (
            "Only a probationary membership can be cancelled; this member is a full one. Choose "
            "another reason."
        )
    ]
    assert placements.leaving_objections("died", "full") == []
    assert placements.leaving_objections("bored", "full") == [
        "“bored” is not a reason for leaving. Choose one from the list."
    ]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("转出", "transferred_out"),
        ("组织关系转出", "transferred_out"),
        ("死亡", "died"),
        ("自行脱党", "struck_off_absent"),
        ("开除党籍", "expelled"),
        ("停止党籍", "suspended"),
        ("整建制转出", "whole_move_out"),
    ],
)
def test_a_reason_is_read_as_sheets_write_it(written, code):
    assert placements.read_leaving_reason(written) == code


def test_a_stay_ends_with_a_move_a_way_out_or_because_it_never_was():
    assert set(placements.PLACEMENT_ENDINGS) == {
        "moved",
        "wrong_entry",
        *placements.LEAVING_REASONS,
    }
