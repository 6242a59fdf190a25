"""What is asked of the transfers: by whom they are seen, how they stand, what is late."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles, tree
from members.rules import transfers
from members.rules.transfers import IN, INTERNAL, LETTER, OUT

GIVES, TAKES = "from_organization__path", "to_organization__path"


class TransferQuerySet(models.QuerySet[Any]):
    """Who gives and who takes somebody sees the transfer, and nobody else."""

    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        ranges = scopes(user, verb)
        return self.filter(in_scopes(ranges, GIVES) | in_scopes(ranges, TAKES))

    def given_by(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The transfers out of the organisations on which ``user`` has ``verb``."""
        return self.filter(in_scopes(scopes(user, verb), GIVES))

    def taken_by(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The transfers into the organisations on which ``user`` has ``verb``."""
        return self.filter(in_scopes(scopes(user, verb), TAKES))

    def out_of(self, top: Organization) -> Self:
        """Those that ``top`` and everything below it gives; between two of them as well."""
        return self.filter(_below(GIVES, top))

    def into(self, top: Organization) -> Self:
        """Those that ``top`` and everything below it takes; between two of them as well."""
        return self.filter(_below(TAKES, top))

    def under(self, top: Organization) -> Self:
        return self.filter(_below(GIVES, top) | _below(TAKES, top))

    def with_people(self) -> Self:
        return self.select_related(
            "member", "newcomer", "from_organization", "to_organization", "issuer",
            "passing_through",
        )  # fmt: skip

    # How they stand

    def open(self) -> Self:
        """The transfers in which something is still to be done."""
        return self.filter(closed_on__isnull=True)

    def to_issue(self) -> Self:
        """Those whose letter the committee has still to issue."""
        return self.open().filter(direction=OUT, kind=LETTER, issued_on__isnull=True)

    def awaiting_acceptance(self) -> Self:
        """Those within the register that the new branch has still to accept."""
        return self.open().filter(kind=INTERNAL)

    def incoming_to_place(self) -> Self:
        """Those that came, of people who are in no branch yet."""
        return self.open().filter(direction=IN, accepted_on__isnull=True)

    def receipts_to_return(self) -> Self:
        """Those that came, of people who have a branch, while the receipt was not returned yet."""
        return self.open().filter(direction=IN, accepted_on__isnull=False)

    def without_receipt(self, on: date) -> Self:
        """The letters whose receipt ought to have come back before ``on``."""
        return self.open().filter(direction=OUT, receipt_due_on__lt=on)

    def expired(self, on: date) -> Self:
        """The letters that nobody has accepted, as far as is known, and that hold no more."""
        return self.open().filter(direction=OUT, accepted_on__isnull=True, valid_through__lt=on)

    def in_state(self, state: str, on: date) -> Self:
        """Those that stand so on ``on``: what ``members.rules.transfers.state`` says of each."""
        return self.filter(standing_so(state, on))

    def counted(self, on: date) -> dict[str, int]:
        """Return how many stand in each state on ``on``."""
        counts: dict[str, int] = self.aggregate(
            **{
                state: models.Count("pk", filter=standing_so(state, on))
                for state in transfers.STATES
            }
        )
        return counts


def standing_so(state: str, on: date) -> Q:
    """Return the condition that a transfer stands so on ``on``."""
    if state in transfers.ENDINGS:
        return Q(ending=state)
    condition: Q = _STATES[state](on)
    return Q(closed_on__isnull=True) & condition


def _below(field: str, top: Organization) -> Q:
    return Q(**{f"{field}__gte": top.path, f"{field}__lt": tree.end_of(top.path)})


_ACCEPTED = Q(accepted_on__isnull=False)
_LETTER = Q(direction=OUT, kind=LETTER, issued_on__isnull=False)


def _expired(on: date) -> Q:
    return _LETTER & ~_ACCEPTED & Q(valid_through__lt=on)


def _overdue(on: date) -> Q:
    return _LETTER & Q(receipt_due_on__lt=on) & (_ACCEPTED | Q(valid_through__gte=on))


def _on_time(on: date) -> Q:
    return _LETTER & ~_ACCEPTED & Q(valid_through__gte=on, receipt_due_on__gte=on)


_AT_THE_COMMITTEE = Q(passing_through__isnull=False, passed_on__isnull=True)
_STATES: dict[str, Any] = {
    transfers.PROPOSED: lambda _on: Q(direction=OUT, kind=LETTER, issued_on__isnull=True),
    transfers.PASSING: lambda on: _on_time(on) & _AT_THE_COMMITTEE,
    transfers.UNDER_WAY: lambda on: (
        (Q(direction=OUT) & ~Q(kind=LETTER)) | (_on_time(on) & ~_AT_THE_COMMITTEE)
    ),
    transfers.EXPIRED: _expired,
    transfers.OVERDUE: _overdue,
    transfers.ACCEPTED: lambda on: _LETTER & _ACCEPTED & Q(receipt_due_on__gte=on),
    transfers.TO_PLACE: lambda _on: Q(direction=IN) & ~_ACCEPTED,
    transfers.RECEIPT_OWED: lambda _on: Q(direction=IN) & _ACCEPTED,
}
