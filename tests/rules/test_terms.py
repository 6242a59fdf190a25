"""Terms of office: when the next election is due, how far it may be put off, what is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from members.rules import terms
from members.rules.terms import NewTerm, Running, Seat

TODAY = date(2026, 11, 20)
BEGAN, DUE = date(2021, 6, 10), date(2026, 6, 10)
BRANCH = Seat("branch", founded_on=date(2010, 1, 1))
COMMITTEE = Seat("organ_committee")


@pytest.mark.parametrize(
    ("began", "years", "due"),
    [
        pytest.param(BEGAN, 5, DUE, id="a committee"),
        pytest.param(date(2023, 7, 1), 3, date(2026, 7, 1), id="a branch"),
        pytest.param(date(2024, 2, 29), 3, date(2027, 2, 28), id="begun on a leap day"),
        pytest.param(date(2024, 2, 29), 4, date(2028, 2, 29), id="and due on one"),
        pytest.param(BEGAN, None, None, id="an appointed body"),
    ],
)
def test_a_term_is_due_so_many_years_after_it_began(began, years, due):
    assert terms.due_on(began, years) == due


@pytest.mark.parametrize(
    ("day", "state"),
    [
        pytest.param(date(2025, 12, 9), "running", id="the day before the last six months"),
        pytest.param(date(2025, 12, 10), "due_soon", id="six months ahead"),
        pytest.param(date(2026, 5, 9), "due_soon", id="a month and a day ahead"),
        pytest.param(date(2026, 5, 10), "due", id="a month ahead"),
        pytest.param(DUE, "due", id="on the day"),
        pytest.param(date(2026, 6, 11), "overdue", id="the day after"),
    ],
)
def test_a_term_comes_to_its_end(day, state):
    assert terms.state(DUE, day) == state
    may_remind = terms.notice_objections("reminder", "一支部", DUE, day) == []
    may_urge = terms.notice_objections("urging", "一支部", DUE, day) == []
    assert (may_remind, may_urge) == (state in ("due_soon", "due"), state == "overdue")


def test_an_appointed_body_is_never_due():
    assert terms.state(None, TODAY) == "appointed"
    assert terms.notice_objections("reminder", "机关工委", None, TODAY) == [
        "“机关工委” is not due within six months. Take it out of the selection."
    ]
    assert terms.notice_objections("urging", "机关工委", None, TODAY) == [
        "“机关工委” is not overdue. Take it out of the selection."
    ]


@pytest.mark.parametrize(
    ("kind", "sort", "years"),
    [
        ("organ_committee", "ordinary", 5),
        ("party_committee", "ordinary", 5),
        ("general_branch", "ordinary", 3),
        ("branch", "ordinary", 3),
        ("branch", "retired", 3),
        ("branch", "temporary", None),
        ("work_committee", "ordinary", None),
        ("leading_group", "ordinary", None),
    ],
)
def test_a_term_has_its_usual_length(kind, sort, years):
    assert terms.usual_years(kind, sort) == years


@pytest.mark.parametrize(
    ("new", "at", "codes"),
    [
        pytest.param(NewTerm("committee", BEGAN, 5), COMMITTEE, [], id="a committee"),
        pytest.param(NewTerm("discipline", BEGAN, 5), COMMITTEE, [], id="its 纪委"),
        pytest.param(NewTerm("committee", BEGAN, 3), BRANCH, [], id="a branch"),
        pytest.param(NewTerm("committee", BEGAN, 4), COMMITTEE, ["length_unusual"], id="of old"),
        pytest.param(NewTerm("committee", BEGAN, 1), BRANCH, ["length_outside"], id="1 year"),
        pytest.param(NewTerm("committee", BEGAN, 6), BRANCH, ["length_outside"], id="6 years"),
        pytest.param(NewTerm("committee", BEGAN, None), BRANCH, ["length_missing"], id="none"),
        pytest.param(
            NewTerm("committee", BEGAN, None), Seat("work_committee"), [], id="an appointed body"
        ),
        pytest.param(
            NewTerm("committee", BEGAN, 3),
            Seat("branch", "temporary"),
            ["appointed_without_term"],
            id="a temporary branch has no term",
        ),
        pytest.param(
            NewTerm("discipline", date(2009, 1, 1), 7),
            BRANCH,
            ["no_discipline_committee", "length_outside", "term_before_founding"],
            id="all reasons at once",
        ),
        pytest.param(
            NewTerm("committee", date(2026, 11, 21), 3),
            BRANCH,
            ["begins_in_the_future"],
            id="tomorrow",
        ),
        pytest.param(
            NewTerm("committee", BEGAN, 3),
            Seat("branch", dissolved_on=BEGAN),
            ["term_after_dissolving"],
            id="on the first day without it",
        ),
        pytest.param(
            NewTerm("committee", BEGAN, 3),
            Seat("branch", last_began_on=BEGAN, last_due_on=date(2024, 6, 10)),
            ["term_before_the_last"],
            id="on the day of the one before",
        ),
        pytest.param(
            NewTerm("committee", date(2025, 12, 9), 3),
            Seat("branch", last_began_on=date(2023, 6, 10), last_due_on=DUE),
            ["brought_forward"],
            id="more than six months early",
        ),
        pytest.param(
            NewTerm("committee", date(2025, 12, 10), 3),
            Seat("branch", last_began_on=date(2023, 6, 10), last_due_on=DUE),
            [],
            id="six months early",
        ),
    ],
)
def test_a_new_term_is_judged(new, at, codes):
    assert [each.code for each in terms.objections(new, at, TODAY)] == codes


RUNNING = Running(BEGAN, DUE, DUE)


@pytest.mark.parametrize(
    ("term", "until", "by", "approved", "codes"),
    [
        pytest.param(RUNNING, date(2026, 12, 10), "机关工委", TODAY, [], id="half a year"),
        pytest.param(RUNNING, date(2027, 6, 10), "机关工委", TODAY, [], id="one year"),
        pytest.param(
            RUNNING, date(2027, 6, 11), "机关工委", TODAY, ["postponed_over_a_year"], id="over"
        ),
        pytest.param(
            Running(BEGAN, DUE, date(2027, 6, 10)),
            date(2027, 12, 10),
            "机关工委",
            TODAY,
            ["postponed_over_a_year"],
            id="again, counted from the first due day",
        ),
        pytest.param(RUNNING, DUE, "机关工委", TODAY, ["not_later_than_due"], id="not later"),
        pytest.param(RUNNING, date(2026, 12, 10), " ", TODAY, ["approval_missing"], id="by nobody"),
        pytest.param(
            Running(BEGAN, DUE, DUE, ended_on=DUE),
            date(2026, 6, 1),
            "",
            date(2026, 11, 21),
            ["term_has_ended", "not_later_than_due", "approval_missing", "approved_in_the_future"],
            id="all reasons at once",
        ),
        pytest.param(
            RUNNING,
            date(2026, 12, 10),
            "机关工委",
            date(2021, 6, 9),
            ["approved_before_the_term"],
            id="approved before it began",
        ),
        pytest.param(
            Running(BEGAN, None, None), DUE, "", TODAY, ["nothing_to_postpone"], id="appointed"
        ),
    ],
)
def test_a_postponement_is_judged(term, until, by, approved, codes):
    found = terms.postponing_objections(term, until, by, approved, TODAY)
    assert [each.code for each in found] == codes


def test_a_postponement_over_a_year_warns_in_words():
    [found] = terms.postponing_objections(RUNNING, date(2028, 1, 1), "机关工委", TODAY, TODAY)
    assert found.level == "warning"
    assert found == (
        "An election is normally postponed by one year at most, to 2027-06-10, not to 2028-01-01."
    )
