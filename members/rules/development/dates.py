"""The days that follow from a file: the end of probation, and full membership."""

from __future__ import annotations

from members.rules.development.files import File
from registry.calendar import PartialDate


def standing(file: File) -> str:
    """Return what the person is by this file, one of STANDINGS; "" before the application."""
    raise NotImplementedError


def probation_ends_on(file: File) -> PartialDate | None:
    """Return the day on which probation ends, as precise as the assembly's day is known."""
    raise NotImplementedError


def full_member_on(file: File) -> PartialDate | None:
    """Return the day from which the person is a full member; None where he is none."""
    raise NotImplementedError
