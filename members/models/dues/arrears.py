"""Who has not paid what, at the end of a month: the list, and its sums per branch."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum

from branches.models import Organization
from members.models.dues.owing import Owing
from members.models.dues.payments import PaymentMonth
from members.models.placements import Placement
from members.rules import ledger
from members.rules.dues_months import arrears_level, next_month
from members.rules.ledger import FIRST_MONTH, Arrears


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


def arrears_of(organization: Organization, month: date) -> list[ArrearsLine]:
    """Return who at and below ``organization`` has something open at the end of ``month``.

    Unpaid months go along with a member who has moved: they stand where he is then. Who has left
    the register is in no list. Money booked later than ``month`` does not count yet.
    """
    behind = _behind(organization, month)
    places = {
        pk: Place(branch, settled_to, paid_to)
        for pk, branch, settled_to, paid_to in behind.values_list(
            "member_id",
            "organization_id",
            "member__dues_standing__settled_to",
            "member__dues_standing__paid_to",
        )
    }
    if not places:
        return []
    candidates = behind.values("member")
    first = min(place.paid_to or FIRST_MONTH for place in places.values())
    if _booked_later(month).exists():
        first = FIRST_MONTH  # a month before that which is paid to now was open then
    missing: dict[int, dict[date, Decimal]] = defaultdict(dict)
    for each in Owing(first, next_month(month), members=candidates).rows():
        settled_to = places[each.member_id].settled_to
        if each.amount > 0 and not (settled_to and each.month <= settled_to):
            missing[each.member_id][each.month] = each.amount
    paid: dict[int, dict[date, Decimal]] = defaultdict(dict)
    sums = (
        PaymentMonth.objects.filter(
            member__in=candidates, month__gte=first, month__lte=month, booked_month__lte=month
        )
        .order_by()
        .values_list("member", "month")
        .annotate(Sum("amount"))
    )
    for pk, paid_month, amount in sums.iterator():
        paid[pk][paid_month] = amount
    lines = []
    for pk, months in missing.items():
        done = paid.get(pk, {})
        rest = {m: owed - done.get(m, 0) for m, owed in months.items() if owed > done.get(m, 0)}
        if rest:
            found = ledger.arrears(rest)
            level = arrears_level(found.in_a_row)
            place = places[pk]
            lines.append(ArrearsLine(pk, place.organization_id, place.paid_to, found, level))
    return lines


def _booked_later(month: date) -> QuerySet[PaymentMonth]:
    """What has come for ``month`` or before since it ended."""
    return PaymentMonth.objects.filter(booked_month__gt=month, month__lte=month)


def _behind(organization: Organization, month: date) -> QuerySet[Placement]:
    """The stays, at the end of ``month``, of those who may have something open then.

    Those whose standing is behind, and those who have caught up later by money booked since.
    """
    last_day = next_month(month) - date.resolution
    return (
        Placement.objects.on(last_day)
        .filter(
            organization__path__gte=organization.path, organization__path__lt=organization.end_path
        )
        .filter(
            Q(member__dues_standing__paid_to__isnull=True)  # nothing yet, or no standing at all
            | Q(member__dues_standing__paid_to__lt=month)
            | Q(member__in=_booked_later(month).values("member")),
            member__wrong_entry=False,
        )
        .order_by()
    )
