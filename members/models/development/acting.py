"""Who takes a step: the branch, the general branch above it, or the committee that approves."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from branches.models import Organization, in_scopes, scopes
from branches.models.grants import EVERYTHING, Scope
from branches.rules import hierarchy, roles, tree

BRANCH, GENERAL_BRANCH, COMMITTEE = "branch", "general_branch", "committee"
# By the level that a step names: whoever enters it. An applicant enters nothing himself, and what
# happens above the approving committee is entered by that committee.
ENTERED_AT = {
    "applicant": BRANCH,
    "branch": BRANCH,
    "general_branch": GENERAL_BRANCH,
    "committee": COMMITTEE,
    "above": COMMITTEE,
}
VERBS = {BRANCH: (roles.CHANGE,), GENERAL_BRANCH: (roles.CHANGE,),
         COMMITTEE: (roles.CHANGE, roles.APPROVE)}  # fmt: skip
_MAY_APPROVE = [code for code, kind in hierarchy.KINDS.items() if kind.may_approve]


def general_branch_over(branch: Organization) -> Organization | None:
    """Return the general branch that deliberates before the committee; None where there is none."""
    above = branch.ancestors().standing().filter(kind=hierarchy.GENERAL_BRANCH)
    return above.order_by("-path").first()


def acting_organization(branch: Organization, acts: str) -> Organization:
    """Return the organisation that enters a step of level ``acts`` for a file of ``branch``.

    Where this register knows no committee above, the branch enters everything itself.
    """
    level = ENTERED_AT[acts]
    if level == GENERAL_BRANCH:
        return general_branch_over(branch) or branch
    return (branch.stamping_superior() if level == COMMITTEE else None) or branch


def may_enter(by: Any, organization: Organization, acts: str) -> bool:
    """Return whether ``by`` may enter steps of level ``acts`` at ``organization``; None may."""
    if by is None:  # whoever works on the machine itself
        return True
    verbs = VERBS[ENTERED_AT[acts]]
    rows = Organization.objects.filter(pk=organization.pk)
    return any(rows.visible_to(by, verb).exists() for verb in verbs)


def files_waiting_for(user: Any, field: str = "organization__path") -> dict[str, Q]:
    """Return, by who enters a step, the condition on ``field``, the path of a file's branch, that
    it is for ``user`` to enter it: ``acting_organization`` for many files at once."""
    branch = Q(in_scopes(scopes(user, roles.CHANGE), field))
    committee = Q(pk__in=[])
    for verb in VERBS[COMMITTEE]:
        for scope in scopes(user, verb):
            committee |= _below_committees_in(scope, field)
    general = Organization.objects.visible_to(user, roles.CHANGE).standing()
    ranges = [
        Scope(path, tree.end_of(path))
        for path in general.filter(kind=hierarchy.GENERAL_BRANCH).values_list("path", flat=True)
    ]
    return {BRANCH: branch, GENERAL_BRANCH: in_scopes(ranges, field), COMMITTEE: committee}


def _below_committees_in(scope: Scope, field: str) -> Q:
    """The files whose approving committee lies in ``scope``."""
    if scope == EVERYTHING:
        return in_scopes([scope], field)
    standing = Organization.objects.standing().filter(kind__in=_MAY_APPROVE)
    inside = standing.filter(in_scopes([scope]))
    entitled = Q(approves_members=True)
    entitled_above = standing.filter(entitled, path__in=tree.ancestors_of(scope.low)).exists()
    there = inside.filter(entitled) if entitled_above else inside
    return in_scopes(
        [Scope(path, tree.end_of(path)) for path in _topmost(there.values_list("path", flat=True))],
        field,
    )


def _topmost(paths: Any) -> list[str]:
    """Return those of ``paths`` that stand below no other of them."""
    found: list[str] = []
    for path in sorted(paths):
        if not found or not path.startswith(found[-1]):
            found.append(path)
    return found
