"""The six roles and the verbs that each of them carries.

A grant gives a user one role over an organisation and everything below it, or over the whole
register. What a user may do with a row is asked with the same verb as which rows he sees.
Two-person steps, the security administrator and the separation of 三员 come later; until then a
step that needs a second person belongs to the clerks, with a reason, or to nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from registry.sentences import Sentence

# people
VIEW = "view"  # organisations and people, protected values masked
ADD = "add"
CHANGE = "change"
MOVE = "move"  # to another branch
LEAVE = "leave"  # leave, suspend, restore
MARK_WRONG = "mark_wrong"
REVEAL = "reveal"  # unmask one record; with a reason
IMPORT = "import"  # upload a workbook and look at what it would do
APPLY = "apply"  # write a staged import, or take it back
EXPORT = "export"  # masked
EXPORT_FULL = "export_full"  # unmasked, on screen, in a sheet or on paper; with a reason
PRINT = "print"  # masked
ISSUE = "issue"  # certificates, under a number and the seal of the committee
APPROVE = "approve"
VIEW_HISTORY = "view_history"  # who changed what on a record that one sees
VIEW_DISCIPLINE = "view_discipline"  # discipline and measures, which nobody else hears of
CHANGE_DISCIPLINE = "change_discipline"
# dues
VIEW_DUES = "view_dues"  # who owes and who paid
VIEW_DUES_TOTALS = "view_dues_totals"  # sums of branches and committees, without people
COLLECT_DUES = "collect_dues"  # assess, enter payments, reverse them
CLOSE_DUES = "close_dues"  # close a month and ask to open it again, which an approver may confirm
# organisations
CHANGE_ORGANIZATION = "change_organization"  # contact, phone, address, Party groups, officers
CHANGE_TREE = "change_tree"  # found, rename, move, change of kind, dissolve; units and areas
# accounts and the log
VIEW_ACCOUNTS = "view_accounts"
MANAGE_ACCOUNTS = "manage_accounts"
GRANT = "grant"
VIEW_LOG = "view_log"  # the whole log; people appear by number, never by name

MEMBER_VERBS = frozenset(
    {
        VIEW,
        ADD,
        CHANGE,
        MOVE,
        LEAVE,
        MARK_WRONG,
        REVEAL,
        IMPORT,
        APPLY,
        EXPORT,
        EXPORT_FULL,
        PRINT,
        ISSUE,
        APPROVE,
        VIEW_HISTORY,
        VIEW_DISCIPLINE,
        CHANGE_DISCIPLINE,
    }
)
DUES_VERBS = frozenset({VIEW_DUES, VIEW_DUES_TOTALS, COLLECT_DUES, CLOSE_DUES})
TREE_VERBS = frozenset({CHANGE_ORGANIZATION, CHANGE_TREE})
ACCOUNT_VERBS = frozenset({VIEW_ACCOUNTS, MANAGE_ACCOUNTS, GRANT, VIEW_LOG})
VERBS = MEMBER_VERBS | DUES_VERBS | TREE_VERBS | ACCOUNT_VERBS
NEED_A_REASON = frozenset({REVEAL, EXPORT_FULL})


@dataclass(frozen=True)
class Role:
    code: str
    label: str
    chinese: str
    verbs: frozenset[str]


BRANCH_CLERK = "branch_clerk"
COMMITTEE_CLERK = "committee_clerk"
APPROVER = "approver"
READER = "reader"
AUDITOR = "auditor"
SYSTEM_ADMINISTRATOR = "system_administrator"

_READING = frozenset({VIEW, EXPORT, PRINT, VIEW_DUES_TOTALS})
_KEEPING = _READING | {
    ADD,
    CHANGE,
    MOVE,
    LEAVE,
    REVEAL,
    IMPORT,
    APPLY,
    EXPORT_FULL,
    VIEW_HISTORY,
    VIEW_DUES,
    COLLECT_DUES,
    CHANGE_ORGANIZATION,
}

ROLES = {
    role.code: role
    for role in (
        Role(BRANCH_CLERK, Sentence("branch clerk"), "支部管理员", _KEEPING),
        Role(
            COMMITTEE_CLERK,
            Sentence("committee clerk"),
            "党委管理员",
            _KEEPING
            | {MARK_WRONG, ISSUE, CLOSE_DUES, CHANGE_TREE, VIEW_DISCIPLINE, CHANGE_DISCIPLINE},
        ),
        Role(
            APPROVER,
            Sentence("approver"),
            "审批人",
            _READING | {APPROVE, VIEW_HISTORY, VIEW_DISCIPLINE},
        ),
        # A leader reveals only together with a second person, a step that comes later.
        Role(READER, Sentence("reader"), "查阅人", _READING),
        Role(AUDITOR, Sentence("auditor"), "审计员", frozenset({VIEW_LOG, VIEW_ACCOUNTS})),
        Role(
            SYSTEM_ADMINISTRATOR,
            Sentence("system administrator"),
            "系统管理员",
            frozenset({VIEW_ACCOUNTS, MANAGE_ACCOUNTS, GRANT}),
        ),
    )
}


def role_choices() -> list[tuple[str, str]]:
    return [(role.code, role.label) for role in ROLES.values()]


def roles_with(verb: str) -> frozenset[str]:
    """Return the codes of the roles that carry ``verb``; raise ValueError for an unknown verb.

    An unknown verb would otherwise quietly ask for no rows, and a misspelt one stay unnoticed.
    """
    if verb not in VERBS:
        raise ValueError(f"“{verb}” is not a verb of branches.rules.roles.")
    return frozenset(role.code for role in ROLES.values() if verb in role.verbs)


def may(roles: Collection[str], verb: str) -> bool:
    """Return whether any of ``roles`` carries ``verb``."""
    return not roles_with(verb).isdisjoint(roles)


def objections(role: str, held: Collection[str], *, to_oneself: bool) -> list[Sentence]:
    """Return every reason against granting ``role`` to a user who holds the roles ``held``."""
    if role not in ROLES:
        return [
            Sentence(
                "“%(role)s” is not a role. Choose one from the list.",
                field="role",
                code="role_unknown",
                role=role,
            )
        ]
    found = []
    if to_oneself:
        found.append(
            Sentence(
                "Nobody grants a role to himself. Ask another system administrator.",
                field="user",
                code="grant_to_oneself",
            )
        )
    sees_people = {code for code in (*held, role) if VIEW in ROLES[code].verbs}
    if SYSTEM_ADMINISTRATOR in {*held, role} and sees_people:
        found.append(
            Sentence(
                "A system administrator sees no member, so this account cannot hold “%(role)s” "
                "as well. Use a second account.",
                field="role",
                code="administrator_sees_members",
                role=ROLES[min(sees_people)].label,
            )
        )
    return found
