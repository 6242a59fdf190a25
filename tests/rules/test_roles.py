"""What each role may do: the matrix, row by row."""

from __future__ import annotations

import pytest

from branches.rules import roles

CLERKS = {"branch_clerk", "committee_clerk"}
READERS = CLERKS | {"approver", "reader"}

MATRIX = {
    roles.VIEW: READERS,
    roles.ADD: CLERKS,
    roles.CHANGE: CLERKS,
    roles.MOVE: CLERKS,
    roles.LEAVE: CLERKS,
    roles.MARK_WRONG: {"committee_clerk"},
    roles.REVEAL: CLERKS,
    roles.IMPORT: CLERKS,
    roles.APPLY: CLERKS,
    roles.EXPORT: READERS,
    roles.EXPORT_FULL: CLERKS,
    roles.PRINT: READERS,
    roles.ISSUE: {"committee_clerk"},
    roles.APPROVE: {"approver"},
    roles.VIEW_HISTORY: CLERKS | {"approver"},
    roles.VIEW_DISCIPLINE: {"committee_clerk", "approver"},
    roles.CHANGE_DISCIPLINE: {"committee_clerk"},
    roles.VIEW_DUES: CLERKS,
    roles.VIEW_DUES_TOTALS: READERS,
    roles.COLLECT_DUES: CLERKS,
    roles.CLOSE_DUES: {"committee_clerk"},
    roles.CHANGE_ORGANIZATION: CLERKS,
    roles.CHANGE_TREE: {"committee_clerk"},
    roles.VIEW_ACCOUNTS: {"auditor", "system_administrator"},
    roles.MANAGE_ACCOUNTS: {"system_administrator"},
    roles.GRANT: {"system_administrator"},
    roles.VIEW_LOG: {"auditor"},
}


@pytest.mark.parametrize("verb", sorted(roles.VERBS))
def test_a_verb_belongs_to_the_roles_of_the_matrix(verb):
    assert roles.roles_with(verb) == MATRIX[verb]


def test_there_are_six_roles():
    assert len(roles.role_choices()) == len(roles.ROLES) == 6


@pytest.mark.parametrize("role", roles.ROLES.values(), ids=lambda role: role.code)
def test_a_role_is_over_people_or_over_accounts_never_over_both(role):
    over_people = roles.MEMBER_VERBS | roles.DUES_VERBS | roles.TREE_VERBS
    assert not (role.verbs & over_people) or not (role.verbs & roles.ACCOUNT_VERBS)


@pytest.mark.parametrize("role", roles.ROLES.values(), ids=lambda role: role.code)
def test_whoever_changes_or_takes_away_people_also_sees_them(role):
    assert not (role.verbs & (roles.MEMBER_VERBS | roles.DUES_VERBS)) or roles.VIEW in role.verbs


def test_a_misspelt_verb_does_not_quietly_ask_for_nobody():
    with pytest.raises(ValueError, match="“veiw” is not a verb"):
        roles.roles_with("veiw")


def test_several_roles_add_up():
    assert roles.may(["reader", "approver"], roles.APPROVE)
    assert not roles.may(["reader", "auditor"], roles.APPROVE)
    assert not roles.may([], roles.VIEW)


@pytest.mark.parametrize(
    ("role", "held", "to_oneself", "sentences"),
    [
        pytest.param("reader", [], False, [], id="a first grant"),
        pytest.param("branch_clerk", ["reader", "approver"], False, [], id="several over people"),
        pytest.param("auditor", ["reader"], False, [], id="an auditor may read elsewhere"),
        pytest.param(
            "system_administrator",
            ["system_administrator"],
            True,
            ["Nobody grants a role to himself. Ask another system administrator."],
            id="to oneself",
        ),
        pytest.param(
            "branch_clerk",
            ["system_administrator"],
            False,
            [
                (
                    "A system administrator sees no member, so this account cannot hold “branch "
                    "clerk” as well. Use a second account."
                )
            ],
            id="an administrator becomes a clerk",
        ),
        pytest.param(
            "system_administrator",
            ["reader"],
            False,
            [
                (
                    "A system administrator sees no member, so this account cannot hold “reader” "
                    "as well. Use a second account."
                )
            ],
            id="a reader becomes administrator",
        ),
        pytest.param(
            "owner",
            [],
            False,
            ["“owner” is not a role. Choose one from the list."],
            id="an unknown role",
        ),
    ],
)
def test_some_grants_are_refused(role, held, to_oneself, sentences):
    assert roles.objections(role, held, to_oneself=to_oneself) == sentences
