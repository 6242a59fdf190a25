"""The pages of transfers: one file for each."""

from members.admin.transfers import (
    deeds,
    incoming,
    letters,
    listing,
    policies,
    sending,
    transfer,
)

__all__ = ["deeds", "incoming", "letters", "listing", "policies", "sending", "transfer"]
