"""The verbs of a transfer in: the letter registered, its person placed, the receipt returned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _now

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from members.models.dues.standings import DuesStanding
from members.models.members import Member
from members.models.transfers.newcomers import Newcomer, refuse_together
from members.models.transfers.stepping import Stepping, as_destination, refuse_all
from members.rules import transfers
from members.rules.ledger import FIRST_MONTH
from members.rules.placements import LEAVING_REASONS
from registry.calendar import first_of_month
from registry.sentences import Sentence

TRANSFERRED_IN = "transferred_in"


@dataclass(frozen=True)
class Arrival:
    """What came: a paper letter with its number, or the number in the national system."""

    kind: str
    document: str
    from_outside: str
    issued_on: date | None = None
    validity_days: int | None = None
    paid_to: date | None = None


def may_come(holder: Member | None) -> bool:
    """Whether somebody of an ID number may come by transfer: whom nobody knows, and who has left
    by one."""
    if holder is None:
        return True
    reason = LEAVING_REASONS.get(holder.leaving_reason)
    return not holder.is_on_roll and reason is not None and reason.may_return


class Coming(Stepping):
    """The columns stand in ``Transfer``, hence ``self: Any``."""

    class Meta:
        abstract = True

    @classmethod
    @transaction.atomic
    def register_incoming(
        cls, newcomer: Newcomer, arrival: Arrival, at: Organization, on: date, today: date
    ) -> Any:
        """Register at ``at`` what came on ``on`` for a person, and return his transfer.

        He is a member here when a branch has taken him. Raises ValidationError with every
        objection, among them an ID number that is on the roll already; the caller minds what may
        be told of its holder.
        """
        hold_tree(shared=True)
        refuse_together(
            partial(newcomer.settle_facts, today),
            partial(refuse_all, cls.judging_arrival(arrival, on, today)),
            partial(_refuse_known, newcomer.id_number),
        )
        new: Any = cls
        transfer = new(
            kind=arrival.kind,
            direction=transfers.IN,
            begun_on=on,
            from_outside=" ".join(arrival.from_outside.split()),
            to_organization=at,
            document=arrival.document,
            issued_on=arrival.issued_on,
            validity_days=arrival.validity_days,
            paid_to=first_of_month(arrival.paid_to) if arrival.paid_to else None,
        )
        transfer.full_clean(validate_constraints=False)
        transfer.save()
        newcomer.transfer = transfer
        newcomer.save()
        return transfer

    @classmethod
    def judging_arrival(cls, arrival: Arrival, on: date, today: date) -> list[Sentence]:
        """Return what speaks against registering such a letter on ``on``, errors and warnings."""
        found = transfers.not_to_come(on, today, "on")
        kind = transfers.KINDS[arrival.kind]
        if not kind.is_entered or kind.stays_inside:
            found.append(
                Sentence(
                    "“%(kind)s” does not come from outside. Choose a letter or the national "
                    "system.",
                    field="kind",
                    code="not_from_outside",
                    kind=kind.label,
                )
            )
        if not arrival.document.strip():
            found.append(
                Sentence(
                    "Enter the number that it came under.",
                    field="document",
                    code="document_missing",
                )
            )
        if not arrival.from_outside.strip():
            found.append(
                Sentence(
                    "Name the organisation that he comes from.",
                    field="from_outside",
                    code="origin_missing",
                )
            )
        if arrival.issued_on is not None:
            found += transfers.letter_objections(
                arrival.issued_on,
                arrival.validity_days,
                incoming=True,
                begun_on=on,
                today=today,
            )
        elif kind.has_letter:
            found.append(
                Sentence(
                    "Enter the day that the letter is of.",
                    field="issued_on",
                    code="letter_day_missing",
                )
            )
        return found

    @transaction.atomic
    def place(self: Any, branch: Organization, on: date, today: date) -> Member:
        """Let ``branch`` take who has come from ``on``, and return him.

        Somebody who had left by a transfer is on the roll again under his old number; anybody else
        is a new member. To which month dues are paid is kept as the letter says it.
        """
        self._hold()
        self._refuse_unless(direction=transfers.IN)
        branch = Organization.objects.get(pk=branch.pk)
        objections = transfers.accepting_objections(self.course(), self.name, on, today)
        objections += transfers.place_objections(as_destination(branch), on)
        refuse_all(objections)
        newcomer = self.newcomer
        _refuse_known(newcomer.id_number, newcomer.name)
        member = Member.of_id_number(newcomer.id_number)
        if member is None:
            member = newcomer.as_member(organization=branch)
            member.admit(on, began=TRANSFERRED_IN, today=today)
        else:
            _bring_back(member, branch, on)
        if self.paid_to and FIRST_MONTH <= self.paid_to <= today:
            DuesStanding.settle(member, self.paid_to, today)
        newcomer.delete()
        self._state.fields_cache.pop("newcomer", None)
        self.member, self.to_organization, self.accepted_on = member, branch, on
        self._end_if_done(on)
        self.save()
        return member

    @transaction.atomic
    def return_receipt(self: Any, on: date, today: date, note: str = "") -> None:
        """Enter that the receipt of the letter was sent back on ``on``."""
        self._hold()
        self._refuse_unless(direction=transfers.IN, has_letter=True)
        if self.accepted_on is None and not self.ending:
            text = _now("Place %(name)s in a branch first.")
            raise ValidationError(text % {"name": self.name})
        refuse_all(
            transfers.receipt_objections(self.course(), self.name, on, self.accepted_on, today)
        )
        self.receipt_on, self.receipt_note = on, note.strip()
        self._end_if_done(on)
        self.save()


def _refuse_known(id_number: str, name: str = "") -> None:
    """Raise ValidationError where the holder of an ID number cannot come by a transfer."""
    holder = Member.of_id_number(id_number) if id_number else None
    if not may_come(holder):
        raise ValidationError(
            {
                "id_number": _now(
                    "This ID number is registered already. Look for the person before you add one."
                )
            }
        )
    if name and holder is not None and holder.name != name:
        text = _now("This ID number is known under another name. Compare it with the letter.")
        raise ValidationError({"id_number": text})
    if not name and id_number and Newcomer.objects.waiting(id_number).exists():
        text = _now("A letter of this person is registered already. Place him first.")
        raise ValidationError({"id_number": text})


def _bring_back(member: Member, branch: Organization, on: date) -> None:
    """Let somebody who had left by a transfer belong again, to ``branch``.

    He comes by a transfer, which the balance counts in another line than a membership restored.
    """
    member.restore(on, branch, began=TRANSFERRED_IN)
