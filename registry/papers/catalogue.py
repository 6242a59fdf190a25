"""What a kind of paper is: its name, what it is about, its forms, and the question that fills it.

To add a paper: a function that answers what stands on it, a Typst template where no present one
serves (``list.typ``, ``letter.typ``), and one line in ``members/papers/kinds.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from registry.papers.writing import Printable


class About(StrEnum):
    """Whose paper it is."""

    ORGANIZATION = "organization"
    MEMBER = "member"


@dataclass(frozen=True)
class Asked:
    """What somebody wants printed, beside of whom or what.

    ``at`` is local time; ``reader`` is who may see what; ``more`` holds the answers to the paper's
    own questions (month of birthdays, addressee of a letter), cleaned by its form.
    """

    day: date
    reader: Any
    printed_by: str
    at: datetime
    in_full: bool = False
    reason: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    may_issue: bool = False  # making it may give out a number: never where a page only shows it


@dataclass(frozen=True)
class Paper:
    """One kind of paper.

    ``make`` returns the paper of an organisation or a member as at a day; it raises
    ValidationError with every reason why there is none. ``questions`` is a form class for what it
    must know beside the day.
    """

    key: str  # what commands and addresses call it
    title: str
    about: About
    forms: tuple[str, ...]
    make: Callable[[Any, Asked], Printable]
    questions: Any = None
