"""How many belong to each organisation and everything below it, so that a tree need not count.

A row holds the sums over the whole subtree. The verbs of members keep it up to date as their last
step, from the branch up to the top, so that the rows are locked late and always in one order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from branches.rules import tree


class Shift(NamedTuple):
    """How many more belong to an organisation; less where negative."""

    organization_id: int | None
    full: int
    probationary: int


class Headcount(models.Model):
    """Full and probationary members of one organisation and everything below it, today."""

    organization = models.OneToOneField(
        Organization, models.CASCADE, primary_key=True, related_name="headcount"
    )
    full = models.IntegerField(_("full members"), default=0)
    probationary = models.IntegerField(_("probationary members"), default=0)

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.full}+{self.probationary}"

    @classmethod
    def add(cls, *shifts: Shift) -> None:
        """Add to the organisations of ``shifts`` and to all above them.

        Where they stand is read anew: they may have moved since the caller has read them, and
        stay where they are once he holds the tree. All shifts of one change come in one call: the
        rows are locked in one order, the deepest first, so that two opposite moves wait for each
        other and never lock each other out.
        """
        full: Counter[str] = Counter()
        probationary: Counter[str] = Counter()
        asked = {shift.organization_id for shift in shifts if shift.full or shift.probationary}
        rows = Organization.objects.filter(pk__in=asked - {None})
        paths: dict[int | None, str] = dict(rows.values_list("pk", "path")) if asked else {}
        for shift in shifts:
            own = paths.get(shift.organization_id)
            for path in (*tree.ancestors_of(own), own) if own else ():
                full[path] += shift.full
                probationary[path] += shift.probationary
        changed = [path for path in full if full[path] or probationary[path]]
        line = Organization.objects.filter(path__in=changed).order_by("-path")
        found = list(line.values_list("pk", "path"))
        missing = [Headcount(organization_id=pk) for pk, _ in found]
        Headcount.objects.bulk_create(missing, ignore_conflicts=True)
        for pk, path in found:
            cls.objects.filter(pk=pk).update(
                full=F("full") + full[path], probationary=F("probationary") + probationary[path]
            )

    @classmethod
    def add_all(cls, counts: Mapping[int, Sequence[int]]) -> None:
        """Add full and probationary members to each organisation of ``counts``, and above."""
        cls.add(*(Shift(pk, full, rest) for pk, (full, rest) in counts.items()))

    @classmethod
    @transaction.atomic
    def recount(cls, member_model: type[models.Model]) -> None:
        """Count everything anew, after a set-based change: one pass over the index of members."""
        hold_tree()
        own = member_model._base_manager.filter(on_roll_now()).values("organization__path")
        counted = own.annotate(
            full=Count("pk", filter=Q(kind="full")),
            probationary=Count("pk", filter=Q(kind="probationary")),
        ).order_by()
        full: Counter[str] = Counter()
        probationary: Counter[str] = Counter()
        for row in counted:
            path = row["organization__path"]
            for each in (*tree.ancestors_of(path), path):
                full[each] += row["full"]
                probationary[each] += row["probationary"]
        cls.objects.all().delete()
        organizations = Organization.objects.values_list("pk", "path").iterator()
        Headcount.objects.bulk_create(
            [
                Headcount(organization_id=pk, full=full[path], probationary=probationary[path])
                for pk, path in organizations
            ],
            batch_size=5000,
        )


def heads_of(organization: Organization) -> tuple[int, int]:
    """Return full and probationary members of an organisation and everything below it."""
    count: Headcount | None = getattr(organization, "headcount", None)
    return (count.full, count.probationary) if count else (0, 0)


def on_roll_now(of: str = "") -> Q:
    """Who is on the roll now: not left, not suspended, not entered by mistake.

    ``of`` is the way to the member, as ``member__``.
    """
    return Q(
        **{
            f"{of}left_on__isnull": True,
            f"{of}suspended_on__isnull": True,
            f"{of}wrong_entry": False,
        }
    )
