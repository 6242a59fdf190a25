"""The pages of terms and elections: one file for each."""

from members.admin.terms import (
    committees,
    deeds,
    desk,
    election,
    elections,
    notices,
    voting,
    workers,
)

__all__ = [
    "committees",
    "deeds",
    "desk",
    "election",
    "elections",
    "notices",
    "voting",
    "workers",
]
