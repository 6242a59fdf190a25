"""The pages of dues: one file for each."""

from members.admin.dues import accounts, arrears, booking, desk, months, remittances, returns

__all__ = ["accounts", "arrears", "booking", "desk", "months", "remittances", "returns"]
