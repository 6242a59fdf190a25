"""Who has not paid what, at the end of a month: the list, and its sums per branch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum

from branches.models import Organization, Subtree
from members.models.dues.owing import Owing
from members.models.dues.payments import PaymentMonth
from members.models.dues.standings import DuesStanding
from members.models.importing import chunks
from members.models.placements import Placement
from members.rules import ledger
from members.rules.dues_months import arrears_level, next_month
from members.rules.ledger import FIRST_MONTH, Arrears
from registry.calendar import months_after
from registry.money import ZERO

_STANDING = ("settled_to", "paid_to")


class ArrearsLine(NamedTuple):
    """What one member has open; ``level`` is what the branch does about it."""

    member_id: int
    organization_id: int
    paid_to: date | None
    open: Arrears
    level: str


class Place(NamedTuple):
    """Where somebody is who may have something open, and how far he has paid by now."""

    organization_id: int
    settled_to: date | None
    paid_to: date | None


def arrears_of(
    organization: Organization, month: date, *, at_least: int = 1, below: Subtree | None = None
) -> list[ArrearsLine]:
    """Return who at and below ``organization`` has something open at the end of ``month``, for
    ``at_least`` so many months in a row.

    Unpaid months go along with a member who has moved: they stand where he is then. Who has left
    the register is in no list. Money booked later than ``month`` does not count yet. Follows the
    tree of the last day of ``month``, or that of ``below``.
    """
    later = PaymentMonth.objects.filter(booked_month__gt=month, month__lte=month)
    overtaken = later.exists()
    columns = ("member_id", "organization_id", *(f"member__dues_standing__{n}" for n in _STANDING))
    behind = _stays_at_the_end(below or at_the_end(organization, month), month).filter(
        Q(member__dues_standing__paid_to__isnull=True)  # nothing yet, or no standing at all
        | Q(member__dues_standing__paid_to__lt=months_after(month, 1 - at_least))
        | (Q(member__in=later.values("member")) if overtaken else Q())
    )
    places = {
        pk: Place(branch, settled_to, paid_to)
        for pk, branch, settled_to, paid_to in behind.values_list(*columns)
    }
    # Who has been behind for long comes first, so that the others are asked for few months.
    longest_first = sorted(places, key=lambda pk: places[pk].paid_to or FIRST_MONTH)
    lines = []
    for chunk in chunks(longest_first):
        # A month before that which is paid to by now may have been open then.
        first = FIRST_MONTH if overtaken else places[chunk[0]].paid_to or FIRST_MONTH
        for pk, rest in _open_months(chunk, first, month, places).items():
            found = ledger.arrears(rest)
            if found.in_a_row < at_least:
                continue
            place = places[pk]
            level = arrears_level(found.in_a_row)
            lines.append(ArrearsLine(pk, place.organization_id, place.paid_to, found, level))
    return lines


def open_months_of(member: int, month: date) -> dict[date, Decimal]:
    """Return what one member has not paid of what is owed up to ``month``, by month."""
    standings = DuesStanding.objects.filter(member=member).values_list("settled_to", "paid_to")
    settled_to, paid_to = standings.first() or (None, None)
    places = {member: Place(0, settled_to, paid_to)}
    found = _open_months([member], paid_to or FIRST_MONTH, month, places)
    return dict(sorted(found.get(member, {}).items()))


def _open_months(
    members: list[int], first: date, month: date, places: Mapping[int, Place]
) -> dict[int, dict[date, Decimal]]:
    """Return what is missing, by member and month, from ``first`` to ``month``."""
    missing: dict[int, dict[date, Decimal]] = defaultdict(dict)
    for each in Owing(first, next_month(month), members=members).rows():
        settled_to = places[each.member_id].settled_to
        if each.amount > 0 and not (settled_to and each.month <= settled_to):
            missing[each.member_id][each.month] = each.amount
    paid = PaymentMonth.objects.filter(
        member__in=members, month__gte=first, month__lte=month, booked_month__lte=month
    )
    sums = paid.order_by().values_list("member", "month").annotate(Sum("amount"))
    for pk, paid_month, amount in sums.iterator():
        owed = missing[pk].pop(paid_month, ZERO)
        if owed > amount:
            missing[pk][paid_month] = owed - amount
    return {pk: months for pk, months in missing.items() if months}


def at_the_end(organization: Organization, month: date) -> Subtree:
    """Return ``organization`` with all that stood below it on the last day of ``month``."""
    return Subtree(organization, next_month(month) - date.resolution)


def _stays_at_the_end(below: Subtree, month: date) -> QuerySet[Placement]:
    """The stays ``below`` an organisation that hold on the last day of ``month``."""
    held = Placement.objects.on(next_month(month) - date.resolution)
    return held.filter(below.holds()).order_by()
