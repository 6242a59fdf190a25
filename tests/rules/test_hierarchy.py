"""Which organisation may stand under which, and what kind of branch holds people."""

from __future__ import annotations

import pytest

from branches.rules import hierarchy
from branches.rules.sizes import advice

ALLOWED = {
    ("work_committee", None),
    ("leading_group", None),
    ("leading_group", "work_committee"),
    ("party_committee", None),
    ("party_committee", "work_committee"),
    ("party_committee", "leading_group"),
    ("party_committee", "party_committee"),
    ("party_committee", "organ_committee"),
    ("organ_committee", None),
    ("organ_committee", "work_committee"),
    ("organ_committee", "leading_group"),
    ("organ_committee", "party_committee"),
    ("organ_committee", "organ_committee"),
    ("general_branch", None),
    ("general_branch", "work_committee"),
    ("general_branch", "leading_group"),
    ("general_branch", "party_committee"),
    ("general_branch", "organ_committee"),
    ("branch", "work_committee"),
    ("branch", "leading_group"),
    ("branch", "party_committee"),
    ("branch", "organ_committee"),
    ("branch", "general_branch"),
}


@pytest.mark.parametrize("parent", [None, *hierarchy.KINDS])
@pytest.mark.parametrize("kind", hierarchy.KINDS)
def test_a_kind_stands_where_the_table_says_and_nowhere_else(kind, parent):
    assert bool(hierarchy.objections(kind, parent)) is ((kind, parent) not in ALLOWED)


@pytest.mark.parametrize(
    ("kind", "parent", "sentence"),
    [
        pytest.param(
            "branch",
            None,
            "“branch” cannot stand on top of the register. It stands under: work committee, "
            "leading group, Party committee, organ committee, general branch.",
            id="a branch is no register",
        ),
        pytest.param(
            "general_branch",
            "branch",
            "“general branch” cannot stand under “branch”. It stands under: work committee, "
            "leading group, Party committee, organ committee.",
            id="a general branch under a branch",
        ),
        pytest.param(
            "work_committee",
            "party_committee",
            "“work committee” cannot stand under “Party committee”. It stands on top of the "
            "register.",
            id="nothing in the register is above a work committee",
        ),
        pytest.param(
            "committee",
            None,
            "“committee” is not a kind of organisation. Choose one of: work committee, leading "
            "group, Party committee, organ committee, general branch, branch.",
            id="an unknown kind",
        ),
    ],
)
def test_an_objection_names_the_kinds_and_the_remedy(kind, parent, sentence):
    [objection] = hierarchy.objections(kind, parent)
    assert objection == sentence
    assert objection.level == "error"


def test_an_objection_is_said_in_another_language_down_to_its_labels():
    [objection] = hierarchy.objections("leading_group", "branch")
    chinese = {
        "leading group": "党组",
        "branch": "党支部",
        "work committee": "机关工委",
        "“%(kind)s” cannot stand under “%(parent)s”. It stands under: %(parents)s.": (
            "%(kind)s不能设在%(parent)s之下，应设在：%(parents)s。"
        ),
    }
    said = objection.said_with(lambda text: chinese.get(text, text))
    assert said == "党组不能设在党支部之下，应设在：机关工委。"


@pytest.mark.parametrize("kind", hierarchy.KINDS.values(), ids=lambda kind: kind.code)
def test_only_branches_hold_people(kind):
    assert kind.holds_members is (kind.code == "branch")


def test_a_leading_group_holds_nobody_collects_nothing_approves_nothing_elects_nothing():
    group = hierarchy.KINDS["leading_group"]
    assert not any([group.holds_members, group.collects, group.may_approve, group.elects])


@pytest.mark.parametrize("sort", hierarchy.SORTS)
def test_only_a_temporary_branch_holds_no_formal_members_and_collects_nothing(sort):
    assert hierarchy.holds_members("branch", sort) is (sort != "temporary")
    assert hierarchy.collects("branch", sort) is (sort != "temporary")


@pytest.mark.parametrize(
    ("kind", "approves"),
    [
        ("work_committee", True),
        ("leading_group", False),
        ("party_committee", True),
        ("organ_committee", True),
        ("general_branch", False),
        ("branch", False),
    ],
)
def test_committees_may_approve_probationary_members(kind, approves):
    assert (hierarchy.approval_objections(kind, approves_members=True) == []) is approves
    assert hierarchy.approval_objections(kind, approves_members=False) == []


@pytest.mark.parametrize("kind", hierarchy.KINDS)
def test_only_a_branch_is_other_than_ordinary(kind):
    assert hierarchy.sort_objections(kind, "ordinary") == []
    assert bool(hierarchy.sort_objections(kind, "retired")) is (kind != "branch")


def test_an_unknown_sort_is_answered_with_the_known_ones():
    assert hierarchy.sort_objections("branch", "floating") == [
        (
            "“floating” is not a sort of branch. Choose one of: ordinary, joint, retired members, "
            "temporary."
        )
    ]


@pytest.mark.parametrize(
    ("written", "kind", "sort"),
    [
        ("机关工委", "work_committee", "ordinary"),
        ("党组", "leading_group", "ordinary"),
        ("党委", "party_committee", "ordinary"),
        ("611", "party_committee", "ordinary"),
        ("直属机关党委", "organ_committee", "ordinary"),
        ("党 总 支", "general_branch", "ordinary"),
        ("621", "general_branch", "ordinary"),
        ("支部", "branch", "ordinary"),
        ("631", "branch", "ordinary"),
        ("联合党支部", "branch", "joint"),
        ("632", "branch", "joint"),
        ("离退休党支部", "branch", "retired"),
        ("临时党支部", "branch", "temporary"),
        ("931", "branch", "temporary"),
        ("organ_committee", "organ_committee", "ordinary"),
    ],
)
def test_sheets_may_call_a_kind_by_its_usual_names(written, kind, sort):
    assert hierarchy.read_kind(written) == (kind, sort)


def test_a_kind_that_cannot_be_read_is_quoted():
    with pytest.raises(ValueError, match="“团支部” is not a kind of organisation"):
        hierarchy.read_kind("团支部")


def counted(full, members=None, **more):
    return {"full_members": full, "members": full if members is None else members, **more}


@pytest.mark.parametrize(
    ("kind", "size", "codes"),
    [
        pytest.param("branch", counted(2, 9), ["branch_too_small"], id="two full members"),
        pytest.param("branch", counted(3), [], id="three full members make a branch"),
        pytest.param("branch", counted(49, 50), [], id="fifty members"),
        pytest.param("branch", counted(40, 51), ["branch_too_large"], id="fifty-one members"),
        pytest.param("branch", counted(6, has_committee=False), [], id="six need no committee"),
        pytest.param(
            "branch",
            counted(7, has_committee=False),
            ["branch_without_committee"],
            id="seven need a committee",
        ),
        pytest.param("branch", counted(7, has_committee=True), [], id="seven with a committee"),
        pytest.param("branch", counted(7), [], id="nothing known of a committee"),
        pytest.param(
            "branch", counted(0, sort="temporary"), [], id="a temporary branch holds nobody"
        ),
        pytest.param("general_branch", counted(49), ["too_few_members"], id="49 of a 总支"),
        pytest.param("general_branch", counted(50), [], id="50 of a 总支"),
        pytest.param("organ_committee", counted(99), ["too_few_members"], id="99 of a 机关党委"),
        pytest.param("organ_committee", counted(100), [], id="100 of a 机关党委"),
        pytest.param("organ_committee", counted(499), [], id="499 meet in person"),
        pytest.param("organ_committee", counted(500), ["delegates_possible"], id="500 delegate"),
        pytest.param("work_committee", counted(9000), [], id="a work committee is appointed"),
        pytest.param("leading_group", counted(0), [], id="a leading group has no size"),
    ],
)
def test_sizes_are_advice(kind, size, codes):
    found = advice(kind, **size)
    assert [sentence.code for sentence in found] == codes
    assert all(sentence.level == "warning" for sentence in found)


def test_advice_says_the_figures():
    assert advice("branch", full_members=2, members=3) == [
        "A branch has at least 3 full members; here there are 2. Consider a joint branch."
    ]
