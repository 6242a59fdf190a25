"""The pages of dues: one file for each."""

from members.admin.dues import assessment, member, policies, reductions

__all__ = ["assessment", "member", "policies", "reductions"]
