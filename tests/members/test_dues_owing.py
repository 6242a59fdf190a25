"""What is owed by whom to which branch: stays, assessments and reductions meet in a month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from branches.models import Organization, Subtree
from members.models.dues.assessing import assess
from members.models.dues.owing import Owing
from registry.calendar import PartialDate
from tests.factories import a_branch, a_member
from tests.members.dues import JANUARY, YEAR_END, a_reduction, an_assessment

pytestmark = pytest.mark.django_db


def months_owed_to(branch: Organization, **scope) -> str:
    """The months of 2026 owed to ``branch``, as their numbers: "1 2 3"."""
    rows = Owing(JANUARY, YEAR_END, **scope or {"below": Subtree.now(branch)}).rows()
    return " ".join(str(r.month.month) for r in sorted(rows) if r.organization_id == branch.pk)


def test_a_year_is_owed_to_the_branch_in_which_one_is(branch):
    member = a_member(branch)
    an_assessment(member, "15.00")
    rows = list(Owing(JANUARY, YEAR_END, below=Subtree.now(branch)).rows())
    assert [row.month.month for row in sorted(rows)] == list(range(1, 13))
    assert {(row.member_id, row.organization_id) for row in rows} == {(member.pk, branch.pk)}
    assert {str(row.amount) for row in rows} == {"15.00"}


def test_whoever_is_not_assessed_owes_nothing(branch):
    a_member(branch)
    assert months_owed_to(branch) == ""


def test_only_the_months_asked_for_come_back(branch):
    an_assessment(a_member(branch))
    rows = Owing(date(2026, 3, 1), date(2026, 5, 1), below=Subtree.now(branch)).rows()
    assert sorted(row.month.month for row in rows) == [3, 4]


@pytest.mark.parametrize(
    ("moved_on", "old", "new"),
    [
        pytest.param(date(2026, 6, 1), "1 2 3 4 5", "6 7 8 9 10 11 12", id="on the first"),
        pytest.param(date(2026, 6, 2), "1 2 3 4 5 6", "7 8 9 10 11 12", id="on the second"),
        pytest.param(date(2026, 6, 30), "1 2 3 4 5 6", "7 8 9 10 11 12", id="on the last"),
        pytest.param(date(2026, 12, 31), "1 2 3 4 5 6 7 8 9 10 11 12", "", id="at the end"),
    ],
)
def test_the_month_of_leaving_is_owed_to_the_old_branch(committee, branch, moved_on, old, new):
    other = a_branch(committee)
    member = a_member(branch)
    an_assessment(member)
    member.move_to(other, moved_on)
    assert (months_owed_to(branch), months_owed_to(other)) == (old, new)
    assert months_owed_to(other, members=[member.pk]) == new
    assert len(list(Owing(JANUARY, YEAR_END, below=Subtree.now(committee)).rows())) == 12


@pytest.mark.parametrize(
    ("began", "months"),
    [
        pytest.param("developed", "6 7 8 9 10 11 12", id="accepted by the assembly"),
        pytest.param("opening", "6 7 8 9 10 11 12", id="here when the register was set up"),
        pytest.param("transferred_in", "7 8 9 10 11 12", id="has paid June where he came from"),
        pytest.param("restored", "7 8 9 10 11 12", id="was suspended on 1 June"),
    ],
)
def test_the_first_month_depends_on_how_the_stay_began(branch, began, months):
    member = a_member(branch)
    an_assessment(member)
    stay = member.placements.get()
    stay.placed_from, stay.began = date(2026, 6, 10), began
    stay.save()
    assert months_owed_to(branch) == months


def test_who_is_accepted_and_moves_on_within_a_month_owes_it_to_the_accepting_branch(
    committee, branch
):
    other = a_branch(committee)
    member = a_member(branch)
    an_assessment(member)
    stay = member.placements.get()
    stay.placed_from, stay.began = date(2026, 6, 10), "developed"
    stay.save()
    member.move_to(other, date(2026, 6, 20))
    assert (months_owed_to(branch), months_owed_to(other)) == ("6", "7 8 9 10 11 12")


@pytest.mark.parametrize(
    ("reason", "on", "months"),
    [
        pytest.param("suspended", date(2026, 3, 15), "1 2 3", id="suspended"),
        pytest.param("transferred_out", date(2026, 3, 31), "1 2 3", id="transferred out"),
        pytest.param("died", date(2026, 3, 1), "1 2", id="died on the first"),
    ],
)
def test_whoever_goes_owes_nothing_more(branch, reason, on, months):
    member = a_member(branch)
    an_assessment(member)
    member.leave(reason, on)
    assert months_owed_to(branch) == months


def test_a_suspended_member_owes_again_after_being_restored(branch):
    member = a_member(branch)
    an_assessment(member)
    member.leave("suspended", date(2026, 3, 15))
    member.restore(date(2026, 9, 10))
    assert months_owed_to(branch) == "1 2 3 10 11 12"


def test_a_wrong_entry_never_owed_anything(branch):
    member = a_member(branch)
    an_assessment(member)
    member.mark_wrong("entered twice")
    assert months_owed_to(branch) == ""


def test_a_temporary_branch_collects_nothing(branch):
    an_assessment(a_member(branch))
    Organization.objects.filter(pk=branch.pk).update(sort="temporary")
    assert months_owed_to(branch) == ""


def test_a_change_within_the_year_leaves_the_earlier_months_as_they_were(branch):
    member = a_member(branch)
    an_assessment(member, "15.00")
    assess(member, date(2026, 7, 1), Decimal(5000), reason="wage changed")
    rows = sorted(Owing(JANUARY, YEAR_END, below=Subtree.now(branch)).rows())
    assert [str(row.amount) for row in rows] == ["15.00"] * 6 + ["50.00"] * 6


@pytest.mark.parametrize(
    ("fields", "amounts"),
    [
        pytest.param({}, "10 10 0 0 0 10", id="exempt"),
        pytest.param({"kind": "paid_elsewhere"}, "10 10 0 0 0 10", id="paid elsewhere"),
        pytest.param({"kind": "reduced", "amount": Decimal(4)}, "10 10 4 4 4 10", id="reduced"),
        pytest.param(
            {"kind": "reduced", "amount": Decimal(40)}, "10 10 10 10 10 10", id="never raised"
        ),
        pytest.param(
            {"kind": "paid_elsewhere", "month_until": None}, "10 10 0 0 0 0", id="without end"
        ),
    ],
)
def test_a_reduction_holds_for_its_months(branch, fields, amounts):
    member = a_member(branch)
    an_assessment(member)
    an_assessment(a_member(branch))
    a_reduction(member, date(2026, 3, 1), **{"month_until": date(2026, 6, 1)} | fields)
    question = Owing(JANUARY, date(2026, 7, 1), below=Subtree.now(branch))
    own = [row.amount for row in sorted(question.rows()) if row.member_id == member.pk]
    assert " ".join(f"{amount:.0f}" for amount in own) == amounts
    totals = question.totals()
    assert [totals[branch.pk, date(2026, month, 1)] for month in range(1, 7)] == [
        amount + 10 for amount in own
    ]


def test_totals_are_the_sums_of_the_rows(committee, branch, django_assert_num_queries):
    other = a_branch(committee)
    for number, home in enumerate([branch, branch, other]):
        an_assessment(a_member(home), f"{number + 5}.35")
    mover = a_member(branch, joined_on=PartialDate(2001))
    an_assessment(mover)
    mover.move_to(other, date(2026, 4, 9))
    a_reduction(mover, date(2026, 2, 1), month_until=date(2026, 6, 1))
    leaver = a_member(other)
    an_assessment(leaver)
    leaver.leave("transferred_out", date(2026, 9, 9))
    question = Owing(JANUARY, YEAR_END, below=Subtree.now(committee))
    added: dict = {}
    for row in question.rows():
        key = row.organization_id, row.month
        added[key] = added.get(key, 0) + row.amount
    with django_assert_num_queries(3):
        totals = question.totals()
    assert totals == added
    with django_assert_num_queries(1):
        list(question.rows())


def test_another_committee_is_owed_nothing_of_it(branch):
    an_assessment(a_member(branch))
    assert list(Owing(JANUARY, YEAR_END, below=Subtree.now(a_branch())).rows()) == []
