"""Who holds an occasion for the people of many branches, found with one question."""

from __future__ import annotations

from collections.abc import Iterable

from branches.models import Organization
from branches.rules import hierarchy, tree
from members.models.development.acting import BRANCH, COMMITTEE, ENTERED_AT
from members.models.development.reading import chunks


def holders_of(acts: str, branches: Iterable[Organization]) -> dict[int, Organization]:
    """Return by branch who enters its steps of level ``acts``: ``acting_organization`` for many."""
    branches = list(branches)
    level = ENTERED_AT[acts]
    if level == BRANCH:
        return {branch.pk: branch for branch in branches}
    above = {path for branch in branches for path in tree.ancestors_of(branch.path)}
    standing = Organization.objects.standing().filter(kind__in=_kinds(level))
    found = {each.path: each for some in chunks(above) for each in standing.filter(path__in=some)}
    return {branch.pk: _nearest(branch, found, level) for branch in branches}


def _kinds(level: str) -> list[str]:
    if level == COMMITTEE:
        return [code for code, kind in hierarchy.KINDS.items() if kind.may_approve]
    return [hierarchy.GENERAL_BRANCH]


def _nearest(branch: Organization, offices: dict[str, Organization], level: str) -> Organization:
    line = [offices[path] for path in reversed(tree.ancestors_of(branch.path)) if path in offices]
    entitled = [each for each in line if each.approves_members] if level == COMMITTEE else []
    return next(iter(entitled or line), branch)
