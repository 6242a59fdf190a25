"""Codes of organisations: digits with their leading zeros; a child's begins with its parent's."""

from __future__ import annotations

import re
from collections.abc import Iterable

from registry.sentences import Sentence

LONGEST = 30
DIGITS_PER_LEVEL = 3
LAST = 10**DIGITS_PER_LEVEL - 1


def objections(code: str) -> list[Sentence]:
    """Return every reason against ``code`` as a code of an organisation."""
    found = []
    if not re.fullmatch(r"[0-9]+", code):
        found.append(
            Sentence(
                "“%(written)s” is not a code. Write digits only, with their leading zeros.",
                field="code",
                code="code_not_digits",
                written=code,
            )
        )
    if len(code) > LONGEST:
        found.append(
            Sentence(
                "The code has %(length)s signs. Write at most %(longest)s.",
                field="code",
                code="code_too_long",
                length=len(code),
                longest=LONGEST,
            )
        )
    return found


def proposed_code(parent_code: str, taken: Iterable[str]) -> str:
    """Return the parent's code and three digits more: the number after the highest one taken.

    ``taken`` are the codes in use that begin with the parent's, those of dissolved organisations
    too, for a code once printed should not come to mean another organisation; other codes among
    them do no harm. Where 999 is taken the lowest free number is returned. Raises ValueError
    where none is left.
    """
    length = len(parent_code) + DIGITS_PER_LEVEL
    numbers = {
        int(code[len(parent_code) :])
        for code in taken
        if len(code) == length and code.startswith(parent_code)
    }
    highest = max(numbers, default=0)
    if highest < LAST:
        return f"{parent_code}{highest + 1:0{DIGITS_PER_LEVEL}}"
    free = set(range(1, LAST + 1)) - numbers
    if not free:
        raise ValueError(
            Sentence(
                "Every code from %(parent)s001 to %(parent)s999 is taken. Write a longer one.",
                parent=parent_code,
            )
        )
    return f"{parent_code}{min(free):0{DIGITS_PER_LEVEL}}"
