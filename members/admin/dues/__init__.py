"""The pages of dues: one file for each."""

from members.admin.dues import collection, payments, takings

__all__ = ["collection", "payments", "takings"]
