"""Probation and what follows it: its end, full membership, an extension, a cancellation."""

from __future__ import annotations

from datetime import date

import pytest

from members.rules import development
from registry.calendar import PartialDate
from tests.rules.development_files import TODAY, a_file, codes, done, errors, planned, said_against


@pytest.mark.parametrize(
    ("assembled", "ends"),
    [
        ("2023-09-25", "2024-09-25"),
        ("2023-02-28", "2024-02-28"),
        ("2024-02-29", "2025-02-28"),
        ("2023-12-31", "2024-12-31"),
        ("2023-09", "2024-09"),
        ("2023", "2024"),
    ],
)
def test_probation_runs_one_year_from_the_assembly_not_the_oath(assembled, ends):
    file = a_file("full_application", days={"assembly": assembled, "oath": "2024-04-01"})
    assert str(development.probation_ends_on(file)) == ends
    assert development.full_member_on(file) is None


@pytest.mark.parametrize(
    ("assembled", "decided", "early"),
    [
        ("2023-09-25", "2024-09-24", True),
        ("2023-09-25", "2024-09-25", False),
        ("2023-09-25", "2024-09-26", False),
        ("2024-02-29", "2025-02-27", True),
        ("2024-02-29", "2025-02-28", False),
        ("2023-08-31", "2024-08-30", True),
        ("2023-08-31", "2024-08-31", False),
        ("2023-09", "2024-08-31", True),
        ("2023-09", "2024-09-01", False),
    ],
)
def test_full_membership_is_discussed_when_probation_has_ended(assembled, decided, early):
    afterwards = ("approval", "filed_above", "placed", "oath", "probation_review",
                  "full_application")  # fmt: skip
    file = a_file("full_assembly", days={
        "assembly": assembled, "committee_talk": assembled, **dict.fromkeys(afterwards, assembled)
    })  # fmt: skip
    assert errors("full_assembly", decided, file) == (["too_early"] if early else [])
    old = errors("full_assembly", decided, file, historical=True, reason="from the papers")
    assert old == []


@pytest.mark.parametrize(
    ("decided", "approved", "late"),
    [
        ("2024-09-25", "2024-12-25", False),
        ("2024-09-25", "2024-12-26", True),
        ("2024-11-30", "2025-02-28", False),
        ("2024-11-30", "2025-03-01", True),
    ],
)
def test_full_membership_is_approved_within_three_months(decided, approved, late):
    file = a_file("full_approval", days={"full_assembly": decided})
    assert codes("full_approval", approved, file, reason="x") == (["too_late"] if late else [])


def test_full_membership_dates_from_the_end_of_probation_however_late_the_meeting():
    days = {"full_assembly": "2025-01-10", "full_approval": "2025-03-28"}
    file = a_file("archive", days=days)
    assert development.full_member_on(file) == PartialDate(2024, 9, 25)
    assert development.standing(file) == "full"


def extended(months, *more, assembled="2023-09-25", decided="2024-09-25", approved="2024-11-11"):
    return a_file(
        "full_assembly",
        days={"assembly": assembled},
        more=(
            done("full_assembly", decided, result="extended", extended_months=months),
            *([done("full_approval", approved)] if approved else []),
            *more,
        ),
    )


@pytest.mark.parametrize(
    ("assembled", "months", "ends"),
    [
        ("2023-09-25", 6, "2025-03-25"),
        ("2023-09-25", 12, "2025-09-25"),
        ("2023-08-31", 6, "2025-02-28"),
        ("2022-08-31", 6, "2024-02-29"),
        ("2024-02-29", 12, "2026-02-28"),
        ("2024-02-29", 6, "2025-08-28"),  # from 28 February 2025, the end of the first year
        ("2023-09", 6, "2025-03"),
    ],
)
def test_an_extension_runs_from_the_end_of_the_first_year(assembled, months, ends):
    assert str(development.probation_ends_on(extended(months, assembled=assembled))) == ends


def test_an_extension_counts_once_the_committee_has_agreed():
    asked = extended(6, approved="")
    assert development.probation_ends_on(asked) == PartialDate(2024, 9, 25)
    assert planned(asked, "full_approval").state == "possible"
    agreed = extended(6)
    assert planned(agreed, "full_approval").state == "blocked"
    again = planned(agreed, "full_assembly")
    assert (again.state, again.possible_from) == ("blocked", date(2025, 3, 25))
    assert planned(agreed, "full_application").state == "possible"
    assert development.standing(agreed) == "probationary"


@pytest.mark.parametrize(
    ("months", "wrong"), [(5, True), (6, False), (12, False), (13, True), (None, True), ("6", True)]
)
def test_an_extension_is_six_to_twelve_months(months, wrong):
    said = said_against(
        "full_assembly", "2024-09-25", facts={"result": "extended", "extended_months": months}
    )
    assert [each.code for each in said] == (["extension_length"] if wrong else [])


def test_after_an_extension_full_membership_dates_from_its_end():
    again = (done("full_application", "2025-03-20"), done("full_assembly", "2025-04-10"))
    file = extended(6, *again)
    assert errors("full_assembly", "2025-03-24", extended(6, again[0])) == ["too_early"]
    assert errors("full_assembly", "2025-03-25", extended(6, again[0])) == []
    assert planned(file, "full_approval").state == "possible"
    full = extended(6, *again, done("full_approval", "2025-06-01"))
    assert development.full_member_on(full) == PartialDate(2025, 3, 25)
    assert [each.state for each in development.plan(full, TODAY)][-2:] == ["done", "possible"]


def test_probation_is_extended_only_once():
    file = extended(6, done("full_application", "2025-03-20"))
    facts = {"result": "extended", "extended_months": 6}
    assert said_against("full_assembly", "2025-03-25", file, facts=facts) == [
        (
            "Probation was extended before, on 2024-09-25, and is extended only once. "
            "Decide on full membership or cancel."
        )
    ]
    assert errors("full_assembly", "2025-03-25", file, facts={"result": "cancelled"}) == []


def test_probationary_membership_is_cancelled():
    ended = a_file(
        "full_assembly",
        more=(done("full_assembly", "2024-09-25", result="cancelled"),
              done("full_approval", "2024-11-11")),
    )  # fmt: skip
    assert development.standing(ended) == "cancelled"
    assert development.full_member_on(ended) is None
