"""What is asked of members by how their membership stands; each question is said once."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db.models import Exists, OuterRef

from members.models.searching import MemberQuestions
from members.models.standing.discipline import Discipline
from members.models.standing.floating import FloatingOut
from members.rules import placements, standing
from registry.calendar import PartialDate, months_after, years_after


class StandingQuestions(MemberQuestions):
    """The members, asked for how they stand; ``on_roll`` is theirs."""

    def lost_contact(self) -> Self:
        """Whom nobody can find."""
        return self.filter(lost_contact_since__isnull=False)

    def lost_contact_for_six_months(self, day: date) -> Self:
        """Members on the roll whose contact is lost so long that they may be suspended.

        One known to the month counts from its first day.
        """
        latest = PartialDate.of(months_after(day, -standing.LOST_MONTHS))
        return self.on_roll().filter(lost_contact_since__lte=latest)  # type: ignore[attr-defined,no-any-return]

    def suspended_for_two_years(self, day: date) -> Self:
        """Those suspended so long that striking off is to be examined; nobody settled abroad."""
        latest = years_after(day, -standing.STRIKE_OFF_YEARS)
        return self.filter(
            suspended_on__lte=latest, leaving_reason=placements.SUSPENDED, wrong_entry=False
        )

    def floating_without_contact_for_six_months(self, day: date) -> Self:
        """Floating members of whom their branch has heard nothing for so long."""
        away = FloatingOut.objects.on(day).without_contact(day).filter(member=OuterRef("pk"))
        return self.on_roll().filter(Exists(away))  # type: ignore[attr-defined,no-any-return]

    def without_rights(self, day: date) -> Self:
        """Those who neither vote nor stand on ``day``; a door shows their number, never a name."""
        rows = Discipline.objects.suspending_rights(day).filter(member=OuterRef("pk"))
        return self.filter(Exists(rows))
