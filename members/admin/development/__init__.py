"""The pages of development: one file for each."""

from members.admin.development import attaching, courses, files, step_page

__all__ = ["attaching", "courses", "files", "step_page"]
