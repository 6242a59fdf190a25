"""The pages on which the tree changes: one file for each way of changing it."""

from members.admin.reorganizing import changing, people, taking_back

__all__ = ["changing", "people", "taking_back"]
