"""The pages of development: one file for each."""

from members.admin.development import papers

__all__ = ["papers"]
