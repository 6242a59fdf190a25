"""What a door hands over of a payment, and what speaks against booking it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db.models import Subquery, Sum
from django.utils.translation import gettext as _now

from branches.models import Organization
from branches.models.reorganizing import Objections
from branches.rules import hierarchy
from members.models.dues.closings import Closing, closed_to
from members.models.members import Member
from members.models.placements import Placement
from members.rules import ledger
from members.rules.dues_months import remarks_on_payment, written
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


@dataclass
class Payers:
    """The members of a branch among those whose payments are handed over, their stays, and to
    which month their branch is closed."""

    organization: Organization
    members: dict[int, Member] = field(default_factory=dict)
    stays: dict[int, list[Stay]] = field(default_factory=lambda: defaultdict(list))
    closed_to: date | None = None

    @classmethod
    def of(
        cls, organization: Organization, takings: Iterable[Taking], *, held: bool = False
    ) -> Self:
        """Read them with one query; ``held`` keeps their rows until the transaction ends."""
        rows = (
            Placement.objects.select_related("member__organization")
            .filter(
                member__organization=organization,
                member__in={each.member_id for each in takings},
            )
            .annotate(closed=Subquery(Closing.objects.closed_to(organization)))
            # Whoever holds several members does so in one order.
            .order_by("member", "pk")
        )
        payers = cls(organization)
        for stay in rows.select_for_update(of=("member",), no_key=True) if held else rows:
            member = payers.members.setdefault(stay.member_id, stay.member)
            payers.stays[member.pk].append(_told(stay, member))
            payers.closed_to = vars(stay)["closed"]
            payers.organization = member.organization  # as it stands now
        if payers.organization.path != organization.path:  # it has moved since it was read
            payers.closed_to = closed_to(payers.organization)
        return payers


def refuse_takings(
    takings: Sequence[Taking],
    payers: Payers,
    today: date,
    paid: Mapping[int, Mapping[date, Decimal]] | None = None,
) -> None:
    """Raise one TakingsRefused with all that speaks against booking ``takings``.

    ``paid`` is what the members have paid by now for each month, where the caller knows it.
    """
    organization, problems = payers.organization, Objections()
    if not takings:
        problems.add("amount", _now("There is nothing to book. Write what was paid."))
    if not hierarchy.collects(organization.kind, organization.sort):
        problems.add(
            "organization", _now("%(name)s collects no dues. Choose a branch."), name=organization
        )
    by_now = _paid_by_now(takings, paid)
    of_lines: dict[int, list[Sentence]] = {}
    for line, each in enumerate(takings):
        member = payers.members.get(each.member_id)
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
            found = ledger.payment_objections(money, member.name, payers.stays[member.pk], today)
            found += _against_what_was_seen(each, member.name, by_now[member.pk])
        if found:
            of_lines[line] = found
        for objection in found:
            problems.add(objection.field, said(objection))
    if problems:
        raise TakingsRefused(problems, of_lines)


def is_plain(
    taking: Taking, missing: Callable[[date], Decimal | None], closed: date | None
) -> bool:
    """Whether nothing is to be said of a payment: its months are open and owed, it is no more
    than is ``missing`` of each, and neither late nor in advance."""
    if taking.kind != DUES or not taking.months:
        return False
    if remarks_on_payment(taking.months, taking.paid_on):
        return False
    return all(
        (closed is None or month > closed)
        and (left := missing(month)) is not None
        and amount <= left
        for month, amount in taking.months.items()
    )


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


def _paid_by_now(
    takings: Sequence[Taking], known: Mapping[int, Mapping[date, Decimal]] | None
) -> dict[int, dict[date | None, Decimal]]:
    """Return what is paid by the members of takings that say what they have seen, by month."""
    paid: dict[int, dict[date | None, Decimal]] = defaultdict(dict)
    for pk, months_paid in (known or {}).items():
        paid[pk].update(months_paid.items())
    for kind in (ledger.DUES, ledger.EXTRA) if known is None else (ledger.EXTRA,):
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
        stays[stay.member_id].append(_told(stay, members[stay.member_id]))
    return stays


def _told(stay: Placement, member: Member) -> Stay:
    since: date | None = stay.placed_from
    if stay.began == "opening":
        since = min(stay.placed_from, member.joined_on.first_day) if member.joined_on else None
    return Stay(since, stay.placed_until)
