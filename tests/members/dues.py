"""Assessments and reductions for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from branches.models import Organization
from members.models import Assessment, DuesPolicy, Member, Reduction
from members.models.dues.assessing import assess, grant
from tests.factories import LONG_AGO

JANUARY, YEAR_END = date(2026, 1, 1), date(2027, 1, 1)


def an_assessment(member: Member, monthly: str = "10.00", year: int = 2026) -> Assessment:
    """The member pays ``monthly`` in each month of the year, by a base of two hundred times it."""
    return assess(member, date(year, 1, 1), Decimal(monthly) * 200)


def a_reduction(member: Member, month_from: date, **fields: Any) -> Reduction:
    defaults: dict[str, Any] = {
        "member": member,
        "month_from": month_from,
        "month_until": YEAR_END,
        "kind": "exempt",
        "approved_by": "机关党委",
        "approved_on": date(2026, 1, 5),
        "reason": "生活困难",
    }
    reduction = Reduction(**defaults | fields)
    grant(reduction)
    return reduction


def a_policy(organization: Organization, valid_from: date = LONG_AGO, **says: Any) -> DuesPolicy:
    policy = DuesPolicy(organization=organization, valid_from=valid_from, **says)
    policy.full_clean()
    policy.save()
    return policy
