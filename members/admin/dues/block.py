"""The block of dues on a member's page: how far he has paid, what he owes by which assessment."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from branches.rules import roles
from members.admin.dues.member import assessments_of, in_words
from members.admin.dues.reductions import in_words as reduction_in_words
from members.models import DuesStanding, Member, Payment
from members.models.dues.arrears import open_months_of
from members.rules.dues_months import next_month, written
from members.rules.ledger import DUES
from registry import access
from registry.calendar import first_of_month
from registry.money import ZERO

PAYMENTS = 5
MONTHS = 12  # unpaid months that are named; of more the sum tells


def dues_of(member: Member, user: Any) -> dict[str, Any] | None:
    """Return what the block says; None for whoever does not see the dues of this member."""
    if member.wrong_entry or not access.may_on(user, roles.VIEW_DUES, member):
        return None
    today = timezone.localdate()
    month = first_of_month(today)
    standing = DuesStanding.objects.filter(member=member).first()
    unpaid = open_months_of(member.pk, month)
    may_change = access.may_on(user, roles.COLLECT_DUES, member)
    return {
        "paid_to": written(standing.paid_to) if standing and standing.paid_to else "",
        "over": standing.over if standing and standing.over else None,
        "year": today.year,
        "assessments": [
            (in_words(each), reverse("admin:dues_correct", args=[each.pk]))
            for each in assessments_of(member, today.year)
        ],
        "reductions": [
            (reduction_in_words(each), reverse("admin:dues_reduction_end", args=[each.pk]))
            for each in _reductions_of(member, month)
        ],
        "unpaid": [(written(each), amount) for each, amount in unpaid.items()][-MONTHS:],
        "unpaid_count": len(unpaid),
        "unpaid_sum": sum(unpaid.values(), ZERO),
        "payments": [_payment(each) for each in _payments_of(member)],
        "may_change": may_change,
        "change": f"{reverse('admin:dues_change', args=[member.pk])}?year={today.year}",
        "reduce": reverse("admin:dues_reduce", args=[member.pk]),
        "run": f"{reverse('admin:dues_assessment')}?organization={member.organization_id}"
        f"&year={today.year}&state=all&q={member.number}",
    }


def _reductions_of(member: Member, month: date) -> Any:
    """The reductions of a member that hold in ``month`` or are to come."""
    open_end = Q(month_until__isnull=True) | Q(month_until__gte=next_month(month))
    return member.reductions.filter(open_end).order_by("month_from")


def _payments_of(member: Member) -> Any:
    rows = Payment.objects.filter(member=member, kind=DUES).prefetch_related("months")
    return rows.order_by("-paid_on", "-pk")[:PAYMENTS]


def _payment(payment: Any) -> dict[str, Any]:
    months = sorted({each.month for each in payment.months.all()})
    return {
        "paid_on": payment.paid_on,
        "amount": payment.amount,
        "method": payment.get_method_display(),
        "receipt_number": payment.receipt_number,
        "first": written(months[0]) if months else "",
        "last": written(months[-1]) if len(months) > 1 else "",
    }
