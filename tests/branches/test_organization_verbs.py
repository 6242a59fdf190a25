"""The tree changes by verbs with a day; each says all that speaks against it and is then undone."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from branches.models import Organization, PartyGroup
from branches.rules import tree
from tests.branches.chronicles import below_on, chronicle, kept
from tests.factories import a_branch, a_committee, a_work_committee, an_organization

pytestmark = pytest.mark.django_db
DAY = date(2020, 1, 1)
MARCH = date(2024, 3, 1)
MAY = date(2024, 5, 1)
JUNE = date(2024, 6, 1)
FOUNDED = date(2000, 1, 1)  # all organisations of these tests, where nothing else is said


# Founding


def test_the_founding_is_the_first_line_of_the_chronicle():
    committee = a_committee(founded_on=DAY, document="机关工委〔2020〕1号")
    [line] = committee.periods.all()
    assert (line.event, line.valid_from, line.valid_until) == ("founded", DAY, None)
    assert line.document == "机关工委〔2020〕1号"
    assert committee.path.startswith(committee.parent.path)
    assert len(committee.path) == 2 * tree.WIDTH


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        (
            {"kind": "general_branch"},
            "parent",
            (
                "“general branch” cannot stand under “branch”. It stands under: work committee, "
                "leading group, Party committee, organ committee."
            ),
        ),
        (
            {"founded_on": date(1999, 12, 31)},
            "founded_on",
            "{parent} was founded on 2000-01-01 only. Check the day.",
        ),
        ({"code": "ABC"}, "code", "A code is made of digits only, such as 020100."),
        ({"code": "{code}"}, "code", "There is already an organisation of this code."),
        (
            {"approves_members": True},
            "approves_members",
            "Only committees approve probationary members.",
        ),
        (
            {"kind": "organ_committee", "sort": "joint"},
            "sort",
            "“organ committee” is never “joint”; only a branch is. Choose “ordinary”.",
        ),
    ],
    ids=["kind", "day", "letters", "code taken", "approval", "sort"],
)
def test_nothing_is_founded_that_cannot_be(fields, field, sentence):
    parent = a_branch()
    if fields.get("kind") != "general_branch":
        parent = parent.parent
    fields = {name: parent.code if value == "{code}" else value for name, value in fields.items()}
    count = Organization.objects.count()
    with pytest.raises(ValidationError) as error:
        an_organization(**{"kind": "branch", "parent": parent} | fields)
    assert error.value.message_dict[field] == [sentence.format(parent=parent)]
    assert Organization.objects.count() == count


def test_all_objections_are_raised_at_once():
    parent = a_branch()
    with pytest.raises(ValidationError) as error:
        an_organization("organ_committee", parent, code="x", founded_on=date(1990, 1, 1), name="")
    assert set(error.value.message_dict) == {"parent", "code", "founded_on", "name"}


def test_nothing_is_founded_under_what_is_dissolved():
    committee = a_committee()
    committee.dissolve(on=DAY)
    with pytest.raises(ValidationError) as error:
        a_branch(committee)
    assert error.value.message_dict["parent"] == [
        f"{committee} was dissolved on 2020-01-01. Choose one that stands."
    ]


def test_a_tree_too_deep_is_refused_with_a_sentence():
    top = an_organization("party_committee")
    for _level in range(tree.LEVELS - 1):
        top = an_organization("party_committee", top)
    with pytest.raises(ValidationError) as error:
        an_organization("party_committee", top)
    assert error.value.message_dict == {
        "parent": ["There is no room left below it. Choose another superior."]
    }


def test_what_was_founded_before_its_superior_moved_stood_with_it_there():
    first, second = a_work_committee(), a_work_committee()
    committee = a_committee(first)
    committee.move_under(second, on=MAY)
    branch = a_branch(committee, founded_on=DAY, document="12")
    assert chronicle(branch) == [("founded", DAY, MAY), ("moved_along", MAY, None)]
    assert branch in below_on(first, MARCH)
    assert branch not in below_on(first, MAY)
    assert branch in below_on(second, MAY)


def test_an_organisation_of_unknown_age_stands_on_every_day():
    committee = a_committee(founded_on=None)
    assert committee.on(date(1950, 1, 1)).name == committee.name


# Renaming


def test_a_paper_of_an_earlier_day_keeps_the_old_name():
    branch = a_branch(name="第一党支部", founded_on=DAY)
    branch.rename("第二党支部", "二支部", on=MAY, document="7")
    assert branch.on(date(2024, 4, 30)).name == "第一党支部"
    assert branch.on(MAY).name == "第二党支部"
    assert branch.on(date(2019, 12, 31)) is None
    assert str(branch) == "二支部"
    assert chronicle(branch) == [("founded", DAY, MAY), ("renamed", MAY, None)]


def test_two_changes_on_one_day_leave_one_state_and_two_lines():
    branch = a_branch(name="甲", founded_on=DAY)
    branch.rename("乙", on=DAY)
    assert branch.on(DAY).name == "乙"
    assert chronicle(branch) == [("founded", DAY, DAY), ("renamed", DAY, None)]


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (
            date(1999, 12, 31),
            "{name} was founded on 2000-01-01; nothing can happen to it before.",
        ),
        (MARCH, "{name} has changed on 2024-05-01, after 2024-03-01. Choose a later day."),
        (date(1850, 1, 1), "The register begins on 1900-01-01. Check the day."),
    ],
    ids=["before the founding", "before a later change", "before the register"],
)
@pytest.mark.parametrize("verb", ["rename", "change_kind", "move_under", "dissolve"])
def test_nothing_happens_on_a_day_that_cannot_be(verb, on, sentence):
    committee = a_committee(short_name="机关党委")
    other = a_committee()
    committee.rename("更名", "机关党委", on=MAY)
    before = kept(committee)
    ways = {
        "rename": lambda: committee.rename("又更名", "机关党委", on=on),
        "change_kind": lambda: committee.change_kind("general_branch", on=on),
        "move_under": lambda: committee.move_under(other, on=on),
        "dissolve": lambda: committee.dissolve(on=on),
    }
    with pytest.raises(ValidationError) as error:
        ways[verb]()
    assert sentence.format(name="机关党委") in error.value.message_dict["on"]
    assert kept(committee) == before


def test_two_organisations_beside_each_other_differ_in_name():
    one, other = a_branch(name="甲"), None
    other = a_branch(one.parent, name="乙")
    with pytest.raises(ValidationError, match="The superior already has an organisation of this"):
        other.rename("甲", on=MAY)
    one.dissolve(on=MAY)
    other.rename("甲", on=MAY)


def test_renaming_to_the_same_name_is_no_event():
    branch = a_branch(name="甲")
    with pytest.raises(ValidationError, match="“甲” is its name already. Write the new one."):
        branch.rename("甲", on=MAY)
    assert len(chronicle(branch)) == 1


# Change of kind


def test_a_general_branch_becomes_a_committee():
    general = an_organization("general_branch", a_work_committee())
    a_branch(general)
    general.change_kind("organ_committee", on=MAY)
    assert general.on(MARCH).kind == "general_branch"
    assert general.on(MAY).kind == "organ_committee"


def test_a_kind_that_cannot_hold_what_stands_below_is_refused():
    committee = a_committee()
    below = a_committee(committee)
    before = kept(committee)
    with pytest.raises(ValidationError) as error:
        committee.change_kind("general_branch", on=MAY)
    [sentence] = error.value.message_dict["kind"]
    assert sentence.startswith(f"{below}: “organ committee” cannot stand under “general branch”.")
    assert kept(committee) == before


def test_a_kind_that_nobody_knows_is_refused_with_a_sentence():
    with pytest.raises(ValidationError, match="Value 'ministry' is not a valid choice"):
        a_committee().change_kind("ministry", on=MAY)


def test_a_branch_with_party_groups_stays_a_branch():
    branch = a_branch()
    PartyGroup.objects.create(organization=branch, name="第一党小组")
    with pytest.raises(ValidationError, match="It has Party groups, which only branches have."):
        branch.change_kind("general_branch", on=MAY)


def test_what_is_no_committee_any_more_approves_nobody():
    committee = a_committee(approves_members=True)
    committee.change_kind("general_branch", on=MAY)
    assert not Organization.objects.get(pk=committee.pk).approves_members
