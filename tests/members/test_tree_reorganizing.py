"""The tree changes with the people in it, and the headcounts stay right."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from branches.models import Organization
from members.models import Headcount, Member
from members.models.reorganizing import (
    change_kind_of_organization,
    dissolve_organization,
    move_organization,
)
from tests.factories import TODAY, a_branch, a_committee, a_member, a_work_committee

pytestmark = pytest.mark.django_db
MAY = date(2024, 5, 1)
JUNE = date(2024, 6, 1)


def heads(organization):
    count = Headcount.objects.filter(pk=organization.pk).first()
    return (count.full, count.probationary) if count else (0, 0)


def counted_anew():
    kept = {row.pk: (row.full, row.probationary) for row in Headcount.objects.all()}
    Headcount.recount(Member)
    counted = {row.pk: (row.full, row.probationary) for row in Headcount.objects.all()}
    return (
        {pk: count for pk, count in kept.items() if any(count)},
        {pk: count for pk, count in counted.items() if any(count)},
    )


def test_whoever_moves_along_counts_above_in_the_new_place_only():
    old, new = a_work_committee(), a_work_committee()
    committee = a_committee(old)
    branch = a_branch(committee)
    a_member(branch)
    a_member(branch, kind="probationary", full_member_on=None)
    move_organization(committee, new, MAY, "5")
    assert heads(committee) == heads(branch) == heads(new) == (1, 1)
    assert heads(old) == (0, 0)
    assert committee.periods.last().document == "5"


def test_a_move_that_is_refused_leaves_the_headcounts():
    committee = a_committee()
    branch = a_branch(committee)
    a_member(branch)
    with pytest.raises(ValidationError, match="cannot stand under"):
        move_organization(branch, a_branch(), MAY)
    assert heads(committee) == (1, 0)


def test_headcounts_follow_any_row_of_moves():
    chance = random.Random(7)
    top = a_work_committee()
    committees = [a_committee(top) for _ in range(4)]
    branches = [a_branch(chance.choice(committees)) for _ in range(6)]
    for _ in range(12):
        a_member(chance.choice(branches))
    for step in range(20):
        one = chance.choice(committees + branches)
        try:
            move_organization(one, chance.choice([*committees, top]), date(2024, 5, 1 + step))
        except ValidationError:
            continue
    kept, counted = counted_anew()
    assert kept == counted
    assert heads(top) == (12, 0)


def test_nothing_is_dissolved_while_people_are_on_its_roll():
    branch = a_branch()
    members = [a_member(branch, since=MAY) for _ in range(2)]
    with pytest.raises(ValidationError) as error:
        dissolve_organization(branch, JUNE)
    assert error.value.messages == [
        "2 members are on its roll. Move everybody to another branch first."
    ]
    for member in members:
        member.move_to(a_branch(), TODAY)
    with pytest.raises(ValidationError) as error:
        dissolve_organization(branch, JUNE)
    assert error.value.message_dict == {
        "on": ["2 members stayed in it until after 2024-06-01. Choose a later day."]
    }
    dissolve_organization(branch, TODAY, "8")
    assert Organization.objects.get(pk=branch.pk).dissolved_on == TODAY


def test_all_that_speaks_against_dissolving_is_said_at_once():
    branch = a_branch(founded_on=MAY)
    a_member(branch, since=MAY)
    with pytest.raises(ValidationError) as error:
        dissolve_organization(branch, date(2024, 4, 1))
    assert error.value.message_dict == {
        "on": [f"{branch} was founded on 2024-05-01; nothing can happen to it before."],
        "__all__": ["1 member is on its roll. Move everybody to another branch first."],
    }


@pytest.mark.parametrize(
    ("kind", "sort"), [("general_branch", "ordinary"), ("branch", "temporary")]
)
def test_a_branch_with_people_does_not_become_what_holds_nobody(kind, sort):
    branch = a_branch()
    a_member(branch)
    with pytest.raises(ValidationError, match="1 member is on its roll"):
        change_kind_of_organization(branch, kind, sort, MAY)
    assert Organization.objects.get(pk=branch.pk).sort == "ordinary"
    change_kind_of_organization(branch, "branch", "retired", MAY)
    assert Organization.objects.get(pk=branch.pk).sort == "retired"
