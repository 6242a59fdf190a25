"""The pages of development: one file for each."""

from members.admin.development import (
    attaching,
    board,
    courses,
    desk,
    files,
    occasions,
    papers,
    policies,
    step_page,
    together,
)

__all__ = [
    "attaching",
    "board",
    "courses",
    "desk",
    "files",
    "occasions",
    "papers",
    "policies",
    "step_page",
    "together",
]
