"""What a door hands over of a payment, and what speaks against booking it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _now

from branches.models import Organization
from branches.models.reorganizing import Objections
from branches.rules import hierarchy
from members.models.members import Member
from members.models.placements import Placement
from members.rules import ledger
from members.rules.dues_months import written
from members.rules.ledger import DUES, Money, Stay
from registry.language import said
from registry.money import ZERO
from registry.sentences import Sentence


@dataclass(frozen=True)
class Taking:
    """One payment as a door hands it over; ``months`` says how much of it is for which month.

    ``seen`` is what the door showed as paid for these months, or for None as extras, when the
    payment was typed: one that somebody else has booked meanwhile is not booked again.
    """

    member_id: int
    amount: Decimal
    paid_on: date
    months: Mapping[date, Decimal] = field(default_factory=dict)
    kind: str = DUES
    method: str = ledger.CASH
    receipt_number: str = ""
    campaign: str = ""
    seen: Mapping[date | None, Decimal] | None = None

    def as_money(self) -> Money:
        months = tuple(sorted(self.months.items()))
        return Money(self.kind, self.method, self.amount, months, self.paid_on, self.campaign)


class TakingsRefused(ValidationError):
    """What speaks against booking; ``of_lines`` says it for each taking, by its place."""

    def __init__(
        self, problems: Mapping[str, Any], of_lines: Mapping[int, Sequence[Sentence]]
    ) -> None:
        super().__init__(dict(problems))
        self.of_lines = of_lines


def members_to_pay(organization: Organization, takings: Iterable[Taking]) -> QuerySet[Member]:
    """Return the members of ``organization`` among those whose payments are handed over."""
    return (
        Member.objects.select_related("organization")
        .filter(organization=organization, pk__in={each.member_id for each in takings})
        .order_by("pk")
    )


def refuse_takings(
    organization: Organization,
    takings: Sequence[Taking],
    members: Mapping[int, Member],
    today: date,
) -> None:
    """Raise one TakingsRefused with all that speaks against booking ``takings``."""
    problems = Objections()
    if not takings:
        problems.add("amount", _now("There is nothing to book. Write what was paid."))
    if not hierarchy.collects(organization.kind, organization.sort):
        problems.add(
            "organization", _now("%(name)s collects no dues. Choose a branch."), name=organization
        )
    stays, paid = stays_of(members), _paid_by_now(takings)
    of_lines: dict[int, list[Sentence]] = {}
    for line, each in enumerate(takings):
        member = members.get(each.member_id)
        if member is None:
            # The same answer for somebody else's member and for nobody.
            found = [
                Sentence(
                    "There is no such member in %(name)s. Open the sheet anew.",
                    field="member",
                    code="member_unknown",
                    name=organization,
                )
            ]
        else:
            money = each.as_money()
            found = ledger.payment_objections(money, member.name, stays[member.pk], today)
            found += _against_what_was_seen(each, member.name, paid[member.pk])
        if found:
            of_lines[line] = found
        for objection in found:
            problems.add(objection.field, said(objection))
    if problems:
        raise TakingsRefused(problems, of_lines)


def _against_what_was_seen(
    taking: Taking, name: str, paid: Mapping[date | None, Decimal]
) -> list[Sentence]:
    seen = taking.seen
    if seen is None:
        return []
    months: Iterable[date | None] = taking.months or (None,)
    return [
        Sentence(
            "%(name)s: somebody else has booked for %(month)s meanwhile; %(paid)s yuan are paid "
            "now. Empty the cell, or leave what is paid besides.",
            field="months",
            code="booked_meanwhile",
            name=name,
            month=written(month) if month else Sentence("extra"),
            paid=paid.get(month, ZERO),
        )
        for month in months
        if paid.get(month, ZERO) != seen.get(month, ZERO)
    ]


def _paid_by_now(takings: Sequence[Taking]) -> dict[int, dict[date | None, Decimal]]:
    """Return what is paid by the members of takings that say what they have seen, by month."""
    paid: dict[int, dict[date | None, Decimal]] = defaultdict(dict)
    for kind in (ledger.DUES, ledger.EXTRA):
        seen = {e.member_id for e in takings if e.kind == kind and e.seen is not None}
        if not seen:
            continue
        members = Member.objects.filter(pk__in=seen).order_by()
        if kind == ledger.DUES:
            months = {month for e in takings for month in e.months}
            sums = (
                members.filter(paid_months__month__in=months)
                .values_list("pk", "paid_months__month")
                .annotate(Sum("paid_months__amount"))
            )
            for pk, month, amount in sums:
                paid[pk][month] = amount
        else:
            extras = members.filter(payments__kind=kind).values_list("pk")
            for pk, amount in extras.annotate(Sum("payments__amount")):
                paid[pk][None] = amount
    return paid


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
