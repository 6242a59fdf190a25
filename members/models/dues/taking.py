"""What a door hands over of a payment, and what speaks against booking it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _now

from branches.models import Organization
from branches.models.reorganizing import Objections
from branches.rules import hierarchy
from members.models.members import Member
from members.models.placements import Placement
from members.rules import ledger
from members.rules.ledger import DUES, Money, Stay
from registry.language import said


@dataclass(frozen=True)
class Taking:
    """One payment as a door hands it over; ``months`` says how much of it is for which month."""

    member_id: int
    amount: Decimal
    paid_on: date
    months: Mapping[date, Decimal] = field(default_factory=dict)
    kind: str = DUES
    method: str = ledger.CASH
    receipt_number: str = ""
    campaign: str = ""

    def as_money(self) -> Money:
        months = tuple(sorted(self.months.items()))
        return Money(self.kind, self.method, self.amount, months, self.paid_on, self.campaign)


def refuse_takings(
    organization: Organization,
    takings: Sequence[Taking],
    members: Mapping[int, Member],
    today: date,
) -> None:
    """Raise one ValidationError with all that speaks against booking ``takings``."""
    problems = Objections()
    if not takings:
        problems.add("amount", _now("There is nothing to book. Write what was paid."))
    if not hierarchy.collects(organization.kind, organization.sort):
        problems.add(
            "organization", _now("%(name)s collects no dues. Choose a branch."), name=organization
        )
    stays = stays_of(members)
    for each in takings:
        member = members.get(each.member_id)
        if member is None:
            # The same answer for somebody else's member and for nobody.
            problems.add(
                "member",
                _now("There is no such member in %(name)s. Open the sheet anew."),
                name=organization,
            )
            continue
        for objection in ledger.payment_objections(
            each.as_money(), member.name, stays[member.pk], today
        ):
            problems.add(objection.field, said(objection))
    problems.stop()


def stays_of(members: Mapping[int, Member]) -> dict[int, list[Stay]]:
    """Return when each member belonged to the register.

    Who was entered when it was set up has belonged since he joined, or nobody knows since when.
    """
    stays: dict[int, list[Stay]] = defaultdict(list)
    for stay in Placement.objects.filter(member__in=members):
        since: date | None = stay.placed_from
        if stay.began == "opening":
            joined = members[stay.member_id].joined_on
            since = min(stay.placed_from, joined.first_day) if joined else None
        stays[stay.member_id].append(Stay(since, stay.placed_until))
    return stays
