"""Organisations move with all below and end when empty; the past stays as it was."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from branches.models import Organization
from branches.rules import tree
from tests.branches.chronicles import below_on, chronicle, kept
from tests.factories import a_branch, a_committee, a_work_committee, an_organization

pytestmark = pytest.mark.django_db
DAY = date(2020, 1, 1)
MARCH = date(2024, 3, 1)
MAY = date(2024, 5, 1)
JUNE = date(2024, 6, 1)
FOUNDED = date(2000, 1, 1)  # all organisations of these tests, where nothing else is said


# Moving


def test_a_subtree_moves_and_last_year_stays_where_it_was():
    old, new = a_work_committee(), a_work_committee()
    committee = a_committee(old)
    branch, closed = a_branch(committee), a_branch(committee)
    closed.dissolve(on=DAY)
    committee.move_under(new, on=MAY, document="9")
    assert set(Organization.objects.under(new)) == {new, committee, branch, closed}
    assert set(Organization.objects.under(old)) == {old}
    assert below_on(old, MARCH) == {old, committee, branch}
    assert below_on(old, MAY) == {old}
    assert below_on(new, MAY) == {new, committee, branch}
    assert below_on(old, date(2019, 6, 1)) == {old, committee, branch, closed}
    assert chronicle(committee) == [("founded", FOUNDED, MAY), ("moved", MAY, None)]
    assert chronicle(branch) == [("founded", FOUNDED, MAY), ("moved_along", MAY, None)]
    assert branch.periods.last().document == "9"


@pytest.mark.parametrize("depth", [0, 1, 2], ids=["itself", "its child", "its grandchild"])
def test_nothing_stands_under_itself(depth):
    line = [an_organization("party_committee")]
    line += [a_committee(line[0])]
    line += [a_committee(line[1])]
    before = kept(line[0])
    with pytest.raises(ValidationError) as error:
        line[0].move_under(line[depth], on=MAY)
    assert error.value.message_dict["parent"] == [
        f"{line[depth]} stands below {line[0]}; nothing can stand under itself."
    ]
    assert kept(line[0]) == before


def test_a_circle_that_an_earlier_reading_hides_is_found():
    one, other = a_committee(), a_committee()
    stale = Organization.objects.get(pk=other.pk)
    one.move_under(other, on=MAY)
    with pytest.raises(ValidationError, match="nothing can stand under itself"):
        stale.move_under(Organization(pk=one.pk, path="0009", kind="organ_committee"), on=MAY)


def test_nothing_moves_before_a_later_change_below():
    committee, other = a_committee(), a_work_committee()
    branch = a_branch(committee)
    branch.rename("新名", on=JUNE)
    with pytest.raises(ValidationError) as error:
        committee.move_under(other, on=MAY)
    assert error.value.message_dict == {
        "on": [f"{branch} has changed on 2024-06-01, after 2024-05-01. Choose a later day."]
    }


def test_nothing_moves_to_where_its_superior_did_not_yet_stand():
    committee, other = a_committee(), a_work_committee()
    branch = a_branch()
    committee.move_under(other, on=JUNE)
    with pytest.raises(ValidationError) as error:
        branch.move_under(committee, on=MAY)
    assert error.value.message_dict == {
        "on": [f"{committee} has changed on 2024-06-01, after 2024-05-01. Choose a later day."]
    }
    branch.move_under(committee, on=JUNE)


@pytest.mark.parametrize(
    ("parent", "sentence"),
    [
        (lambda own: own.parent, "It stands under {parent} already."),
        (
            lambda own: a_branch(),
            (
                "“branch” cannot stand under “branch”. It stands under: work committee, leading "
                "group, Party committee, organ committee, general branch."
            ),
        ),
        (lambda own: dissolved(), "{parent} was dissolved on 2020-01-01. Choose one that stands."),
    ],
    ids=["where it stands", "a kind that cannot", "dissolved"],
)
def test_a_superior_that_cannot_be_is_refused(parent, sentence):
    branch = a_branch()
    there = parent(branch)
    before = kept(branch)
    with pytest.raises(ValidationError) as error:
        branch.move_under(there, on=MAY)
    assert error.value.message_dict == {"parent": [sentence.format(parent=there)]}
    assert kept(branch) == before


def dissolved():
    committee = a_committee()
    committee.dissolve(on=DAY)
    return committee


def test_a_deep_subtree_finds_no_room_in_a_deep_place():
    top = an_organization("party_committee")
    deep = top
    for _level in range(tree.LEVELS - 2):
        deep = an_organization("party_committee", deep)
    committee = an_organization("party_committee")
    a_branch(an_organization("party_committee", committee))
    with pytest.raises(ValidationError) as error:
        committee.move_under(deep, on=MAY)
    assert error.value.message_dict == {
        "parent": ["There is no room left below it. Choose another superior."]
    }


def test_a_place_is_never_given_twice():
    committee, other = a_committee(), a_work_committee()
    gone = a_branch(committee)
    old_path = gone.path
    gone.move_under(a_committee(), on=MAY)
    assert a_branch(committee).path > old_path
    closed = a_branch(committee)
    closed.dissolve(on=MAY)
    committee.move_under(other, on=MAY)
    fresh = a_branch(committee, founded_on=JUNE)
    assert fresh.path != Organization.objects.get(pk=closed.pk).path


# Dissolving


def test_a_dissolved_organisation_is_known_until_its_last_day():
    branch = a_branch(founded_on=DAY)
    branch.dissolve(on=MAY, document="3")
    assert branch.on(date(2024, 4, 30))
    assert branch.on(MAY) is None
    assert branch not in Organization.objects.standing()
    assert chronicle(branch) == [("founded", DAY, MAY), ("dissolved", MAY, MAY)]


def test_nothing_is_dissolved_that_others_stand_under():
    committee = a_committee()
    a_branch(committee)
    with pytest.raises(ValidationError) as error:
        committee.dissolve(on=MAY)
    assert error.value.messages == ["1 organisation stands under it. Move or dissolve it first."]


def test_nothing_is_dissolved_on_the_day_of_its_founding():
    with pytest.raises(ValidationError) as error:
        a_branch(founded_on=MAY).dissolve(on=MAY)
    assert error.value.message_dict == {
        "on": ["An organisation ends after its founding. Check the day."]
    }


def test_nothing_happens_to_what_is_dissolved():
    branch = a_branch()
    branch.dissolve(on=MAY)
    for verb in (
        lambda: branch.rename("新名", on=JUNE),
        lambda: branch.change_kind("branch", "joint", on=JUNE),
        lambda: branch.move_under(a_committee(), on=JUNE),
        lambda: branch.dissolve(on=JUNE),
    ):
        with pytest.raises(ValidationError) as error:
            verb()
        assert error.value.messages == [
            f"{branch} was dissolved on 2024-05-01; nothing can happen to it any more."
        ]
