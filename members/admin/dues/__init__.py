"""The pages of dues: one file for each."""

from members.admin.dues import (
    accounts,
    arrears,
    assessment,
    booking,
    collection,
    desk,
    member,
    months,
    payments,
    policies,
    receipts,
    reductions,
    remittances,
    returns,
    takings,
)

__all__ = [
    "accounts",
    "arrears",
    "assessment",
    "booking",
    "collection",
    "desk",
    "member",
    "months",
    "payments",
    "policies",
    "receipts",
    "reductions",
    "remittances",
    "returns",
    "takings",
]
