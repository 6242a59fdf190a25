"""The board of a year: stages, decisions, quotas and shares."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Quota
from members.models.development.board import board_of
from registry.calendar import PartialDate
from tests.factories import a_branch
from tests.members.development import TODAY, a_branch_that_develops, a_file

pytestmark = pytest.mark.django_db


def test_an_empty_board():
    board = board_of(a_branch(), 2026)
    assert board.stages == {
        "application": 0, "activist": 0, "object": 0, "acceptance": 0, "probation": 0,
    }  # fmt: skip
    assert (board.accepted, board.quota, board.left) == (0, None, None)


def test_files_stand_where_they_are_and_decisions_in_their_year():
    branch = a_branch_that_develops()
    other = a_branch(branch.parent)
    a_file(branch, name="甲")
    a_file(branch, name="乙", until="activist")
    a_file(branch, name="丙", until="object")
    a_file(branch, name="丁", until="assembly")
    a_file(branch, name="戊", until="full_approval")
    a_file(branch, name="己", until="approval").move_to(other, date(2024, 9, 1), by=None)
    a_file(branch, name="庚", until="activist").stop("withdrawn", "", TODAY, by=None)
    a_file(branch, name="辛", until="activist").mark_wrong("twice")
    a_file(branch, name="壬", until="full_approval", changed={
        "full_assembly": {"result": "cancelled"}})  # fmt: skip
    a_file(branch, name="癸", until="full_approval", changed={
        "full_assembly": {"result": "extended", "extended_months": 6}})  # fmt: skip
    board = board_of(branch.parent, 2024)
    assert board.stages == {
        "application": 1, "activist": 1, "object": 1, "acceptance": 1, "probation": 3,
    }  # fmt: skip
    assert (board.accepted, board.became_full, board.extended, board.cancelled) == (4, 0, 0, 0)
    assert [(each, counts.accepted) for each, counts in board.branches.items()] == [
        (branch, 3),
        (other, 1),
    ]
    board = board_of(branch.parent.parent, 2025)
    assert (board.accepted, board.became_full, board.extended, board.cancelled) == (0, 1, 1, 1)


def test_a_withdrawn_or_refused_approval_is_not_counted():
    branch = a_branch_that_develops()
    file = a_file(branch, until="approval")
    a_file(branch, name="乙", until="approval", changed={"approval": {"result": "refused"}})
    assert board_of(branch, 2024).accepted == 1
    file.withdraw(file.steps.get(step="approval"), "wrong", by=None, on=TODAY)
    assert board_of(branch, 2024).accepted == 0


def test_a_quota_is_that_of_the_office_or_the_sum_of_those_below():
    branch = a_branch_that_develops()
    committee, top = branch.parent, branch.parent.parent
    a_file(branch, until="approval")
    Quota.objects.create(organization=branch, year=2024, planned=2)
    Quota.objects.create(organization=a_branch(committee), year=2024, planned=3)
    assert board_of(top, 2024).quota == 5
    Quota.objects.create(organization=committee, year=2024, planned=4)
    board = board_of(top, 2024)
    assert (board.quota, board.used, board.left) == (4, 1, 3)
    assert board_of(top, 2025).quota is None


def test_shares_are_counted_among_those_accepted():
    branch = a_branch_that_develops()
    a_file(branch, name="甲", until="approval", front_line=True)
    a_file(branch, name="乙", until="approval", sex="M", education="61", id_number="",
           born_on=PartialDate(1988, 12, 31))  # fmt: skip
    a_file(branch, name="丙", until="approval", id_number="", born_on=PartialDate(1989, 1, 1))
    a_file(branch, name="丁", until="assembly")
    assert board_of(branch, 2024).shares == {
        "women": 2, "young": 2, "educated": 2, "front_line": 1,
    }  # fmt: skip


def test_a_larger_board_asks_no_more():
    branch = a_branch_that_develops()
    a_file(branch, name="甲", until="approval")

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            board_of(branch.parent, 2024)
        return len(asked)

    few = questions()
    for name in "乙丙丁":
        a_file(branch, name=name, until="approval")
    assert questions() == few
