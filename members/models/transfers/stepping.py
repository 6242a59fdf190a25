"""What every step of a transfer does first, and the steps that end one without an acceptance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _now

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from branches.rules import hierarchy
from members.rules import transfers
from members.rules.transfers import Destination
from registry.language import refuse
from registry.models import VersionedRecord
from registry.sentences import Sentence


def as_destination(organization: Organization, own: int | None = None) -> Destination:
    """Return a branch of the register as the rules know it; ``own`` is where the person is."""
    return Destination(
        name=str(organization),
        in_register=True,
        is_own=organization.pk == own,
        holds_members=hierarchy.holds_members(organization.kind, organization.sort),
        founded_on=organization.founded_on,
        dissolved_on=organization.dissolved_on,
    )


def refuse_all(objections: Iterable[Sentence]) -> None:
    """Raise one ValidationError with every error among ``objections``, each sentence once."""
    refuse({(each.field, str(each)): each for each in objections}.values())


class Stepping(VersionedRecord):
    """The columns stand in ``Transfer``, hence ``self: Any``."""

    year: Any
    number: Any
    issued_on: Any
    valid_through: Any
    receipt_due_on: Any
    passed_on: Any
    accepted_on: Any
    receipt_on: Any
    closed_on: Any

    class Meta:
        abstract = True

    @transaction.atomic
    def withdraw(self: Any, reason: str, on: date, today: date) -> None:
        """Take the transfer back on ``on``; the member stays where he is. The number of a letter
        is not given out again."""
        self._close_as(transfers.WITHDRAWN, reason, on, today)

    @transaction.atomic
    def send_back(self: Any, reason: str, on: date, today: date) -> None:
        """Let the new organisation refuse on ``on``; the member stays where he is."""
        self._close_as(transfers.SENT_BACK, reason, on, today)

    def _close_as(self: Any, ending: str, reason: str, on: date, today: date) -> None:
        self._hold()
        objections = transfers.closing_objections(self.course(), on, today)
        if not reason.strip():
            objections.append(
                Sentence(
                    "Say why. The reason stands in the history.",
                    field="reason",
                    code="reason_missing",
                )
            )
        refuse_all(objections)
        self.reason = reason.strip()
        self._end(ending, on)
        self.save()

    def _hold(self: Any) -> None:
        """Hold the tree and this transfer, and read it as it is now."""
        hold_tree(shared=True)
        type(self)._base_manager.select_for_update(no_key=True).get(pk=self.pk)
        self.refresh_from_db()

    def _end(self: Any, ending: str, on: date) -> None:
        self.ending, self.closed_on = ending, on

    def _end_if_done(self: Any, on: date) -> None:
        if transfers.is_done(self.kind, self.accepted_on, self.receipt_on):
            self._end(transfers.COMPLETE, on)

    def _refuse_unless(self: Any, *, direction: str, has_letter: bool = False) -> None:
        """Raise ValidationError for a step that this sort of transfer has not."""
        fits = self.direction == direction
        if has_letter:
            fits = fits and transfers.KINDS[self.kind].has_letter
        if not fits:
            raise ValidationError(
                _now("“%(kind)s” (%(direction)s) has no such step.")
                % {"kind": self.get_kind_display(), "direction": self.get_direction_display()}
            )
