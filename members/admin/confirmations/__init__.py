"""The pages of roster confirmation: the rounds, how far one has come, a branch's own roster."""

from members.admin.confirmations import progress, roster, rounds

__all__ = ["progress", "roster", "rounds"]
