"""Who may be offered for an occasion: those whose plan allows the step, and who holds it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from branches.models import Organization
from branches.rules import roles
from members.models.development.acting import BRANCH as AT_THE_BRANCH
from members.models.development.acting import ENTERED_AT
from members.models.development.deadlines import Deadline, DeadlineQuerySet
from members.models.development.holding import holders_of
from members.rules.development import Step
from members.rules.development.together import ASSEMBLIES


@dataclass(frozen=True)
class Holding:
    """One organisation that may hold the occasion, and how many people wait for it there."""

    organization: Organization
    waiting: int
    branches: tuple[int, ...]


def waiting_on(
    organization: Organization, step: str, user: Any, on: date, *, historical: bool
) -> DeadlineQuerySet:
    """Return the rows of people whose plan allows ``step`` on ``on``, and which ``user`` enters.

    From old papers a branch enters the steps of its committee too.
    """
    rows = Deadline.objects.under(organization).filter(step=step, sent_back=False).open_on(on)
    if historical:
        return rows.visible_to(user, roles.CHANGE)
    return rows.visible_to(user).waiting_for(user)


def holdings(rows: DeadlineQuerySet, step: Step, organization: Organization) -> list[Holding]:
    """Return who holds the occasion for ``rows``, in the order of the tree.

    A branch holds its own assembly; what else branches do, one occasion may cover for all of them.
    """
    counted = rows.order_by().values("organization_id").annotate(n=Count("pk"))
    waiting = {row["organization_id"]: row["n"] for row in counted}
    if ENTERED_AT[step.acts] == AT_THE_BRANCH and step.code not in ASSEMBLIES:
        return [Holding(organization, sum(waiting.values()), tuple(waiting))] if waiting else []
    branches = Organization.objects.in_bulk(list(waiting))
    holders = holders_of(step.acts, branches.values())
    people: Counter[Organization] = Counter()
    of_whom: dict[Organization, list[int]] = {}
    for branch, number in waiting.items():
        people[holders[branch]] += number
        of_whom.setdefault(holders[branch], []).append(branch)
    return [
        Holding(each, people[each], tuple(of_whom[each]))
        for each in sorted(people, key=lambda each: each.path)
    ]
