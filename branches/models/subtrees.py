"""Which organisations stood at and below one on a day, as a condition for rows of any table."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q

from branches.models.organizations import Organization
from branches.models.periods import Event, OrganizationPeriod

MOVES = (Event.MOVED, Event.MOVED_ALONG, Event.REASSIGNED)


class Subtree:
    """An organisation with all that stood at and below it on ``day``.

    What was dissolved by then, or was founded later, hangs where its superior stood: so every
    organisation is in one place on every day, and sums of money over the tree lose none.
    """

    def __init__(self, organization: Organization, day: date | None) -> None:
        """``day`` is None for the tree as it is now, which asks nothing."""
        self.organization, self.day = organization, day

    @classmethod
    def now(cls, organization: Organization) -> Subtree:
        """What stands there now: for all that is done, and not told of a past month."""
        return cls(organization, None)

    def holds(self, column: str = "organization") -> Q:
        """Return the condition that the organisation in ``column`` was among them; ``pk`` for rows
        that are organisations themselves.

        One range of paths where nobody has come or gone since, else the keys of the chronicle.
        """
        if self._as_now:
            prefix = "" if column == "pk" else f"{column}__"
            return _within(self.organization, prefix)
        return Q(**{f"{column}__in": self._places.values("organization")})

    @cached_property
    def _as_now(self) -> bool:
        """Whether the path of now answers for the day: one question to the index of paths."""
        if self.day is None:
            return True
        later = OrganizationPeriod.objects.under(self.organization.path).filter(
            Q(valid_from__gt=self.day) | Q(valid_until__gt=self.day)
        )
        came = Q(event__in=MOVES, valid_from__gt=self.day)
        return not later.filter(came | ~_within(self.organization, "organization__")).exists()

    @cached_property
    def _places(self) -> Any:
        """Lines of the chronicle that name all of them, one or more for each."""
        day = self.day
        assert day is not None  # noqa: S101 - now is told by the path
        then = self.organization.on(day)
        if then is None:
            keys = {self.organization.pk}
            return OrganizationPeriod.objects.filter(
                organization__in=keys | self._hanging_on(keys, day)
            )
        stood = OrganizationPeriod.objects.on(day).under(then.path)
        hanging = self._hanging_on(stood.values("organization"), day)
        return stood | OrganizationPeriod.objects.filter(organization__in=hanging)

    @staticmethod
    def _hanging_on(superiors: Any, day: date) -> set[int]:
        """Return the keys of those below ``superiors`` that did not stand on ``day``."""
        absent = OrganizationPeriod.objects.filter(
            Q(event=Event.DISSOLVED, valid_from__lte=day)
            | Q(event=Event.FOUNDED, valid_from__gt=day)
        ).order_by()
        found: set[int] = set()
        while level := set(
            absent.filter(parent__in=superiors).values_list("organization", flat=True)
        ):
            found |= level
            superiors = level
        return found


def _within(organization: Organization, prefix: str) -> Q:
    low, high = organization.path, organization.end_path
    return Q(**{f"{prefix}path__gte": low, f"{prefix}path__lt": high})
