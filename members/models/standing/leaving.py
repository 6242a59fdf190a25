"""The verbs by which a member goes and comes back: leaving, suspension, restoring."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _now

from branches.models import Organization
from members.models.dues.standings import DuesStanding
from members.models.headcounts import Headcount
from members.models.standing.decisions import MembershipDecision
from members.models.standing.refusing import refuse_all
from members.rules import placements, standing
from registry.language import refuse


class ComesAndGoes:
    """Mixin of a member: how the record goes off the roll, and how it comes back."""

    left_on: Any
    suspended_on: Any

    @transaction.atomic
    def leave(
        self: Any,
        reason: str,
        on: date,
        *,
        document: str = "",
        note: str = "",
        today: date | None = None,
    ) -> None:
        """Leave the register on ``on`` for a reason of the table; offices end the same day.

        ``document`` and ``note`` say what decided it. Raises ValidationError with every objection;
        a day later than ``today`` is one where the caller says which day it is.
        """
        self._held()
        self._refuse_unless_on_roll()
        stay = self.placements.get(placed_until__isnull=True)
        refuse(standing.leaving_objections(self._as_in(stay), reason, on, today))
        self._end_stay(on, reason)
        self._mark_gone(reason, on)
        self.save()
        for office in self.offices.filter(held_until__isnull=True, held_from__lt=on):
            office.held_until = on
            office.save()
        for second in self.second_memberships.going_on(on):
            second.close(on)
        MembershipDecision.keep(self, reason, on, document, note)
        DuesStanding.follow([self.pk])
        Headcount.add(self._shift(self.organization, -1))
        for file in self.development_files.open():
            file.end_with_member(reason, on)

    def suspend(self: Any, on: date, reason: str = placements.SUSPENDED, **said: Any) -> None:
        """Stop the membership (停止党籍): the record stays and counts nowhere."""
        self.leave(reason, on, **said)

    @transaction.atomic
    def restore(
        self: Any,
        on: date,
        organization: Organization | None = None,
        *,
        began: str = "restored",
        document: str = "",
        note: str = "",
        today: date | None = None,
    ) -> None:
        """Belong again from ``on``, after a suspension or a leaving that turned out wrong.

        ``began`` is how the stay begins, which the balance counts it by.

        The whole months of a suspension are taken off the Party age; a decision that was
        overturned never held, so after it Party age runs on.
        """
        if self.is_on_roll or self.wrong_entry:
            raise ValidationError(_now("%(name)s is on the roll.") % {"name": self.name})
        branch = self._held(organization or self.organization)
        gone, reason = self.gone_on, self.leaving_reason
        found = standing.restoring_objections(self.name, reason, gone, on, today)
        if self.readmitted_on:
            found.append(standing.readmitted(self.name, self.readmitted_on))
        refuse_all(found, lambda: self._refuse_place(branch, on))
        if gone:
            self.party_age_correction -= standing.gap_in_months(reason, self.kind, gone, on)
        self.left_on = self.suspended_on = None
        self.leaving_reason = ""
        self.organization = branch
        self.save()
        self.placements.create(organization=branch, placed_from=on, began=began)
        MembershipDecision.keep(self, standing.return_of(reason), on, document, note)
        DuesStanding.follow([self.pk])
        Headcount.add(self._shift(branch, 1))

    @property
    def gone_on(self: Any) -> date | None:
        """The day on which the member went off the roll; None while he is on it."""
        gone: date | None = self.left_on or self.suspended_on
        return gone

    def _as_in(self: Any, stay: Any) -> standing.Stay:
        return standing.Stay(
            self.name, self.kind, self.joined_on, str(stay.organization), stay.placed_from
        )

    def _mark_gone(self: Any, reason: str, on: date) -> None:
        is_suspended = reason in placements.SUSPENSIONS
        self.leaving_reason = reason
        self.suspended_on = on if is_suspended else None
        self.left_on = None if is_suspended else on

    def _refuse_unless_on_roll(self: Any) -> None:
        if not self.is_on_roll:
            raise ValidationError(_now("%(name)s is not on the roll.") % {"name": self.name})

    def _end_stay(self: Any, on: date, ending: str) -> None:
        stay = self.placements.get(placed_until__isnull=True)
        if on < stay.placed_from:
            raise ValidationError(
                {
                    "on": _now(
                        "%(name)s has been in %(branch)s since %(day)s, after %(on)s. "
                        "Choose a later day."
                    )
                    % {
                        "name": self.name,
                        "branch": stay.organization,
                        "day": stay.placed_from,
                        "on": on,
                    }
                }
            )
        stay.placed_until, stay.ended = on, ending
        stay.place = self.display_order
        stay.save()
