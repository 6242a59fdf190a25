"""Payments, closings and account entries for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from branches.models import Organization
from members.models import AccountEntry, DuesPolicy, Member, Payment, Taking
from tests.factories import TODAY

MARCH = date(2026, 3, 1)


def month(number: int, year: int = 2026) -> date:
    return date(year, number, 1)


def a_taking(member: Member, *months: date, **fields: Any) -> Taking:
    """Ten yuan for each of the months, paid in cash on 15 March 2026."""
    defaults: dict[str, Any] = {
        "member_id": member.pk,
        "paid_on": date(2026, 3, 15),
        "months": dict.fromkeys(months, Decimal("10.00")),
        "amount": Decimal("10.00") * len(months),
    }
    return Taking(**defaults | fields)


def a_payment(member: Member, *months: date, amount: str = "10.00", **fields: Any) -> Payment:
    """``amount`` for each of the months, or an extra of that amount without months."""
    shares = dict.fromkeys(months, Decimal(amount))
    total = sum(shares.values()) if months else Decimal(amount)
    taking = a_taking(member, **{"months": shares, "amount": total} | fields)
    return Payment.take(member.organization, taking, TODAY)


def a_policy(organization: Organization, **fields: Any) -> DuesPolicy:
    """Half of what is paid goes up, a tenth comes back to the retired, since January 2020."""
    defaults: dict[str, Any] = {
        "organization": organization,
        "valid_from": month(1, 2020),
        "share_upward": Decimal("50.00"),
        "returned_share": Decimal("10.00"),
    }
    return DuesPolicy.objects.create(**defaults | fields)


def an_entry(organization: Organization, kind: str, amount: str, **fields: Any) -> AccountEntry:
    defaults: dict[str, Any] = {"kind": kind, "amount": Decimal(amount), "day": date(2026, 3, 20)}
    if kind == "spent":
        defaults["purpose"] = "training"
    return AccountEntry.book(organization, TODAY, **defaults | fields)
