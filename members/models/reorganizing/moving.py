"""A whole move (整建制转隶): an organisation stands elsewhere with everything below it."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.db import transaction

from branches.models import Organization, Reorganization
from branches.models.reorganizing import Objections, hold_tree
from members.models.development.acting import general_branch_over
from members.models.development.files import DevelopmentFile
from members.models.development.following import rebuild
from members.models.development.policies import LocalStep
from members.models.headcounts import Headcount, Shift
from members.models.reorganizing.people import judge_day


@transaction.atomic
def move_organization(
    organization: Organization,
    parent: Organization,
    on: date,
    document: str = "",
    *,
    recode: bool = False,
    act: Reorganization | None = None,
    today: date | None = None,
) -> Reorganization:
    """Move an organisation and everything below it; its people count above in the new place.

    Nobody's stay changes: whoever belonged to a branch still does. Return the act. Raises
    ValidationError with every objection of ``Organization.move_under``, and for a day that is
    still to come on ``today``.
    """
    hold_tree()
    before = ways_of(organization)
    problems = Objections()
    judge_day(on, today, problems)
    problems.attempt(
        lambda: organization.move_under(parent, on=on, document=document, recode=recode, act=act)
    )
    problems.stop()
    if ways_of(organization) != before:
        plan_anew(organization)
    line, old = organization.periods.select_related("act").order_by("-id")[:2]
    shift_heads(organization, old.parent_id)
    return cast("Reorganization", line.act)  # every move is an act


def shift_heads(organization: Organization, old_parent: int | None) -> None:
    """Count its people above where it stands now, and no longer above where it stood."""
    count = Headcount.objects.select_for_update().filter(pk=organization.pk).first()
    if count is not None:
        Headcount.add(
            Shift(old_parent, -count.full, -count.probationary),
            Shift(organization.parent_id, count.full, count.probationary),
        )


def ways_of(organization: Organization) -> Any:
    """Return what its place decides of the course of development files below it."""
    steps = LocalStep.objects.for_path(organization.path).values_list("pk", flat=True)
    return general_branch_over(organization), sorted(steps)


def plan_anew(organization: Organization) -> None:
    """Files below it gain or lose the deliberation of a general branch, or an office's steps."""
    rebuild(DevelopmentFile.objects.open().under(organization))
