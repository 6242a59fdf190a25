"""What speaks against entering a step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from members.rules.development.files import File
from registry.calendar import PartialDate
from registry.sentences import Sentence


def objections(
    step: str,
    file: File,
    on: PartialDate | date | None,
    *,
    facts: Mapping[str, Any],
    today: date,
    entitled: bool = True,
    historical: bool = False,
    reason: str = "",
) -> list[Sentence]:
    """Return every reason against entering ``step``, errors and warnings, all at once."""
    raise NotImplementedError


def findings(file: File, today: date) -> list[tuple[str, Sentence]]:
    """Return what is out of order or missing in a file as it is, as pairs of step and sentence."""
    raise NotImplementedError


def needs_reason(objections: Iterable[Sentence]) -> bool:
    """Return whether one of the warnings has to be answered with a reason."""
    raise NotImplementedError
