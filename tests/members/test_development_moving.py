"""A file goes where the person goes; what was done so far goes on counting."""

from __future__ import annotations

from datetime import date

import pytest

from members.models import Deadline
from members.models.placing import correct_branch, take_back_move
from members.models.reorganizing import dissolve_organization, move_organization
from registry.models import Entry
from tests.factories import a_branch, a_user, an_organization
from tests.members.development import APPROVED_ON, TODAY, a_branch_that_develops, a_file, go_on
from tests.members.test_development_files import objections_to

pytestmark = pytest.mark.django_db


def test_an_activist_takes_his_time_along():
    file = a_file(until="cultivation")
    other = a_branch(file.organization.parent)
    file.move_to(other, date(2023, 6, 1), by=a_user("branch_clerk", file.organization))
    assert file.organization == other
    assert set(Deadline.objects.filter(file=file).values_list("organization", flat=True)) == {
        other.pk
    }
    assert [field for field, _, _ in Entry.objects.about(file)[0].changes] == ["organization"]
    go_on(file, "object")  # a year after the naming in the old branch


def test_a_probationary_member_and_his_file_stay_together():
    file = a_file(until="approval")
    member = file.member
    first, second = file.organization, a_branch(file.organization.parent)
    file.move_to(second, date(2025, 1, 8), by=None)
    member.refresh_from_db()
    assert member.organization == second
    member.move_to(first, date(2025, 3, 1))
    file.refresh_from_db()
    assert file.organization == first
    take_back_move(member, second)
    file.refresh_from_db()
    assert file.organization == second
    member.refresh_from_db()
    correct_branch(member, first)
    file.refresh_from_db()
    assert file.organization == first


def test_all_that_speaks_against_a_move_is_said_at_once():
    file = a_file()
    branch = file.organization
    assert objections_to(lambda: file.move_to(branch.parent, TODAY, by=a_user())) == [
        f"{branch.parent} holds no members. Choose a branch.",
        f"The file of 李晓梅 belongs to {branch}. Ask a clerk there.",
    ]
    assert objections_to(lambda: file.move_to(branch, TODAY, by=None)) == [
        "李晓梅 belongs to this branch already."
    ]


def test_a_branch_under_a_general_branch_waits_for_its_deliberation():
    branch = a_branch_that_develops()
    file = a_file(branch, until="assembly")
    general = an_organization("general_branch", branch.parent)
    assert not Deadline.objects.filter(step="deliberation").exists()
    move_organization(branch, general, TODAY)
    assert Deadline.objects.get(step="deliberation").acts == "general_branch"
    file.refresh_from_db()
    facts = {"result": "agreed"}
    assert objections_to(
        lambda: file.record("approval", APPROVED_ON, facts, by=None, today=TODAY, reason="补录")
    ) == [
        (
            "“deliberation by the general branch” comes first and is not recorded. Enter it; from "
            "old papers, its day may be left unknown."
        )
    ]


def test_a_branch_with_open_files_is_not_dissolved():
    branch = a_branch(a_branch_that_develops().parent)
    file = a_file(branch)
    assert objections_to(lambda: dissolve_organization(branch, TODAY)) == [
        "1 development file is open there. Move it to another branch first."
    ]
    file.stop("withdrawn", "", TODAY, by=None)
    dissolve_organization(branch, TODAY)
