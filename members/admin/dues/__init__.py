"""The pages of dues: one file for each."""

from members.admin.dues import receipts

__all__ = ["receipts"]
