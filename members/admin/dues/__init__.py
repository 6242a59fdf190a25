"""The pages of dues: one file for each."""

from members.admin.dues import (
    accounts,
    arrears,
    assessment,
    booking,
    desk,
    member,
    months,
    policies,
    reductions,
    remittances,
    returns,
)

__all__ = [
    "accounts",
    "arrears",
    "assessment",
    "booking",
    "desk",
    "member",
    "months",
    "policies",
    "reductions",
    "remittances",
    "returns",
]
