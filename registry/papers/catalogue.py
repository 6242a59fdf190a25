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

from django import forms

from registry.papers.writing import Printable


class About(StrEnum):
    """Whose paper it is."""

    ORGANIZATION = "organization"
    MEMBER = "member"
    FILE = "file"  # of somebody's development


class Questions(forms.Form):
    """What a paper must know beside its day, such as the month of birthdays.

    A question that may not stay empty has an answer that follows from the day: the form begins
    with it, and it stands where nobody is asked, as on the command line.
    """

    @classmethod
    def answers_on(cls, day: date) -> dict[str, Any]:
        """Return these answers by the names of their fields."""
        return {}


@dataclass(frozen=True)
class Asked:
    """What somebody wants printed, beside of whom or what.

    ``at`` is local time; ``reader`` is who may see what; ``more`` holds the answers to the paper's
    own questions (the month of birthdays) where they are not those that follow from the day.
    """

    day: date
    reader: Any
    printed_by: str
    at: datetime
    in_full: bool = False
    reason: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    may_issue: bool = False  # making it may give out a number: never where a page only shows it

    def answers(self, questions: type[Questions]) -> dict[str, Any]:
        """Return the answers to a paper's own questions by the names of their fields."""
        return {**questions.answers_on(self.day), **self.more}


@dataclass(frozen=True)
class Paper:
    """One kind of paper.

    ``make`` returns the paper of an organisation, a member or a file as at a day; it raises
    ValidationError with every reason why there is none. ``questions`` are what it must know beside
    the day; ``protected`` says whether it holds numbers that are masked unless asked for in full;
    ``verb`` is what one needs on whom it is about to print it.
    """

    key: str  # what commands and addresses call it
    title: str
    about: About
    forms: tuple[str, ...]
    make: Callable[[Any, Asked], Printable]
    questions: type[Questions] | None = None
    protected: bool = True
    verb: str = "print"
