"""Who has not paid what, at the end of a month: the list, and its sums per branch."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q, QuerySet

from branches.models import Organization
from members.models.dues.owing import Owing
from members.models.dues.payments import PaymentMonth
from members.models.dues.standings import DuesStanding, paid_by
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


def arrears_of(organization: Organization, month: date) -> list[ArrearsLine]:
    """Return who at and below ``organization`` has something open at the end of ``month``.

    Unpaid months go along with a member who has moved: they stand where he is then. Who has left
    the register is in no list. Money booked later than ``month`` does not count yet.
    """
    places = dict(_behind(organization, month).values_list("member_id", "organization_id"))
    if not places:
        return []
    candidates = _behind(organization, month).values("member")
    standings = {
        pk: (settled or date.min, paid_to)
        for pk, settled, paid_to in DuesStanding.objects.filter(member__in=candidates)
        .values_list("member", "settled_to", "paid_to")
        .iterator()
    }
    first = min((paid_to or FIRST_MONTH for _settled, paid_to in standings.values()), default=month)
    missing: dict[int, dict[date, Decimal]] = defaultdict(dict)
    for each in Owing(first, next_month(month), members=candidates).rows():
        if each.amount > 0 and each.month > standings[each.member_id][0]:
            missing[each.member_id][each.month] = each.amount
    paid = paid_by(
        candidates,
        paid_months__booked_month__lte=month,
        paid_months__month__gte=first,
        paid_months__month__lte=month,
    )
    lines = []
    for pk, months in missing.items():
        done = paid.get(pk, {})
        rest = {m: owed - done.get(m, 0) for m, owed in months.items() if owed > done.get(m, 0)}
        if rest:
            found = ledger.arrears(rest)
            level = arrears_level(found.in_a_row)
            lines.append(ArrearsLine(pk, places[pk], standings[pk][1], found, level))
    return lines


def _behind(organization: Organization, month: date) -> QuerySet[Placement]:
    """The stays, at the end of ``month``, of those who may have something open then.

    Those whose standing is behind, and those who have caught up later by money booked since.
    """
    last_day = next_month(month) - date.resolution
    later = PaymentMonth.objects.filter(booked_month__gt=month, month__lte=month)
    return (
        Placement.objects.on(last_day)
        .filter(
            organization__path__gte=organization.path, organization__path__lt=organization.end_path
        )
        .filter(
            Q(member__dues_standing__paid_to__isnull=True)
            | Q(member__dues_standing__paid_to__lt=month)
            | Q(member__in=later.values("member")),
            member__dues_standing__isnull=False,
            member__wrong_entry=False,
        )
        .order_by()
    )
